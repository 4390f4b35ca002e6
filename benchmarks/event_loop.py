"""Waiting with Qt's event loop running."""

from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer, SignalInstance

LONGEST_MS = 120_000


def spin(milliseconds: int) -> None:
    """Let events be handled for so long."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(condition: Callable[[], bool], changed: SignalInstance, longest_ms: int = LONGEST_MS) -> None:
    """Handle events until the condition holds; it is looked at whenever `changed` is emitted.

    Raises
    ------
    TimeoutError
        When it does not hold in time.
    """
    loop = QEventLoop()
    deadline = QTimer(interval=longest_ms, singleShot=True)
    deadline.timeout.connect(loop.quit)
    changed.connect(loop.quit)
    deadline.start()
    while not condition():
        loop.exec()
        if not deadline.isActive():
            raise TimeoutError("the window did not get there in time")
    changed.disconnect(loop.quit)
