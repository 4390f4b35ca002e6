"""A square picture of the pad at one resolution, painted piece by piece as strokes grow."""

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter

from playground.widgets.digits.marks import Colors, Ink, Mark, Stroke, Wipe

BLACK_AND_WHITE = Colors(QColor("white"), QColor("black"))


class Surface:
    """`side` pixels square; gray surfaces can be read as ink."""

    def __init__(self, side: int, colors: Colors, pixel_format: QImage.Format) -> None:
        self._side = side
        self._colors = colors
        self._image = QImage(side, side, pixel_format)
        self.rebuild([])

    @property
    def image(self) -> QImage:
        """The settled part of the picture."""
        return self._image

    def rebuild(self, marks: list[Mark]) -> None:
        """Paint all marks anew."""
        with QPainter(self._image) as painter:
            Wipe().paint(painter, self._side, self._colors)
            for mark in marks:
                mark.paint(painter, self._side, self._colors)

    def settle_last(self, stroke: Stroke) -> None:
        """Paint the piece that the stroke's last touch settled."""
        with QPainter(self._image) as painter:
            stroke.paint_piece(painter, self._side, self._colors, len(stroke.touches) - 1)

    def settle_tail(self, stroke: Stroke) -> None:
        """Paint the end of a stroke."""
        with QPainter(self._image) as painter:
            stroke.paint_tail(painter, self._side, self._colors)

    def with_tail(self, stroke: Stroke | None) -> QImage:
        """The picture up to the pen."""
        if stroke is None:
            return self._image
        image = self._image.copy()
        with QPainter(image) as painter:
            stroke.paint_tail(painter, self._side, self._colors)
        return image


def ink_of(image: QImage) -> Ink:
    """A gray image as numbers from 0 to 1, in memory of its own."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].astype(np.float32) / np.float32(255)
