"""The Tensors room: console, variables, inspector, autograd graph and operations over one namespace."""

from PySide6.QtCore import QObject, Signal

from playground.controllers.autograd import AutogradController
from playground.controllers.code import CodeController
from playground.controllers.console import ConsoleController
from playground.controllers.console_edits import ConsoleEdits
from playground.controllers.inspector import InspectorController
from playground.controllers.kernel_questions import KernelQuestions
from playground.controllers.operations import OperationsController
from playground.controllers.refresh import Refresh
from playground.controllers.saver import Saver
from playground.controllers.variables import VariablesController
from playground.engine.tensors.console.cells import CellDone
from playground.jobs import Jobs
from playground.live_run import LiveRun
from playground.session import Session
from playground.widgets.autograd.panel import AutogradPanel
from playground.widgets.common.panel import Panel
from playground.widgets.console.panel import ConsolePanel
from playground.widgets.inspector.panel import InspectorPanel
from playground.widgets.operations.panel import OperationsPanel
from playground.widgets.operations.picture_page import PicturePage
from playground.widgets.transcript.panel import TranscriptPanel
from playground.widgets.variables.panel import VariablesPanel


class TensorsRoom(QObject):
    """Made when one of its panels is first seen and PyTorch is loaded.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    told(str) : a line for the status bar.
    """

    problem_found = Signal(object)
    told = Signal(str)

    def __init__(
        self, session: Session, run: LiveRun, jobs: Jobs, saver: Saver, code: CodeController, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._make_panels()
        self._make_controllers(session, run, jobs, saver, code)
        self._connect()

    def start(self) -> None:
        """Open the console."""
        self.console.start()
        self.variables.refresh()

    def close(self) -> None:
        """End what runs beside the window."""
        self.autograd.close()

    def _make_panels(self) -> None:
        self.console_panel = ConsolePanel()
        self.variables_panel = VariablesPanel()
        self.origin_page = PicturePage()
        self.inspector_panel = InspectorPanel(self.origin_page)
        self.autograd_panel = AutogradPanel()
        self.operations_panel = OperationsPanel()
        self.transcript_panel = TranscriptPanel()
        self.panels: tuple[Panel, ...] = (
            self.console_panel, self.variables_panel, self.inspector_panel, self.autograd_panel, self.operations_panel,
            self.transcript_panel,
        )  # fmt: skip

    def _make_controllers(self, session: Session, run: LiveRun, jobs: Jobs, saver: Saver, code: CodeController) -> None:
        self.console = ConsoleController(
            session, run, jobs, saver, code, self.console_panel, self.transcript_panel, self
        )
        engine = self.console.engine
        self.questions = KernelQuestions(engine.call, self)
        names = engine.namespace
        self.variables = VariablesController(self.questions, names, self.console.hidden, self.variables_panel, self)
        self.inspector = InspectorController(self.questions, names, self.inspector_panel, self.origin_page, self)
        self.autograd = AutogradController(self.questions, engine, saver, self.autograd_panel, self)
        engine.watchers.after_cell.append(self._take_origins)
        self.operations = OperationsController(self.questions, names, self.operations_panel, self)
        self.edits = ConsoleEdits(session, run, engine, self)

    def _connect(self) -> None:
        for speaker in (self.questions, self.console, self.edits):
            speaker.problem_found.connect(self.problem_found)
        self.edits.told.connect(self.told)
        for asker in (self.variables, self.autograd, self.operations):
            asker.cell_requested.connect(self.console.run_cell)
        self._follow_cells()
        for chooser in (self.variables.chosen, self.console.named):
            chooser.connect(self.inspector.show_expression)
        self.variables.chosen.connect(self.autograd.show_variable)  # it sees by itself what a cell names
        self.variables_panel.insert_requested.connect(self.console.insert)
        for panel in (self.inspector_panel, self.autograd_panel):
            panel.code_requested.connect(self.console.show_code)

    def _take_origins(self, done: CellDone) -> None:
        """On the console's thread."""
        self.inspector.origins.take(done.result.code, done.names)

    def _follow_cells(self) -> None:
        """The prompt comes first, and then what a cell may have changed."""
        variables = Refresh(self.variables_panel, self.variables.refresh)
        inspector = Refresh(self.inspector_panel, self.inspector.refresh)
        transcript = Refresh(self.transcript_panel, self.console.show_transcript)
        for follower in (variables, inspector, transcript):
            self.console.cell_done.connect(follower.ask)
        self.edits.echoed.connect(transcript.ask)
        self.inspector.changed.connect(variables.ask)
