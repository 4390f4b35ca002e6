"""The line below the gallery: the range of the pixels, which samples are shown, and the way to others."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from playground.widgets.common.buttons import header_button
from playground.widgets.common.elided_label import ElidedLabel
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.samples.choice import Choice

_RANGES_FROM = 488  # pixels of width


class Footer(QWidget):
    """Says which samples are shown, and where it is narrow in fewer letters.

    Signals
    -------
    turned(int) : show the page before (-1) or the next one (1).
    """

    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.range = self._make_range()
        self.ranges = ElidedLabel()
        self.position = QLabel()
        self.position.setProperty("muted", True)
        self.position.setFont(tabular(self.font()))
        self.previous = self._arrow("previous", "←", self.tr("Show the previous page of samples."))
        self.next = self._arrow("next", "→", self.tr("Show the next page of samples."))
        self._shown = (0, 0, 0)
        self._lay_out()
        self.previous.clicked.connect(self._go_back)
        self.next.clicked.connect(self._go_on)

    def set_ranges(self, raw: tuple[float, float], normalised: tuple[float, float]) -> None:
        """Show the smallest and largest value as stored and as the network gets them."""
        text = self.tr("raw {raw} · as the net sees it {net}")
        self.ranges.say(text.format(raw=_span(raw), net=_span(normalised)))
        self.range.setToolTip(self._range_tool_tip() + "\n" + self.ranges.text())

    def clear_ranges(self) -> None:
        """Say nothing of values."""
        self.ranges.clear()

    def set_position(self, first: int, last: int, total: int) -> None:
        """Say which samples are shown, counted from 1, and offer those before and after."""
        self._shown = (first, last, total)
        self.previous.setEnabled(first > 1)
        self.next.setEnabled(last < total)
        self.position.setVisible(last >= first)
        self._say_position()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say the ranges only where there is room; their tool tip on the switch says them everywhere."""
        super().resizeEvent(event)
        self.ranges.setVisible(self.width() >= _RANGES_FROM)
        self._say_position()

    def minimumSizeHint(self) -> QSize:
        """Room for the fewest letters, whichever are shown."""
        return QSize(self._room_beside_position() + 10 * GRID, super().minimumSizeHint().height())

    def _say_position(self) -> None:
        first, last, total = (f"{number:,}" for number in self._shown)
        forms = (
            self.tr("{first} to {last} of {total}"),
            self.tr("{first}…{last} / {total}"),
            self.tr("{first} / {total}"),
        )
        texts = [form.format(first=first, last=last, total=total) for form in forms]
        widths = [self.position.fontMetrics().horizontalAdvance(text) + 2 for text in texts]
        room = self.width() - self._room_beside_position()
        chosen = next((place for place, width in enumerate(widths) if width <= room), len(texts) - 1)
        self.position.setText(texts[chosen])
        self.position.setToolTip(texts[0])
        self.position.setMinimumWidth(widths[chosen])  # the ranges give way first

    def _room_beside_position(self) -> int:
        parts = (self.range, self.previous, self.next)
        return sum(part.sizeHint().width() for part in parts) + (len(parts) + 1) * GRID

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.range)
        row.addWidget(self.ranges, 1)
        row.addStretch()
        for widget in (self.position, self.previous, self.next):
            row.addWidget(widget)

    def _go_back(self) -> None:
        self.turned.emit(-1)

    def _go_on(self) -> None:
        self.turned.emit(1)

    def _make_range(self) -> Choice:
        items = [
            (self.tr("Raw"), "raw"),
            (self.tr("[0, 1]"), "unit"),
            (self.tr("[-1, 1]"), "symmetric"),
            (self.tr("Standard"), "standard"),
        ]
        return Choice("samples_range", self._range_tool_tip(), items)

    def _range_tool_tip(self) -> str:
        return self.tr("Show the pixels as stored, or as a normalisation gives them.")

    def _arrow(self, part: str, sign: str, tool_tip: str) -> QToolButton:
        button = header_button(f"samples_{part}", sign, tool_tip)
        button.setFixedSize(3 * GRID, 3 * GRID)
        return button


def _span(span: tuple[float, float]) -> str:
    low, high = (f"{value:.4g}".replace("-", "\N{MINUS SIGN}") for value in span)
    return f"{low}…{high}"
