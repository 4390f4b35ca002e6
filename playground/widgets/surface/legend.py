"""The line under a view: who is drawn in which colour, and how arrows are scaled."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.widgets.common.theme import GRID, theme

_SWATCH, _GAP, _AFTER = 14, 6, 14
_MORE = "…"
_MOST_LINES = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A colour, what sets it off, and what it stands for; arrows have a head."""

    color: QColor
    halo: QColor
    text: str
    is_arrow: bool = False


class Legend(QWidget):
    """Paints entries side by side, on as many lines as they need, up to three; the tool tip has all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.entries: tuple[Entry, ...] = ()
        self.hide()

    def set_entries(self, entries: tuple[Entry, ...]) -> None:
        """Show other entries; none hide the line."""
        if entries == self.entries:
            return
        self.entries = entries
        said = ", ".join(entry.text for entry in entries)
        self.setAccessibleName(said)
        self.setToolTip(said)
        self.setVisible(bool(entries))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As many lines as the present width needs."""
        return QSize(10 * GRID, len(self._lines(self.width())) * self._line_height())

    def minimumSizeHint(self) -> QSize:
        """As high as the hint."""
        return QSize(4 * GRID, self.sizeHint().height())

    def resizeEvent(self, event: object) -> None:  # noqa: ARG002
        """Another width may need another number of lines."""
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the entries."""
        with QPainter(self) as painter:
            self.paint_onto(painter, self.width())

    def paint_onto(self, painter: QPainter, width: int) -> None:
        """Paint the entries in a line so wide."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        height = self._line_height()
        for row, line in enumerate(self._lines(width)):
            left = 0
            for entry in line:
                _paint_swatch(painter, entry, QPointF(left + 1, (row + 0.5) * height))
                painter.setPen(theme.color("muted"))
                flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
                room = self._width(entry)
                painter.drawText(left + _SWATCH + _GAP, row * height, room, height, flags, entry.text)
                left += room + _AFTER

    def _line_height(self) -> int:
        return self.fontMetrics().height() + 4

    def _width(self, entry: Entry) -> int:
        return _SWATCH + _GAP + self.fontMetrics().horizontalAdvance(entry.text)

    def _lines(self, width: int) -> list[list[Entry]]:
        """At most three lines; where that is too few, the last entry stands for the rest."""
        lines: list[list[Entry]] = [[]]
        left = 0
        for entry in self.entries:
            if lines[-1] and left + self._width(entry) > width:
                if len(lines) == _MOST_LINES:
                    rest = replace(entry, text=_MORE)
                    keeps_last = left + self._width(rest) <= width
                    lines[-1] = [*(lines[-1] if keeps_last else lines[-1][:-1]), rest]
                    return lines
                lines.append([])
                left = 0
            lines[-1].append(entry)
            left += self._width(entry) + _AFTER
        return lines


def _paint_swatch(painter: QPainter, entry: Entry, at: QPointF) -> None:
    end = at + QPointF(_SWATCH - 2, 0)
    for color, width in ((entry.halo, 5.0), (entry.color, 2.5)):
        painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(at, end)
        if entry.is_arrow:
            painter.drawLine(end, end + QPointF(-4, -3))
            painter.drawLine(end, end + QPointF(-4, 3))
