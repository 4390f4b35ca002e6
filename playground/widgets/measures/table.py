"""The racers in rows: the value at the step shown, and how many steps f took to become small."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from playground.widgets.common.theme import GRID, RACERS, blend, tabular, theme

_ROW = 3 * GRID
_MOST_ROWS = 6


class RacerTable(QTableWidget):
    """Racer, value, steps to small; as high as its rows, up to six."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Values and steps of each racer"))
        self.setFont(tabular(self.font()))
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        theme.changed.connect(self._restyle)

    def set_racers(self, names: Sequence[str]) -> None:
        """One row for each racer."""
        self.setRowCount(len(names))
        for row, name in enumerate(names):
            self._put(row, 0, name)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + _ROW * min(max(len(names), 1), _MOST_ROWS))
        self._restyle()

    def set_headings(self, value: str, steps: str) -> None:
        """What the two columns of numbers are."""
        sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignRight)
        for column, (text, side) in enumerate(zip((self.tr("racer"), value, steps), sides, strict=True)):
            item = QTableWidgetItem(text)
            item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(column, item)

    def show_row(self, row: int, value: str, steps: str) -> None:
        """The two numbers of a racer."""
        self._put(row, 1, value)
        self._put(row, 2, steps)

    def text_at(self, row: int, column: int) -> str:
        """What a cell says."""
        item = self.item(row, column)
        return item.text() if item is not None else ""

    def _put(self, row: int, column: int, text: str) -> None:
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setItem(row, column, item)
        if item.text() != text:
            item.setText(text)

    @Slot()
    def _restyle(self) -> None:
        for row in range(self.rowCount()):
            item = self.item(row, 0)
            if item is not None:
                item.setForeground(QBrush(_legible(RACERS[row % len(RACERS)])))


def _legible(color: str) -> QColor:
    """The racer's colour as text: moved towards the text colour, which the lightest and darkest of them need."""
    return blend(QColor(color), theme.color("text"), 0.7)
