"""The table of the race: one row a racer, one of them selected."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QAction, QBrush, QFontMetrics, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from playground.widgets.common.theme import GRID, blend, tabular, theme
from playground.widgets.descent.standings_model import ARRIVAL, GRADIENT, NAME, VALUE, StandingsModel

_WIDEST = {VALUE: "0.00e-00", GRADIENT: "0.00e-00", ARRIVAL: "< 1e-6"}
_MARGIN = 10  # pixels that Qt leaves beside a text
_NARROW = 35 * GRID  # pixels of width below which names matter more than gradients
_ROW = 26  # pixels of height
_MOST_ROWS = 6  # shown without scrolling


class StandingsTable(QTableView):
    """Up and Down select, Delete removes, Ctrl+D duplicates.

    Signals
    -------
    row_selected : another racer was selected by the user.
    removal_requested, copy_requested : what is to be done with the selected one.
    """

    row_selected = Signal(int)
    removal_requested = Signal()
    copy_requested = Signal()

    def __init__(self, model: StandingsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._silent = False
        self.setModel(model)
        self.setItemDelegate(_SoftSelection(self))
        self.setStyleSheet("QTableView::item { padding: 3px 0; } QHeaderView::section { padding: 4px 3px; }")
        self.setFont(tabular(self.font()))
        self.setObjectName("race_table")
        self.setAccessibleName(self.tr("Racers"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names differ at their ends
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self._lay_columns()
        self._add_actions()
        model.modelReset.connect(self._fit_height)
        self.selectionModel().currentRowChanged.connect(self._report)
        self._fit_height()

    def select(self, row: int) -> None:
        """Select a row without reporting it."""
        self._silent = True
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self.model().index(row, NAME), flags)
        self._silent = False

    def _lay_columns(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(24)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        metrics = QFontMetrics(self.font())
        for column, text in _WIDEST.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(column, metrics.horizontalAdvance(text) + _MARGIN)

    def _add_actions(self) -> None:
        for text, signal in (
            (self.tr("Duplicate\tCtrl+D"), self.copy_requested),
            (self.tr("Remove\tDel"), self.removal_requested),
        ):
            action = QAction(text, self)
            action.triggered.connect(signal)
            self.addAction(action)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    @Slot()
    def _fit_height(self) -> None:
        rows = min(max(self.model().rowCount(), 1), _MOST_ROWS)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows * _ROW + 2)

    @Slot(QModelIndex, QModelIndex)
    def _report(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._silent:
            self.row_selected.emit(current.row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnHidden(GRADIENT, self.viewport().width() < _NARROW)

    def event(self, event: QEvent) -> bool:
        """Claim the editing keys before the window's actions get them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _claims(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _removes(event):
            self.removal_requested.emit()
        elif _copies(event):
            self.copy_requested.emit()
        else:
            super().keyPressEvent(event)


class _SoftSelection(QStyledItemDelegate):
    """Marks the selected row by its ground alone: the accent would hide the colours of the racers."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        if option.state & QStyle.StateFlag.State_Selected:
            focused = option.widget is not None and option.widget.hasFocus()
            ground = blend(theme.color("accent"), theme.color("surface"), 0.25) if focused else theme.color("raised")
            option.state &= ~(QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus)
            option.backgroundBrush = QBrush(ground)


def _removes(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


def _copies(event: QKeyEvent) -> bool:
    return QKeySequence(event.keyCombination()) == QKeySequence("Ctrl+D")


def _claims(event: QKeyEvent) -> bool:
    return _removes(event) or _copies(event)
