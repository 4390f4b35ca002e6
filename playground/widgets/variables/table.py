"""The table of names: one selected, keys and a menu for what can be done with it."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from playground.widgets.common.theme import GRID, tabular
from playground.widgets.variables.model import VariablesModel
from playground.widgets.variables.widths import widths
from playground.widgets.variables.wording import NAME, SHARES

_ROW = 26  # pixels of height


class VariablesTable(QTableView):
    """Return or a double click inspects, Insert puts the name into the console, Delete asks to delete it.

    Signals
    -------
    selected(str), inspected(str), inserted(str), deleted(str) : what is to be done with this name.
    """

    selected = Signal(str)
    inspected = Signal(str)
    inserted = Signal(str)
    deleted = Signal(str)

    def __init__(self, model: VariablesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = model
        self.setModel(model)
        self.setObjectName("variables_table")
        self.setAccessibleName(self.tr("Variables"))
        self.setFont(tabular(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self._lay_out()
        self._make_menu()
        self.doubleClicked.connect(self._inspect)
        self.selectionModel().currentRowChanged.connect(self._report)

    def current_name(self) -> str:
        """The selected name; empty where there is none."""
        index = self.currentIndex()
        return self._names.rows[index.row()].name if index.isValid() else ""

    def select_name(self, name: str) -> None:
        """Select a name without reporting it."""
        row = self._names.row_of(name)
        if name == self.current_name():
            return
        blocked = self.blockSignals(True)
        if row < 0:
            self.setCurrentIndex(QModelIndex())
        else:
            self.selectRow(row)
        self.blockSignals(blocked)

    @contextmanager
    def kept_selection(self) -> Iterator[None]:
        """While the rows change: what was selected stays so, or nothing is; nothing is told."""
        name, blocked = self.current_name(), self.blockSignals(True)
        yield
        self.blockSignals(blocked)
        self.select_name(name)

    def event(self, event: QEvent) -> bool:
        """Claim its keys before the window's actions get them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in self._keys:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        signal = self._keys.get(Qt.Key(event.key()))
        if signal is None or not self.current_name():
            super().keyPressEvent(event)
            return
        self._tell(signal)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns into another width."""
        if event.size().width() != event.oldSize().width():
            self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        found = widths(self.viewport().width())
        for column in range(SHARES + 1):
            self.setColumnHidden(column, column not in found)
        for column, width in found.items():
            self.setColumnWidth(column, width)

    def _lay_out(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(5 * GRID)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSortIndicator(NAME, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        header.setSortIndicatorShown(False)  # Qt's arrow lies over a title that fills its column: ours stands in it

    def _make_menu(self) -> None:
        self._keys = {
            Qt.Key.Key_Return: self.inspected, Qt.Key.Key_Enter: self.inspected, Qt.Key.Key_Insert: self.inserted,
            Qt.Key.Key_Delete: self.deleted,
        }  # fmt: skip
        self._menu = QMenu(self)
        for text, slot in (
            (self.tr("Inspect\tReturn"), self._inspect),
            (self.tr("Insert the name into the console\tInsert"), self._insert),
            (self.tr("Copy the name"), self._copy),
            (self.tr("Delete\tDel"), self._delete),
        ):
            action = QAction(text, self._menu)
            action.triggered.connect(slot)
            self._menu.addAction(action)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)

    @Slot(QPoint)
    def _open_menu(self, at: QPoint) -> None:
        if self.indexAt(at).isValid():
            self._menu.popup(self.viewport().mapToGlobal(at))

    @Slot()
    def _inspect(self) -> None:
        self._tell(self.inspected)

    @Slot()
    def _insert(self) -> None:
        self._tell(self.inserted)

    @Slot()
    def _delete(self) -> None:
        self._tell(self.deleted)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.current_name())

    def _tell(self, signal: SignalInstance) -> None:
        if self.current_name():
            signal.emit(self.current_name())

    @Slot(QModelIndex, QModelIndex)
    def _report(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.selected.emit(self.current_name())
