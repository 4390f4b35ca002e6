"""Where the cells of a tensor stand: the last two dimensions as rows and columns, the others as sheets."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.widgets.operations.values import CellGrid, OperationValues

_MOST_ABREAST = 3  # sheets of a third dimension beside each other


@dataclass(frozen=True, slots=True)
class Cell:
    """One drawn cell; `number` is the cell it shows, `ghost` says that broadcasting only repeats it here.

    `position` counts drawn cells, ghosts among them: that of the result's cell which it helps to make.
    """

    number: int
    position: int
    row: int
    column: int
    ghost: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A matrix of cells; `label` is the index of the dimensions before the last two, empty where there are none."""

    label: str
    rows: int
    columns: int
    cells: tuple[Cell, ...]


def sheets(grid: CellGrid, goal: tuple[int, ...] = ()) -> tuple[Sheet, ...]:
    """The sheets of a grid; where it is stretched, filled with ghosts up to the sizes `goal` of the result's window."""
    numbers = np.arange(grid.values.size).reshape(grid.values.shape)
    ghosts = np.zeros(numbers.shape, bool)
    if grid.stretched and len(goal) >= numbers.ndim:
        numbers, ghosts = _stretched(grid, numbers, goal)
    while numbers.ndim < 2:
        numbers, ghosts = numbers[None], ghosts[None]
    origin = (0,) * (numbers.ndim - len(grid.origin)) + grid.origin
    leading = np.ndindex(numbers.shape[:-2])
    rows, columns = (int(size) for size in np.asarray(numbers.shape)[-2:])
    return tuple(
        _sheet(_cells(numbers[index], ghosts[index], i * rows * columns), (rows, columns), index, origin)
        for i, index in enumerate(leading)
    )


def abreast(found: tuple[Sheet, ...]) -> int:
    """How many sheets stand beside each other: few when they are wide."""
    widest = max((sheet.columns for sheet in found), default=1)
    return min(len(found) or 1, _MOST_ABREAST if widest <= 4 else 2 if widest <= 6 else 1)


def goal(values: OperationValues) -> tuple[int, ...]:
    """The sizes to which operands are stretched: the first result's window."""
    return tuple(values.results[0].values.shape) if values.results else ()


def index_of(grid: CellGrid, cell: int) -> tuple[int, ...]:
    """The index in the whole tensor of a shown cell."""
    place = np.unravel_index(cell, grid.values.shape) if grid.values.ndim else ()
    return tuple(int(i) + first for i, first in zip(place, grid.origin, strict=True))


def _stretched(
    grid: CellGrid, numbers: NDArray[np.int64], sizes: tuple[int, ...]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Repeated along the stretched dimensions; the first copy is the tensor itself."""
    numbers = numbers.reshape((1,) * (len(sizes) - numbers.ndim) + numbers.shape)
    wide = tuple(sizes[dim] if dim in grid.stretched and size == 1 else size for dim, size in enumerate(numbers.shape))
    ghosts = np.zeros(wide, bool)
    for dim in grid.stretched:
        ghosts[(slice(None),) * dim + (slice(1, None),)] = True
    return np.broadcast_to(numbers, wide), ghosts


def _sheet(cells: Iterator[Cell], size: tuple[int, int], index: tuple[int, ...], origin: tuple[int, ...]) -> Sheet:
    label = ", ".join(str(i + first) for i, first in zip(index, origin, strict=False))
    return Sheet(f"[{label}]" if index else "", size[0], size[1], tuple(cells))


def _cells(numbers: NDArray[np.int64], ghosts: NDArray[np.bool_], first: int) -> Iterator[Cell]:
    for i, (row, column) in enumerate(np.ndindex(numbers.shape)):
        yield Cell(int(numbers[row, column]), first + i, row, column, bool(ghosts[row, column]))
