"""From a cell to the next one by keyboard."""

from collections.abc import Sequence

from playground.widgets.operations.block import Block
from playground.widgets.operations.links import Place


def neighbour(blocks: Sequence[Block], place: Place, step: tuple[int, int]) -> Place:
    """The next cell in rows and columns of the tensor's own cells; beyond a sheet's edge, the next sheet."""
    shape = blocks[place.grid].grid.values.shape
    rows, columns = (shape[-2] if len(shape) > 1 else 1), (shape[-1] if shape else 1)
    row, column = divmod(place.cell, columns)
    goal = row + step[0]
    last_row = max(blocks[place.grid].grid.values.size // max(columns, 1), rows) - 1
    kept = 0 <= goal <= last_row and 0 <= column + step[1] < columns
    return Place(place.grid, goal * columns + column + step[1]) if kept else place


def other_grid(blocks: Sequence[Block], place: Place | None, by: int) -> Place | None:
    """The first cell of the next tensor that has any; the first result where no cell is lit."""
    filled = [each.number for each in blocks if each.grid.values.size]
    if not filled:
        return None
    if place is None:
        results = [each.number for each in blocks if each.arrow is not None and each.number in filled]
        return Place((results or filled)[0], 0)
    return Place(filled[(filled.index(place.grid) + by) % len(filled)], 0)
