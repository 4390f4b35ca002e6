"""A table of short texts whose changed cells stand out."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from playground.widgets.common.theme import GRID, tabular

_ROW = 3 * GRID

Cell = tuple[str, bool]
"""What it says, and whether that is new."""


class TextTable(QTableWidget):
    """Rows of texts; bold where something changed.

    Signals
    -------
    row_clicked : the number of the row.
    """

    row_clicked = Signal(int)

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(0, 0, parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setFont(tabular(self.font()))
        self._bold = QFont(self.font())
        self._bold.setBold(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.cellClicked.connect(self._tell)

    def set_headings(self, headings: Sequence[str]) -> None:
        """One column for each."""
        if self.columnCount() != len(headings):
            self.setColumnCount(len(headings))
        self.setHorizontalHeaderLabels(list(headings))

    def set_rows(self, rows: Sequence[Sequence[Cell]]) -> None:
        """One row for each; cells that say the same stay as they are."""
        self.setRowCount(len(rows))
        for row, cells in enumerate(rows):
            for column, (text, is_new) in enumerate(cells):
                self._put(row, column, text, self._bold if is_new else self.font())

    def texts(self) -> list[list[str]]:
        """What the cells say."""
        return [
            [item.text() if (item := self.item(row, column)) else "" for column in range(self.columnCount())]
            for row in range(self.rowCount())
        ]

    def _put(self, row: int, column: int, text: str, font: QFont) -> None:
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            self.setItem(row, column, item)
        if item.text() != text:
            item.setText(text)
        if item.font() != font:
            item.setFont(font)

    @Slot(int, int)
    def _tell(self, row: int, _column: int) -> None:
        self.row_clicked.emit(row)
