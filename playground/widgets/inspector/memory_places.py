"""Where the memory picture has its cells: a grid for every name, and the storage as wrapped rows below."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from playground.widgets.common.theme import GRID
from playground.widgets.inspector.values import Placement

CELL = 28  # pixels a cell is high, and wide at least
WIDEST = 60
GAP = 4
MOST = 16  # rows and columns of a grid

_BETWEEN = 5 * GRID


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A slice of one name: `cells` [rows, columns] as shown, `lead` the index in front of the two dimensions."""

    placement: Placement
    lead: tuple[int, ...]
    cells: NDArray[np.int64]
    origin: QPointF
    pitch: float
    title: QRectF

    def rect(self, row: int, column: int) -> QRectF:
        """Where a cell is painted."""
        return _cell(self.origin, row, column, self.pitch)

    def index(self, row: int, column: int) -> tuple[int, ...]:
        """The tensor's index of a cell."""
        dims = len(self.placement.shape)
        return () if dims == 0 else (column,) if dims == 1 else (*self.lead, row, column)

    def places(self, cell: int) -> list[tuple[int, int]]:
        """Rows and columns that read a cell of the storage."""
        return [(int(row), int(column)) for row, column in np.argwhere(self.cells == cell)]

    @property
    def is_cut(self) -> bool:
        """Whether the slice has more rows or columns than are shown."""
        return self.cells.shape != (1, 1, *self.placement.shape)[-2:]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """All of it in a width: `per_row` cells of the storage in a row, the first at `origin`."""

    grids: tuple[Grid, ...]
    caption: QRectF
    origin: QPointF
    pitch: float
    per_row: int
    height: int

    def storage_rect(self, i: int) -> QRectF:
        """Where the shown cell number `i` of the storage is painted."""
        row, column = divmod(i, self.per_row)
        return _cell(self.origin, row, column, self.pitch)


def lead_shape(placement: Placement) -> tuple[int, ...]:
    """The sizes in front of the two dimensions that a grid shows, as far as cells are known."""
    return placement.cells.shape[:-2]


def slice_of(placement: Placement, lead: tuple[int, ...], most: int) -> NDArray[np.int64]:
    """The shown cells [rows, columns] of a slice."""
    cells = placement.cells
    plane = cells.reshape(1, -1) if cells.ndim < 2 else cells[lead]
    return plane[:MOST, :most]


def lead_of(placement: Placement, cell: int, most: int) -> tuple[int, ...] | None:
    """The first slice that shows a cell of the storage."""
    shown = placement.cells[..., :MOST, :most] if placement.cells.ndim > 2 else placement.cells
    found = np.argwhere(shown == cell)
    return tuple(int(i) for i in found[0][:-2]) if len(found) else None


def places(
    placements: tuple[Placement, ...],
    leads: dict[int, tuple[int, ...]],
    titles: tuple[float, ...],
    shown: int,
    width: int,
    pitch: float,
    line: int,
) -> Places:
    """Lay grids side by side as far as `width` goes, then the storage; `titles` are the widths of their texts."""
    most = columns_in(width, pitch)
    grids: list[Grid] = []
    x, top, bottom = 0.0, 0.0, 0.0
    for i, placement in enumerate(placements):
        lead = leads.get(i, (0,) * len(lead_shape(placement)))
        cells = slice_of(placement, lead, most)
        wide = max(cells.shape[1] * pitch, titles[i])
        if x and x + wide > width:
            x, top = 0.0, bottom + 2 * GRID
        title = QRectF(x, top, max(wide, 1.0), 2 * line)
        origin = QPointF(x, top + 2 * line + GRID / 2)
        grids.append(Grid(placement, lead, cells, origin, pitch, title))
        bottom = max(bottom, origin.y() + cells.shape[0] * (CELL + GAP))
        x += wide + _BETWEEN
    caption = QRectF(0, bottom + 3 * GRID, width, line)
    origin = QPointF(0, caption.bottom() + GRID / 2)
    per_row = max(1, int((width + GAP) // pitch))
    height = origin.y() + -(-shown // per_row) * (CELL + GAP) + GRID
    return Places(tuple(grids), caption, origin, pitch, per_row, round(height))


def columns_in(width: int, pitch: float) -> int:
    """So many columns of a grid have room."""
    return max(1, min(MOST, int((width + GAP) // pitch)))


def _cell(origin: QPointF, row: int, column: int, pitch: float) -> QRectF:
    return QRectF(origin.x() + column * pitch, origin.y() + row * (CELL + GAP), pitch - GAP, CELL)
