"""Axes of the 3-D view, with numbers and names, painted beside the edges that are nearest."""

from dataclasses import dataclass
from math import cos, hypot, radians, sin
from typing import Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QApplication

from playground.widgets.common.theme import tabular, theme
from playground.widgets.common.ticks import linear_ticks, number
from playground.widgets.surface.content import Content
from playground.widgets.surface.relief import FLOOR, HEIGHT
from playground.widgets.surface.values import Floats

_PIXELS_A_TICK = 56
_TICK, _LABEL, _NAME = 4.0, 14.0, 34.0  # pixels outwards from the edge
_CLOSEST = 14.0  # pixels between two labels
_STEEP = 78  # degrees: from above, heights cannot be read


class Projection(Protocol):
    """What knows where a point of space is in the picture."""

    opts: dict[str, float]

    def project(self, points: Floats, size: QRectF) -> Floats:
        """Points [n, 3] as pixels [n, 2]."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from `start` to `end` in space, what stands at which share of it, and which way is out."""

    start: tuple[float, float, float]
    end: tuple[float, float, float]
    out: tuple[float, float, float]
    ticks: list[tuple[float, str]]
    name: str


class SpaceAxes:
    """Paints the three axes for the present camera."""

    def __init__(self, view: Projection) -> None:
        self._view = view

    def paint(self, painter: QPainter, area: QRectF, content: Content) -> None:
        """Paint the axes of the content's function."""
        if content.function is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = tabular(QApplication.font())
        font.setPointSizeF(font.pointSizeF() * 0.9)
        painter.setFont(font)
        for edge in self.edges(area, content):
            self._paint_edge(painter, area, edge, font)

    def edges(self, area: QRectF, content: Content) -> list[Edge]:
        """The edges of the floor towards the viewer, and the upright at the left."""
        function, levels = content.function, content.levels
        assert function is not None
        assert levels is not None
        turn = radians(self._view.opts["azimuth"])
        near_u, near_v = (1.0 if cos(turn) >= 0 else -1.0), (1.0 if sin(turn) >= 0 else -1.0)
        left, right, bottom, top = function.domain
        from_above = self._view.opts["elevation"] > _STEEP
        z = HEIGHT if from_above else FLOOR  # the surface would hide the floor's edges
        edges = [
            self._flat(area, (-1, near_v, z), (1, near_v, z), (0, near_v, 0), (left, right), function.names[0]),
            self._flat(area, (near_u, -1, z), (near_u, 1, z), (near_u, 0, 0), (bottom, top), function.names[1]),
        ]
        if not from_above:
            u, v = self._left_corner(area)
            name = f"f({function.names[0]}, {function.names[1]})"
            edges.append(Edge((u, v, 0.0), (u, v, HEIGHT), (0, 0, 0), levels.ticks(), name))
        return edges

    def _flat(
        self,
        area: QRectF,
        start: tuple[float, float, float],
        end: tuple[float, float, float],
        out: tuple[float, float, float],
        span: tuple[float, float],
        name: str,
    ) -> Edge:
        ends = self._view.project(np.array([start, end]), area)
        pixels = float(np.hypot(*(ends[1] - ends[0])))
        step, values = linear_ticks(*span, max(2, int(pixels / _PIXELS_A_TICK)))
        ticks = [((value - span[0]) / (span[1] - span[0]), number(value, step)) for value in values]
        return Edge(start, end, out, ticks, name)

    def _left_corner(self, area: QRectF) -> tuple[float, float]:
        corners = [(u, v) for u in (-1.0, 1.0) for v in (-1.0, 1.0)]
        places = self._view.project(np.array([(u, v, 0.0) for u, v in corners]), area)
        return corners[int(np.argmin(places[:, 0]))]

    def _paint_edge(self, painter: QPainter, area: QRectF, edge: Edge, font: QFont) -> None:
        start, end, out = (np.array(part, dtype=float) for part in (edge.start, edge.end, edge.out))
        shares = np.array([share for share, _ in edge.ticks] + [0.5, 0.0, 1.0])
        points = start + shares[:, None] * (end - start)
        places = self._view.project(points, area)
        away = self._view.project(points + 0.05 * out, area) - places
        painter.setPen(theme.color("muted", 0.7))
        painter.drawLine(QPointF(*places[-2]), QPointF(*places[-1]))
        metrics = QFontMetricsF(font)
        last = np.full(2, np.inf)
        for (_, label), place, way in zip(edge.ticks, places, away, strict=False):
            if np.hypot(*(place - last)) < _CLOSEST:
                continue
            last = place
            self._paint_label(painter, metrics, area, place, _unit(way), label)
        self._paint_name(painter, metrics, area, edge, places, away)

    def _paint_label(
        self, painter: QPainter, metrics: QFontMetricsF, area: QRectF, place: Floats, way: QPointF, label: str
    ) -> None:
        at = QPointF(*place)
        painter.setPen(theme.color("muted", 0.7))
        painter.drawLine(at, at + way * _TICK)
        painter.setPen(theme.color("muted"))
        width = metrics.horizontalAdvance(label)
        centre = at + way * _LABEL + QPointF(way.x() * max(width / 2 - 6, 0), 0)
        box = _around(centre, width, metrics.height(), area)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label)

    def _paint_name(
        self, painter: QPainter, metrics: QFontMetricsF, area: QRectF, edge: Edge, places: Floats, away: Floats
    ) -> None:
        painter.setPen(theme.color("text"))
        width = metrics.horizontalAdvance(edge.name)
        upright = edge.out == (0, 0, 0)
        if upright:
            centre = QPointF(*places[-1]) + QPointF(0, -1.3 * metrics.height())
        else:
            centre = QPointF(*places[-3]) + _unit(away[-3]) * (_NAME + width / 4)
        box = _around(centre, width, metrics.height(), area)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, edge.name)


def _unit(way: Floats) -> QPointF:
    """A direction one pixel long; to the left where there is none."""
    length = hypot(float(way[0]), float(way[1]))
    return QPointF(float(way[0]) / length, float(way[1]) / length) if length > 1e-9 else QPointF(-1, 0)


def _around(centre: QPointF, width: float, height: float, area: QRectF) -> QRectF:
    """Room for a text about a point, moved sideways into the area."""
    box = QRectF(centre.x() - width / 2 - 2, centre.y() - height / 2, width + 4, height)
    box.moveLeft(min(max(box.left(), area.left()), area.right() - box.width()))
    return box
