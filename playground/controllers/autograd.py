"""The autograd panel: the graph of a tensor of the console, and backward through it one turn at a time."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from playground.controllers.kernel_questions import KernelQuestions
from playground.controllers.mirror import mirror
from playground.controllers.refresh import Refresh
from playground.controllers.saver import Saver, png
from playground.engine.problems import Problem
from playground.engine.tensors.backward_events import BackwardRun, BackwardStep
from playground.engine.tensors.console.cells import CellDone
from playground.engine.tensors.console.console import Console
from playground.engine.tensors.graph_events import GradientRow, Saved
from playground.engine.tensors.graph_following import graph_session, loss_code, shown_by
from playground.engine.tensors.graph_session import GraphPicture, GraphSession, PlaceGraph, Progress
from playground.engine.tensors.layout_process import LayoutProcess
from playground.engine.worker import unexpected
from playground.widgets.autograd.panel import AutogradPanel
from playground.widgets.autograd.values import (
    EdgeValues,
    GradientRowValues,
    GraphValues,
    NodeValues,
    SavedValues,
    SideRowValues,
    StepValues,
    WayValues,
)
from playground.widgets.common.messages import sentence

GRAPH, TURN, SAVED = "graph", "turn", "saved"
NOTHING = "None"  # a question that looks at no live object: training does not wait for it
EXAMPLE = """w = torch.tensor([1., 2., 3.], requires_grad=True)
p = F.softmax(w, dim=0)
L = -torch.log(p[1])"""


class AutogradController(QObject):
    """Joins the console's thread, where graph and stepper live, and the panel.

    After each cell, while training still waits for it, the tensor that the cell made or named becomes the graph shown.

    Parameters
    ----------
    console : Console
        Its namespace is read on its own thread only.

    Signals
    -------
    cell_requested(str) : the console is to run this.
    """

    cell_requested = Signal(str)
    _watched = Signal(object)
    _bound = Signal()

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
        self._saver = saver
        self._panel = panel
        self._layouts = LayoutProcess()
        self._session: GraphSession | None = None
        self._collapse: frozenset[str] | None = None
        self._follower = Refresh(panel, self._ask_gradients)
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
        work = partial(self._graph_of, name, self._session if name == self.name else None)
        self._questions.ask("session", work, self._choose, naming=name)

    @Slot()
    def show_run_loss(self) -> None:
        """Have the console compute the loss of the run's net on its batch; the graph follows."""
        console = self._console
        self._questions.ask("loss", partial(loss_code, console.namespace), self.cell_requested.emit, naming="net")

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
        panel.run_loss_requested.connect(self.show_run_loss)
        panel.zero_requested.connect(self._zero)
        panel.optimizer_step_requested.connect(self._take_step)
        panel.retain_requested.connect(self._retain)
        self._watched.connect(self._follow, Qt.ConnectionType.QueuedConnection)
        self._bound.connect(self._tell_run, Qt.ConnectionType.QueuedConnection)
        self._console.watchers.after_cell.append(self._watch)
        self._console.watchers.after_bind.append(self._watch_binding)

    def _watch(self, done: CellDone) -> None:
        """On the console's thread, while training still waits for the cell."""
        try:
            self._watched.emit(self._followed(done))
        except Exception as error:  # the cell is not to fail for it
            self._questions.problem_found.emit(unexpected("the autograd graph", error))

    def _followed(self, done: CellDone) -> GraphSession | None:
        before = self._session
        name = "" if done.result.error else shown_by(done.result.code)
        found = self._graph_of(name, before) if name else None
        if before is not None:
            kept = self._graph_of(before.name, before)  # nothing may keep a graph alive that the console has let go
            found = found or kept
        return found

    def _watch_binding(self, _names: tuple[str, ...]) -> None:
        """On the console's thread."""
        self._bound.emit()

    def _graph_of(self, name: str, before: GraphSession | None) -> GraphSession | None:
        """On the console's thread: the graph of a variable; the one before where it is that still."""
        return graph_session(name, self._console.namespace, before, self._console.modules, self._console.live)

    @Slot()
    def _tell_run(self) -> None:
        self._panel.set_run_ready(ready=bool(self._console.live))

    @Slot(object)
    def _follow(self, session: GraphSession | None) -> None:
        if session is None:
            self._session = None
            self._panel.set_graph(None)
        elif session is not self._session:
            self._begin(session)
        else:
            self._follower.ask()

    def _choose(self, session: GraphSession | None) -> None:
        if session is not None and session is not self._session:
            self._begin(session)

    def _begin(self, session: GraphSession) -> None:
        if session.name != self.name:
            self._collapse = None
        self._session = session
        self._panel.set_step(None)
        self._panel.set_ways((), (), 0)
        self._panel.set_state("")
        self._panel.show_message("")
        self._draw()
        self._ask_gradients()

    def _draw(self) -> None:
        session, collapse, place = self._session, self._collapse, self._layouts.layout
        if session is not None:
            work = partial(_picture, session, collapse, place)
            self._questions.ask(GRAPH, work, self._show_graph, self._refuse, naming=NOTHING)

    @Slot()
    def _ask_gradients(self) -> None:
        if self._session is not None:
            self._questions.ask("gradients", self._session.gradients, self._show_gradients, self._refuse)

    def _show_gradients(self, rows: tuple[GradientRow, ...]) -> None:
        if self._session is not None:
            self._panel.set_gradients(tuple(mirror(GradientRowValues, row) for row in rows))

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
            self._questions.ask(SAVED, work, self._show_saved, self._refuse)

    def _show_saved(self, found: tuple[int, tuple[Saved, ...]]) -> None:
        node, saved = found
        self._panel.set_saved(node, tuple(mirror(SavedValues, each) for each in saved))

    @Slot(int)
    def _start_at(self, node: int) -> None:
        self._turn(lambda session: session.begin_at(node))

    @Slot(str)
    def _start_with(self, expression: str) -> None:
        namespace = self._console.namespace
        # The user's own console evaluates the user's own expression.
        given = partial(eval, expression, dict(namespace)) if expression else _nothing
        self._turn(lambda session: session.begin_with(given(), expression))

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
        self._run_code("backward", _backward)
        self._panel.show_gradients()

    @Slot()
    def _zero(self) -> None:
        self._run_code("zero", lambda session, namespace: session.zero_code(namespace))

    @Slot()
    def _take_step(self) -> None:
        self._run_code("optimizer step", lambda session, namespace: session.step_code(namespace))

    @Slot(str)
    def _retain(self, name: str) -> None:
        self.cell_requested.emit(f"{name}.retain_grad()")

    def _run_code(self, what: str, write: Callable[[GraphSession, Mapping[str, Any]], str]) -> None:
        """Have the console run what the console's thread writes about the graph."""
        if self._session is not None:
            self._panel.set_state("")
            work = partial(write, self._session, self._console.namespace)
            self._questions.ask(what, work, self._run_or_tell, self._refuse)

    def _run_or_tell(self, code: str) -> None:
        if code:
            self.cell_requested.emit(code)
        else:
            self._ask_gradients()

    @Slot()
    def _check(self) -> None:
        session, console = self._session, self._console
        if session is not None:
            self._panel.set_state(self.tr("Checking with finite differences in float64…"))
            work = partial(session.check, console.transcript.script(), console.namespace)
            self._questions.ask("check", work, self._panel.set_state, self._refuse_check)

    def _refuse_check(self, problem: Problem) -> None:
        self._panel.set_state("")
        self._refuse(problem)

    def _turn(self, work: Callable[[GraphSession], object]) -> None:
        session = self._session
        if session is not None:
            self._panel.show_message("")
            self._questions.ask(TURN, partial(_turned, session, work), self._show_turn, self._refuse)

    def _show_turn(self, found: tuple[object, Progress]) -> None:
        turn, progress = found
        if isinstance(turn, BackwardRun):
            self._panel.set_state(self._stopped(turn))
            turn = turn.last
        else:
            self._panel.set_state("")
        values = _step_values(turn, progress.gradients) if isinstance(turn, BackwardStep) else None
        self._panel.set_step(values)
        ways = tuple(mirror(WayValues, way) for way in progress.ways)
        self._panel.set_ways(ways, tuple(mirror(SideRowValues, row) for row in progress.rows), progress.current)

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
        self.cell_requested.emit(EXAMPLE)


def _picture(session: GraphSession, collapse: frozenset[str] | None, place: PlaceGraph) -> GraphPicture:
    return session.picture(session.readable() if collapse is None else collapse, place)


def _saved(session: GraphSession, node: int) -> tuple[int, tuple[Saved, ...]]:
    return node, session.saved(node)


def _turned(session: GraphSession, work: Callable[[GraphSession], object]) -> tuple[object, Progress]:
    turn = work(session)
    return turn, session.progress()


def _backward(session: GraphSession, namespace: Mapping[str, Any]) -> str:
    """The line that does it or, where its start has no name, nothing but having done it."""
    code = session.backward_code(namespace)
    if not code:
        session.apply()
    return code


def _nothing() -> None:
    """No gradient chosen."""


def _step_values(step: BackwardStep, gradients: Mapping[int, str]) -> StepValues:
    chain = step.chain
    return mirror(StepValues, step, chain=chain.text, paths=chain.paths, product=chain.value, gradients=dict(gradients))
