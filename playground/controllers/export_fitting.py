"""Which formats can hold the net that is about to leave, asked off the window's thread."""

from PySide6.QtCore import QObject, Signal, Slot

from playground.controllers.export_jobs import FITTING, Fitting, fitting_job
from playground.engine.document import Document
from playground.engine.problems import Problem
from playground.jobs import Jobs, Watcher
from playground.widgets.common.messages import sentence
from playground.widgets.export.values import Refusals
from playground.widgets.export.window import ExportWindow


class ExportFitting(QObject):
    """Asks once for each document, and tells the window what it does not allow.

    Signals
    -------
    found() : `misfit` may be another.
    """

    found = Signal()

    def __init__(self, jobs: Jobs, view: ExportWindow) -> None:
        super().__init__(view)
        self._jobs = jobs
        self._view = view
        self._document: Document | None = None
        self.misfit = ""  # what keeps the net from leaving at all, in a sentence

    def fit(self, document: Document) -> None:
        """Find out what can hold the net of this document."""
        if document != self._document:
            self._document = document
            watcher = Watcher(completed=self._take, failed=self._take_misfit)
            self._jobs.start(FITTING, fitting_job(document), watcher=watcher)

    def forget(self) -> None:
        """The answer may be another by now."""
        self._document = None

    @Slot(object)
    def _take(self, problems: Fitting) -> None:
        formats: dict[str, str] = {name: _said(problem) for name, problem in problems.formats.items() if problem}
        self.misfit = ""
        self._view.set_refusals(Refusals(formats, _said(problems.normalise), _said(problems.softmax)))
        self.found.emit()

    @Slot(object)
    def _take_misfit(self, problem: Problem) -> None:
        self.misfit = _said(problem)
        self.found.emit()


def _said(problem: Problem | None) -> str:
    return sentence(problem.code, problem.fields) if problem is not None else ""
