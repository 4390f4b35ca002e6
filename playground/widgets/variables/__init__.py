"""The variables panel: every name of the console that holds data, and which of them share memory."""
