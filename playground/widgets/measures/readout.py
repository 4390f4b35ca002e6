"""The small box beside the pointer that reads every racer's value at one step."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QLabel, QWidget

from playground.widgets.common.theme import GRID, RACERS, tabular, theme

_DOT = "●"
_RING = "◌"


class Readout(QLabel):
    """Lies over a plot and lets the mouse through."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setFont(tabular(self.font()))
        self.restyle()
        theme.changed.connect(self.restyle)
        self.hide()

    def read(self, at: QPointF, within: QRectF, heading: str, rows: Sequence[tuple[int, str, str]]) -> None:
        """Stand beside `at` and show these rows: place of the racer, its name, its value."""
        self.setText(_table(heading, rows))
        self.setAccessibleName(", ".join([heading, *(f"{name} {value}" for _, name, value in rows)]))
        self.adjustSize()
        left = at.x() + 12 if at.x() + 12 + self.width() <= within.right() else at.x() - 12 - self.width()
        top = min(max(at.y() - self.height() / 2, within.top()), within.bottom() - self.height())
        self.move(round(max(left, 0)), round(max(top, 0)))
        self.show()

    def restyle(self) -> None:
        """Take the colours from the theme."""
        surface, line = theme.color("surface").name(), theme.color("line").name()
        padding = f"{GRID // 2}px {GRID}px"
        self.setStyleSheet(
            f"background: {surface}; color: {theme.color('text').name()}; border: 1px solid {line};"
            f" border-radius: 4px; padding: {padding};"
        )


def racer_mark(place: int) -> str:
    """A racer's mark as rich text: a disc in its colour; a dotted ring when the colours come round again."""
    mark = _DOT if place < len(RACERS) else _RING
    return f'<span style="color:{RACERS[place % len(RACERS)]}">{mark}</span>'


def _table(heading: str, rows: Sequence[tuple[int, str, str]]) -> str:
    lines = [f'<tr><td colspan="2" style="color:{theme.color("muted").name()}">{escape(heading)}</td></tr>']
    for place, name, value in rows:
        cell = f'<td align="right" style="padding-left:{2 * GRID}px">{escape(value)}</td>'
        lines.append(f"<tr><td>{racer_mark(place)} {escape(name)}</td>{cell}</tr>")
    return f'<table cellspacing="0" cellpadding="1">{"".join(lines)}</table>'
