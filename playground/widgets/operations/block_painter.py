"""Paints one operand or result: its title, its cells, what is lit of it, and the dimensions that clash."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from playground.widgets.common.color_scale import on_top
from playground.widgets.common.theme import GRID, blend, theme
from playground.widgets.operations.block import WIDEST, Block
from playground.widgets.operations.sheets import Cell

_FADED = 0.22  # how much of its colour a cell keeps that takes no part
_CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True)
class Lit:
    """The cells of one block that light up, the one that is pointed at, and the only ghost that does; None for none."""

    cells: frozenset[int]
    pointed: int | None
    ghost: int | None

    def has(self, cell: Cell) -> bool:
        """Whether a cell lights up; of ghosts, where one cell of the result is looked at, only the one behind it."""
        return cell.number in self.cells and (not cell.ghost or self.ghost in (None, cell.position))


def paint_block(painter: QPainter, block: Block, colors: Sequence[QColor], lit: Lit | None, seen: QRectF) -> None:
    """What of a block is seen; `lit` is None where no cell of any block is pointed at."""
    _paint_lines(painter, block)
    for i, sheet in enumerate(block.sheets):
        area = block.sheet_rect(i)
        _paint_label(painter, block, sheet.label, area)
        for cell in sheet.cells:
            rect = block.within(area, cell)
            if rect.intersects(seen):
                _paint_cell(painter, rect, cell, (block.writing.texts[cell.number], colors[cell.number]), lit)
        _paint_clash(painter, block, area)


def paint_arrow(painter: QPainter, block: Block, operation: str) -> None:
    """The arrow before the first result, with what is done above it."""
    if block.arrow is None or not block.sheets:
        return
    room = block.at.x() - block.arrow.x() - GRID
    y = block.sheet_rect(0).top() + block.cell.height() / 2
    start, end = QPointF(block.arrow.x(), y), QPointF(block.arrow.x() + room, y)
    painter.setPen(QPen(theme.color("muted"), 1.5))
    painter.drawLine(start, end)
    painter.drawPolyline([end + QPointF(-5, -5), end, end + QPointF(-5, 5)])
    text = painter.fontMetrics().elidedText(operation, Qt.TextElideMode.ElideRight, round(room))
    painter.drawText(QRectF(start.x(), y - block.line - 4, room, block.line), _CENTRE, text)


def _paint_lines(painter: QPainter, block: Block) -> None:
    """Name and shape, and below them what is to be known of it; the sizes that clash in the colour of trouble."""
    plain = painter.font()
    bold = QFont(plain)
    bold.setBold(True)
    line = QRectF(block.at.x(), block.at.y(), block.width, block.line)
    painter.setFont(bold)
    painter.setPen(theme.color("text"))
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, block.writing.title)
    line.setLeft(line.left() + QFontMetricsF(bold).horizontalAdvance(block.writing.title + "  "))
    painter.setFont(plain)
    painter.setPen(theme.color("muted"))
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, block.writing.shape)
    painter.setPen(theme.color("bad" if block.grid.clash else "accent" if block.grid.memory == "same" else "muted"))
    below = QRectF(block.at.x(), block.at.y() + block.line, block.width, block.line)
    painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, block.writing.note)


def _paint_label(painter: QPainter, block: Block, label: str, area: QRectF) -> None:
    if label:
        painter.setPen(theme.color("bad" if any(block.clashes(behind) for behind in (3, 4, 5)) else "muted"))
        top = area.top() - block.clash_room.height() - block.line
        painter.drawText(QRectF(area.left(), top, area.width() + GRID, block.line), Qt.AlignmentFlag.AlignLeft, label)


def _paint_cell(painter: QPainter, rect: QRectF, cell: Cell, looks: tuple[str, QColor], lit: Lit | None) -> None:
    text, own = looks
    is_lit = lit is not None and lit.has(cell)
    surface = theme.color("surface")
    fades = cell.ghost or (lit is not None and not is_lit)
    fill = blend(own, surface, 0.0 if cell.ghost and not is_lit else _FADED if fades else 1.0)
    box = rect.adjusted(1.5, 1.5, -1.5, -1.5)
    painter.setBrush(fill)
    painter.setPen(_frame(cell, lit, is_lit=is_lit))
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(theme.color("muted") if fades and not is_lit else on_top(fill))
    if rect.width() >= WIDEST:  # narrower cells are as wide as their texts
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, round(rect.width() - 4))
    painter.drawText(rect, _CENTRE, text)


def _frame(cell: Cell, lit: Lit | None, *, is_lit: bool) -> QPen:
    style = Qt.PenStyle.DashLine if cell.ghost else Qt.PenStyle.SolidLine
    if is_lit and lit is not None:
        pointed = cell.number == lit.pointed and not cell.ghost
        return QPen(theme.color("text" if pointed else "accent"), 2.5 if pointed else 2.0, style)
    return QPen(theme.color("muted"), 1.0, style) if cell.ghost else QPen(theme.color("line"), 1.0)


def _paint_clash(painter: QPainter, block: Block, area: QRectF) -> None:
    """A bracket along each dimension of the sheet that does not fit, with its size."""
    painter.setPen(QPen(theme.color("bad"), 2.0))
    shape, tick = block.grid.shape, 4.0
    if block.clashes(1):
        y, left, right = area.top() - 5, area.left() + 2, area.right() - 2
        painter.drawPolyline([QPointF(left, y + tick), QPointF(left, y), QPointF(right, y), QPointF(right, y + tick)])
        _write_size(painter, QPointF(area.center().x(), y), shape[-1])
    if block.clashes(2):
        x, top, bottom = area.left() - 5, area.top() + 2, area.bottom() - 2
        painter.drawPolyline([QPointF(x + tick, top), QPointF(x, top), QPointF(x, bottom), QPointF(x + tick, bottom)])
        _write_size(painter, QPointF(x - 2, area.center().y()), shape[-2])


def _write_size(painter: QPainter, at: QPointF, size: int) -> None:
    """A size on its bracket, on a piece of ground that interrupts the line."""
    metrics = QFontMetricsF(painter.font())
    room = QRectF(0, 0, metrics.horizontalAdvance(str(size)) + 6, metrics.height() - 2)
    room.moveCenter(at)
    painter.fillRect(room, theme.color("surface"))
    painter.drawText(room, _CENTRE, str(size))
