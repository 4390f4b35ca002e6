"""CPU or CUDA, felt: the button of the machine panel times every device."""

import threading
from collections.abc import Generator
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from playground.jobs import Jobs, Watcher
from playground.widgets.devices.devices import DevicesPanel

JOB = "measurement"


class MachineController(QObject):
    """Joins the timing job and the machine panel.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    """

    problem_found = Signal(object)

    def __init__(self, jobs: Jobs, panel: DevicesPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._panel = panel
        self._stop = threading.Event()
        self._found: list[Any] = []
        panel.measure_requested.connect(self.measure)

    @Slot()
    def measure(self) -> None:
        """Time the same two tasks on every device."""
        if self._jobs.is_running(JOB):
            return
        self._stop = threading.Event()
        self._found = []
        self._panel.set_running(True)
        watcher = Watcher(self._show, self._finish, self._fail)
        self._jobs.start(JOB, self._job, stop=self._stop.set, watcher=watcher)

    def _job(self) -> Generator[Any, None, None]:
        from playground.engine.machine import measure  # imports torch, so on the job's own thread

        return measure(self._stop)

    @Slot(list)
    def _show(self, measurements: list[Any]) -> None:
        self._found += measurements
        self._panel.set_measurements([(each.device, each.task, each.milliseconds, each.gflops) for each in self._found])

    @Slot(object)
    def _finish(self, _nothing: object) -> None:
        self._panel.set_running(False)

    @Slot(object)
    def _fail(self, problem: object) -> None:
        self._panel.set_running(False)
        self.problem_found.emit(problem)
