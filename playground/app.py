"""The window's process: QApplication, what happens with exceptions and signals, and the order of start-up."""

import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType, TracebackType

from PySide6.QtCore import QObject, QSocketNotifier, Slot
from PySide6.QtWidgets import QApplication

from playground import __version__
from playground.engine.problems import Problem
from playground.engine.worker import unexpected
from playground.garbage import collected_here
from playground.program import Program
from playground.widgets.common.theme import theme


def main(argv: Sequence[str]) -> int:
    """Open the window, with the first of `argv` as a document in it, and run until it is closed."""
    application = make_application()
    program = Program()
    sys.excepthook = Reporter(program)
    listener = SignalListener(program)
    program.show(Path(argv[0]) if argv else None)
    with collected_here():
        status = application.exec()
    listener.close()
    sys.excepthook = sys.__excepthook__
    if program.jobs.has_left:  # everything is written down, but code of the user's does not end
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status


def make_application() -> QApplication:
    """The QApplication, dressed; the one that exists already if there is one."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(["torch-playground"])
    application.setApplicationName("torch-playground")
    application.setApplicationDisplayName("")
    application.setApplicationVersion(__version__)
    theme.install(application)
    return application


class SignalListener(QObject):
    """SIGTERM and SIGINT end the program as logging out does: edits are kept for the next start, exit status 0."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._program = program
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)
        self._before = signal.set_wakeup_fd(self._writer.fileno())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _let_python_wake)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._end)

    @Slot()
    def _end(self) -> None:
        try:
            self._program.session.autosave()
        finally:  # a full disk must not keep the machine from shutting down
            self._program.close()
            QApplication.exit(0)

    def close(self) -> None:
        """Give the signals back."""
        signal.set_wakeup_fd(self._before)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()


class Reporter:
    """The exception hook: whatever escapes a slot or a paint event becomes one notice, and the window goes on."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def __call__(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        sys.__excepthook__(type(error), error, error.__traceback__)
        self._program.status.show_problem(error if isinstance(error, Problem) else unexpected("the window", error))


def _let_python_wake(_number: int, _frame: FrameType | None) -> None:
    """The work is done by the socket; Python only has to have a handler."""
