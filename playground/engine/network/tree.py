"""Where a node stands in the tree of a network, and trees rebuilt with one row changed. Needs no torch."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import count

import msgspec

from playground.engine.network.labels import kind_of
from playground.engine.network.sequence import short_name
from playground.engine.network.spec import Branches, NetworkSpec, Node, Repeat, Residual, slots, walk

Row = tuple[Node, ...]
Change = Callable[[str, str, Row], Row]


@dataclass(frozen=True, slots=True)
class Place:
    """Before the node number `index` of a row: `parent` is the id of a block, "" for the network itself.

    `slot` names the row: "layers" of the network, "body", "shortcut", or "branches[0]" of a block. The number behind
    a block's last branch stands for a new one.
    """

    parent: str
    slot: str
    index: int


def find(spec: NetworkSpec, node_id: str) -> Node:
    """The node of that id.

    Raises
    ------
    KeyError
        Where there is none.
    """
    for node in walk(spec.layers):
        if node.id == node_id:
            return node
    raise KeyError(node_id)


def rows(spec: NetworkSpec) -> Iterator[tuple[str, str, str, Row]]:
    """Every row of the tree: its block's id, its slot, its path such as `layers[2].body`, and its nodes."""
    yield from _rows("", "layers", "layers", spec.layers)


def place_of(spec: NetworkSpec, node_id: str) -> Place:
    """Where the node stands.

    Raises
    ------
    KeyError
        Where there is none.
    """
    for parent, slot, _, nodes in rows(spec):
        for index, node in enumerate(nodes):
            if node.id == node_id:
                return Place(parent, slot, index)
    raise KeyError(node_id)


def path_of(spec: NetworkSpec, node_id: str) -> str:
    """The node's path as sentences show it, such as `layers[2].body[0]`.

    Raises
    ------
    KeyError
        Where there is none.
    """
    for _, _, path, nodes in rows(spec):
        for index, node in enumerate(nodes):
            if node.id == node_id:
                return f"{path}[{index}]"
    raise KeyError(node_id)


def place_text(spec: NetworkSpec, node: Node) -> str:
    """The node as sentences name it: `layers[2] (Conv2d)`."""
    return f"{path_of(spec, node.id)} ({kind_of(node)})"


def row_at(spec: NetworkSpec, parent: str, slot: str) -> Row:
    """The nodes of a row; none for the branch that would be new.

    Raises
    ------
    KeyError
        Where there is no such block or slot.
    """
    for block, name, _, nodes in rows(spec):
        if (block, name) == (parent, slot):
            return nodes
    node = find(spec, parent)
    if isinstance(node, Branches) and slot == f"branches[{len(node.branches)}]":
        return ()
    raise KeyError(f"{parent}.{slot}")


def rewritten(spec: NetworkSpec, change: Change) -> NetworkSpec:
    """The network with every row passed through `change(parent, slot, nodes)`, inner rows first."""
    return msgspec.structs.replace(spec, layers=_row("", "layers", spec.layers, change))


def replaced(spec: NetworkSpec, node: Node) -> NetworkSpec:
    """The network with `node` in the place of the one that has its id.

    Raises
    ------
    KeyError
        Where there is none.
    """
    find(spec, node.id)
    return rewritten(spec, lambda _parent, _slot, nodes: tuple(node if old.id == node.id else old for old in nodes))


def with_new_ids(nodes: Iterable[Node], taken: Collection[str]) -> Row:
    """The nodes, each whose id is empty or taken with a new one that can be read (`conv3`)."""
    used = set(taken)
    return tuple(_renamed(node, used) for node in nodes)


def new_id(stem: str, taken: Collection[str]) -> str:
    """The first of `conv1`, `conv2`, ... that is free."""
    return next(name for name in (f"{stem}{number}" for number in count(1)) if name not in taken)


def _rows(parent: str, slot: str, path: str, nodes: Row) -> Iterator[tuple[str, str, str, Row]]:
    yield parent, slot, path, nodes
    for index, node in enumerate(nodes):
        for name, inner in slots(node):
            yield from _rows(node.id, name, f"{path}[{index}].{name}", inner)


def _row(parent: str, slot: str, nodes: Row, change: Change) -> Row:
    return change(parent, slot, tuple(_inside(node, change) for node in nodes))


def _inside(node: Node, change: Change) -> Node:
    inner = {slot: _row(node.id, slot, nodes, change) for slot, nodes in slots(node)}
    if isinstance(node, Branches):
        new = _row(node.id, f"branches[{len(node.branches)}]", (), change)
        branches = (*inner.values(), new) if new else tuple(inner.values())
        return msgspec.structs.replace(node, branches=branches)
    return msgspec.structs.replace(node, **inner) if isinstance(node, Residual | Repeat) else node


def _renamed(node: Node, used: set[str]) -> Node:
    name = node.id
    if not name or name in used:
        name = new_id(short_name(node), used)
    used.add(name)
    node = msgspec.structs.replace(node, id=name)
    if isinstance(node, Branches):
        return msgspec.structs.replace(node, branches=tuple(_all_renamed(row, used) for row in node.branches))
    inner = {slot: _all_renamed(nodes, used) for slot, nodes in slots(node)}
    return msgspec.structs.replace(node, **inner) if inner else node


def _all_renamed(nodes: Row, used: set[str]) -> Row:
    return tuple(_renamed(node, used) for node in nodes)
