"""The export under way: its job, how far it is, and its proofs."""

import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from playground.controllers.export_jobs import EXPORT, KeptWorkshop, Source, export_job
from playground.controllers.mirror import mirror
from playground.engine.export.events import Exported, ExportEvent, Exporting, NotExported, Proof
from playground.engine.export.spec import FORMATS, ExportSpec, FormatName
from playground.engine.problems import Problem
from playground.jobs import Jobs, Watcher
from playground.widgets.common.messages import sentence
from playground.widgets.export.values import ProofValues
from playground.widgets.export.window import ExportWindow

KEPT_MS = 60_000  # for which the children wait for another export


class ExportMaking(QObject):
    """Runs one export at a time and shows it in the window.

    Signals
    -------
    moved() : `line` is another.
    proved(object) : a `Proof`, passed or not.
    over() : no export is under way any more.
    problem_found(object) : the `Problem` that ended it.
    told(str) : how it ended, in one line.
    """

    moved = Signal()
    proved = Signal(object)
    over = Signal()
    problem_found = Signal(object)
    told = Signal(str)

    def __init__(self, jobs: Jobs, workshop: KeptWorkshop, view: ExportWindow) -> None:
        super().__init__(view)
        self._jobs = jobs
        self._workshop = workshop
        self._view = view
        self.line = ""  # what goes on, in a few words
        self._until_let_go = QTimer(self, singleShot=True, interval=KEPT_MS)
        self._until_let_go.timeout.connect(workshop.let_go)

    @property
    def is_running(self) -> bool:
        """Whether an export is under way, or about to end."""
        return self._jobs.is_running(EXPORT)

    def start(self, source: Source, specs: Sequence[ExportSpec], out: Path) -> None:
        """Make these exports and prove them."""
        stop = threading.Event()
        self._view.begin([spec.format for spec in specs])
        self._say(specs[0].format, 0.0)
        self._until_let_go.stop()
        job = export_job(source, specs, out, stop, self._workshop)
        watcher = Watcher(self._take, self._complete, self._fail)
        self._jobs.start(EXPORT, job, stop=stop.set, watcher=watcher)

    @Slot(list)
    def _take(self, events: list[ExportEvent]) -> None:
        for event in events:
            if isinstance(event, Exporting):
                self._view.set_stage(event.format, event.stage, event.fraction)
                self._say(event.format, event.fraction)
            elif isinstance(event, Exported):
                self._view.set_proof(mirror(ProofValues, event.proof))
                self.proved.emit(event.proof)
            elif isinstance(event, NotExported):
                self._view.set_unmade(event.format, sentence(event.problem.code, event.problem.fields))

    @Slot(object)
    def _complete(self, proofs: tuple[Proof, ...] | None) -> None:
        self._view.end()
        self._end()
        if proofs is None:
            self.told.emit(self.tr("The export was cancelled."))
        else:
            self.told.emit(self.tr("Export: {line}").format(line=self._view.summary()))

    @Slot(object)
    def _fail(self, problem: Problem) -> None:
        self._view.fail(sentence(problem.code, problem.fields))
        self._end()
        self.problem_found.emit(problem)

    def _say(self, name: FormatName, fraction: float) -> None:
        text = self.tr("Exporting {format}… {share:.0f} %")
        self.line = text.format(format=FORMATS[name].title, share=100 * fraction)
        self.moved.emit()

    def _end(self) -> None:
        self.line = ""
        self.moved.emit()
        self._until_let_go.start()
        self.over.emit()
