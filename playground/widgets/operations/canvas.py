"""Operands and results side by side; pointing at a cell lights those that belong to it."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from playground.widgets.common.theme import GRID, tabular, theme
from playground.widgets.operations.block import Block, block, placed
from playground.widgets.operations.block_painter import Lit, paint_arrow, paint_block
from playground.widgets.operations.cell_text import palettes
from playground.widgets.operations.links import Light, Place, light
from playground.widgets.operations.sheets import goal, sheets
from playground.widgets.operations.values import OperationValues
from playground.widgets.operations.walking import neighbour, other_grid
from playground.widgets.operations.words import told, writing


class OperationCanvas(QWidget):
    """The picture. A click keeps a cell lit; arrows walk on, Page Up and Down go to the next tensor, Escape ends it.

    Signals
    -------
    pointed(str) : what is said of the lit cell; empty when none is.
    reached(object) : the QRectF of the cell that the keyboard went to.
    """

    pointed = Signal(str)
    reached = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("operations_picture")
        self.setAccessibleName(self.tr("Operands and result"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFont(tabular(self.font()))
        self.values: OperationValues | None = None
        self.blocks: tuple[Block, ...] = ()
        self.light: Light | None = None
        self._kept: Place | None = None
        self._colors: list[list[QColor]] = []
        theme.changed.connect(self._recolor)

    def show_values(self, values: OperationValues | None) -> None:
        """Show another picture, no cell lit."""
        self.values = values
        self._kept = None
        self._light(None)
        self._recolor()

    def fit(self, width: int) -> None:
        """Lay the blocks out for this width, and ask for the room they need."""
        values = self.values
        label = self.fontMetrics().horizontalAdvance(values.operation) if values else 0
        made = self._made(values, width) if values and values.grids else []
        self.blocks = placed(made, len(values.operands) if values else 0, width, label)
        right = max((each.rect.right() for each in self.blocks), default=0.0)
        low = max((each.rect.bottom() for each in self.blocks), default=0.0)
        self.setMinimumSize(QSize(round(right) + 2, round(low) + GRID))
        self.update()

    def place_at(self, point: QPointF) -> Place | None:
        """The cell under a point."""
        found = ((each.number, each.hit(point)) for each in self.blocks)
        return next((Place(number, cell) for number, cell in found if cell is not None), None)

    def keep(self, place: Place | None) -> None:
        """Keep a cell lit, whatever is pointed at afterwards."""
        self._kept = place
        self._light(place)

    def _made(self, values: OperationValues, room: int) -> list[Block]:
        metrics, sizes = QFontMetricsF(self.font()), goal(values)
        return [
            block(number, grid, sheets(grid, sizes), writing(grid, values.operands), metrics, room)
            for number, grid in enumerate(values.grids)
        ]

    @Slot()
    def _recolor(self) -> None:
        self._colors = palettes(self.values.operands, self.values.results) if self.values else []
        self.update()

    def _light(self, place: Place | None) -> None:
        values = self.values
        self.light = light(values, place) if values and place else None
        self.pointed.emit(told(values, self.light) if values and self.light else "")
        self.update()

    def _lit(self, number: int) -> Lit | None:
        if self.light is None:
            return None
        place = self.light.place
        first = len(self.values.operands) if self.values else 0
        pointed = place.cell if place.grid == number else None
        ghost = place.cell if place.grid == first else None
        return Lit(frozenset(self.light.cells.get(number, ())), pointed, ghost)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            seen = event.rect().toRectF()
            for each in self.blocks:
                paint_arrow(painter, each, self.values.operation if self.values else "")
                paint_block(painter, each, self._colors[each.number], self._lit(each.number), seen)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position()) or self._kept
        if place != (self.light.place if self.light else None):
            self._light(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        self.keep(None if place == self._kept else place)

    def leaveEvent(self, event: QEvent) -> None:
        self._light(self._kept)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason) and not self._kept:
            self.keep(other_grid(self.blocks, None, 1))
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = self._stepped(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape and self._kept:
            self.keep(None)
        elif place is not None:
            self.keep(place)
            self._tell_where(place)
        else:
            super().keyPressEvent(event)

    def _stepped(self, key: Qt.Key) -> Place | None:
        pages = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
        arrows = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        if key in pages or (key in arrows and self._kept is None):
            return other_grid(self.blocks, self._kept, pages.get(key, 1))
        return neighbour(self.blocks, self._kept, arrows[key]) if key in arrows and self._kept else None

    def _tell_where(self, place: Place) -> None:
        shown = self.blocks[place.grid]
        for i, sheet in enumerate(shown.sheets):
            for cell in sheet.cells:
                if cell.number == place.cell and not cell.ghost:
                    self.reached.emit(shown.cell_rect(i, cell))
                    return


class ScrolledCanvas(QScrollArea):
    """The picture, scrolled where the panel is too small for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("operations_scroll")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.canvas = OperationCanvas()
        self.canvas.reached.connect(self._follow)
        self.setWidget(self.canvas)
        self.viewport().setAutoFillBackground(False)
        self.canvas.setAutoFillBackground(False)

    def show_values(self, values: OperationValues | None) -> None:
        """Show another picture from its beginning."""
        self.canvas.show_values(values)
        self.canvas.fit(self.viewport().width())
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)

    @Slot(object)
    def _follow(self, rect: object) -> None:
        assert isinstance(rect, QRectF)
        center = rect.center().toPoint()
        self.ensureVisible(center.x(), center.y(), 8 * GRID, 4 * GRID)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.canvas.fit(self.viewport().width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.canvas.fit(self.viewport().width())
