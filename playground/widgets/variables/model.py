"""The names as a table model that tells Qt only what changed, so that selection and scroll stay."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from playground.widgets.common.theme import theme
from playground.widgets.variables.kinds import icon
from playground.widgets.variables.values import VariableRow
from playground.widgets.variables.wording import MEMORY, NAME, SHARES, TYPE, sort_key, texts, tip

Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class VariablesModel(QAbstractTableModel):
    """One row a name, filtered and sorted here: a proxy would ask Python for every comparison."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[VariableRow, ...] = ()
        self._rows: list[VariableRow] = []
        self._texts: list[tuple[str, ...]] = []
        self._filter = ""
        self._column, self._falling = NAME, False
        theme.changed.connect(self._restyle)

    @property
    def rows(self) -> tuple[VariableRow, ...]:
        """The rows now shown, from the top."""
        return tuple(self._rows)

    @property
    def total(self) -> int:
        """How many names there are without the filter."""
        return len(self._all)

    def set_rows(self, rows: tuple[VariableRow, ...]) -> None:
        """Show other rows; those that stay keep their place in selection and scroll."""
        self._all = rows
        self._refresh()

    def set_filter(self, text: str) -> None:
        """Show only rows that have every word of the text in name, type, shape or sharing names."""
        self._filter = text.casefold()
        self._refresh()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column (Qt's hook); equal ones by name, and those with nothing in it last."""
        self._column, self._falling = column, order == Qt.SortOrder.DescendingOrder
        self._refresh()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, NAME, SHARES)

    def row_of(self, name: str) -> int:
        """Where a name stands; -1 if it is not shown."""
        return next((i for i, row in enumerate(self._rows) if row.name == name), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else SHARES + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts[row][column]
        if role == Qt.ItemDataRole.DecorationRole:
            return icon(self._rows[row].kind) if column == NAME else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column == MEMORY else None
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return tip(self._rows[row])
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section == MEMORY else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DisplayRole:
            return self._marked(section)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tips()[section]
        return None

    def _marked(self, section: int) -> str:
        """A column's title; that of the sorted one with an arrow, on the side where its texts may end anywhere."""
        title = self._titles()[section]
        if section != self._column:
            return title
        arrow = "\N{DOWNWARDS ARROW}" if self._falling else "\N{UPWARDS ARROW}"
        return f"{arrow} {title}" if section == MEMORY else f"{title} {arrow}"

    def _titles(self) -> tuple[str, ...]:
        return (
            self.tr("Name"), self.tr("Type"), self.tr("Shape"), self.tr("Memory"), self.tr("Grad"),
            self.tr("Shares storage with"),
        )  # fmt: skip

    def _tips(self) -> tuple[str, ...]:
        return (
            self.tr("The names of the console that hold data."),
            self.tr("dtype and device of a tensor, or the Python class."),
            self.tr("Sizes, parameters of a module, or the value itself."),
            self.tr("Memory this name owns; what lies in another name's memory counts there, so the column adds up."),
            self.tr("leaf (requires_grad), the operation that made it (grad_fn), and whether .grad is there."),
            self.tr("Names that read the same memory: a change in place of one is seen in the others."),
        )

    def _refresh(self) -> None:
        """Bring the rows shown to what they are to be, by the fewest words to Qt."""
        wanted = [row for row in self._all if self._fits(row)]
        wanted.sort(key=self._key, reverse=self._falling)
        if self._column not in (NAME, TYPE):  # which are never blank
            wanted.sort(key=self._is_blank)
        if [row.name for row in wanted] == [row.name for row in self._rows]:
            self._update(wanted)
            return
        self._remove({row.name for row in wanted})
        if not self._insert(wanted):
            self._rearrange(wanted)
        self._update(wanted)

    def _key(self, row: VariableRow) -> tuple[float, str]:
        return sort_key(row, self._column)

    def _is_blank(self, row: VariableRow) -> bool:
        return not texts(row)[self._column]

    def _fits(self, row: VariableRow) -> bool:
        if not self._filter:
            return True
        text = " ".join((row.kind, row.type, *texts(row))).casefold()
        return all(word in text for word in self._filter.split())

    def _remove(self, kept: set[str]) -> None:
        for first, last in reversed(_runs([i for i, row in enumerate(self._rows) if row.name not in kept])):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1], self._texts[first : last + 1]
            self.endRemoveRows()

    def _insert(self, wanted: list[VariableRow]) -> bool:
        """Insert what is new, where those that stay stand in the wanted order; otherwise do nothing."""
        here = {row.name for row in self._rows}
        if [row.name for row in wanted if row.name in here] != [row.name for row in self._rows]:
            return False
        for first, last in _runs([i for i, row in enumerate(wanted) if row.name not in here]):
            self.beginInsertRows(QModelIndex(), first, last)
            self._rows[first:first] = wanted[first : last + 1]
            self._texts[first:first] = map(texts, wanted[first : last + 1])
            self.endInsertRows()
        return True

    def _rearrange(self, wanted: list[VariableRow]) -> None:
        """Another order: what is selected stays selected, wherever it goes."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        names = [self._rows[index.row()].name for index in before]
        self._rows, self._texts = list(wanted), [texts(row) for row in wanted]
        place = {row.name: i for i, row in enumerate(self._rows)}
        after = [
            self.index(place[name], index.column()) if name in place else QModelIndex()
            for name, index in zip(names, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _update(self, wanted: list[VariableRow]) -> None:
        changed = [i for i, (old, new) in enumerate(zip(self._rows, wanted, strict=True)) if old != new]
        for i in changed:
            self._rows[i], self._texts[i] = wanted[i], texts(wanted[i])
        for first, last in _runs(changed):
            self.dataChanged.emit(self.index(first, NAME), self.index(last, SHARES))

    def _restyle(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, NAME), self.index(len(self._rows) - 1, NAME))


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Growing numbers as (first, last) of runs without a gap."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
