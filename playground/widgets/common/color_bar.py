"""What the colours of a picture mean: a strip with the numbers at its ends."""

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.widgets.common.color_scale import STEPS, Scale, number
from playground.widgets.common.theme import GRID, tabular, theme


class ColorBar(QWidget):
    """Paints low end, strip and high end in one line; a tick marks zero."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.scale: Scale | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(self.tr("Which colour stands for which number."))
        theme.changed.connect(self.update)

    def set_scale(self, scale: Scale | None) -> None:
        """Show another scale, or none."""
        self.scale = scale
        if scale is not None:
            said = self.tr("colours from {low} to {high}")
            self.setAccessibleDescription(said.format(low=number(scale.low), high=number(scale.high)))
        self.update()

    def sizeHint(self) -> QSize:
        """One line of text."""
        return QSize(22 * GRID, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """One line of text, and a strip of some length."""
        return QSize(16 * GRID, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint numbers and strip."""
        scale = self.scale
        if scale is None:
            return
        with QPainter(self) as painter:
            painter.setFont(tabular(self.font()))
            painter.setPen(theme.color("muted"))
            low, high = f"{self._name}  {number(scale.low)}".strip(), number(scale.high)
            left, right = (painter.fontMetrics().horizontalAdvance(text) + GRID for text in (low, high))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, low)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, high)
            strip = QRect(left, (self.height() - GRID) // 2, self.width() - left - right, GRID)
            painter.drawImage(strip, scale.picture(np.linspace(scale.low, scale.high, STEPS)[None]))
            painter.setPen(theme.color("line"))
            painter.drawRect(strip)
            self._mark_zero(painter, strip, scale)

    def _mark_zero(self, painter: QPainter, strip: QRect, scale: Scale) -> None:
        if scale.low < 0 < scale.high:
            x = strip.left() + round(strip.width() * -scale.low / (scale.high - scale.low))
            painter.setPen(theme.color("text"))
            painter.drawLine(x, strip.top() - 2, x, strip.bottom() + 2)
