"""The racers and how they do, as a table model that tells Qt only what changed."""

from math import isinf, isnan
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from playground.widgets.common.theme import RACERS, theme
from playground.widgets.descent.values import RacerValues, Standing

Index = QModelIndex | QPersistentModelIndex
NAME, VALUE, GRADIENT, ARRIVAL = range(4)

_NOTHING = Standing(float("nan"), float("nan"))
_SWATCH = 12  # pixels
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class StandingsModel(QAbstractTableModel):
    """One row a racer: swatch and name, f, size of the gradient, and when f fell below the target."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._racers: tuple[RacerValues, ...] = ()
        self._standings: tuple[Standing, ...] = ()
        self._problems: dict[int, str] = {}
        self._swatches = [_swatch(QColor(color)) for color in RACERS]
        theme.changed.connect(self._recolor)

    def set_racers(self, racers: tuple[RacerValues, ...]) -> None:
        """Show these racers; their standings begin anew where their number changed."""
        if len(racers) != len(self._racers):
            self.beginResetModel()
            self._racers, self._standings = racers, (_NOTHING,) * len(racers)
            self._problems.clear()
            self.endResetModel()
            return
        changed = [row for row, racer in enumerate(racers) if racer != self._racers[row]]
        self._racers = racers
        for row in changed:
            self._tell(row, NAME, NAME)

    def set_standings(self, standings: tuple[Standing, ...]) -> None:
        """Show how the racers do; cheap where little changed."""
        for row, (old, new) in enumerate(zip(self._standings, standings, strict=False)):
            if old != new:
                self._standings = (*self._standings[:row], new, *self._standings[row + 1 :])
                self._tell(row, NAME if old.sentence != new.sentence else VALUE, ARRIVAL)

    def set_problem(self, row: int, sentence: str) -> None:
        """What is wrong with what a racer was asked to be; empty if nothing is."""
        if self._problems.get(row, "") != sentence:
            self._problems[row] = sentence
            self._tell(row, NAME, ARRIVAL)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._racers)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 4

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return None if column == NAME else _RIGHT
        if role == Qt.ItemDataRole.DecorationRole:
            return self._swatches[row % len(RACERS)] if column == NAME else None
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return self._sentence(row) or (self._racers[row].label if column == NAME else None)
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme.color("bad") if column == ARRIVAL and self._sentence(row) else None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter if section == NAME else _RIGHT
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Optimiser"), "f", self.tr("|grad|"), self.tr("< 1e-6"))[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tips()[section]
        return None

    def _text(self, row: int, column: int) -> str:
        standing = self._standings[row]
        if column == NAME:
            return self._racers[row].label
        if column == VALUE:
            return _short(standing.value)
        if column == GRADIENT:
            return _short(standing.gradient_norm)
        arrival = "" if standing.first_below is None else f"{standing.first_below:,}"
        return f"⚠ {arrival}".strip() if self._sentence(row) else arrival or "—"

    def _sentence(self, row: int) -> str:
        return self._problems.get(row, "") or self._standings[row].sentence

    def _tips(self) -> tuple[str, str, str, str]:
        return (
            self.tr("The optimisers of the race, each with the colour of its path."),
            self.tr("The value of f at the step shown."),
            self.tr("The length of the gradient at the step shown."),
            self.tr("The first step at which f was below 1e-6."),
        )

    def _tell(self, row: int, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(row, first), self.index(row, last))

    def _recolor(self) -> None:
        if self._racers:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._racers) - 1, ARRIVAL))


def _short(value: float) -> str:
    """Three figures, so that the columns fit a narrow panel."""
    if isinf(value):
        return "∞" if value > 0 else "-∞"
    size = abs(value)
    if size >= 1e5 or 0 < size < 1e-2:
        mantissa, _, power = f"{value:.2e}".partition("e")
        return f"{mantissa}e{int(power)}"
    if size >= 1e3 or value == 0:
        return f"{value:,.0f}"
    return "—" if isnan(value) else f"{value:#.3g}".rstrip(".")


def _swatch(color: QColor) -> QIcon:
    picture = QPixmap(_SWATCH, _SWATCH)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(0, 0, _SWATCH, _SWATCH, 3, 3)
    icon = QIcon(picture)
    icon.addPixmap(picture, QIcon.Mode.Selected)
    return icon
