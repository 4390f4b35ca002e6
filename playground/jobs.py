"""Every job of the window: started, named, replaced by a later one of the same name, and stopped at the end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from playground.engine.worker import INTERVAL_MS, Job, JobThread

ASK_AGAIN_MS = 100


@dataclass(frozen=True)
class Watcher:
    """Slots of one QObject for what a job tells; any of them may be left out.

    `discarded` is called instead of all others for a job that never begins, since another took its place.
    """

    progress: Callable[[list[Any]], None] | None = None
    completed: Callable[[Any], None] | None = None
    failed: Callable[[Any], None] | None = None
    discarded: Callable[[], None] | None = None


@dataclass(frozen=True)
class _Start:
    name: str
    job: Job
    stop: Callable[[], None]
    watcher: Watcher
    interval: int
    patience: int | None


def _let_it_end() -> None:
    """How a job is stopped that ends soon by itself."""


class Jobs(QObject):
    """Runs at most one job of each name. A later one of the same name stops the earlier and follows it.

    Signals
    -------
    changed : a job began or ended.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: dict[str, JobThread] = {}
        self._next: dict[str, _Start] = {}
        self._patience: dict[str, int] = {}
        self._closing = False
        self.has_left = False

    def start(
        self,
        name: str,
        job: Job,
        *,
        watcher: Watcher,
        stop: Callable[[], None] = _let_it_end,
        interval: int = INTERVAL_MS,
        patience: int | None = None,
    ) -> None:
        """Start a job, or have it follow the one of its name, which is then stopped and no longer heard.

        Parameters
        ----------
        job : callable
            Called on the thread; returns the generator to pump.
        stop : callable
            Thread-safe; makes the generator end soon. Left out for jobs that are short anyway.
        interval : int
            Milliseconds between two deliveries of events at least.
        patience : int, optional
            Milliseconds that the program's end waits for this job, where it may never end, as code of the user's.
        """
        if self._closing:
            return
        start = _Start(name, job, stop, watcher, interval, patience)
        earlier = self._running.get(name)
        if earlier is None:
            self._begin(start)
            return
        self._discard(name)
        self._next[name] = start
        earlier.silence()
        earlier.stop()

    def is_running(self, name: str) -> bool:
        """Whether a job of that name runs or is about to."""
        return name in self._running

    def stop(self, name: str) -> None:
        """Ask the job of that name to end."""
        self._discard(name)
        if name in self._running:
            self._running[name].stop()

    def stop_all(self) -> None:
        """Stop every job and wait for its thread; nothing starts afterwards.

        Where one did not end within its patience, `has_left` is set: the process can then only be ended from outside
        of Qt, which aborts it when a running thread is destroyed.
        """
        self._closing = True
        for name in list(self._next):
            self._discard(name)
        for thread in self._running.values():
            thread.stop()
        patient = {name: thread for name, thread in self._running.items() if name in self._patience}
        for name, thread in list(self._running.items()):
            if name not in patient:
                thread.wait()
        for name, thread in patient.items():
            self.has_left |= not _ended(thread, self._patience[name])
        self._running.clear()

    def _discard(self, name: str) -> None:
        start = self._next.pop(name, None)
        if start is not None and start.watcher.discarded is not None:
            start.watcher.discarded()

    def _begin(self, start: _Start) -> None:
        thread = JobThread(start.name, start.job, start.stop, start.interval, parent=self)
        for signal, slot in (
            (thread.progress, start.watcher.progress),
            (thread.completed, start.watcher.completed),
            (thread.failed, start.watcher.failed),
        ):
            if slot is not None:
                signal.connect(slot)
        thread.ended.connect(self._on_ended)
        if start.patience is not None:
            self._patience[start.name] = start.patience
        self._running[start.name] = thread
        thread.start()
        self.changed.emit()

    def _on_ended(self) -> None:
        thread = self.sender()
        assert isinstance(thread, JobThread)
        name = thread.objectName()
        self._running.pop(name, None)
        thread.deleteLater()
        following = self._next.pop(name, None)
        if following is not None and not self._closing:
            self._begin(following)
        self.changed.emit()


def _ended(thread: JobThread, patience: int) -> bool:
    """Whether it ends in time; it is asked again and again."""
    for _ in range(max(1, patience // ASK_AGAIN_MS)):
        if thread.wait(ASK_AGAIN_MS):
            return True
        thread.stop()
    return False
