"""One QObject a panel: the only place where session, jobs and widgets meet."""
