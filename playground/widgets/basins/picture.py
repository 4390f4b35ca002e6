"""The square picture with its numbers, the marks of the minima, and the start under the pointer."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCursor, QFont, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.widgets.basins.values import BasinsValues
from playground.widgets.common.theme import GRID, tabular, theme
from playground.widgets.common.ticks import linear_ticks, number

Bytes = NDArray[np.uint8]

_LEFT, _RIGHT, _BOTTOM = 6 * GRID, GRID, 5 * GRID  # pixels for the numbers and the names of the axes
_PIXELS_A_TICK = 40
_LARGEST = 720


class BasinsPicture(QWidget):
    """Paints coloured starts over their domain.

    Signals
    -------
    pointed(int, int) : row and column of the start under the pointer; -1, -1 when it has left.
    chosen(int, int) : row and column of the start clicked.
    """

    pointed = Signal(int, int)
    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("basins_picture")
        self.setMouseTracking(True)
        self.setCursor(QCursor(Qt.CursorShape.CrossCursor))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._values: BasinsValues | None = None
        self._image = QImage()
        self._scaled = QImage()
        self._start: tuple[float, float] | None = None

    def show_values(self, values: BasinsValues, colors: Bytes) -> None:
        """Show this picture, `colors` [S, S, 4] with row 0 at the bottom."""
        self._values = values
        upright = np.ascontiguousarray(colors[::-1])
        side = values.side
        self._image = QImage(upright.data, side, side, 4 * side, QImage.Format.Format_RGBA8888).copy()
        self._scaled = QImage()
        self.update()

    def set_start(self, start: tuple[float, float] | None) -> None:
        """Put a ring where the race starts."""
        self._start = start
        self.update()

    def area(self) -> QRect:
        """Where the starts are painted: the largest square that leaves room for the numbers."""
        room = self.rect().adjusted(_LEFT, 1, -_RIGHT, -_BOTTOM)
        side = max(min(room.width(), room.height(), _LARGEST), 1)
        return QRect(room.left() + (room.width() - side) // 2, room.top(), side, side)

    def cell_at(self, position: QPointF) -> tuple[int, int] | None:
        """Row and column of the start under a pixel."""
        area = QRectF(self.area())
        if self._values is None or not area.contains(position):
            return None
        side = self._values.side
        column = int((position.x() - area.left()) / area.width() * side)
        row = int((area.bottom() - position.y()) / area.height() * side)
        return min(max(row, 0), side - 1), min(max(column, 0), side - 1)

    def pixel_of(self, x: float, y: float) -> QPointF:
        """The pixel of a point of the domain."""
        area = QRectF(self.area())
        left, right, bottom, top = self._values.domain if self._values else (0.0, 1.0, 0.0, 1.0)
        across, up = (x - left) / (right - left), (y - bottom) / (top - bottom)
        return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

    def sizeHint(self) -> QSize:
        """A comfortable picture."""
        return QSize(38 * GRID, 36 * GRID)

    def minimumSizeHint(self) -> QSize:
        """The smallest useful picture."""
        return QSize(18 * GRID, 18 * GRID)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint starts, numbers and marks."""
        if self._values is None:
            return
        area = self.area()
        with QPainter(self) as painter:
            painter.drawImage(area.topLeft(), self._fitted(area.size()))
            painter.setPen(theme.color("line"))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
            self._paint_numbers(painter, area, self._values)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipRect(area)
            for x, y, _ in self._values.minima:
                _paint_cross(painter, self.pixel_of(x, y))
            if self._start is not None:
                _paint_ring(painter, self.pixel_of(*self._start))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which start the pointer is on."""
        self.pointed.emit(*(self.cell_at(event.position()) or (-1, -1)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the start under the pointer."""
        cell = self.cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(*cell)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take no more height than a square needs, so that the legend stays close."""
        super().resizeEvent(event)
        side = min(event.size().width() - _LEFT - _RIGHT, _LARGEST)
        self.setMaximumHeight(max(side + 1 + _BOTTOM, self.minimumSizeHint().height()))

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the pointer has left."""
        self.pointed.emit(-1, -1)
        super().leaveEvent(event)

    def _fitted(self, size: QSize) -> QImage:
        """The picture at this size: smooth where many starts share a pixel, else with sharp cells."""
        if self._scaled.size() != size:
            smaller = self._image.width() > size.width()
            mode = Qt.TransformationMode.SmoothTransformation if smaller else Qt.TransformationMode.FastTransformation
            self._scaled = self._image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
        return self._scaled

    def _paint_numbers(self, painter: QPainter, area: QRect, values: BasinsValues) -> None:
        painter.setFont(_small(self.font()))
        painter.setPen(theme.color("muted"))
        left, right, bottom, top = values.domain
        most = max(area.width() // _PIXELS_A_TICK, 2)
        step, ticks = linear_ticks(left, right, most)
        for tick in ticks:
            below = QRect(round(self.pixel_of(tick, bottom).x()) - 30, area.bottom() + 4, 60, 2 * GRID)
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, _label(tick, step))
        step, ticks = linear_ticks(bottom, top, most)
        for tick in ticks:
            y = min(max(round(self.pixel_of(left, tick).y()), area.top() + GRID), area.bottom() - GRID)
            beside = QRect(area.left() - 66, y - GRID, 60, 2 * GRID)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, _label(tick, step))
        below = QRect(area.left(), area.bottom() + 4 + 2 * GRID, area.width(), 2 * GRID)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, values.names[0])
        beside = QRect(area.left() - _LEFT, area.top(), 2 * GRID, area.height())
        painter.drawText(beside, Qt.AlignmentFlag.AlignCenter, values.names[1])


def _label(tick: float, step: float) -> str:
    return number(tick, step).replace("-", "\N{MINUS SIGN}")


def _small(font: QFont) -> QFont:
    font = tabular(font)
    font.setPointSizeF(font.pointSizeF() * 0.9)
    return font


def _paint_cross(painter: QPainter, at: QPointF) -> None:
    """A white cross with a dark edge, to be seen on every colour."""
    for color, width in ((theme.color("paper"), 4.5), (theme.color("ink"), 2.2)):
        painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(at + QPointF(-4, -4), at + QPointF(4, 4))
        painter.drawLine(at + QPointF(-4, 4), at + QPointF(4, -4))


def _paint_ring(painter: QPainter, at: QPointF) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((theme.color("paper"), 4.5), (theme.color("ink"), 2.2)):
        painter.setPen(QPen(color, width))
        painter.drawEllipse(at, 5, 5)
