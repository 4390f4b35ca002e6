"""A tree of rows that follows whole new trees by telling Qt only what changed."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex

from playground.widgets.network.rows import NodeRow

Index = QModelIndex | QPersistentModelIndex
COLUMNS = 6


class _Node:
    """A row in its place; `key` is what Qt's indexes hold, so that a stale one points at nothing."""

    def __init__(self, row: NodeRow, parent: "_Node | None", key: int) -> None:
        self.row = row
        self.parent = parent
        self.key = key
        self.children: list[_Node] = []


class TreeModel(QAbstractItemModel):
    """The structure: selection and folding survive `follow`, because rows are known by their ids."""

    def __init__(self) -> None:
        super().__init__()
        self._nodes: dict[int, _Node] = {}
        self._last_key = 0
        self._root = self._make(NodeRow("", ""), None)

    def follow(self, rows: Sequence[NodeRow]) -> None:
        """Become this tree."""
        self._update_children(self._root, rows)

    def index_of(self, node_id: str) -> QModelIndex:
        """The index of a row by its id; an invalid one where there is none."""
        for node in self._nodes.values():
            if node is not self._root and node.row.id == node_id:
                return self._index(node)
        return QModelIndex()

    def row_at(self, index: Index) -> NodeRow:
        """The row at an index."""
        return self._node(index).row

    def rows(self) -> Iterator[NodeRow]:
        """All rows from the top, the upper ones before those inside them."""
        return (node.row for node in self._below(self._root))

    def indexes(self) -> Iterator[QModelIndex]:
        """The first column's index of every row, from the top."""
        return (self._index(node) for node in self._below(self._root))

    def _update_children(self, parent: _Node, rows: Sequence[NodeRow]) -> None:
        wanted = {row.id for row in rows}
        for position in reversed(range(len(parent.children))):
            if parent.children[position].row.id not in wanted:
                self._remove(parent, position)
        known = {node.row.id for node in parent.children}
        for position, row in enumerate(rows):
            if row.id in known:
                self._move(parent, self._position(parent, row.id, position), position)
            elif position == len(parent.children) or parent.children[position].row.id != row.id:
                run = takewhile(lambda each: each.id not in known, rows[position:])
                self._insert(parent, position, list(run))
            self._replace(parent.children[position], row)

    @staticmethod
    def _position(parent: _Node, node_id: str, begin: int) -> int:
        places = range(begin, len(parent.children))
        return next(place for place in places if parent.children[place].row.id == node_id)

    def _replace(self, node: _Node, row: NodeRow) -> None:
        if node.row is row:
            return
        changed = node.row != row
        node.row = row
        if changed:
            self.dataChanged.emit(self._index(node), self._index(node, COLUMNS - 1))
        self._update_children(node, row.children)

    def _insert(self, parent: _Node, position: int, rows: Sequence[NodeRow]) -> None:
        """One message for all: a view lays itself out once for each."""
        self.beginInsertRows(self._index(parent), position, position + len(rows) - 1)
        parent.children[position:position] = [self._make(row, parent) for row in rows]
        self.endInsertRows()
        for offset, row in enumerate(rows):
            self._update_children(parent.children[position + offset], row.children)

    def _remove(self, parent: _Node, position: int) -> None:
        self.beginRemoveRows(self._index(parent), position, position)
        gone = parent.children.pop(position)
        for node in (gone, *self._below(gone)):
            del self._nodes[node.key]
        self.endRemoveRows()

    def _move(self, parent: _Node, source: int, target: int) -> None:
        # Rows are put in place from the top, so a row only ever moves up.
        if source == target:
            return
        place = self._index(parent)
        self.beginMoveRows(place, source, source, place, target)
        parent.children.insert(target, parent.children.pop(source))
        self.endMoveRows()

    def _make(self, row: NodeRow, parent: _Node | None) -> _Node:
        self._last_key += 1
        node = _Node(row, parent, self._last_key)
        self._nodes[node.key] = node
        return node

    def _below(self, node: _Node) -> Iterator[_Node]:
        for child in node.children:
            yield child
            yield from self._below(child)

    def _node(self, index: Index) -> _Node:
        return self._nodes[index.internalId()] if index.isValid() else self._root

    def _index(self, node: _Node, column: int = 0) -> QModelIndex:
        if node.parent is None:
            return QModelIndex()
        return self.createIndex(node.parent.children.index(node), column, node.key)

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
        return COLUMNS
