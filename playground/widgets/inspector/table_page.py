"""The page of numbers: any two dimensions, editable in place."""

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLabel, QPushButton, QTableView, QVBoxLayout, QWidget

from playground.widgets.common.fields import CountField
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.inspector.dimension_bar import DimensionBar
from playground.widgets.inspector.table_model import MOST_COLUMNS, MOST_ROWS, TableModel
from playground.widgets.inspector.values import TablePage

_ROW = 24  # pixels of height
_LEAST_CHARACTERS = 8  # that a column has room for: what is typed over a 0 can be read
_LARGEST = 2**31 - 1  # Qt's largest whole number


class NumbersPage(QWidget):
    """Shows numbers and lets them be typed over.

    Signals
    -------
    window_requested(object) : a dict of rows, columns, fixed and window, as the engine's table takes them.
    edit_requested(tuple, str) : set the element at this index to what the text says.
    undo_requested(), redo_requested() : set the last changed value back, or set it again.
    """

    window_requested = Signal(object)
    edit_requested = Signal(tuple, str)
    undo_requested = Signal()
    redo_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: tuple[int, ...] = ()
        self.dimensions = DimensionBar("inspector_table")
        self.model = TableModel(self)
        self.table = self._make_table()
        self.first_row = self._first("row", self.tr("from row "))
        self.first_column = self._first("column", self.tr("from column "))
        self.note = QLabel()
        self.note.setProperty("muted", True)
        self.note.setFont(tabular(self.font()))
        self.undo = _button("undo", self.tr("Undo edit"), self.tr("Set the value back that was typed over last."))
        self.redo = _button("redo", self.tr("Redo"), self.tr("Set the value again that was taken back last."))
        self._lay_out()
        self._connect()
        self._widen()

    def set_shape(self, shape: tuple[int, ...]) -> None:
        """Another tensor, or other values of it: what is seen is asked for anew."""
        self._shape = shape
        self.dimensions.set_shape(shape)
        self._begin()

    def set_page(self, page: TablePage) -> None:
        """Show numbers that were asked for; those of another choice come too late."""
        options = self.dimensions.options
        if (page.rows_dim, page.columns_dim) == (options["rows"], options["columns"]) and page.fixed == options[
            "fixed"
        ]:
            self.model.set_page(page)

    def set_edits(self, *, can_undo: bool, can_redo: bool) -> None:
        """Whether there is an edit to take back, and one to do again."""
        self.undo.setEnabled(can_undo)
        self.redo.setEnabled(can_redo)

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("inspector_table_view")
        table.setAccessibleName(self.tr("Values"))
        table.setFont(tabular(self.font()))
        table.setModel(self.model)
        table.setWordWrap(False)
        table.setShowGrid(False)
        table.setCornerButtonEnabled(False)
        table.setStyleSheet("QTableCornerButton::section { background: transparent; border: none; }")
        table.setTabKeyNavigation(False)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().setDefaultSectionSize(_ROW)
        table.verticalHeader().setMinimumWidth(5 * GRID)
        return table

    def _first(self, name: str, prefix: str) -> CountField:
        field = CountField(0, 0)
        field.setObjectName(f"inspector_first_{name}")
        field.setPrefix(prefix)
        field.setAccessibleName(prefix.strip())
        field.setToolTip(self.tr("The table is too long to show at once: where it begins."))
        field.hide()
        return field

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.note, 1)
        for widget in (self.first_row, self.first_column, self.undo, self.redo):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.dimensions)
        column.addWidget(self.table, 1)
        column.addLayout(row)

    def _connect(self) -> None:
        self.dimensions.changed.connect(self._look_elsewhere)
        self.first_row.edited.connect(self._begin)
        self.first_column.edited.connect(self._begin)
        self.model.wanted.connect(self._ask)
        self.model.written.connect(self._write)
        self.model.figures_changed.connect(self._widen)
        self.undo.clicked.connect(self.undo_requested)
        self.redo.clicked.connect(self.redo_requested)

    def _size(self) -> tuple[int, int]:
        if not self._shape:
            return 1, 1
        rows, columns = self.dimensions.rows, self.dimensions.columns
        return 1 if rows is None else self._shape[rows], 1 if columns is None else self._shape[columns]

    @Slot()
    def _begin(self) -> None:
        size = self._size()
        first = [
            self._place(field, size[i], most)
            for i, (field, most) in enumerate(((self.first_row, MOST_ROWS), (self.first_column, MOST_COLUMNS)))
        ]
        self.model.begin(size, editable=True, first=(first[0], first[1]))
        text = self.tr("{rows} \N{MULTIPLICATION SIGN} {columns} numbers; double-click one to change it in place")
        self.note.setText(text.format(rows=f"{size[0]:,}", columns=f"{size[1]:,}"))
        self.note.setToolTip(self.note.text())

    @Slot()
    def _look_elsewhere(self) -> None:
        self.model.forget()
        self._begin()

    def _place(self, field: CountField, size: int, most: int) -> int:
        with QSignalBlocker(field):
            field.setRange(0, min(max(size - 1, 0), _LARGEST))
            field.setSingleStep(most)
        field.setVisible(size > most)
        return field.value() if size > most else 0

    @Slot(tuple)
    def _ask(self, window: tuple[int, int, int, int]) -> None:
        self.window_requested.emit({**self.dimensions.options, "window": window})

    @Slot()
    def _widen(self) -> None:
        """The columns hold the longest number."""
        characters = max(self.model.figures.characters, _LEAST_CHARACTERS)
        figure = QFontMetrics(self.table.font()).horizontalAdvance("0")
        self.table.horizontalHeader().setDefaultSectionSize(characters * figure + 2 * GRID)

    @Slot(int, int, str)
    def _write(self, row: int, column: int, text: str) -> None:
        index = list(self.dimensions.sliders.index)
        for dim, place in ((self.dimensions.rows, row), (self.dimensions.columns, column)):
            if dim is not None:
                index[dim] = place
        self.edit_requested.emit(tuple(index), text)


def _button(name: str, text: str, tip: str) -> QPushButton:
    """Off until there is something to do."""
    button = QPushButton(text)
    button.setObjectName(f"inspector_{name}")
    button.setAccessibleName(text)
    button.setToolTip(tip)
    button.setEnabled(False)
    return button
