"""The autograd panel: the graph of a tensor of the console, and backward through it one turn at a time."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from playground.controllers.autograd_drawing import GraphDrawing
from playground.controllers.autograd_following import GraphFollowing
from playground.controllers.autograd_gradients import LeafGradients
from playground.controllers.autograd_shown import ShownGraph
from playground.controllers.autograd_stepping import BackwardStepping
from playground.controllers.kernel_questions import KernelQuestions
from playground.controllers.saver import Saver
from playground.engine.tensors.console.console import Console
from playground.engine.tensors.graph_following import loss_code
from playground.engine.tensors.graph_session import GraphSession
from playground.widgets.autograd.panel import AutogradPanel

EXAMPLE = """w = torch.tensor([1., 2., 3.], requires_grad=True)
p = F.softmax(w, dim=0)
L = -torch.log(p[1])"""


class AutogradController(QObject):
    """Joins the console's thread, where graph and stepper live, and the panel; each part has its own task.

    Parameters
    ----------
    console : Console
        Its namespace is read on its own thread only.

    Signals
    -------
    cell_requested(str) : the console is to run this.

    Attributes
    ----------
    shown : ShownGraph
        The graph that the panel shows.
    """

    cell_requested = Signal(str)

    def __init__(
        self,
        questions: KernelQuestions,
        console: Console,
        saver: Saver,
        panel: AutogradPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._questions = questions
        self._console = console
        self._panel = panel
        self.shown = ShownGraph(questions, panel)
        self._following = GraphFollowing(questions, console, self.shown, self)
        self._drawing = GraphDrawing(self.shown, saver, panel, self)
        self._stepping = BackwardStepping(self.shown, console, panel, self)
        self._gradients = LeafGradients(self.shown, console.namespace, panel, self)
        self._following.found.connect(self._follow)
        self._following.refused.connect(self.shown.refuse)
        self._following.bound.connect(self._tell_run)
        self._gradients.cell_requested.connect(self.cell_requested)
        panel.example_requested.connect(self._show_example)
        panel.run_loss_requested.connect(self.show_run_loss)

    def close(self) -> None:
        """End the process that places large graphs."""
        self._drawing.close()

    @property
    def name(self) -> str:
        """The variable whose graph is shown; empty without one."""
        return self.shown.name

    @Slot(str)
    def show_variable(self, name: str) -> None:
        """Show the graph of a variable, if it has one."""
        self._following.choose(name)

    @Slot()
    def show_run_loss(self) -> None:
        """Have the console compute the loss of the run's net on its batch; the graph follows."""
        work = partial(loss_code, self._console.namespace)
        self._questions.ask("loss", work, self.cell_requested.emit, naming="net")

    @Slot(object)
    def _follow(self, session: GraphSession | None) -> None:
        if session is None:
            self.shown.session = None
            self._panel.set_graph(None)
        elif session is not self.shown.session:
            self._begin(session)
        else:
            self._gradients.follower.ask()

    def _begin(self, session: GraphSession) -> None:
        is_same_variable = session.name == self.name
        self.shown.session = session
        self._stepping.begin()
        self._drawing.begin(keep_folds=is_same_variable)
        self._gradients.ask()

    @Slot()
    def _show_example(self) -> None:
        self.cell_requested.emit(EXAMPLE)

    @Slot()
    def _tell_run(self) -> None:
        self._panel.set_run_ready(ready=self._following.has_run)
