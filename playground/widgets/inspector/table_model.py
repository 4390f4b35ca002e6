"""A table of any size of which only the pages that are looked at were ever asked for."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from playground.widgets.common.theme import theme
from playground.widgets.inspector.figures import Figures, figures
from playground.widgets.inspector.values import TablePage

Index = QModelIndex | QPersistentModelIndex
PAGE = 64
"""Rows and columns of a page."""

MOST_ROWS, MOST_COLUMNS = 20_000, 4_000
"""Qt keeps something for every row of a view: of more, this many are shown from `row` on."""

_MOST_PAGES = 256
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class TableModel(QAbstractTableModel):
    """Numbers that come page by page, each asked for when it is first painted.

    Signals
    -------
    wanted(tuple) : (row, column, rows, columns) of a window of the whole table.
    written(int, int, str) : the text put into a row and column.
    figures_changed() : the numbers are written in another way.
    """

    wanted = Signal(tuple)
    written = Signal(int, int, str)
    figures_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shape = (0, 0)
        self.first = (0, 0)
        self._pages: dict[tuple[int, int], NDArray[np.generic]] = {}
        self.figures = Figures()
        self._stale: set[tuple[int, int]] = set()
        self._asked: set[tuple[int, int]] = set()
        self._is_editable = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)
        self._waiting: dict[tuple[int, int], None] = {}
        theme.changed.connect(self._repaint)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns in all."""
        return self._shape

    def begin(self, shape: tuple[int, int], *, editable: bool, first: tuple[int, int] = (0, 0)) -> None:
        """Another table, from this row and column on; of one as large, what is known stays until it is told anew."""
        if shape == self._shape and first == self.first and editable == self._is_editable:
            self._stale, self._asked = set(self._pages), set()
            self._waiting.clear()
            self._repaint()
            return
        self.beginResetModel()
        self._shape, self.first, self._is_editable = shape, first, editable
        self.forget()
        self.endResetModel()

    def forget(self) -> None:
        """Let go of all numbers: others are looked at now."""
        self.figures = Figures()
        self._pages.clear()
        self._stale, self._asked = set(), set()
        self._waiting.clear()
        self._repaint()

    def set_page(self, page: TablePage) -> None:
        """Take numbers that were asked for."""
        if page.shape != self._shape:
            return
        for row in range(0, page.values.shape[0], PAGE):
            for column in range(0, page.values.shape[1], PAGE):
                key = ((page.row + row) // PAGE, (page.column + column) // PAGE)
                self._pages.pop(key, None)
                self._pages[key] = page.values[row : row + PAGE, column : column + PAGE]
                self._stale.discard(key)
                self._asked.discard(key)
        while len(self._pages) > _MOST_PAGES:
            self._pages.pop(next(iter(self._pages)))
        self._choose_figures(page)
        self._repaint()

    def value(self, row: int, column: int) -> np.generic | None:
        """The number at a row and column of the view, where it has come."""
        row, column = row + self.first[0], column + self.first[1]
        page = self._pages.get((row // PAGE, column // PAGE))
        if page is None or row % PAGE >= page.shape[0] or column % PAGE >= page.shape[1]:
            return None
        found: np.generic = page[row % PAGE, column % PAGE]
        return found

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else min(self._shape[0] - self.first[0], MOST_ROWS)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else min(self._shape[1] - self.first[1], MOST_COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Numbers that have come can be edited."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if self._is_editable and index.isValid() else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT
        if role == Qt.ItemDataRole.DisplayRole:
            self._want(index.row(), index.column())
        value = self.value(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return "…" if value is None else self.figures.text(value)
        if value is None:
            return None
        if role in (Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole):
            return exact(value)
        if not is_finite(value):
            return _mark(role)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Pass a text on; the number changes once it comes back."""
        text = str(value).strip()
        known = self.value(index.row(), index.column())
        if role != Qt.ItemDataRole.EditRole or known is None or text == exact(known):
            return False
        self.written.emit(index.row() + self.first[0], index.column() + self.first[1], text)
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{section + self.first[orientation == Qt.Orientation.Horizontal]:,}"
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _want(self, row: int, column: int) -> None:
        """Ask for the page of a cell, once, when all that is painted now has been seen."""
        key = ((row + self.first[0]) // PAGE, (column + self.first[1]) // PAGE)
        if key in self._asked or (key in self._pages and key not in self._stale):
            return
        self._asked.add(key)
        self._waiting[key] = None
        if not self._timer.isActive():
            self._timer.start(0)

    def _choose_figures(self, page: TablePage) -> None:
        """One way for all that is scrolled through; another one where the only page has new numbers."""
        found = figures(page.values)
        found = found if len(self._pages) == 1 else self.figures.together(found)
        if found != self.figures:
            self.figures = found
            self.figures_changed.emit()

    def _ask(self) -> None:
        waiting, self._waiting = list(self._waiting), {}
        for row, column in waiting:
            self.wanted.emit((row * PAGE, column * PAGE, PAGE, PAGE))

    def _repaint(self) -> None:
        if self.rowCount() and self.columnCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))


def exact(value: np.generic) -> str:
    """A number with all the figures of its type, as it can be typed."""
    return str(value).strip("()")


def is_finite(value: np.generic) -> bool:
    """Whether it is neither NaN nor infinite."""
    plain = value.item()
    return not isinstance(plain, float | complex) or math.isfinite(abs(plain))


def _mark(role: int) -> Any:
    if role == Qt.ItemDataRole.ForegroundRole:
        return theme.color("bad")
    return theme.color("bad", 0.16) if role == Qt.ItemDataRole.BackgroundRole else None
