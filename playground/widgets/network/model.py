"""The network as a Qt tree: fed with whole trees of rows, it tells the view only what changed."""

from collections.abc import Sequence
from enum import IntEnum

import qtawesome
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QIcon

from playground.widgets.common.theme import theme
from playground.widgets.network.rows import INPUT_ID, NodeRow

Index = QModelIndex | QPersistentModelIndex
SHARE_ROLE = Qt.ItemDataRole.UserRole + 1
ID_ROLE = Qt.ItemDataRole.UserRole + 2
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Column(IntEnum):
    """The columns, from the left."""

    LAYER = 0
    OUTPUT = 1
    PARAMETERS = 2
    SHARE = 3


class _Node:
    """A row in its place; `key` is what Qt's indexes hold, so that a stale one points at nothing."""

    def __init__(self, row: NodeRow, parent: "_Node | None", key: int) -> None:
        self.row = row
        self.parent = parent
        self.key = key
        self.children: list[_Node] = []


class NetworkModel(QAbstractItemModel):
    """A tree of rows. Selection and folding survive `set_rows`, because rows are followed by their ids."""

    def __init__(self) -> None:
        super().__init__()
        self._nodes: dict[int, _Node] = {}
        self._last_key = 0
        self._root = self._make(NodeRow("", ""), None)
        theme.changed.connect(self._restyle)

    def set_rows(self, rows: Sequence[NodeRow], input_shape: str = "") -> None:
        """Show these layers; with `input_shape`, a first row shows what goes in."""
        first = (NodeRow(INPUT_ID, self.tr("Input"), "input", input_shape),) if input_shape else ()
        self._update_children(self._root, (*first, *rows))

    def index_of(self, node_id: str) -> QModelIndex:
        """The index of a row by its id; an invalid one where there is none."""
        for node in self._nodes.values():
            if node is not self._root and node.row.id == node_id:
                return self._index(node)
        return QModelIndex()

    def row_at(self, index: Index) -> NodeRow:
        """The row at an index."""
        return self._node(index).row

    def problems(self) -> list[NodeRow]:
        """The rows with a problem, from the top."""
        return [node.row for node in self._below(self._root) if node.row.problem]

    def _update_children(self, parent: _Node, rows: Sequence[NodeRow]) -> None:
        wanted = {row.id for row in rows}
        for position in reversed(range(len(parent.children))):
            if parent.children[position].row.id not in wanted:
                self._remove(parent, position)
        for position, row in enumerate(rows):
            found = [index for index, node in enumerate(parent.children) if node.row.id == row.id]
            if not found:
                self._insert(parent, position, row)
            elif found[0] != position:
                self._move(parent, found[0], position)
            self._replace(parent.children[position], row)

    def _replace(self, node: _Node, row: NodeRow) -> None:
        changed = node.row != row
        node.row = row
        if changed:
            self.dataChanged.emit(self._index(node), self._index(node, len(Column) - 1))
        self._update_children(node, row.children)

    def _insert(self, parent: _Node, position: int, row: NodeRow) -> None:
        self.beginInsertRows(self._index(parent), position, position)
        parent.children.insert(position, self._make(row, parent))
        self.endInsertRows()

    def _remove(self, parent: _Node, position: int) -> None:
        self.beginRemoveRows(self._index(parent), position, position)
        gone = parent.children.pop(position)
        for node in (gone, *self._below(gone)):
            del self._nodes[node.key]
        self.endRemoveRows()

    def _move(self, parent: _Node, source: int, target: int) -> None:
        # Rows are put in place from the top, so a row only ever moves up.
        place = self._index(parent)
        self.beginMoveRows(place, source, source, place, target)
        parent.children.insert(target, parent.children.pop(source))
        self.endMoveRows()

    def _make(self, row: NodeRow, parent: _Node | None) -> _Node:
        self._last_key += 1
        node = _Node(row, parent, self._last_key)
        self._nodes[node.key] = node
        return node

    def _below(self, node: _Node) -> list[_Node]:
        return [each for child in node.children for each in (child, *self._below(child))]

    def _node(self, index: Index) -> _Node:
        return self._nodes[index.internalId()] if index.isValid() else self._root

    def _index(self, node: _Node, column: int = 0) -> QModelIndex:
        if node.parent is None:
            return QModelIndex()
        return self.createIndex(node.parent.children.index(node), column, node.key)

    @Slot()
    def _restyle(self) -> None:
        for node in self._below(self._root):
            self.dataChanged.emit(self._index(node), self._index(node, len(Column) - 1))

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, self._node(parent).children[row].key)

    def parent(self, child: Index) -> QModelIndex:  # type: ignore[override]
        above = self._node(child).parent
        return QModelIndex() if above is None else self._index(above)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.column() > 0 else len(self._node(parent).children)

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Layer"), self.tr("Output"), self.tr("Params"), self.tr("Share"))[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._header_tips()[section]
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self._node(index).row, Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return self._other(row, column, role)

    def _other(self, row: NodeRow, column: Column, role: int) -> object:
        if role == ID_ROLE:
            return row.id
        if role == SHARE_ROLE:
            return row.share if row.parameters else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.problem or self._tip(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole and column == Column.SHARE:
            return self._tip(row, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return _foreground(row, column)
        if role == Qt.ItemDataRole.DecorationRole and row.problem and column == Column.LAYER:
            return _problem_icon()
        return None

    def _tip(self, row: NodeRow, column: Column) -> str:
        if column == Column.SHARE and row.parameters:
            return self.tr("{percent} of all parameters").format(percent=f"{row.share:.1%}")
        return row.label if column == Column.LAYER else ""

    def _header_tips(self) -> tuple[str, ...]:
        return (
            self.tr("The layers in the order in which the data passes them."),
            self.tr("The shape of one sample after the layer, without the batch."),
            self.tr("How many numbers the layer learns: weights and biases."),
            self.tr("The layer's share of all parameters."),
        )


def _text(row: NodeRow, column: Column) -> str:
    if column == Column.LAYER:
        return row.label
    if column == Column.OUTPUT:
        return row.output
    if column == Column.PARAMETERS and row.parameters:
        return f"{row.parameters:,}"
    return ""


def _alignment(column: int) -> Qt.AlignmentFlag:
    return RIGHT if column == Column.PARAMETERS else LEFT


def _foreground(row: NodeRow, column: Column) -> object:
    if row.problem:
        return theme.color("bad")
    if column == Column.OUTPUT or row.kind == "input":
        return theme.color("muted")
    return theme.color("text")


def _problem_icon() -> QIcon:
    icon: QIcon = qtawesome.icon("mdi6.alert-circle-outline", color=theme.color("bad"))
    return icon
