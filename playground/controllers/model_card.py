"""The model card of the net that the export window is about, with the exports made there."""

import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from playground.controllers.export_jobs import result_of
from playground.engine.document import Document
from playground.engine.export.events import Proof
from playground.engine.export.source import open_source, plain_name, untrained
from playground.engine.problems import Problem
from playground.engine.training.control import RunEnded
from playground.jobs import Jobs, Watcher
from playground.live_run import LiveRun
from playground.session import Session
from playground.widgets.common.messages import sentence
from playground.widgets.export.window import ExportWindow

if TYPE_CHECKING:
    from playground.engine.export.card.card import Carding
    from playground.engine.export.card.source import CardSource
    from playground.engine.training.run import TrainingRun

JOB = "model-card"

Source = Callable[[threading.Event], "CardSource"]
"""Gives what a card is made of, on the job's own thread, or raises `Stopped`."""


class ModelCardController(QObject):
    """Joins session, run, jobs and the export window's row.

    Signals
    -------
    moved() : `line` is another.
    problem_found(object) : the `Problem` that kept a card from being written.
    told(str) : that a card was written, in one line.
    """

    moved = Signal()
    problem_found = Signal(object)
    told = Signal(str)

    def __init__(self, session: Session, run: LiveRun, jobs: Jobs, view: ExportWindow) -> None:
        super().__init__(view)
        self._session = session
        self._run = run
        self._jobs = jobs
        self._view = view
        self._proofs: dict[str, Proof] = {}
        self._proved: object = None
        self.line = ""  # what goes on, in a few words
        view.card.requested.connect(self.choose)
        view.card.cancel_requested.connect(self.cancel)
        view.card.open_requested.connect(self._open)

    def note(self, proof: Proof, of: object) -> None:
        """Remember a proof for the card of what it was made of: a run's control, or a document."""
        if of != self._proved:
            self._proofs.clear()
        self._proved = of
        self._proofs[proof.path] = proof

    def subject(self, source: str) -> object:
        """What stands for the net of a wish's `source`: the run's control, or the document."""
        return self._run.control if source == "run" else self._session.document

    @Slot()
    def choose(self) -> None:
        """Ask for a file, and write the card of the net chosen in the window there."""
        wish = self._view.form.wish()
        start = str(Path(wish.folder or Path.home()) / f"{plain_name(wish.name)}.html")
        title, kinds = self.tr("Save the model card"), self.tr("HTML (*.html)")
        name, _ = QFileDialog.getSaveFileName(self._view, title, start, kinds)
        if name:
            path = Path(name)
            self.write(wish.source, path if path.suffix else path.with_suffix(".html"))

    def write(self, source: str, out: Path) -> None:
        """Write the card of the run, or of the document untrained, to a file."""
        proofs = tuple(self._proofs.values()) if self.subject(source) == self._proved else ()
        gives = of_run(self._run, proofs) if source == "run" else of_document(self._session.document, proofs)
        stop = threading.Event()
        self._view.show_message("")
        self._show(0.0)
        watcher = Watcher(self._take, self._complete, self._fail)
        self._jobs.start(JOB, _job(gives, out, stop), stop=stop.set, watcher=watcher)

    @Slot()
    def cancel(self) -> None:
        """End the card under way."""
        self._jobs.stop(JOB)

    @Slot(list)
    def _take(self, events: "list[Carding]") -> None:
        self._show(events[-1].fraction)

    @Slot(object)
    def _complete(self, path: Path | None) -> None:
        self._end()
        if path is None:
            return
        self._view.card.set_written(str(path))
        self.told.emit(self.tr("Saved {name}").format(name=path.name))

    @Slot(object)
    def _fail(self, problem: Problem) -> None:
        self._end()
        self._view.show_message(sentence(problem.code, problem.fields))
        self.problem_found.emit(problem)

    def _show(self, fraction: float) -> None:
        self._view.card.set_progress(fraction)
        self._say(self.tr("Writing the model card… {share:.0f} %").format(share=100 * fraction))

    def _end(self) -> None:
        self._view.card.set_idle()
        self._say("")

    def _say(self, line: str) -> None:
        self.line = line
        self.moved.emit()

    @Slot(str)
    def _open(self, path: str) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
            self._view.show_message(self.tr("No program here shows HTML; the card is {path}.").format(path=path))


def of_run(run: LiveRun, proofs: Sequence[Proof]) -> Source:
    """The run as it is now, or from its file when it is over."""
    promised: Future[CardSource] = run.between_steps(_card_source)
    kept = run.kept

    def source(stop: threading.Event) -> "CardSource":
        try:
            return replace(result_of(promised, stop), proofs=tuple(proofs))
        except RunEnded:
            assert kept is not None  # a run that has a document has a folder, or came from a file
            from playground.engine.export.card.source import opened

            return opened(open_source(kept), proofs)

    return source


def of_document(document: Document, proofs: Sequence[Proof]) -> Source:
    """The net with the weights that the document's seed draws."""

    def source(_stop: threading.Event) -> "CardSource":
        from playground.engine.export.card.source import opened

        return opened(untrained(document, document.title), proofs)

    return source


def _card_source(run: "TrainingRun") -> "CardSource":
    from playground.engine.export.card.source import of_run as taken

    return taken(run)


def _job(source: Source, out: Path, stop: threading.Event) -> "Callable[[], Generator[Carding, None, Path]]":
    written = datetime.now()

    def job() -> "Generator[Carding, None, Path]":
        from playground.engine.export.card.card import card_job  # imports torch, so on the job's own thread

        return card_job(partial(source, stop), out, written, stop)

    return job
