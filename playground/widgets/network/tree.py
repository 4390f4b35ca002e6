"""The tree of layers: it shows, selects and takes drops; what is done to it are wishes (`tree_editing.py`)."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QLabel, QTreeView, QWidget

from playground.widgets.common.theme import GRID, tabular
from playground.widgets.network.commands import BY_KEY, Command
from playground.widgets.network.model import Column, NetworkModel
from playground.widgets.network.places import place_after
from playground.widgets.network.rows import INPUT_ID, PART, NodeRow, Place
from playground.widgets.network.share_bar import LayerRow, ShareBar
from playground.widgets.network.tree_editing import TreeEditing

_ROOM_FOR_SHARE = 320  # pixels of width below which the layers' names need the room more
_ROOM_FOR_FLOPS = 440
_ROOM_FOR_BLOCKS = 72  # what indented names need besides


class LayerTree(QTreeView):
    """Layers and blocks, several of them selectable.

    Signals
    -------
    layer_selected : the id of the current row; empty for none.
    selection_changed(ids) : all layers that are selected.
    edit_requested(id), add_requested() : show the arguments; show the palette.
    insert_requested(kind, parent, slot, index), paste_requested(text, parent, slot, index) : something new.
    move_requested(ids, parent, slot, index) : `index` counts the sequence as it is before the move.
    remove_requested(ids), duplicate_requested(ids), copy_requested(ids) : what the names say.
    enabled_toggled(ids, on), frozen_toggled(ids, on) : the state the user wants.
    wrap_requested(ids, kind), unwrap_requested(id) : kind is residual, branches or repeat.
    branch_requested(id, number), branch_removed(id, number) : another branch of a block, or one less.
    """

    layer_selected = Signal(str)
    selection_changed = Signal(object)
    edit_requested = Signal(str)
    add_requested = Signal()
    insert_requested = Signal(str, str, str, int)
    paste_requested = Signal(str, str, str, int)
    move_requested = Signal(object, str, str, int)
    remove_requested = Signal(object)
    duplicate_requested = Signal(object)
    copy_requested = Signal(object)
    enabled_toggled = Signal(object, bool)
    frozen_toggled = Signal(object, bool)
    wrap_requested = Signal(object, str)
    unwrap_requested = Signal(str)
    branch_requested = Signal(str, int)
    branch_removed = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current = ""
        self.layers = NetworkModel()
        self.setModel(self.layers)
        self._set_up()
        self._set_up_header(self.header())
        self.editing = TreeEditing(self)
        self._invitation = self._invite()
        self.layers.rowsInserted.connect(self._unfold_parts)
        self.layers.followed.connect(self._refresh)
        self.layers.kind_dropped.connect(self.editing.insert)
        self.layers.ids_dropped.connect(self.editing.move)
        self.layers.text_dropped.connect(self.editing.paste)
        self.selectionModel().currentRowChanged.connect(self._report_current)
        self.selectionModel().selectionChanged.connect(self._report_selection)

    def selected_ids(self) -> tuple[str, ...]:
        """The selected layers and blocks from the top, without those inside another one of them."""
        return tuple(self.layers.outermost(self.selectionModel().selectedRows()))

    def selected_rows(self) -> list[NodeRow]:
        """The rows of `selected_ids`."""
        return [self.layers.row_at(self.layers.index_of(each)) for each in self.selected_ids()]

    def place(self) -> Place:
        """Where something new goes: behind the current row."""
        return place_after(self.layers, self.currentIndex().siblingAtColumn(0))

    @Slot(str)
    def select(self, node_id: str) -> None:
        """Select a row, unfolding what holds it; an empty id selects none."""
        index = self.layers.index_of(node_id) if node_id else QModelIndex()
        if node_id and not index.isValid():
            return
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        )
        self.scrollTo(index)

    @Slot(str)
    def insert(self, kind: str) -> None:
        """Wish for a layer of this kind behind the current row."""
        self.editing.insert(kind, self.place())

    @Slot()
    def fold_all(self) -> None:
        """Fold every block, but not its parts."""
        self.collapseAll()
        for index in self.layers.indexes():
            if self.layers.row_at(index).kind == PART:
                self.expand(index)

    @Slot(QModelIndex, int, int)
    def _unfold_parts(self, parent: QModelIndex, first: int, last: int) -> None:
        for position in range(first, last + 1):
            index = self.layers.index(position, 0, parent)
            if self.layers.row_at(index).kind == PART:
                self.expand(index)

    @Slot(QModelIndex, QModelIndex)
    def _report_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        selected = self.layers.row_at(current).id if current.isValid() else ""
        if selected != self._current:
            self._current = selected
            self.layer_selected.emit(selected)

    @Slot()
    def _report_selection(self) -> None:
        self.selection_changed.emit(self.selected_ids())

    @Slot()
    def _refresh(self) -> None:
        """Arrows only where something can be unfolded; an invitation where there is no layer."""
        tops = [self.layers.index(row, 0) for row in range(self.layers.rowCount())]
        self.setRootIsDecorated(any(self.layers.rowCount(index) for index in tops))
        self._choose_columns()
        self._invitation.setVisible(all(self.layers.row_at(index).id == INPUT_ID for index in tops))

    def _choose_columns(self) -> None:
        """In little room the names matter more than the bars."""
        room = self.viewport().width() - (_ROOM_FOR_BLOCKS if self.rootIsDecorated() else 0)
        wanted = {Column.SHARE: _ROOM_FOR_SHARE, Column.FLOPS: _ROOM_FOR_FLOPS, Column.FLOPS_SHARE: _ROOM_FOR_FLOPS}
        for column, least in wanted.items():
            if self.isColumnHidden(column) != (room < least):
                self.setColumnHidden(column, room < least)

    def _invite(self) -> QLabel:
        label = QLabel(self.tr("Choose a preset above, or add, drop or paste a first layer."), self.viewport())
        label.setObjectName("network_invitation")
        label.setProperty("muted", True)
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return label

    def _set_up(self) -> None:
        self.setObjectName("network_tree")
        self.setAccessibleName(self.tr("Layers"))
        self.setFont(tabular(self.font()))
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setIndentation(GRID + GRID // 2)
        self.setRootIsDecorated(False)
        self.setSelectionMode(QTreeView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setDragDropMode(QTreeView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        self.setAutoExpandDelay(500)
        self.setItemDelegate(LayerRow(self))
        for column in (Column.SHARE, Column.FLOPS_SHARE):
            self.setItemDelegateForColumn(column, ShareBar(self))

    def _set_up_header(self, header: QHeaderView) -> None:
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setMinimumSectionSize(4 * GRID)
        header.setResizeContentsPrecision(64)
        header.setSectionResizeMode(Column.LAYER, QHeaderView.ResizeMode.Stretch)
        for column in (Column.OUTPUT, Column.PARAMETERS, Column.FLOPS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        for column in (Column.SHARE, Column.FLOPS_SHARE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, 6 * GRID)

    def _command_of(self, event: QKeyEvent) -> Command | None:
        return BY_KEY.get(QKeySequence(event.keyCombination()).toString())

    def event(self, event: QEvent) -> bool:
        # The window's own shortcuts would take these keys before the tree sees them.
        if event.type() == QEvent.Type.ShortcutOverride and self._command_of(event):  # type: ignore[arg-type]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = self._command_of(event)
        if command is None:
            super().keyPressEvent(event)
        elif self.editing.applies(command):
            self.editing.run(command.name)

    def mouseDoubleClickEvent(self, event: object) -> None:
        super().mouseDoubleClickEvent(event)  # type: ignore[arg-type]
        index = self.currentIndex()
        if index.isValid() and not self.layers.rowCount(index.siblingAtColumn(0)):
            self.editing.run("edit")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.editing.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        below = self.visualRect(self.currentIndex()).bottomLeft() + QPoint(2 * GRID, GRID)
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        menu.popup(event.globalPos() if by_mouse else self.viewport().mapToGlobal(below))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():  # a file is for the window
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_columns()
        self._invitation.setGeometry(self.viewport().rect().adjusted(3 * GRID, 4 * GRID, -3 * GRID, -GRID))
