"""The tensor console: qtconsole's front end over a console in this process."""
