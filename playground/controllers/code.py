"""Show code: the plain PyTorch program behind a panel, in a window of its own."""

from collections.abc import Callable, Generator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from playground.controllers.saver import Saver
from playground.engine.document import Document
from playground.engine.export.source import plain_name
from playground.jobs import Jobs, Watcher
from playground.session import Session
from playground.widgets.code.code_view import CodeView

if TYPE_CHECKING:
    from playground.engine.scripts.net import Form

JOB = "code"
Writer = Callable[[Document], str]


class CodeController(QObject):
    """Joins session and code window; programs are written on a thread, since that needs torch's signatures.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    """

    problem_found = Signal(object)

    def __init__(self, session: Session, jobs: Jobs, saver: Saver, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._jobs = jobs
        self._saver = saver
        self._title = ""
        self._notebook: Callable[[], bytes] | None = None
        self._view = CodeView(window)
        self._form: Form = "sequential"
        self._view.save_requested.connect(self.save)
        self._view.notebook_requested.connect(self.save_notebook)
        self._view.form_chosen.connect(self._choose_form)

    @Slot()
    def show(self) -> None:
        """Write the program that trains the document's network, and show it."""
        forms = (("sequential", "nn.Sequential"), ("class", "class Net"))
        document = self._session.document
        self.write(document.title or self.tr("Untitled"), partial(_training_script, form=self._form))
        self._view.set_forms(forms, self._form)
        self._offer_notebook(partial(_training_notebook, document, self._form))

    def write(self, title: str, writer: Writer) -> None:
        """Have `writer` make a program of the document, on a thread of its own, and show it under this title."""
        self._title = title
        self._view.set_forms(())
        self._offer_notebook(None)
        watcher = Watcher(completed=self._present, failed=self.problem_found.emit)
        self._jobs.start(JOB, _Writing(self._session.document, writer), watcher=watcher)

    @Slot(str)
    def _choose_form(self, form: "Form") -> None:
        self._form = form
        self.show()

    def show_text(self, title: str, text: str) -> None:
        """Show what is no program under this title."""
        self._title = title
        self._view.set_text(title, text)
        self._raise()

    @Slot(object)
    def _present(self, text: object) -> None:
        self._view.set_code(self._title, str(text))
        self._raise()

    def _raise(self) -> None:
        self._view.show()
        self._view.raise_()

    @Slot(str)
    def save(self, text: str) -> None:
        """Ask where to, and write the program or text that is shown."""
        if self._view.is_program:
            self._saver.save(self._view, self.tr("Save the program"), self._file("py"), "Python (*.py)", text.encode)
        else:
            kinds = self.tr("Text (*.txt)")
            self._saver.save(self._view, self.tr("Save the text"), self._file("txt"), kinds, text.encode)

    @Slot()
    def save_notebook(self) -> None:
        """Ask where to, and write the program as a notebook."""
        assert self._notebook is not None
        kinds = self.tr("Jupyter notebook (*.ipynb)")
        self._saver.save(self._view, self.tr("Save the notebook"), self._file("ipynb"), kinds, self._notebook)

    def _offer_notebook(self, make: Callable[[], bytes] | None) -> None:
        self._notebook = make
        self._view.offer_notebook(make is not None)

    def _file(self, suffix: str) -> str:
        return f"{plain_name(self._title.lower().replace(' ', '_').replace(',', ''))}.{suffix}"


class _Writing:
    """The job of writing one program."""

    def __init__(self, document: Document, writer: Writer) -> None:
        self._document = document
        self._writer = writer

    def __call__(self) -> Generator[None, None, str]:
        yield
        return self._writer(self._document)


def _training_script(document: Document, form: "Form") -> str:
    from playground.engine.scripts.program import script  # imports torch, so on the job's own thread

    return script(document, form=form)


def _training_notebook(document: Document, form: "Form") -> bytes:
    from playground.engine.scripts.notebook import notebook

    return notebook(document, form=form).encode()
