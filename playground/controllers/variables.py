"""The variables panel: what the console's namespace holds, looked at on its thread after every cell."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from playground.controllers.kernel_questions import KernelQuestions
from playground.controllers.mirror import mirror
from playground.engine.tensors.tensor_events import Variable
from playground.engine.tensors.variables import variables
from playground.widgets.variables.panel import VariablesPanel
from playground.widgets.variables.values import VariableRow


class VariablesController(QObject):
    """Joins the console's thread and the panel of its names.

    Signals
    -------
    chosen(str) : this variable is to be looked at.
    cell_requested(str) : the console is to run this.
    """

    chosen = Signal(str)
    cell_requested = Signal(str)

    def __init__(
        self,
        questions: KernelQuestions,
        namespace: Mapping[str, Any],
        hidden: frozenset[str],
        panel: VariablesPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._questions = questions
        self._namespace = namespace
        self._hidden = hidden
        self._panel = panel
        panel.inspect_requested.connect(self.chosen)
        panel.delete_requested.connect(self._delete)

    @Slot()
    def refresh(self) -> None:
        """Look again."""
        namespace, hidden = self._namespace, self._hidden
        self._questions.ask("variables", lambda: variables(namespace, hidden), self._show)

    def _show(self, found: tuple[Variable, ...]) -> None:
        self._panel.set_variables(tuple(mirror(VariableRow, each) for each in found))

    @Slot(str)
    def _delete(self, name: str) -> None:
        self.cell_requested.emit(f"del {name}")
