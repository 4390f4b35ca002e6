"""The one Qt file of the engine: a QThread that drives any job and hands its events to the window."""

import traceback
from collections import deque
from collections.abc import Callable, Generator
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from playground.engine.problems import Problem, Stopped

Job = Callable[[], Generator[Any, None, Any]]

INTERVAL_MS = 33  # about 30 deliveries a second, whatever the job's own pace


class JobThread(QThread):
    """Pumps one job (a generator of events) to its end on a thread of its own.

    Events wait in a queue and are delivered together, at most once per `interval` milliseconds, in the thread that
    made this object; none is lost, and everything queued arrives before the job's end is told.

    Signals
    -------
    progress(list) : the events since the last delivery, in order.
    completed(object) : the job returned this; None where it was stopped before it had a result.
    failed(object) : the job ended with this `Problem`.
    ended() : after `completed` or `failed`, when the thread is over and this object may be deleted.
    """

    progress = Signal(list)
    completed = Signal(object)
    failed = Signal(object)
    ended = Signal()
    _woken = Signal()

    def __init__(
        self, name: str, job: Job, stop: Callable[[], None], interval: int = INTERVAL_MS, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._job = job
        self._stop = stop
        self._queue: deque[Any] = deque()
        self._outcome: tuple[bool, Any] | None = None
        self._notified = False
        self._silent = False
        self._timer = QTimer(self, interval=interval, singleShot=True)
        self._timer.timeout.connect(self._deliver)
        self._woken.connect(self._schedule, Qt.ConnectionType.QueuedConnection)
        self.finished.connect(self._finish)

    def run(self) -> None:
        """The thread's own work; whatever it raises becomes the outcome, never a crash."""
        try:
            result = self._pump(self._job())
        except Stopped:
            self._outcome = (True, None)
        except Problem as problem:
            self._outcome = (False, problem)
        except BaseException as error:
            self._outcome = (False, unexpected(self.objectName(), error))
        else:
            self._outcome = (True, result)

    def stop(self) -> None:
        """Ask the job to end; it does so at its next safe point."""
        self._stop()

    def silence(self) -> None:
        """Tell nobody of what still comes, the end excepted: another job took this one's place."""
        self._silent = True

    def _pump(self, events: Generator[Any, None, Any]) -> Any:
        while True:
            try:
                event = next(events)
            except StopIteration as end:
                return end.value
            self._queue.append(event)
            if not self._notified:
                self._notified = True
                self._woken.emit()

    @Slot()
    def _schedule(self) -> None:
        """Deliver at once after a quiet time, else when the interval is over."""
        if not self._timer.isActive():
            self._deliver()

    @Slot()
    def _deliver(self) -> None:
        self._notified = False  # before draining, so that an event that comes now wakes us again
        events = self._drain()
        if events and not self._silent:
            self.progress.emit(events)
            self._timer.start()

    def _drain(self) -> list[Any]:
        events = []
        while self._queue:
            events.append(self._queue.popleft())
        return events

    @Slot()
    def _finish(self) -> None:
        self._timer.stop()
        events = self._drain()
        if events and not self._silent:
            self.progress.emit(events)
        if self._outcome is not None and not self._silent:
            done, value = self._outcome
            (self.completed if done else self.failed).emit(value)
        self.ended.emit()


def unexpected(what: str, error: BaseException) -> Problem:
    """A fault of our own, as a problem with the traceback in its details."""
    detail = " ".join(str(error).split()) or type(error).__name__
    return Problem("unexpected", what=what, detail=detail, details="".join(traceback.format_exception(error)))
