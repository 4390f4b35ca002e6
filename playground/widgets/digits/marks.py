"""What was put on the pad, kept as vectors and pictures, and how each is painted."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

Ink = NDArray[np.float32]

INK_SIDE = 280  # pixels of the ink handed to the network's preprocessing: ten for each of its 28
_PARTS = 6  # straight parts a smoothed piece of a stroke is painted with


@dataclass(frozen=True, slots=True)
class Touch:
    """A point of a stroke: place and brush width as fractions of the pad's side."""

    x: float
    y: float
    width: float


@dataclass(slots=True)
class Stroke:
    """One movement of the pen or the mouse, smoothed: quadratic curves between the middles of its touches."""

    erases: bool = False
    touches: list[Touch] = field(default_factory=list)

    def paint(self, painter: QPainter, side: float, colors: "Colors") -> None:
        """Paint the whole stroke."""
        for i in range(len(self.touches)):
            self.paint_piece(painter, side, colors, i)
        self.paint_tail(painter, side, colors)

    def paint_piece(self, painter: QPainter, side: float, colors: "Colors", i: int) -> None:
        """Paint what touch `i` settles: from the middle before touch i - 1 to the middle after it, bent by it."""
        here = self.touches[i]
        if i == 0:
            self._draw(painter, side, colors, here, here, here)
            return
        bend = self.touches[i - 1]
        begin = _between(self.touches[i - 2], bend, 0.5) if i > 1 else bend
        self._draw(painter, side, colors, begin, bend, _between(bend, here, 0.5))

    def paint_tail(self, painter: QPainter, side: float, colors: "Colors") -> None:
        """Paint the straight way from the last settled place to the pen."""
        if len(self.touches) > 1:
            before, last = self.touches[-2:]
            middle = _between(before, last, 0.5)
            self._draw(painter, side, colors, middle, middle, last)

    def _draw(self, painter: QPainter, side: float, colors: "Colors", begin: Touch, bend: Touch, end: Touch) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        color = colors.paper if self.erases else colors.ink
        pen = QPen(color, 1, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        # one path where the width stays: edges painted twice would be bolder
        parts = 1 if begin.width == bend.width == end.width else _PARTS
        for part in range(parts):
            a, b, c = _section(begin, bend, end, part / parts, (part + 1) / parts)
            pen.setWidthF(max((a.width + c.width) / 2 * side, 1.0))
            painter.setPen(pen)
            path = QPainterPath(QPointF(a.x * side, a.y * side))
            far = c.x if (a.x, a.y) != (c.x, c.y) else c.x + 1e-4  # Qt paints nothing for a line without length
            path.quadTo(b.x * side, b.y * side, far * side, c.y * side)
            painter.drawPath(path)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image laid on the pad: ink [H, W] from 0 to 1; what was there before is gone."""

    ink: Ink

    def paint(self, painter: QPainter, side: float, colors: "Colors") -> None:
        """Paint the picture over the whole pad."""
        Wipe().paint(painter, side, colors)
        painter.save()
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Lighten)  # leaves the paper its colour
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(0, 0, side, side), _gray(self.ink))
        painter.restore()


@dataclass(frozen=True, slots=True)
class Wipe:
    """The pad was cleared."""

    def paint(self, painter: QPainter, side: float, colors: "Colors") -> None:
        """Paint an empty pad."""
        painter.fillRect(QRectF(0, 0, side, side), colors.paper)


@dataclass(frozen=True, slots=True)
class Colors:
    """What is painted with."""

    ink: QColor
    paper: QColor


Mark = Stroke | Picture | Wipe


def _between(a: Touch, b: Touch, t: float) -> Touch:
    return Touch(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y), a.width + t * (b.width - a.width))


def _section(a: Touch, bend: Touch, b: Touch, start: float, stop: float) -> tuple[Touch, Touch, Touch]:
    """The part of a quadratic curve from `start` to `stop` (0 to 1), as a quadratic curve (blossoming)."""

    def blossom(s: float, t: float) -> Touch:
        return _between(_between(a, bend, s), _between(bend, b, s), t)

    return blossom(start, start), blossom(start, stop), blossom(stop, stop)


def _gray(ink: Ink) -> QImage:
    data = np.ascontiguousarray(np.rint(255 * np.clip(ink, 0, 1)).astype(np.uint8))
    height, width = data.shape
    return QImage(data.data, width, height, width, QImage.Format.Format_Grayscale8).copy()
