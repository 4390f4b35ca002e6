"""Show code: the plain PyTorch program of the document, in a window of its own."""

from collections.abc import Generator
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from playground.engine.document import Document
from playground.engine.files import write_atomic
from playground.engine.problems import Problem
from playground.jobs import Jobs, Watcher
from playground.session import Session
from playground.widgets.code.code_view import CodeView

JOB = "code"


class CodeController(QObject):
    """Joins session and code window; the program is written on a thread, since it needs torch's signatures.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    saved(str) : this file was written.
    """

    problem_found = Signal(object)
    saved = Signal(str)

    def __init__(self, session: Session, jobs: Jobs, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._jobs = jobs
        self._view = CodeView(window)
        self._view.save_requested.connect(self.save)

    @Slot()
    def show(self) -> None:
        """Write the document's program and show it."""
        document = self._session.document
        watcher = Watcher(completed=self._present, failed=self.problem_found.emit)
        self._jobs.start(JOB, _Writing(document), watcher=watcher)

    @Slot(object)
    def _present(self, text: object) -> None:
        title = self._session.document.title or self.tr("Untitled")
        self._view.set_code(title, str(text))
        self._view.show()
        self._view.raise_()

    @Slot(str)
    def save(self, text: str) -> None:
        """Ask where to, and write the program."""
        start = f"{(self._session.document.title or 'program').lower().replace(' ', '_').replace(',', '')}.py"
        name, _ = QFileDialog.getSaveFileName(self._view, self.tr("Save the program"), start, "Python (*.py)")
        if not name:
            return
        try:
            write_atomic(Path(name), text.encode())
        except Problem as problem:
            self.problem_found.emit(problem)
        else:
            self.saved.emit(name)


class _Writing:
    """The job for one document."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def __call__(self) -> Generator[None, None, str]:
        from playground.engine.export.script import script  # imports torch, so on the job's own thread

        yield
        return script(self._document)
