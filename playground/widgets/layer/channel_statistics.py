"""Batch norm's statistics, channel by channel: what it keeps against what the batch has."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.widgets.common.color_scale import number
from playground.widgets.common.theme import GRID, tabular, theme
from playground.widgets.layer.values import ChannelStatistics, Floats


class StatisticsPicture(QWidget):
    """Two strips, mean and variance: a dash for the running value of a channel, a ring for the batch's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer_statistics")
        self.statistics: ChannelStatistics | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_statistics(self, statistics: ChannelStatistics | None) -> None:
        """Show others, or none."""
        self.statistics = statistics
        self.setVisible(statistics is not None)
        self.setAccessibleDescription(self.summary())
        self.update()

    def summary(self) -> str:
        """Which of the two the layer divides by."""
        if self.statistics is None:
            return ""
        if self.statistics.uses_batch:
            return self.tr("used: the batch's (rings); running ones: dashes")
        return self.tr("used: running ones (dashes); the batch's: rings")

    def describe(self, channel: int) -> str:
        """All four numbers of a channel."""
        found = self.statistics
        if found is None:
            return ""
        lines = [self.tr("channel {channel}").format(channel=channel)]
        for name, running, batch in self._rows(found):
            kept = self.tr("none kept") if running is None else number(float(running[channel]), 4)
            text = self.tr("{name}: running {running}, batch {batch}")
            lines.append(text.format(name=name, running=kept, batch=number(float(batch[channel]), 4)))
        return "\n".join(lines)

    def sizeHint(self) -> QSize:
        """Two strips and a line."""
        return QSize(30 * GRID, 15 * GRID)

    def minimumSizeHint(self) -> QSize:
        """Two low strips and a line."""
        return QSize(18 * GRID, 12 * GRID)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the line and both strips."""
        found = self.statistics
        if found is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(tabular(self.font()))
            line = painter.fontMetrics().height()
            painter.setPen(theme.color("muted"))
            text = painter.fontMetrics().elidedText(self.summary(), Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, text)
            height = (self.height() - line - GRID) / 2
            for i, (name, running, batch) in enumerate(self._rows(found)):
                strip = QRectF(0, line + 4 + i * (height + 4), self.width(), height)
                self._paint_strip(painter, strip, name, running, batch)

    def event(self, event: QEvent) -> bool:
        """Tell the numbers of the channel under the pointer."""
        found = self.statistics
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and found is not None:
            plot, count = self._plot(QRectF(self.rect())), len(found.batch_mean)
            channel = int((event.pos().x() - plot.left()) / plot.width() * count)
            if 0 <= channel < count:
                QToolTip.showText(event.globalPos(), self.describe(channel), self)
                return True
        return super().event(event)

    def _rows(self, found: ChannelStatistics) -> tuple[tuple[str, Floats | None, Floats], ...]:
        return (
            (self.tr("mean"), found.running_mean, found.batch_mean),
            (self.tr("variance"), found.running_variance, found.batch_variance),
        )

    def _plot(self, strip: QRectF) -> QRectF:
        left = self.fontMetrics().horizontalAdvance(self.tr("variance")) + GRID
        return strip.adjusted(left, 3, -7 * GRID, -3)

    def _paint_strip(self, painter: QPainter, strip: QRectF, name: str, running: Floats | None, batch: Floats) -> None:
        plot = self._plot(strip)
        both = batch if running is None else np.concatenate([running, batch])
        low, high = float(both.min()), float(both.max())
        painter.fillRect(plot, theme.color("raised"))
        painter.setPen(theme.color("muted"))
        painter.drawText(strip, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        right = Qt.AlignmentFlag.AlignRight
        painter.drawText(strip, right | Qt.AlignmentFlag.AlignTop, number(high))
        painter.drawText(strip, right | Qt.AlignmentFlag.AlignBottom, number(low))
        step = plot.width() / len(batch)
        heights = (plot.height() - 6) / ((high - low) or 1.0)
        for channel in range(len(batch)):
            x = plot.left() + (channel + 0.5) * step
            if running is not None:
                y = plot.bottom() - 3 - (float(running[channel]) - low) * heights
                half = min(max(step / 2 - 1, 1.5), 8)
                painter.setPen(QPen(theme.color("accent"), 2))
                painter.drawLine(QPointF(x - half, y), QPointF(x + half, y))
            y = plot.bottom() - 3 - (float(batch[channel]) - low) * heights
            painter.setPen(QPen(theme.color("validation"), 1.5))
            painter.drawEllipse(QPointF(x, y), 2.5, 2.5)
