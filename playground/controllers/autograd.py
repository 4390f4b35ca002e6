"""The autograd panel: the graph of a tensor of the console, and backward through it one turn at a time."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from playground.controllers.kernel_questions import KernelQuestions
from playground.controllers.mirror import mirror
from playground.controllers.saver import Saver, png
from playground.engine.problems import Problem
from playground.engine.tensors.backward_events import BackwardRun, BackwardStep
from playground.engine.tensors.graph_events import Saved
from playground.engine.tensors.graph_session import GraphPicture, GraphSession
from playground.engine.tensors.layout_process import LayoutProcess
from playground.widgets.autograd.panel import AutogradPanel
from playground.widgets.autograd.values import EdgeValues, GraphValues, NodeValues, SavedValues, StepValues
from playground.widgets.common.messages import sentence

GRAPH, TURN, SAVED = "graph", "turn", "saved"
RESULTS = ("In", "Out")  # which hold everything under another name too
EXAMPLE = """w = torch.tensor([1., 2., 3.], requires_grad=True)
p = F.softmax(w, dim=0)
L = -torch.log(p[1])"""


class AutogradController(QObject):
    """Joins the console's thread, where graph and stepper live, and the panel.

    Parameters
    ----------
    namespace : mapping
        The console's variables; read on its thread only.
    source : callable
        Gives the code of the cells that have run.

    Signals
    -------
    cell_requested(str) : the console is to run this.
    """

    cell_requested = Signal(str)

    def __init__(
        self,
        questions: KernelQuestions,
        namespace: Mapping[str, Any],
        source: Callable[[], str],
        saver: Saver,
        panel: AutogradPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._questions = questions
        self._namespace = namespace
        self._source = source
        self._saver = saver
        self._panel = panel
        self._layouts = LayoutProcess()
        self._session: GraphSession | None = None
        self._collapse: frozenset[str] = frozenset()
        self._awaits_example = False
        self._connect()

    def close(self) -> None:
        """End the process that places large graphs."""
        self._layouts.close()

    @property
    def name(self) -> str:
        """The variable whose graph is shown; empty without one."""
        return self._session.name if self._session else ""

    @Slot(str)
    def show_variable(self, name: str) -> None:
        """Show the graph of a variable, if it has one."""
        work = partial(_session, name, self._namespace, None)
        self._questions.ask("session", work, self._begin, naming=name)

    @Slot()
    def follow_cell(self) -> None:
        """After a cell: the example's graph once it has run, and the graph shown anew where its variable is another."""
        if self._awaits_example:
            self._awaits_example = False
            self.show_variable("L")
        elif self._session is not None:
            work = partial(_session, self.name, self._namespace, self._session)
            self._questions.ask("session", work, self._go_on, naming=self.name)

    def _connect(self) -> None:
        panel = self._panel
        panel.collapse_requested.connect(self._fold)
        panel.saved_requested.connect(self._ask_saved)
        panel.start_requested.connect(self._start_at)
        panel.gradient_entered.connect(self._start_with)
        panel.step_requested.connect(self._step)
        panel.back_requested.connect(self._step_back)
        panel.run_requested.connect(self._run)
        panel.reset_requested.connect(self._reset)
        panel.apply_requested.connect(self._apply)
        panel.gradcheck_requested.connect(self._check)
        panel.element_requested.connect(self._explain)
        panel.save_requested.connect(self.save)
        panel.example_requested.connect(self._show_example)

    def _go_on(self, session: GraphSession | None) -> None:
        if session is None:  # nothing may keep a graph alive that the console has let go
            self._session = None
            self._panel.set_graph(None)
        elif session is not self._session:
            self._begin(session)

    def _begin(self, session: GraphSession | None) -> None:
        if session is None:
            return
        if session.name != self.name:
            self._collapse = frozenset()
        self._session = session
        self._panel.set_step(None)
        self._panel.set_state("")
        self._panel.show_message("")
        self._draw()

    def _draw(self) -> None:
        session, collapse, place = self._session, self._collapse, self._layouts.layout
        if session is not None:
            work = partial(session.picture, collapse, place)
            self._questions.ask(GRAPH, work, self._show_graph, self._refuse, naming=session.name)

    def _show_graph(self, picture: GraphPicture) -> None:
        graph, layout = picture.graph, picture.layout
        self._panel.set_graph(
            GraphValues(
                picture.name,
                tuple(mirror(NodeValues, node) for node in graph.nodes),
                tuple(mirror(EdgeValues, edge) for edge in graph.edges),
                layout.positions,
                layout.routes,
                picture.modules,
                graph.left_out,
                picture.wants_gradient,
            )
        )

    @Slot(object)
    def _fold(self, modules: frozenset[str]) -> None:
        self._collapse = modules
        self._draw()

    @Slot(int)
    def _ask_saved(self, node: int) -> None:
        session = self._session
        if session is not None:
            work = partial(_saved, session, node)
            self._questions.ask(SAVED, work, self._show_saved, self._refuse, naming=session.name)

    def _show_saved(self, found: tuple[int, tuple[Saved, ...]]) -> None:
        node, saved = found
        self._panel.set_saved(node, tuple(mirror(SavedValues, each) for each in saved))

    @Slot(int)
    def _start_at(self, node: int) -> None:
        self._turn(lambda session: session.begin_at(node))

    @Slot(str)
    def _start_with(self, expression: str) -> None:
        namespace = self._namespace
        # The user's own console evaluates the user's own expression.
        self._turn(lambda session: session.begin_with(eval(expression, dict(namespace)) if expression else None))

    @Slot()
    def _step(self) -> None:
        self._turn(lambda session: session.step())

    @Slot()
    def _step_back(self) -> None:
        self._turn(lambda session: session.step_back())

    @Slot()
    def _reset(self) -> None:
        self._turn(lambda session: session.reset())

    @Slot(object, bool)
    def _run(self, bound: float | None, stop_at_not_finite: bool) -> None:
        self._turn(lambda session: session.run(bound, stop_at_not_finite))

    @Slot(int, tuple)
    def _explain(self, index: int, element: tuple[int, ...]) -> None:
        self._turn(lambda session: session.describe(index, element))

    @Slot()
    def _apply(self) -> None:
        if self._session is not None:
            self.cell_requested.emit(f"{self._session.name}.backward(retain_graph=True)")

    @Slot()
    def _check(self) -> None:
        session, namespace = self._session, self._namespace
        if session is not None:
            source = self._source()
            work = partial(session.check, source, namespace)
            self._questions.ask("check", work, self._panel.set_state, self._refuse, naming=session.name)

    def _turn(self, work: Callable[[GraphSession], object]) -> None:
        session = self._session
        if session is not None:
            self._panel.show_message("")
            self._questions.ask(
                TURN, partial(_turned, session, work), self._show_turn, self._refuse, naming=session.name
            )

    def _show_turn(self, found: tuple[object, Mapping[int, str]]) -> None:
        turn, gradients = found
        if isinstance(turn, BackwardRun):
            self._panel.set_state(self._stopped(turn))
            turn = turn.last
        else:
            self._panel.set_state("")
        self._panel.set_step(_step_values(turn, gradients) if isinstance(turn, BackwardStep) else None)

    def _stopped(self, run: BackwardRun) -> str:
        if run.reason == "leaves":
            return self.tr("At the leaves: these are the gradients of .backward(), bit for bit.")
        place = self.tr("Stopped after turn {position} of {total}: ").format(position=run.position, total=run.total)
        if run.reason == "bound":
            return place + self.tr("a gradient is larger than the bound.")
        return place + self.tr("a gradient is not finite from here on.")

    def _refuse(self, problem: Problem) -> None:
        self._panel.show_message(sentence(problem.code, problem.fields))

    @Slot(str)
    def save(self, kind: str) -> None:
        """Ask for a file and write the drawing there; `kind` is "svg" or "png"."""
        view, name = self._panel.view, f"{self.name or 'graph'}.{kind}"
        if kind == "svg":
            self._saver.save(self._panel, self.tr("Save the graph"), name, "SVG (*.svg)", view.svg)
        else:
            self._saver.save(self._panel, self.tr("Save the graph"), name, "PNG (*.png)", lambda: png(view.image()))

    @Slot()
    def _show_example(self) -> None:
        self._awaits_example = True
        self.cell_requested.emit(EXAMPLE)


def _session(name: str, namespace: Mapping[str, Any], before: GraphSession | None) -> GraphSession | None:
    """The graph of a variable; the one before where it is that still, None where it has none."""
    value: Any = namespace.get(name)
    if getattr(value, "grad_fn", None) is None:
        return None
    if before is not None and before.is_of(value):
        return before
    typed = {each: found for each, found in namespace.items() if each not in RESULTS and not each.startswith("_")}
    return GraphSession(name, value, typed)


def _saved(session: GraphSession, node: int) -> tuple[int, tuple[Saved, ...]]:
    return node, session.saved(node)


def _turned(session: GraphSession, work: Callable[[GraphSession], object]) -> tuple[object, Mapping[int, str]]:
    turn = work(session)
    return turn, session.gradients


def _step_values(step: BackwardStep, gradients: Mapping[int, str]) -> StepValues:
    chain = step.chain
    return mirror(StepValues, step, chain=chain.text, paths=chain.paths, product=chain.value, gradients=dict(gradients))
