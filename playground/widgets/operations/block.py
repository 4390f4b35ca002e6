"""Where an operand or a result stands in the picture, down to its cells."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFontMetricsF

from playground.widgets.common.theme import GRID
from playground.widgets.operations.sheets import Cell, Sheet, abreast
from playground.widgets.operations.values import CellGrid

WIDEST = 84.0  # pixels: what does not fit into a cell is cut off
_ARROW = 7.0 * GRID
_GAP = 3.0 * GRID
_CLASH = 2.0 * GRID  # room for the bracket of a dimension that does not fit
_CELL_HEIGHT, _NARROWEST = 26.0, 30.0


@dataclass(frozen=True, slots=True)
class Writing:
    """What is written above and into the cells of a block."""

    title: str
    shape: str
    note: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One grid at its place; `line` is the height of a line of text, `across` sheets stand side by side."""

    number: int
    grid: CellGrid
    sheets: tuple[Sheet, ...]
    writing: Writing
    across: int
    cell: QSizeF
    line: float
    width: float
    at: QPointF
    arrow: QPointF | None = None

    @property
    def rect(self) -> QRectF:
        """All of it."""
        bottom = max((self.sheet_rect(i).bottom() for i in range(len(self.sheets))), default=self.at.y())
        return QRectF(self.at, QSizeF(self.width, max(bottom - self.at.y(), 3 * self.line)))

    @property
    def clash_room(self) -> QSizeF:
        """What brackets need left of and above the cells."""
        columns, rows = (self.clashes(dim) for dim in (1, 2))
        return QSizeF(_CLASH if rows else 0, _CLASH if columns else 0)

    def clashes(self, behind: int) -> bool:
        """Whether the dimension `behind`-th from the right does not fit."""
        return len(self.grid.shape) - behind in self.grid.clash

    def sheet_rect(self, i: int) -> QRectF:
        """Where the cells of a sheet are painted."""
        sheet = self.sheets[i]
        row, column = divmod(i, self.across)
        size = QSizeF(sheet.columns * self.cell.width(), sheet.rows * self.cell.height())
        label = self.line if sheet.label else 0.0
        room = self.clash_room
        x = room.width() + column * (size.width() + room.width() + GRID)
        y = 2.2 * self.line + row * (size.height() + label + room.height() + GRID / 2) + label + room.height()
        return QRectF(self.at + QPointF(x, y), size)

    def cell_rect(self, i: int, cell: Cell) -> QRectF:
        """Where one cell of sheet i is painted."""
        return self.within(self.sheet_rect(i), cell)

    def within(self, area: QRectF, cell: Cell) -> QRectF:
        """Where a cell is painted in the area of its sheet."""
        shift = QPointF(cell.column * self.cell.width(), cell.row * self.cell.height())
        return QRectF(area.topLeft() + shift, self.cell)

    def hit(self, point: QPointF) -> int | None:
        """The number of the cell under a point."""
        for i, sheet in enumerate(self.sheets):
            area = self.sheet_rect(i)
            if area.contains(point):
                row = int((point.y() - area.top()) / self.cell.height())
                column = int((point.x() - area.left()) / self.cell.width())
                return sheet.cells[min(row, sheet.rows - 1) * sheet.columns + min(column, sheet.columns - 1)].number
        return None


def block(
    number: int, grid: CellGrid, sheets: tuple[Sheet, ...], writing: Writing, metrics: QFontMetricsF, room: float
) -> Block:
    """A block at the origin, as wide as its cells and lines need; its sheets stand within `room` if they can."""
    widest = max((metrics.horizontalAdvance(text) for text in writing.texts), default=0.0)
    cell = QSizeF(min(max(widest + GRID, _NARROWEST), WIDEST), _CELL_HEIGHT)
    sheet = cell.width() * max((each.columns for each in sheets), default=1) + GRID
    across = max(1, min(abreast(sheets), int((room + GRID - 2) / sheet)))
    made = Block(number, grid, sheets, writing, across, cell, metrics.height() + 2, 0.0, QPointF())
    cells = max((made.sheet_rect(i).right() for i in range(len(sheets))), default=0.0)
    bold = 1.15 * metrics.horizontalAdvance(writing.title)
    lines = (bold + metrics.horizontalAdvance(f"  {writing.shape}"), metrics.horizontalAdvance(writing.note))
    return replace(made, width=max(cells, *lines) + 2)


def placed(blocks: Sequence[Block], first_result: int, width: float, label: float) -> tuple[Block, ...]:
    """The blocks side by side, in rows where they need more than `width`.

    An arrow stands before the first result, with room for a label of that width above it.
    """
    at, low, found = QPointF(), 0.0, []
    for each in blocks:
        lead = max(_ARROW, label + GRID) if each.number == first_result and first_result else 0.0
        if at.x() and at.x() + lead + each.width + 2 > width:
            at = QPointF(0, low + _GAP)
        arrow = at - QPointF(2.0 * GRID if at.x() else 0, 0)
        here = replace(each, at=at + QPointF(lead, 0), arrow=arrow if lead else None)
        found.append(here)
        low = max(low, here.rect.bottom())
        at = QPointF(at.x() + lead + each.width + _GAP, at.y())
    return tuple(found)
