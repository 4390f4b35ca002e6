"""Edits of a network: each gives a new network and leaves the old one as it was. Needs no torch."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal

import msgspec

from playground.engine.network.catalogue import layers
from playground.engine.network.labels import kind_of
from playground.engine.network.spec import Branches, Custom, Layer, NetworkSpec, Node, Repeat, Residual, children, walk
from playground.engine.network.tree import (
    Place,
    Row,
    find,
    new_id,
    path_of,
    place_of,
    replaced,
    rewritten,
    row_at,
    with_new_ids,
)
from playground.engine.problems import Problem
from playground.engine.spec import Args, decode_hook, encode_hook

__all__ = [
    "Block",
    "Place",
    "add_branch",
    "change_args",
    "duplicate",
    "find",
    "insert",
    "move",
    "path_of",
    "place_of",
    "remove",
    "remove_branch",
    "set_args",
    "set_args_together",
    "set_field",
    "unwrap",
    "wrap",
]

Block = Literal["residual", "branches", "repeat"]


def insert(spec: NetworkSpec, place: Place, nodes: Iterable[Node]) -> NetworkSpec:
    """Put nodes into a row; an id that is empty or taken is replaced by a new one.

    Raises
    ------
    KeyError
        Where the place's block or slot does not exist.
    Problem
        `network-deep` where blocks would lie too deep in each other.
    """
    row_at(spec, place.parent, place.slot)
    new = with_new_ids(nodes, {node.id for node in walk(spec.layers)})
    return _put(spec, place, new)


def remove(spec: NetworkSpec, ids: Collection[str]) -> NetworkSpec:
    """Take nodes out, with all that is inside them.

    Raises
    ------
    KeyError
        For an id that no node has.
    """
    _check(spec, ids)
    return rewritten(spec, lambda _parent, _slot, nodes: tuple(node for node in nodes if node.id not in ids))


def move(spec: NetworkSpec, ids: Collection[str], place: Place) -> NetworkSpec:
    """Put nodes elsewhere, in the order in which they stand; `place` counts in the network as it is.

    Raises
    ------
    KeyError
        For an id that no node has, or where the place does not exist.
    Problem
        `edit-refused` for a block that would go into itself.
    """
    moved = _tops(spec, ids)
    row = row_at(spec, place.parent, place.slot)
    if place.parent in {inner.id for node in moved for inner in walk((node,))}:
        raise Problem("edit-refused", detail="a block cannot go into itself; drop it beside the block")
    going = {node.id for node in moved}
    before = sum(node.id in going for node in row[: max(place.index, 0)])
    rest = remove(spec, going)
    return _put(rest, Place(place.parent, place.slot, max(place.index, 0) - before), moved)


def duplicate(spec: NetworkSpec, ids: Collection[str]) -> NetworkSpec:
    """Put a copy of the nodes of each row behind the last of them, with new ids.

    Raises
    ------
    KeyError
        For an id that no node has.
    """
    tops = {node.id for node in _tops(spec, ids)}
    taken = {node.id for node in walk(spec.layers)}

    def doubled(_parent: str, _slot: str, nodes: Row) -> Row:
        chosen = [index for index, node in enumerate(nodes) if node.id in tops]
        if not chosen:
            return nodes
        copies = with_new_ids((nodes[index] for index in chosen), taken)
        taken.update(node.id for node in walk(copies))
        return (*nodes[: chosen[-1] + 1], *copies, *nodes[chosen[-1] + 1 :])

    return rewritten(spec, doubled)


def set_args(spec: NetworkSpec, node_id: str, args: Mapping[str, object]) -> NetworkSpec:
    """Give a layer these arguments and no others; what equals the class's default is left out.

    Raises
    ------
    KeyError
        For an id that no node has.
    Problem
        `edit-refused` for a block, or for a value that no document can hold.
    """
    node = find(spec, node_id)
    if not isinstance(node, Layer | Custom):
        raise Problem("edit-refused", detail=f"{kind_of(node)} has no arguments; choose a layer inside it")
    try:
        given = Args(args)
    except ValueError as error:
        raise Problem("edit-refused", detail=str(error)) from error
    return replaced(spec, msgspec.structs.replace(node, args=_without_defaults(node, given)))


def set_args_together(
    spec: NetworkSpec, node_id: str, args: Mapping[str, object], others: Iterable[str]
) -> NetworkSpec:
    """Give a layer these arguments, and what that changes to `others` of its kind too; raises as `set_args` does."""
    node = find(spec, node_id)
    old = node.args if isinstance(node, Layer | Custom) else Args()
    spec = set_args(spec, node_id, args)
    changed = {name: value for name, value in args.items() if name not in old or old[name] != value}
    for other in others:
        theirs = find(spec, other)
        kept = theirs.args if isinstance(theirs, Layer | Custom) else Args()
        spec = set_args(spec, other, {**kept.without(*(old.keys() - args.keys())), **changed})
    return spec


def change_args(spec: NetworkSpec, node_id: str, **changes: object) -> NetworkSpec:
    """Set some arguments of a layer and keep the others; raises as `set_args` does."""
    node = find(spec, node_id)
    old = node.args if isinstance(node, Layer | Custom) else {}
    return set_args(spec, node_id, {**old, **changes})


def set_field(spec: NetworkSpec, node_id: str, name: str, value: object) -> NetworkSpec:
    """Set `enabled`, `frozen`, `init`, `times`, `kind` or `name` of a node; a block freezes all layers in it.

    Raises
    ------
    KeyError
        For an id that no node has.
    Problem
        `edit-refused` for a field that the node does not have, or a value that does not fit it.
    """
    node = find(spec, node_id)
    if name == "frozen" and not isinstance(node, Layer | Custom):
        for inner in (inner for row in children(node) for inner in row):
            spec = set_field(spec, inner.id, name, value)
        return spec
    return replaced(spec, _with_field(node, name, value))


def wrap(spec: NetworkSpec, ids: Collection[str], block: Block) -> NetworkSpec:
    """Make nodes that stand side by side the body, or the first branch, of a new block in their place.

    Raises
    ------
    KeyError
        For an id that no node has.
    Problem
        `edit-refused` for nodes that do not stand side by side, or `network-deep`.
    """
    inner = _tops(spec, ids)
    places = [place_of(spec, node.id) for node in inner]
    first = places[0]
    if places != [Place(first.parent, first.slot, first.index + number) for number in range(len(places))]:
        raise Problem("edit-refused", detail="only layers that stand side by side make a block; select a row of them")
    made = _block(block, new_id(block, {node.id for node in walk(spec.layers)}), inner)
    return _put(remove(spec, {node.id for node in inner}), first, (made,))


def unwrap(spec: NetworkSpec, node_id: str) -> NetworkSpec:
    """Put what is in a block in its place: a residual's body, a repetition's body once, all branches in a row.

    Raises
    ------
    KeyError
        For an id that no node has.
    Problem
        `edit-refused` for a layer.
    """
    block = find(spec, node_id)
    if isinstance(block, Layer | Custom):
        raise Problem("edit-refused", detail=f"{kind_of(block)} is a layer, not a block; there is nothing to take out")
    inner = block.body if isinstance(block, Residual) else tuple(node for row in children(block) for node in row)
    return _put(remove(spec, {node_id}), place_of(spec, node_id), inner)


def add_branch(spec: NetworkSpec, block_id: str, number: int) -> NetworkSpec:
    """Put an empty branch, which gives its input on, before the branch `number` of a block; behind the last at most.

    Raises
    ------
    KeyError
        For an id that no node has.
    Problem
        `edit-refused` for what is no block of branches.
    """
    block = _branches(spec, block_id)
    at = min(max(number, 0), len(block.branches))
    return replaced(spec, msgspec.structs.replace(block, branches=(*block.branches[:at], (), *block.branches[at:])))


def remove_branch(spec: NetworkSpec, block_id: str, number: int) -> NetworkSpec:
    """Take the branch `number` out of a block, with all that is in it.

    Raises
    ------
    KeyError
        For an id that no node has, or a number that no branch has.
    Problem
        `edit-refused` for what is no block of branches, or for its only branch.
    """
    block = _branches(spec, block_id)
    if number not in range(len(block.branches)):
        raise KeyError(f"{block_id}.branches[{number}]")
    if len(block.branches) == 1:
        raise Problem("edit-refused", detail="a block needs a branch; remove the whole block")
    rest = block.branches[:number] + block.branches[number + 1 :]
    return replaced(spec, msgspec.structs.replace(block, branches=rest))


def _branches(spec: NetworkSpec, block_id: str) -> Branches:
    block = find(spec, block_id)
    if not isinstance(block, Branches):
        raise Problem("edit-refused", detail=f"{kind_of(block)} has no branches; make it a branch first")
    return block


def _block(block: Block, name: str, inner: Row) -> Node:
    if block == "residual":
        return Residual(id=name, body=inner)
    return Branches(id=name, branches=(inner,)) if block == "branches" else Repeat(id=name, body=inner)


def _put(spec: NetworkSpec, place: Place, new: Row) -> NetworkSpec:
    def with_new(parent: str, slot: str, nodes: Row) -> Row:
        if (parent, slot) != (place.parent, place.slot):
            return nodes
        index = max(place.index, 0)
        return (*nodes[:index], *new, *nodes[index:])

    return rewritten(spec, with_new)


def _check(spec: NetworkSpec, ids: Collection[str]) -> None:
    unknown = set(ids) - {node.id for node in walk(spec.layers)}
    if unknown:
        raise KeyError(min(unknown))


def _tops(spec: NetworkSpec, ids: Collection[str]) -> Row:
    """The nodes of these ids in order, without those inside another one of them."""
    _check(spec, ids)
    if not ids:
        raise Problem("edit-refused", detail="nothing is selected; select a layer first")
    chosen = [node for node in walk(spec.layers) if node.id in ids]
    inside = {inner.id for node in chosen for row in children(node) for inner in walk(row)}
    return tuple(node for node in chosen if node.id not in inside)


def _without_defaults(node: Layer | Custom, args: Args) -> Args:
    entry = layers().get(node.kind) if isinstance(node, Layer) else None
    defaults = entry.complete({}) if entry else {}
    # 1 equals True, yet only one of them fits.
    same = [name for name, value in args.items() if name in defaults and repr(defaults[name]) == repr(value)]
    return args.without(*same)


def _with_field(node: Node, name: str, value: object) -> Node:
    if name not in ("enabled", "frozen", "init", "times", "kind", "name") or not hasattr(node, name):
        raise Problem("edit-refused", detail=f"{kind_of(node)} has no {name}")
    plain: dict[str, Any] = msgspec.to_builtins(node, enc_hook=encode_hook)
    try:
        return msgspec.convert({**plain, name: value}, Node, dec_hook=decode_hook)  # type: ignore[no-any-return]
    except msgspec.ValidationError as error:
        raise Problem("edit-refused", detail=f"{name} of {kind_of(node)} cannot be {value!r}") from error
