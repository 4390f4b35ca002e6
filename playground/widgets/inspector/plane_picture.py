"""A grid in the plane with the unit square and arrows."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.widgets.common.color_scale import number
from playground.widgets.common.theme import GRID, blend, theme
from playground.widgets.common.ticks import nice_step

Floats = NDArray[np.float64]
_HEAD = 7.0  # pixels of an arrow's head


class PlanePicture(QWidget):
    """Paints segments, a square, and arrows from the origin; `reach` units in each direction."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._title = title
        self._segments: Floats = np.zeros((0, 2, 2))
        self._square: Floats = np.zeros((0, 2))
        self._arrows: tuple[tuple[float, float], ...] = ()
        self._reach = 3.5
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_plane(self, segments: Floats, square: Floats, arrows: Sequence[tuple[float, float]], reach: float) -> None:
        """Show another plane."""
        self._segments, self._square, self._arrows, self._reach = segments, square, tuple(arrows), reach
        self.update()

    def place(self, x: float, y: float) -> QPointF:
        """Where a point of the plane is painted; y goes up."""
        area = self._area()
        scale = area.width() / (2 * self._reach)
        return QPointF(area.center().x() + x * scale, area.center().y() - y * scale)

    def sizeHint(self) -> QSize:
        """A comfortable square."""
        return QSize(28 * GRID, 30 * GRID)

    def minimumSizeHint(self) -> QSize:
        """The smallest useful one."""
        return QSize(12 * GRID, 14 * GRID)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint it all."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(theme.color("muted"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self._title)
            painter.setClipRect(self._area())
            self._paint_axes(painter)
            self._paint_grid(painter)
            for x, y in self._arrows:
                self._paint_arrow(painter, x, y)
            self._paint_numbers(painter)

    def _area(self) -> QRectF:
        line = self.fontMetrics().height() + GRID // 2
        side = max(min(self.width(), self.height() - line), 1)
        return QRectF((self.width() - side) / 2, line, side, side)

    def _paint_axes(self, painter: QPainter) -> None:
        painter.setPen(QPen(theme.color("line"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(self.place(-self._reach, 0), self.place(self._reach, 0))
        painter.drawLine(self.place(0, -self._reach), self.place(0, self._reach))

    def _paint_numbers(self, painter: QPainter) -> None:
        """The last round number on each half of the axes, on a ground of its own."""
        end = nice_step(self._reach, 1)
        end = end if end <= self._reach else nice_step(self._reach, 2)
        painter.setPen(theme.color("muted"))  # without a pen Qt takes a text to be empty
        for x, y in ((-end, 0.0), (end, 0.0), (0.0, -end), (0.0, end)):
            text = number(x + y)
            room = QRectF(painter.boundingRect(self.rect(), Qt.AlignmentFlag.AlignCenter, text)).adjusted(-2, 0, 2, 0)
            room.moveCenter(self.place(x, y))
            painter.fillRect(room, theme.color("surface", 0.8))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_grid(self, painter: QPainter) -> None:
        painter.setPen(QPen(blend(theme.color("train"), theme.color("surface"), 0.55), 1))
        for start, end in self._segments.tolist():
            painter.drawLine(self.place(*start), self.place(*end))
        painter.setPen(QPen(theme.color("validation"), 2))
        painter.setBrush(theme.color("validation", 0.25))
        painter.drawPolygon(QPolygonF([self.place(*corner) for corner in self._square.tolist()]))

    def _paint_arrow(self, painter: QPainter, x: float, y: float) -> None:
        start, tip = self.place(0, 0), self.place(x, y)
        way = tip - start
        length = max((way.x() ** 2 + way.y() ** 2) ** 0.5, 1e-9)
        along, across = way / length * _HEAD, QPointF(-way.y(), way.x()) / length * _HEAD * 0.5
        painter.setPen(QPen(theme.color("test"), 2.5))
        painter.setBrush(theme.color("test"))
        painter.drawLine(start, tip - along)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(QPolygonF([tip, tip - along + across, tip - along - across]))
