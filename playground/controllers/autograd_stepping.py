"""Backward through the graph shown, one turn at a time, and its check against finite differences."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Slot

from playground.controllers.autograd_shown import ShownGraph
from playground.controllers.mirror import mirror
from playground.engine.tensors.backward_events import BackwardRun, BackwardStep
from playground.engine.tensors.console.console import Console
from playground.engine.tensors.graph_session import GraphSession, Progress
from playground.widgets.autograd.panel import AutogradPanel
from playground.widgets.autograd.values import SideRowValues, StepValues, WayValues

TURN = "turn"


class BackwardStepping(QObject):
    """Joins the buttons of the stepper and the backwards of the graph shown."""

    def __init__(
        self, shown: ShownGraph, console: Console, panel: AutogradPanel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._shown = shown
        self._console = console
        self._panel = panel
        panel.start_requested.connect(self._start_at)
        panel.gradient_entered.connect(self._start_with)
        panel.step_requested.connect(self._step)
        panel.back_requested.connect(self._step_back)
        panel.run_requested.connect(self._run)
        panel.reset_requested.connect(self._reset)
        panel.element_requested.connect(self._explain)
        panel.gradcheck_requested.connect(self._check)

    def begin(self) -> None:
        """Another graph is shown: no turn was had there yet."""
        self._panel.set_step(None)
        self._panel.set_ways((), (), 0)
        self._panel.set_state("")
        self._panel.show_message("")

    @Slot(int)
    def _start_at(self, node: int) -> None:
        self._turn(lambda session: session.begin_at(node))

    @Slot(str)
    def _start_with(self, expression: str) -> None:
        namespace = self._console.namespace
        self._turn(lambda session: session.begin_with(expression, namespace))

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
    def _check(self) -> None:
        if self._shown.session is not None:
            self._panel.set_state(self.tr("Checking with finite differences in float64…"))
            source, namespace = self._console.transcript.script(), self._console.namespace
            self._shown.ask("check", lambda session: session.check(source, namespace), self._panel.set_state)

    def _turn(self, work: Callable[[GraphSession], object]) -> None:
        if self._shown.session is not None:
            self._panel.show_message("")
            self._shown.ask(TURN, partial(_turned, work=work), self._show_turn)

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
        if run.reason == "leaves" and run.calls_hooks:
            return self.tr("At the leaves: these are the gradients of .backward(), bit for bit.")
        if run.reason == "leaves":
            return self.tr(
                "At the leaves: these are the gradients of .backward(), but for hooks of modules and of tensors without"
                " a name; a graph of this size is gone through without them."
            )
        place = self.tr("Stopped after turn {position} of {total}: ").format(position=run.position, total=run.total)
        if run.reason == "bound":
            return place + self.tr("a gradient is larger than the bound.")
        return place + self.tr("a gradient is not finite from here on.")


def _turned(session: GraphSession, work: Callable[[GraphSession], object]) -> tuple[object, Progress]:
    turn = work(session)
    return turn, session.progress()


def _step_values(step: BackwardStep, gradients: Mapping[int, str]) -> StepValues:
    chain = step.chain
    return mirror(StepValues, step, chain=chain.text, paths=chain.paths, product=chain.value, gradients=dict(gradients))
