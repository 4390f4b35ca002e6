"""The legend: mark, name and latest value of each series, on one line."""

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.widgets.common.theme import GRID, tabular, theme
from playground.widgets.plots.marks import Reading, draw_mark

_MARK = 16  # pixels for a mark and the gap after it
_GAP = 2 * GRID


class Legend(QWidget):
    """Paints readings side by side; drops the names, then the last readings, where the line is too short."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._readings: tuple[Reading, ...] = ()
        theme.changed.connect(self.update)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """What the legend says."""
        return self._readings

    def set_readings(self, readings: tuple[Reading, ...]) -> None:
        """Show other values."""
        if readings == self._readings:
            return
        wider = self._width(readings) > self._width(self._readings)
        resized = wider or len(readings) != len(self._readings)
        self._readings = readings
        self.setAccessibleName(", ".join(f"{r.name} {r.text}" for r in readings))
        if resized:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for all names and values."""
        return QSize(self._width(self._readings), self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        """One mark and its value."""
        return QSize(60, self.fontMetrics().height() + 2)

    def changeEvent(self, event: QEvent) -> None:
        """Ask for other room when the font changes."""
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint marks, names and values from the left."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(tabular(self.font()))
            named = self._width(self._readings) <= self.width()
            left, middle = 0.0, self.height() / 2
            for reading in self._readings:
                text = f"{reading.name} {reading.text}" if named else reading.text
                width = _MARK + self._metrics().horizontalAdvance(text)
                if left + width > self.width() + 1:
                    return
                draw_mark(painter, reading.series, QPointF(left + 5, middle))
                painter.setPen(theme.color("text"))
                flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(int(left + _MARK), 0, int(width), self.height(), flags, text)
                left += width + _GAP

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(tabular(self.font()))

    def _width(self, readings: tuple[Reading, ...]) -> int:
        texts = sum(self._metrics().horizontalAdvance(f"{r.name} {r.text}") + _MARK for r in readings)
        return texts + _GAP * max(0, len(readings) - 1) + 2
