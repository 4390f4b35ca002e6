"""What the colours of the basins mean, and which share of the starts has each."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QWidget

from playground.widgets.basins.colors import minimum_color, not_arrived_color
from playground.widgets.basins.values import DIVERGED, NOT_ARRIVED, BasinsValues, point_text
from playground.widgets.common.theme import tabular, theme

_MOST = 6  # minima named; the others are told together

_FULL, _HATCHED = "■", "▨"

Entry = tuple[str, QColor, str]


class SharesLegend(QLabel):
    """Colour, minimum and share, largest share first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("basins_legend")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setFont(tabular(self.font()))
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._values: BasinsValues | None = None
        theme.changed.connect(self._write)

    def show_values(self, values: BasinsValues) -> None:
        """Tell the shares of this picture."""
        self._values = values
        self._write()

    def entries(self) -> list[Entry]:
        """Marks, their colours and what they stand for."""
        values = self._values
        if values is None:
            return []
        order = sorted(range(len(values.minima)), key=lambda index: -values.shares[index])
        named = [i for i in order[:_MOST] if values.shares[i] > 0]
        found = [(_FULL, minimum_color(i), f"{_name(values, i)} {_share(values.shares[i])}") for i in named]
        rest = [i for i in order[_MOST:] if values.shares[i] > 0]
        if rest:
            text = self.tr("{count} more {share}").format(
                count=len(rest), share=_share(sum(values.shares[i] for i in rest))
            )
            found.append(("…", theme.color("muted"), text))
        return found + self._without_minimum(values)

    def _without_minimum(self, values: BasinsValues) -> list[Entry]:
        outcomes = (
            (NOT_ARRIVED, _FULL, not_arrived_color(), self.tr("not arrived")),
            (DIVERGED, _HATCHED, theme.color("muted"), self.tr("diverged")),
        )
        shares = [(mark, color, name, values.outcome_share(outcome)) for outcome, mark, color, name in outcomes]
        return [(mark, color, f"{name} {_share(share)}") for mark, color, name, share in shares if share > 0]

    def _write(self) -> None:
        entries = self.entries()
        self.setText("&nbsp;&nbsp; ".join(_entry(*entry) for entry in entries))
        self.setAccessibleName(", ".join(text for _, _, text in entries))


def _name(values: BasinsValues, index: int) -> str:
    x, y, label = values.minima[index]
    return label or point_text(x, y, 3)


def _share(share: float) -> str:
    return "< 0.1 %" if share < 0.001 else f"{100 * share:.3g} %"


def _entry(mark: str, color: QColor, text: str) -> str:
    return f'<span style="color:{color.name()}">{mark}</span>&nbsp;{escape(text).replace(" ", "&nbsp;")}'
