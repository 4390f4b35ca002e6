"""A bar for each class's probability; the winner in the accent."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEasingCurve, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.widgets.common.theme import GRID, tabular, theme

Floats = NDArray[np.floating]

_LOWEST, _HIGHEST = 14, 28  # pixels a row is high
_GLIDE_MS = 90


class ProbabilityBars(QWidget):
    """Paints name, bar and per cent in rows; numbers change at once, the bars glide there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("digit_probabilities")
        self.setToolTip(self.tr("How likely the network holds each digit to be: the softmax of its last layer."))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._names = tuple(str(i) for i in range(10))
        self._values: Floats | None = None
        self._from = self._drawn = np.zeros(10)
        self._glide = QVariantAnimation(self, duration=_GLIDE_MS, startValue=0.0, endValue=1.0)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.valueChanged.connect(self._on_glide)
        self._describe()
        theme.changed.connect(self.update)

    @property
    def values(self) -> Floats | None:
        """The probabilities shown, or None."""
        return self._values

    def set_names(self, names: tuple[str, ...]) -> None:
        """Name the classes; the bars are emptied."""
        self._names = names
        self.show_values(None)
        self.updateGeometry()

    def show_values(self, values: Floats | None) -> None:
        """Show probabilities, one a class, or none."""
        self._values = None if values is None else np.asarray(values, dtype=float)
        target = np.zeros(len(self._names)) if self._values is None else self._values
        self._from = self._drawn if len(self._drawn) == len(target) else np.zeros(len(target))
        self._target = target
        self._describe()
        self._glide.stop()
        self._glide.start()
        self.update()

    def sizeHint(self) -> QSize:
        """A comfortable row for each class."""
        return QSize(25 * GRID, 18 * len(self._names))

    def minimumSizeHint(self) -> QSize:
        """The lowest legible row for each class."""
        return QSize(18 * GRID, _LOWEST * len(self._names))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint a row for each class."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(tabular(self.font()))
            metrics = painter.fontMetrics()
            height = min(self.height() / max(len(self._names), 1), _HIGHEST)
            left = max(metrics.horizontalAdvance(name) for name in self._names) + GRID
            right = metrics.horizontalAdvance("100.0 %") + GRID
            winner = -1 if self._values is None else int(np.argmax(self._values))
            for i, name in enumerate(self._names):
                row = QRectF(0, i * height, self.width(), height)
                self._paint_row(painter, row, name, i, i == winner, left, right)

    def _paint_row(
        self, painter: QPainter, row: QRectF, name: str, i: int, wins: bool, left: float, right: float
    ) -> None:
        painter.setPen(theme.color("text" if wins else "muted"))
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        if self._values is not None:
            text = f"{100 * self._values[i]:.1f} %"
            painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        groove = QRectF(left, row.center().y() - 3, row.width() - left - right, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(groove, 3, 3)
        length = groove.width() * float(self._drawn[i])
        if length >= 0.5:
            groove.setWidth(length)
            painter.setBrush(theme.color("accent") if wins else theme.color("muted"))
            painter.drawRoundedRect(groove, min(3, length / 2), 3)

    def _on_glide(self, share: float) -> None:
        self._drawn = self._from + share * (self._target - self._from)
        self.update()

    def _describe(self) -> None:
        if self._values is None:
            self.setAccessibleName(self.tr("Probabilities: none yet"))
            return
        rows = (f"{name} {100 * value:.1f} %" for name, value in zip(self._names, self._values, strict=True))
        self.setAccessibleName(", ".join(rows))
