"""The memory picture: which cell of the storage each index reaches, and what lies in it."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.widgets.common.color_scale import Scale, on_top
from playground.widgets.common.theme import GRID, Role, tabular, theme
from playground.widgets.inspector.memory_places import (
    CELL,
    GAP,
    WIDEST,
    Grid,
    Places,
    columns_in,
    lead_of,
    lead_shape,
    places,
)
from playground.widgets.inspector.memory_text import caption, cell_text, formula, readers, titles
from playground.widgets.inspector.values import MemoryPicture, Placement

_MOST_CURVES = 8  # from one grid
_ARROWS = {
    Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
}  # fmt: skip


class MemoryView(QWidget):
    """Names as grids of coloured cells over the storage's row; the pointer or the arrow keys choose a cell.

    Signals
    -------
    told(str) : the sum that gives the chosen cell, or who reads it.
    """

    told = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector_memory")
        self.setAccessibleName(self.tr("Memory"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setFont(tabular(self.font()))
        self._picture: MemoryPicture | None = None
        self._places: Places | None = None
        self._leads: dict[int, tuple[int, ...]] = {}
        self._colors = Scale(0.0, 1.0)
        self._cell = -1
        self._element: tuple[int, int, int] | None = None  # grid, row, column
        theme.changed.connect(self.update)

    @property
    def picture(self) -> MemoryPicture | None:
        """What is shown; the base stands first."""
        return self._picture

    @property
    def places(self) -> Places | None:
        """Where everything is painted."""
        return self._places

    @property
    def cell(self) -> int:
        """The chosen cell of the storage; -1 if there is none."""
        return self._cell

    def show_memory(self, picture: MemoryPicture) -> None:
        """Show another storage; an element in the middle of the tensor is chosen until the pointer comes."""
        same = self._picture is not None and _shapes(self._picture) == _shapes(picture)
        self._picture = picture
        if not same:
            self._leads, self._element, self._cell = {}, None, -1
        self._colors = Scale(float(picture.first), float(picture.first + max(len(picture.values) - 1, 1)))
        self._lay_out()
        if not same:
            self._choose_middle()
        elif self._element is not None:
            self.choose(*self._element)

    def set_lead(self, lead: tuple[int, ...]) -> None:
        """Show another slice of the tensor itself."""
        if self._picture is not None:
            self._leads[self._own()] = lead
            self._lay_out()
            self._choose_middle()

    def choose(self, grid: int, row: int, column: int) -> None:
        """Choose an element of a grid."""
        if self._places is None:
            return
        shown = self._places.grids[grid]
        self._element, self._cell = (grid, row, column), int(shown.cells[row, column])
        self._bring_slices(grid)
        self.told.emit(formula(shown.placement, shown.index(row, column), self._cell))
        self.update()

    def choose_cell(self, cell: int) -> None:
        """Choose a cell of the storage itself."""
        if self._places is None:
            return
        self._element, self._cell = None, cell
        self._bring_slices(-1)
        self.told.emit(readers(self._places.grids, cell))
        self.update()

    def sizeHint(self) -> QSize:
        """As high as the cells need."""
        return QSize(40 * GRID, self._places.height if self._places is not None else 20 * GRID)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint grids, storage, frames and curves."""
        if self._picture is None or self._places is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._cell >= 0:
                self._paint_curves(painter)
            for grid in self._places.grids:
                self._paint_title(painter, grid)
            self._paint_caption(painter)
            painter.setFont(self._cell_font())
            for grid in self._places.grids:
                self._paint_grid(painter, grid, QRectF(event.rect()))
            self._paint_storage(painter, QRectF(event.rect()))
            if self._cell >= 0:
                self._paint_frames(painter)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose what is under the pointer."""
        self._choose_at(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The same for a touch."""
        self._choose_at(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the next element."""
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is None or self._element is None or self._places is None:
            super().keyPressEvent(event)
            return
        grid, row, column = self._element
        rows, columns = self._places.grids[grid].cells.shape
        self.choose(grid, min(max(row + step[0], 0), rows - 1), min(max(column + step[1], 0), columns - 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew for another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._lay_out()

    def _cell_font(self) -> QFont:
        """Figures in the cells are a little smaller than text."""
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.9)
        return font

    def _own(self) -> int:
        """Which grid is the tensor itself: its base stands in front of it."""
        assert self._picture is not None
        return sum(placement.is_base for placement in self._picture.placements)

    @Slot()
    def _lay_out(self) -> None:
        picture = self._picture
        if picture is None:
            return
        metrics = QFontMetricsF(self._cell_font())
        self._texts = [cell_text(value) for value in picture.values]
        widest = max((metrics.horizontalAdvance(text) for text in self._texts[:256]), default=0.0)
        pitch = min(max(CELL, widest + GRID), WIDEST) + GAP
        ordered = tuple(sorted(picture.placements, key=_not_base))
        widths = tuple(max(map(self.fontMetrics().horizontalAdvance, titles(each))) + 2.0 for each in ordered)
        line = self.fontMetrics().height()
        self._places = places(ordered, self._leads, widths, len(picture.values), self.width(), pitch, line)
        self.setFixedHeight(self._places.height)
        self.update()

    def _choose_middle(self) -> None:
        if self._places is None:
            return
        rows, columns = self._places.grids[self._own()].cells.shape
        if rows and columns:
            self.choose(self._own(), rows // 2, columns // 2)
        else:
            self.told.emit(self.tr("It has no element, so it reaches no cell."))

    def _bring_slices(self, but: int) -> None:
        """Let the other names show the slice in which the chosen cell is."""
        assert self._places is not None
        moved = False
        for i, grid in enumerate(self._places.grids):
            if i == but or not lead_shape(grid.placement) or grid.places(self._cell):
                continue
            lead = lead_of(grid.placement, self._cell, columns_in(self.width(), self._places.pitch))
            if lead is not None:
                self._leads[i], moved = lead, True
        if moved:
            self._lay_out()

    def _choose_at(self, at: QPointF) -> None:
        if self._places is None or self._picture is None:
            return
        for i, grid in enumerate(self._places.grids):
            for row, column in np.ndindex(*grid.cells.shape):
                if grid.rect(row, column).contains(at):
                    self.choose(i, row, column)
                    return
        for i in range(len(self._picture.values)):
            if self._places.storage_rect(i).contains(at):
                self.choose_cell(self._picture.first + i)
                return

    def _paint_title(self, painter: QPainter, grid: Grid) -> None:
        first, second = titles(grid.placement, grid.lead, is_cut=grid.is_cut)
        top, bottom = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
        self._paint_text(painter, grid.title, top, first, "text")
        self._paint_text(painter, grid.title, Qt.AlignmentFlag.AlignLeft | bottom, second, "muted")

    def _paint_caption(self, painter: QPainter) -> None:
        assert self._picture is not None
        assert self._places is not None
        self._paint_text(painter, self._places.caption, Qt.AlignmentFlag.AlignLeft, caption(self._picture), "muted")

    def _paint_text(self, painter: QPainter, room: QRectF, place: Qt.AlignmentFlag, text: str, role: Role) -> None:
        """A line of text that no curve crosses."""
        painter.setPen(theme.color(role))  # without a pen Qt takes a text to be empty
        painter.fillRect(painter.boundingRect(room, place, text), theme.color("surface"))
        painter.drawText(room, place, text)

    def _paint_grid(self, painter: QPainter, grid: Grid, shown: QRectF) -> None:
        assert self._picture is not None
        colors = self._colors.colors(grid.cells.astype(float))
        for row, column in np.ndindex(*grid.cells.shape):
            rect = grid.rect(row, column)
            if not rect.intersects(shown):
                continue
            i = int(grid.cells[row, column]) - self._picture.first
            text = self._texts[i] if 0 <= i < len(self._texts) else ""
            color = QColor(*(int(part) for part in colors[row, column]))
            self._paint_cell(painter, rect, text, color if grid.cells[row, column] >= 0 else None)

    def _paint_storage(self, painter: QPainter, shown: QRectF) -> None:
        assert self._picture is not None
        assert self._places is not None
        colors = self._colors.colors(np.arange(len(self._texts), dtype=float) + self._picture.first)
        for i, text in enumerate(self._texts):
            rect = self._places.storage_rect(i)
            if rect.intersects(shown):
                color = QColor(*(int(part) for part in colors[i]))
                self._paint_cell(painter, rect, text, color if self._picture.reached[i] else None)

    def _paint_cell(self, painter: QPainter, rect: QRectF, text: str, color: QColor | None) -> None:
        """A coloured cell, or a hollow one that nothing reaches."""
        if color is None:
            painter.setPen(QPen(theme.color("muted"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            painter.setPen(theme.color("muted"))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawRoundedRect(rect, 3, 3)
            painter.setPen(on_top(color))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def _target(self) -> QRectF | None:
        """Where the chosen cell of the storage is painted, where it is."""
        assert self._picture is not None
        assert self._places is not None
        i = self._cell - self._picture.first
        return self._places.storage_rect(i) if 0 <= i < len(self._texts) else None

    def _paint_curves(self, painter: QPainter) -> None:
        """From the chosen cell, wherever it is seen, to the storage: behind the other cells and all texts."""
        assert self._places is not None
        target = self._target()
        if target is None:
            return
        for grid in self._places.grids:
            for place in grid.places(self._cell)[:_MOST_CURVES]:
                self._paint_curve(painter, grid.rect(*place), target)

    def _paint_frames(self, painter: QPainter) -> None:
        """Around the chosen cell wherever it is seen."""
        assert self._places is not None
        for number, grid in enumerate(self._places.grids):
            for place in grid.places(self._cell):
                self._paint_frame(painter, grid.rect(*place), self._element == (number, *place))
        target = self._target()
        if target is not None:
            self._paint_frame(painter, target, self._element is None)

    def _paint_curve(self, painter: QPainter, start: QRectF, target: QRectF) -> None:
        first, last = QPointF(start.center().x(), start.bottom()), QPointF(target.center().x(), target.top())
        bend = max((last.y() - first.y()) * 0.6, 2.0 * GRID)
        path = QPainterPath(first)
        path.cubicTo(first + QPointF(0, bend), last - QPointF(0, bend), last)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("accent"), 1.5))
        painter.drawPath(path)

    def _paint_frame(self, painter: QPainter, rect: QRectF, chosen: bool) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((theme.color("surface"), 4.5), (theme.color("accent"), 3.0 if chosen else 2.0)):
            painter.setPen(QPen(color, width))
            painter.drawRoundedRect(rect, 4, 4)


def _not_base(placement: Placement) -> bool:
    return not placement.is_base


def _shapes(picture: MemoryPicture) -> list[tuple[object, ...]]:
    return [(each.name, each.shape, each.stride, each.offset) for each in picture.placements]
