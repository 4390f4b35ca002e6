"""What `.grad` holds at the tensors of the graph shown, and the cells that change it: backward, zero_grad, a step."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from playground.controllers.autograd_shown import ShownGraph
from playground.controllers.mirror import mirror
from playground.controllers.refresh import Refresh
from playground.engine.tensors.graph_events import GradientRow
from playground.engine.tensors.graph_session import GraphSession
from playground.widgets.autograd.panel import AutogradPanel
from playground.widgets.autograd.values import GradientRowValues


class LeafGradients(QObject):
    """Keeps the page of gradients up to date, and has the console run what its buttons do.

    Signals
    -------
    cell_requested(str) : the console is to run this.
    """

    cell_requested = Signal(str)

    def __init__(
        self, shown: ShownGraph, namespace: Mapping[str, Any], panel: AutogradPanel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._shown = shown
        self._namespace = namespace
        self._panel = panel
        self.follower = Refresh(panel, self.ask)
        panel.apply_requested.connect(self._apply)
        panel.zero_requested.connect(self._zero)
        panel.optimizer_step_requested.connect(self._take_step)
        panel.retain_requested.connect(self._retain)

    @Slot()
    def ask(self) -> None:
        """Look at the gradients now."""
        self._shown.ask("gradients", lambda session: session.gradients(), self._show)

    def _show(self, rows: tuple[GradientRow, ...]) -> None:
        if self._shown.session is not None:
            self._panel.set_gradients(tuple(mirror(GradientRowValues, row) for row in rows))

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
        if self._shown.session is not None:
            self._panel.set_state("")
            self._shown.ask(what, lambda session: write(session, self._namespace), self._run_or_tell)

    def _run_or_tell(self, code: str) -> None:
        if code:
            self.cell_requested.emit(code)
        else:
            self.ask()


def _backward(session: GraphSession, namespace: Mapping[str, Any]) -> str:
    """The line that does it or, where its start has no name, nothing but having done it."""
    code = session.backward_code(namespace)
    if not code:
        session.apply()
    return code
