"""Bars for the time one task takes on each device; the shortest is the fastest."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.widgets.common.theme import GRID, Role, tabular, theme

_ROW = 4 * GRID
_NAME = 10 * GRID


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one task took on one device; `gflops` (10^9 operations a second) where the task counts them."""

    device: str
    task: str
    milliseconds: float
    gflops: float | None = None


class Bars(QWidget):
    """One bar a device, the slowest as long as the room allows, each with its number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measurements: tuple[Measurement, ...] = ()
        self.setFont(tabular(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_measurements(self, measurements: tuple[Measurement, ...]) -> None:
        """Show these, all of one task."""
        self._measurements = measurements
        self.setAccessibleName(", ".join(f"{each.device}: {number(each, measurements)}" for each in measurements))
        self.setToolTip(self.accessibleName())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(40 * GRID, _ROW * len(self._measurements))

    def minimumSizeHint(self) -> QSize:
        return QSize(30 * GRID, _ROW * len(self._measurements))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(self._font(strong=True))
            numbers = [number(each, self._measurements) for each in self._measurements]
            room = max((painter.fontMetrics().horizontalAdvance(text) for text in numbers), default=0)
            times = [each.milliseconds for each in self._measurements]
            for row, (each, text) in enumerate(zip(self._measurements, numbers, strict=True)):
                fastest = each.milliseconds == min(times)
                painter.setFont(self._font(strong=fastest))
                self._paint_texts(painter, row * _ROW, each.device, text)
                share = each.milliseconds / max(*times, 1e-9)
                groove = QRectF(_NAME, row * _ROW + _ROW / 2 - 4, self.width() - _NAME - room - 2 * GRID, 8)
                _paint_bar(painter, groove, share, "accent" if fastest else "muted")

    def _paint_texts(self, painter: QPainter, top: int, device: str, text: str) -> None:
        painter.setPen(theme.color("text"))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        name = painter.fontMetrics().elidedText(device, Qt.TextElideMode.ElideRight, _NAME - GRID)
        painter.drawText(QRectF(0, top, _NAME, _ROW), left, name)
        painter.drawText(QRectF(0, top, self.width(), _ROW), right, text)

    def _font(self, *, strong: bool) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        return font


def number(each: Measurement, others: tuple[Measurement, ...]) -> str:
    """The number beside a bar: time, rate, and how many times faster than the slowest."""
    parts = [f"{_three_digits(each.milliseconds)} ms"]
    if each.gflops is not None:
        tera = each.gflops >= 1000
        parts.append(f"{_three_digits(each.gflops / 1000 if tera else each.gflops)} {'TFLOP/s' if tera else 'GFLOP/s'}")
    slowest = max(other.milliseconds for other in others)
    if each.milliseconds > 0 and slowest / each.milliseconds >= 1.05:
        parts.append(f"{_three_digits(slowest / each.milliseconds)} times")
    return " · ".join(parts)


def _three_digits(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}"


def _paint_bar(painter: QPainter, groove: QRectF, share: float, role: Role) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("raised"))
    painter.drawRoundedRect(groove, 4, 4)
    bar = QRectF(groove)
    bar.setWidth(max(4.0, groove.width() * share))
    painter.setBrush(theme.color(role))
    painter.drawRoundedRect(bar, min(4.0, bar.width() / 2), 4)
