"""The race of the window: computed anew whenever it is asked for differently, kept row by row, told as signals."""

import threading
from collections.abc import Callable, Generator
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from playground.engine.descent.events import PathSteps, RaceDone, RaceEvent, RacerEnded, RaceStarted
from playground.engine.descent.spec import DescentSpec
from playground.engine.descent.trace import Trace
from playground.engine.problems import Problem
from playground.jobs import Jobs, Watcher

JOB = "race"


class LiveRace(QObject):
    """At most one race at a time; a new one takes the place of the old as soon as its first rows are there.

    Signals
    -------
    restarted() : another race begins: `spec` is another and `traces` are empty.
    grown() : there are more rows.
    finished() : every racer has its last row.
    failed(object) : the race could not be run, for this `Problem`; the one before stays.
    """

    restarted = Signal()
    grown = Signal()
    finished = Signal()
    failed = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.spec: DescentSpec | None = None
        self.traces: list[Trace] = []
        self.problems: dict[int, Problem] = {}
        self.seconds: float | None = None

    @property
    def computed(self) -> int:
        """The last step that a racer has come to."""
        return max((trace.count for trace in self.traces), default=1) - 1

    def start(self, spec: DescentSpec) -> None:
        """Run a race from its start."""
        stopped = threading.Event()
        self._jobs.start(JOB, _job(spec, stopped), stop=stopped.set, watcher=Watcher(self._take, failed=self._fail))

    @Slot(list)
    def _take(self, events: list[RaceEvent]) -> None:
        for event in events:
            if isinstance(event, RaceStarted):
                self._begin(event.spec)
            elif isinstance(event, PathSteps):
                self.traces[event.racer].append(event)
            elif isinstance(event, RacerEnded) and event.problem is not None:
                self.problems[event.racer] = event.problem
            elif isinstance(event, RaceDone):
                self.seconds = event.seconds
        self.grown.emit()
        if isinstance(events[-1], RaceDone):
            self.finished.emit()

    def _begin(self, spec: DescentSpec) -> None:
        self.spec = spec
        self.traces = [Trace(spec.steps) for _ in spec.racers]
        self.problems = {}
        self.seconds = None
        self.restarted.emit()

    def _fail(self, problem: Problem) -> None:
        self.failed.emit(problem)


def _job(spec: DescentSpec, stopped: threading.Event) -> Callable[[], Generator[Any, None, Any]]:
    def job() -> Generator[Any, None, Any]:
        from playground.engine.descent.job import race_job  # imports torch, so on the job's own thread

        return race_job(spec, stopped.is_set)

    return job
