"""The tree of layers: drag, drop and keys become wishes; the tree itself changes nothing."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QLabel, QMenu, QTreeView, QWidget

from playground.widgets.common.theme import GRID, tabular
from playground.widgets.network import places
from playground.widgets.network.commands import BY_KEY, COMMANDS, Command
from playground.widgets.network.model import Column, NetworkModel
from playground.widgets.network.rows import INPUT_ID, PART, NodeRow, Place
from playground.widgets.network.share_bar import LayerRow, ShareBar

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
        self._runs = self._commands()
        self._invitation = self._invite()
        self.layers.rowsInserted.connect(self._unfold_parts)
        self.layers.followed.connect(self._refresh)
        self.layers.kind_dropped.connect(self._ask_insert)
        self.layers.ids_dropped.connect(self._ask_move)
        self.layers.text_dropped.connect(self._ask_paste)
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
        return places.place_after(self.layers, self.currentIndex().siblingAtColumn(0))

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
        self._ask_insert(kind, self.place())

    def menu(self) -> QMenu:
        """What can be done with the selection."""
        menu = QMenu(self)
        menu.setObjectName("network_commands")
        for command in COMMANDS:
            if command.separated:
                menu.addSeparator()
            action = menu.addAction(command.title())
            action.setObjectName(f"network_{command.name}")
            action.setEnabled(self._applies(command))
            action.triggered.connect(self._runs[command.name])
        return menu

    def _commands(self) -> dict[str, Callable[[], None]]:
        return {
            "edit": self._edit, "add": self._add, "toggle": self._toggle, "freeze": self._freeze, "cut": self._cut,
            "copy": self._copy, "paste": self._paste, "duplicate": self._duplicate, "remove": self._remove,
            "up": self._up, "down": self._down, "into": self._into, "out": self._out, "residual": self._residual,
            "branches": self._branches, "add_branch": self._add_branch, "remove_branch": self._remove_branch,
            "repeat": self._repeat, "unwrap": self._unwrap, "unfold": self.expandAll,
            "fold": self._fold,
        }  # fmt: skip

    def _applies(self, command: Command) -> bool:
        if command.name == "unwrap":
            return any(row.children or row.slot for row in self.selected_rows())
        if command.name == "add_branch":
            return places.new_branch_at(self.layers, self._row()) is not None
        if command.name == "remove_branch":
            return places.branch_at(self.layers, self._row()) is not None
        return command.alone or bool(self.selected_ids()) or (command.name == "remove" and self._is_branch())

    @Slot()
    def _edit(self) -> None:
        index = self.currentIndex()
        if index.isValid() and self.layers.row_at(index).kind != PART:
            self.edit_requested.emit(self.layers.row_at(index).id)

    @Slot()
    def _add(self) -> None:
        self.add_requested.emit()

    @Slot()
    def _toggle(self) -> None:
        rows = self.selected_rows()
        self.enabled_toggled.emit(self.selected_ids(), not all(row.enabled for row in rows))

    @Slot()
    def _freeze(self) -> None:
        rows = self.selected_rows()
        self.frozen_toggled.emit(self.selected_ids(), not all(row.frozen for row in rows))

    @Slot()
    def _cut(self) -> None:
        ids = self.selected_ids()
        self.copy_requested.emit(ids)
        self.remove_requested.emit(ids)

    @Slot()
    def _copy(self) -> None:
        self.copy_requested.emit(self.selected_ids())

    @Slot()
    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self._ask_paste(text, self.place())

    @Slot()
    def _duplicate(self) -> None:
        self.duplicate_requested.emit(self.selected_ids())

    @Slot()
    def _remove(self) -> None:
        if self.selected_ids():
            self.remove_requested.emit(self.selected_ids())
        else:
            self._remove_branch()

    @Slot()
    def _up(self) -> None:
        self._move_to(places.moved_up, first=True)

    @Slot()
    def _down(self) -> None:
        self._move_to(places.moved_down, first=False)

    @Slot()
    def _into(self) -> None:
        self._move_to(places.moved_in, first=True)

    @Slot()
    def _out(self) -> None:
        self._move_to(places.moved_out, first=False)

    @Slot()
    def _residual(self) -> None:
        self.wrap_requested.emit(self.selected_ids(), "residual")

    @Slot()
    def _branches(self) -> None:
        self.wrap_requested.emit(self.selected_ids(), "branches")

    @Slot()
    def _add_branch(self) -> None:
        place = places.new_branch_at(self.layers, self._row())
        if place is not None:
            self.branch_requested.emit(*place)
            self.select("{}/branches[{}]".format(*place))  # what is added next goes there

    @Slot()
    def _remove_branch(self) -> None:
        branch = places.branch_at(self.layers, self._row())
        if branch is not None:
            self.branch_removed.emit(*branch)

    @Slot()
    def _repeat(self) -> None:
        self.wrap_requested.emit(self.selected_ids(), "repeat")

    @Slot()
    def _unwrap(self) -> None:
        blocks = [row for row in self.selected_rows() if row.children or row.slot]
        self.unwrap_requested.emit(blocks[0].id)

    @Slot()
    def _fold(self) -> None:
        self.collapseAll()
        for index in self.layers.indexes():
            if self.layers.row_at(index).kind == PART:
                self.expand(index)

    def _row(self) -> QModelIndex:
        return self.currentIndex().siblingAtColumn(0)

    def _is_branch(self) -> bool:
        return self._row().isValid() and self.layers.row_at(self._row()).slot.startswith("branches[")

    def _move_to(self, wanted: Callable[[NetworkModel, QModelIndex], Place | None], *, first: bool) -> None:
        ids = self.selected_ids()
        place = wanted(self.layers, self.layers.index_of(ids[0 if first else -1]))
        if place is not None:
            self._ask_move(ids, place)

    @Slot(str, object)
    def _ask_insert(self, kind: str, place: Place) -> None:
        self.insert_requested.emit(kind, place.parent, place.slot, place.index)

    @Slot(object, object)
    def _ask_move(self, ids: tuple[str, ...], place: Place) -> None:
        self.move_requested.emit(ids, place.parent, place.slot, place.index)

    @Slot(str, object)
    def _ask_paste(self, text: str, place: Place) -> None:
        self.paste_requested.emit(text, place.parent, place.slot, place.index)

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
        elif self._applies(command):
            self._runs[command.name]()

    def mouseDoubleClickEvent(self, event: object) -> None:
        super().mouseDoubleClickEvent(event)  # type: ignore[arg-type]
        index = self.currentIndex()
        if index.isValid() and not self.layers.rowCount(index.siblingAtColumn(0)):
            self._edit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
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
