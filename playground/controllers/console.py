"""The console: its thread beside the window's, its panel, and the run whose objects stand in its namespace."""

from collections.abc import Generator
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from playground.controllers.code import CodeController
from playground.controllers.saver import Saver
from playground.engine.document import Document
from playground.engine.problems import Problem
from playground.engine.tensors.console.cells import CellDone
from playground.engine.tensors.console.console import Console
from playground.engine.tensors.console.figures import FigureColors, dress
from playground.engine.tensors.console.namespace import SHELL, START
from playground.jobs import Jobs, Watcher
from playground.live_run import LiveRun
from playground.session import Session
from playground.widgets.common.theme import Role, theme
from playground.widgets.console.panel import ConsolePanel
from playground.widgets.transcript.panel import TranscriptPanel

JOB = "console"
PATIENCE_MS = 2_000  # with a cell that cannot be interrupted, when the program closes
_FIGURES: tuple[Role, ...] = ("surface", "text", "muted", "line")


class ConsoleController(QObject):
    """Joins the console's engine, its panel, the session and the run.

    Signals
    -------
    cell_done() : a cell has ended, or other objects were bound: the namespace may be another.
    named(str) : a cell was this name alone, to look at it.
    problem_found(object) : a `Problem`: the console's thread has ended, or edits could not be kept.
    """

    cell_done = Signal()
    named = Signal(str)
    problem_found = Signal(object)

    def __init__(
        self,
        session: Session,
        run: LiveRun,
        jobs: Jobs,
        saver: Saver,
        code: CodeController,
        panel: ConsolePanel,
        transcript: TranscriptPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._run = run
        self._jobs = jobs
        self._saver = saver
        self._code = code
        self._panel = panel
        self._transcript = transcript
        self.engine = Console(self._document)
        self.engine.watchers.after_cell.append(self._tell_cell)
        self.engine.watchers.after_bind.append(self._tell_bound)
        run.state_changed.connect(self._follow_run)
        panel.code_requested.connect(self.show_code)
        panel.beginning.connect(self._keep_edits)
        panel.output_requested.connect(self._open_output)
        transcript.save_requested.connect(self.save_transcript)
        theme.changed.connect(self._dress_figures)

    @property
    def hidden(self) -> frozenset[str]:
        """Names that every console has, and that no table of variables need show."""
        return frozenset({*START, *SHELL})

    def start(self) -> None:
        """Open the console, and bind the run's objects."""
        watcher = Watcher(failed=self.problem_found.emit)
        self._jobs.start(JOB, self._job, stop=self.engine.close, watcher=watcher, patience=PATIENCE_MS)
        self._dress_figures()
        self._panel.attach(self.engine)
        if self._run.document is not None:
            self.engine.attach(self._run.control)

    @Slot(str)
    def run_cell(self, code: str) -> None:
        """Run a cell where the user sees it."""
        self._panel.execute(code)

    @Slot(str)
    def insert(self, text: str) -> None:
        """Put text at the console's prompt."""
        self._panel.insert(text)

    @Slot()
    def show_code(self) -> None:
        """The transcript as a program."""
        self._code.write(self.tr("Transcript"), self._script)

    @Slot()
    def show_transcript(self) -> None:
        """What was run and clicked so far."""
        self._transcript.set_script(self.engine.transcript.script())

    @Slot(str)
    def save_transcript(self, text: str) -> None:
        """Ask where to, and write the transcript."""
        title = self.tr("Save the transcript")
        self._saver.save(self._transcript, title, "transcript.py", "Python (*.py)", text.encode)

    @Slot()
    def _keep_edits(self) -> None:
        """A cell may end the process, as os._exit does."""
        try:
            self._session.keep_edits()
        except Problem as problem:
            self.problem_found.emit(problem)

    @Slot(str)
    def _open_output(self, text: str) -> None:
        self._code.show_text(self.tr("Output"), text)

    @Slot()
    def _dress_figures(self) -> None:
        """From the next figure on."""
        colors = FigureColors(*(theme.color(role).name() for role in _FIGURES)) if theme.is_dark else None
        self.engine.call(partial(dress, colors), naming="figures")

    def _script(self, _document: Document) -> str:
        return self.engine.transcript.script()

    def _document(self) -> Document:
        return self._session.document

    def _job(self) -> Generator[Any, None, None]:
        """Be the console's thread."""
        yield
        self.engine.serve()

    @Slot(str)
    def _follow_run(self, state: str) -> None:
        if state == "starting":
            self.engine.attach(self._run.control)

    def _tell_cell(self, done: CellDone) -> None:
        """On the console's thread."""
        self.cell_done.emit()
        name = done.result.code.strip()
        if name.isidentifier() and not done.result.error:
            self.named.emit(name)

    def _tell_bound(self, _names: tuple[str, ...]) -> None:
        self.cell_done.emit()
