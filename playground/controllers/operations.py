"""The operations panel: the catalogue, and operations explained on the console's thread with its own tensors."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from playground.controllers.kernel_questions import KernelQuestions
from playground.controllers.mirror import mirror
from playground.engine.problems import Problem
from playground.engine.rng import undrawn
from playground.engine.tensors.operations import catalogue, example
from playground.engine.tensors.operations.explain import explain
from playground.engine.tensors.operations.operation_events import OperationPicture
from playground.widgets.common.messages import sentence
from playground.widgets.operations.panel import OperationsPanel
from playground.widgets.operations.values import CatalogueEntry, OperationValues


class OperationsController(QObject):
    """Joins the console's thread and the panel.

    Signals
    -------
    cell_requested(str) : the console is to run this.
    """

    cell_requested = Signal(str)

    def __init__(
        self,
        questions: KernelQuestions,
        namespace: Mapping[str, Any],
        panel: OperationsPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._questions = questions
        self._namespace = namespace
        self._panel = panel
        panel.set_catalogue([mirror(CatalogueEntry, entry) for entry in catalogue.CATALOGUE])
        panel.explain_requested.connect(self._explain)
        panel.example_requested.connect(self._explain_example)
        panel.run_requested.connect(self.cell_requested)

    @Slot(str)
    def _explain(self, expression: str) -> None:
        work = partial(explain, expression, self._namespace)
        self._questions.ask("operation", work, self._show, self._refuse, naming=expression)

    @Slot(str, str)
    def _explain_example(self, lines: str, expression: str) -> None:
        self._questions.ask("operation", partial(_example, lines, expression), self._show, self._refuse)

    def _show(self, picture: OperationPicture) -> None:
        problem = picture.problem
        said = "" if problem is None else sentence(problem.code, problem.fields)
        self._panel.set_picture(mirror(OperationValues, picture, problem=said))

    def _refuse(self, problem: Problem) -> None:
        self._panel.show_message(sentence(problem.code, problem.fields))


def _example(lines: str, expression: str) -> OperationPicture:
    """An entry's example, in names of its own; the generators end where they were."""
    namespace = example.names()
    with undrawn():
        exec(compile(lines, "<example>", "exec"), namespace)
        return explain(expression, namespace)
