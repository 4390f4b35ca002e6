"""Which cells belong together: those that make a cell of a result, or those that a cell of an operand goes into."""

from dataclasses import dataclass, field

import numpy as np

from playground.widgets.operations.values import OperationValues


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a picture: `grid` counts operands, then results; `cell` counts shown cells in reading order."""

    grid: int
    cell: int


@dataclass(frozen=True, slots=True)
class Light:
    """The cells that light up with one, by grid, and how many more lie outside each grid's window."""

    place: Place
    cells: dict[int, tuple[int, ...]]
    hidden: dict[int, int] = field(default_factory=dict)


def light(values: OperationValues, place: Place) -> Light:
    """Everything that belongs to a cell of any grid; the cell itself among it."""
    found = _made_from(values, place) if place.grid >= len(values.operands) else _goes_into(values, place)
    return Light(place, {place.grid: (place.cell,)} | found.cells, found.hidden)


def _made_from(values: OperationValues, place: Place) -> Light:
    parts = [part for part in values.parts if part.result == place.grid - len(values.operands)]
    cells = {part.operand: tuple(int(cell) for cell in part.cells[place.cell] if cell >= 0) for part in parts}
    return Light(place, cells, {part.operand: int(part.hidden[place.cell]) for part in parts})


def _goes_into(values: OperationValues, place: Place) -> Light:
    first = len(values.operands)
    parts = [part for part in values.parts if part.operand == place.grid]
    rows = {part.result: np.flatnonzero((part.cells == place.cell).any(1)) for part in parts}
    return Light(place, {first + result: tuple(int(row) for row in found) for result, found in rows.items()})
