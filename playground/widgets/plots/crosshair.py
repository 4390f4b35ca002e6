"""The line under the pointer and the small box that reads the values there."""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from playground.widgets.common.theme import GRID, tabular, theme
from playground.widgets.plots.marks import Reading, draw_mark

_LINE = 20  # pixels from one line of the box to the next
_MARK = 16


class Crosshair(QWidget):
    """Lies over a plot and lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._at: QPointF | None = None
        self._plot = QRectF()
        self.heading = ""
        self.readings: tuple[Reading, ...] = ()
        self.hide()

    def point_at(self, at: QPointF, plot: QRectF, heading: str, readings: tuple[Reading, ...]) -> None:
        """Stand at `at` (pixels) within the plot's rectangle and read these values."""
        before = self._touched()
        self._at, self._plot, self.heading, self.readings = at, plot, heading, readings
        self.setAccessibleName(", ".join([heading, *(f"{r.name} {r.text}" for r in readings)]))
        self.update(before.united(self._touched()))
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the line, then the box."""
        if self._at is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("muted", 0.8), 1, Qt.PenStyle.DashLine))
            x = round(self._at.x()) + 0.5
            painter.drawLine(QPointF(x, self._plot.top()), QPointF(x, self._plot.bottom()))
            self._paint_box(painter, self._box())

    def _paint_box(self, painter: QPainter, box: QRect) -> None:
        painter.setPen(theme.color("line"))
        painter.setBrush(theme.color("surface", 0.94))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(tabular(self.font()))
        inner = box.adjusted(GRID, GRID // 2, -GRID, -GRID // 2)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.color("muted"))
        painter.drawText(
            QRect(inner.topLeft(), inner.size()).adjusted(0, 0, 0, _LINE - inner.height()), left, self.heading
        )
        for row, reading in enumerate(self.readings, start=1):
            line = QRect(inner.left(), inner.top() + row * _LINE, inner.width(), _LINE)
            draw_mark(painter, reading.series, QPointF(line.left() + 5, line.center().y() + 1), 7)
            painter.setPen(theme.color("text"))
            painter.drawText(line.adjusted(_MARK, 0, 0, 0), left, reading.name)
            painter.drawText(line, right, reading.text)

    def _box(self) -> QRect:
        metrics = QFontMetrics(tabular(self.font()))
        names = max((metrics.horizontalAdvance(r.name) for r in self.readings), default=0)
        texts = max((metrics.horizontalAdvance(r.text) for r in self.readings), default=0)
        width = max(_MARK + names + 2 * GRID + texts, metrics.horizontalAdvance(self.heading)) + 2 * GRID
        height = (1 + len(self.readings)) * _LINE + GRID
        at, plot = self._at or QPointF(), self._plot
        left = at.x() + 12 if at.x() + 12 + width <= plot.right() else at.x() - 12 - width
        top = min(max(at.y() - height / 2, plot.top() + 4), plot.bottom() - height - 4)
        return QRect(QPoint(int(max(left, 0)), int(max(top, 0))), QRect(0, 0, width, height).size())

    def _touched(self) -> QRect:
        if self._at is None:
            return QRect()
        line = QRect(int(self._at.x()) - 2, 0, 5, self.height())
        return line.united(self._box()).adjusted(-1, -1, 1, 1)
