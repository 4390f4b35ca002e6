"""B18: what it takes to look at 500 tensors of the console and to show them anew, as after every cell."""

from collections.abc import Iterator
from time import perf_counter

import torch

from benchmarks.measure import Row, Target
from playground.app import make_application
from playground.controllers.mirror import mirror
from playground.engine.tensors.variables import variables
from playground.widgets.variables.panel import VariablesPanel
from playground.widgets.variables.values import VariableRow

NAMES = 500


def refreshed_variables(rounds: int) -> Iterator[Row]:
    """B18: every second name is a view of the one before, and every round has other shapes."""
    application, panel = make_application(), VariablesPanel()
    panel.resize(720, 420)
    panel.show()
    application.processEvents()
    milliseconds = tuple(_refresh(panel, shift) for shift in range(rounds + 1))[1:]
    panel.close()
    what = f"{NAMES} names of the console looked at and shown anew, ms"
    yield Row("B18", what, Target(20, at_least=False), milliseconds)


def _refresh(panel: VariablesPanel, shift: int) -> float:
    owners = [torch.zeros(number, 8 + shift) for number in range(NAMES // 2)]
    named = [tensor for owner in owners for tensor in (owner, owner.t())]
    namespace = {f"name_{number}": tensor for number, tensor in enumerate(named)}
    began = perf_counter()
    panel.set_variables(tuple(mirror(VariableRow, each) for each in variables(namespace)))
    panel.table.viewport().repaint()
    return 1000 * (perf_counter() - began)
