"""A small image drawn pixel for pixel: what the network sees."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.widgets.common.theme import theme

_SIDE = 84  # three screen pixels for each of 28


class PixelView(QWidget):
    """Paints an array [H, W], its smallest value black and its largest white, without smoothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("digit_input")
        self.setAccessibleName(self.tr("What the network sees"))
        self.setToolTip(self.tr("What the network sees: 28 x 28 pixels, centred by mass, normalised as in training."))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._image: QImage | None = None
        theme.changed.connect(self.update)

    @property
    def image(self) -> QImage | None:
        """The picture shown, in its own pixels."""
        return self._image

    def show_pixels(self, values: NDArray[np.floating] | None) -> None:
        """Show other values, or none."""
        self._image = None if values is None else _gray(np.asarray(values, dtype=np.float32))
        self.update()

    def sizeHint(self) -> QSize:
        """Three screen pixels for each of 28."""
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the pixels."""
        with QPainter(self) as painter:
            area = QRectF(0, 0, _SIDE, _SIDE)
            painter.fillRect(area, theme.color("paper"))
            if self._image is not None:
                painter.drawImage(area, self._image)


def _gray(values: NDArray[np.float32]) -> QImage:
    low, high = float(values.min()), float(values.max())
    data = np.ascontiguousarray(np.rint(255 * (values - low) / ((high - low) or 1.0)).astype(np.uint8))
    height, width = data.shape
    return QImage(data.data, width, height, width, QImage.Format.Format_Grayscale8).copy()
