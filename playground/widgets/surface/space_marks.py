"""Crosses at the minima and at the start, painted over the 3-D view; faint where the surface hides them."""

from typing import Protocol

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QApplication

from playground.widgets.common.theme import theme
from playground.widgets.surface.content import Content, left_label
from playground.widgets.surface.relief import Relief
from playground.widgets.surface.values import Floats

_ARM, _RADIUS = 4.0, 6.0  # pixels
_NEAR = 0.08  # of half the plane's side: a ray that ends so close to a point was not stopped before it
_HIDDEN = 0.6


class Camera(Protocol):
    """What sees the marks."""

    def project(self, points: Floats, size: QRectF) -> Floats:
        """Points [n, 3] as pixels [n, 2]."""

    def eye(self) -> Floats:
        """Where the camera is [3]."""


def paint_marks(painter: QPainter, area: QRectF, camera: Camera, relief: Relief, content: Content) -> None:
    """Paint a diagonal cross at every mark, its label beside it, and an upright cross with a ring at the start."""
    assert content.function is not None
    marks = content.function.marks
    starts = [content.start] if content.start is not None else []
    flat = relief.to_plane(np.array([*((m.x, m.y) for m in marks), *starts], dtype=float).reshape(-1, 2))
    points = np.column_stack([flat, relief.height_at(flat)])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(QApplication.font())
    places = camera.project(points, area)
    on_left = left_label(places[: len(marks), 0], [mark.label for mark in marks])
    for index, (point, place) in enumerate(zip(points, places, strict=True)):
        if not np.isfinite(place).all():
            continue
        painter.setOpacity(1.0 if _is_seen(relief, camera.eye(), point) else _HIDDEN)
        if index < len(marks):
            _paint_mark(painter, QPointF(*place), marks[index].label, on_left=index == on_left)
        else:
            _paint_start(painter, QPointF(*place))
    painter.setOpacity(1.0)


def _is_seen(relief: Relief, eye: Floats, point: Floats) -> bool:
    """Whether the surface does not hide a point of it."""
    hit = relief.hit(eye, eye + 1.02 * (point - eye))
    return hit is None or bool(np.hypot(hit[0] - point[0], hit[1] - point[1]) < _NEAR)


def _paint_mark(painter: QPainter, at: QPointF, label: str, *, on_left: bool) -> None:
    slants = (QPointF(_ARM, _ARM), QPointF(_ARM, -_ARM))
    _stroke(painter, [QLineF(at - slant, at + slant) for slant in slants])
    if label:
        width = painter.fontMetrics().horizontalAdvance(label) + 8
        box = QRectF(at.x() + (-2 * _ARM - width if on_left else 2 * _ARM), at.y() - 9, width, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("surface", 0.8))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(theme.color("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label)


def _paint_start(painter: QPainter, at: QPointF) -> None:
    arms = (QPointF(_RADIUS + 3, 0), QPointF(0, _RADIUS + 3))
    painter.setBrush(theme.color("paper", 0.45))
    painter.setPen(QPen(theme.color("ink"), 2))
    painter.drawEllipse(at, _RADIUS, _RADIUS)
    painter.drawLines([QLineF(at - arm, at + arm) for arm in arms])


def _stroke(painter: QPainter, lines: list[QLineF]) -> None:
    for color, width in ((theme.color("paper"), 4.5), (theme.color("ink"), 2.0)):
        painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLines(lines)
