"""Weights from elsewhere for the open network: read on a thread, compared, adopted as what it has learned."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from playground.engine.export.reading.kinds import CHECKPOINT_INDEX
from playground.engine.problems import Problem
from playground.jobs import Jobs, Watcher
from playground.live_run import LiveRun
from playground.session import Session
from playground.settings import Settings
from playground.widgets.weights.report import WeightsDialog
from playground.widgets.weights.values import TensorRow, WeightsReport

if TYPE_CHECKING:
    from playground.engine.export.reading.importing import Imported, Offer

JOB = "weights"
SUFFIXES = (".pt", ".pth")


class WeightsImportController(QObject):
    """Joins session, run and the report.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    problem_over(object) : this one needs no showing any more: another file is read.
    told(str) : something went well, in one line.
    """

    problem_found = Signal(object)
    problem_over = Signal(object)
    told = Signal(str)

    def __init__(self, session: Session, run: LiveRun, jobs: Jobs, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._run = run
        self._jobs = jobs
        self._settings = settings
        self._window = window
        self._offer: Offer | None = None
        self._problem: Problem | None = None
        self.dialog = WeightsDialog(window)
        self.dialog.use_requested.connect(self._use)
        self.dialog.open_requested.connect(self._open)
        self.dialog.rejected.connect(self._forget)

    @Slot()
    def choose(self) -> None:
        """Ask for a file, and see what of it fits the network."""
        kinds = self.tr("Weights (*.safetensors *.pt *.pth checkpoint.json);;All files (*)")
        recent = self._settings.recent_files
        folder = str(recent[0].parent if recent else Path.home())
        name, _ = QFileDialog.getOpenFileName(self._window, self.tr("Import weights"), folder, kinds)
        if name:
            self.read(Path(name))

    def read(self, path: Path) -> None:
        """See what of a file fits the network: all of it is adopted at once, a part of it after a question."""
        if self._is_busy():
            return
        document = self._session.document

        def job() -> "Generator[None, None, Offer | Imported]":
            from playground.engine.export.reading.importing import (
                compare_job,  # imports torch, so on the job's own thread
            )

            return compare_job(path, document)

        self._start(job, self._show)

    @Slot(object)
    def _show(self, found: "Offer | Imported") -> None:
        from playground.engine.export.reading.importing import Imported  # torch is there by now

        if isinstance(found, Imported):
            self._adopt(found)
            return
        self._offer = found
        self.dialog.show_report(_report(found))

    @Slot()
    def _use(self) -> None:
        offer = self._taken()

        def job() -> "Generator[None, None, Imported]":
            from playground.engine.export.reading.importing import use_job

            return use_job(offer)

        self._start(job, self._adopt)

    @Slot()
    def _open(self) -> None:
        offer = self._taken()

        def job() -> "Generator[None, None, Imported]":
            from playground.engine.export.reading.importing import open_job

            return open_job(offer)

        self._start(job, self._open_whole)

    @Slot()
    def _forget(self) -> None:
        """The weights of the file need no memory any more."""
        self._offer = None

    @Slot(object)
    def _adopt(self, found: "Imported") -> None:
        if self._is_busy():
            return
        if found.document.network != self._session.document.network:
            self.told.emit(self.tr("The network has changed meanwhile: import the weights again."))
            return
        self._run.adopt(found.document, found.model)
        self.told.emit(self.tr("Imported {name}: {told}").format(name=_called(found.path), told=found.told))

    @Slot(object)
    def _open_whole(self, found: "Imported") -> None:
        if not self._is_busy():
            text = self.tr("open model {name}").format(name=_called(found.path))
            self._session.replace_document(found.document, text)
            self._adopt(found)

    def _taken(self) -> "Offer":
        offer, self._offer = self._offer, None
        assert offer is not None
        return offer

    def _is_busy(self) -> bool:
        """Whether a run is active; it is then said what to do."""
        if self._run.is_active:
            self.told.emit(self.tr("Stop the run before you import weights."))
        return self._run.is_active

    def _start(self, job: Callable[[], Generator[None, None, object]], then: Callable[..., None]) -> None:
        if self._problem is not None:
            self.problem_over.emit(self._problem)
            self._problem = None
        self._jobs.start(JOB, job, watcher=Watcher(completed=then, failed=self._fail))

    @Slot(object)
    def _fail(self, problem: Problem) -> None:
        self._problem = problem
        self.problem_found.emit(problem)


def _called(path: Path) -> str:
    """What a user calls a file; every checkpoint's index has the same name, so that is called after its run."""
    return path.parent.name if path.name == CHECKPOINT_INDEX else path.name


def _report(offer: "Offer") -> WeightsReport:
    """The matching as the report shows it."""
    found = offer.matching
    lacking = [TensorRow(one.name, one.wanted, one.name, one.found) for one in found.misshapen]
    lacking += [TensorRow(one.name, one.shape) for one in found.missing]
    fitting = [TensorRow(one.name, one.shape, one.name, one.shape) for one in found.matched]
    left = [TensorRow(source=one.name, found=one.shape) for one in found.unexpected]
    if found.renaming:
        changed = {one.wanted for one in found.renaming}
        fitting = [row for row in fitting if row.name not in changed]
        fitting += [TensorRow(one.wanted, one.shape, one.found, one.shape) for one in found.renaming]
        lacking, left = [], []
    return WeightsReport(
        file=_called(offer.path),
        sentence=found.sentence,
        fitting=tuple(fitting),
        lacking=tuple(lacking),
        left=tuple(left),
        seed=offer.document.training.seed,
        notes=offer.notes,
        is_renamed=bool(found.renaming),
        has_network=offer.weights.document is not None,
    )
