"""What an edit of the network did as PyTorch lines; a module that stays is named, not made again. Needs no torch."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import TypeAlias

from playground.engine.network.catalogue import layers
from playground.engine.network.spec import (
    Custom,
    Layer,
    NetworkSpec,
    Node,
    Repeat,
    Source,
    slots,
    walk,
)
from playground.engine.scripts.net import definitions, drawing, expression, finishing, row

Row: TypeAlias = tuple[Node, ...]

# Arguments that decide how many weights a layer has; the others are attributes that may change under it.
_SHAPING = {
    *("in_features", "out_features", "in_channels", "out_channels", "kernel_size", "groups", "bias"),
    *("num_features", "num_channels", "affine", "elementwise_affine", "track_running_stats", "normalized_shape"),
    *("num_embeddings", "embedding_dim"),
}
_EACH_DIMENSION = ("stride", "padding", "dilation", "output_padding")
_WITH_WEIGHTS = ("linear", "convolution", "normalisation")
_STEP = "    "


@dataclass(frozen=True, slots=True)
class Echo:
    """The lines, and whether parameters came or went that the optimiser has to know of."""

    lines: tuple[str, ...] = ()
    rewired: bool = False

    def __add__(self, other: "Echo") -> "Echo":
        return Echo(self.lines + other.lines, self.rewired or other.rewired)


def network_lines(before: NetworkSpec, after: NetworkSpec) -> Echo:
    """The lines that make the net of `before` that of `after`.

    One layer put in, taken out or replaced is one line; where more changed, the net is made anew from the modules
    that stay and those that are new.

    Raises
    ------
    Problem
        Where no net can be made of `after`.
    """
    if not after.layers:
        return Echo()
    scribe = _Scribe(before.sources, after.sources)
    found = scribe.row("net", before.layers, after.layers)
    if found is None:
        kept = scribe.kept(_named("net", before.layers), after.layers)
        made = "net = " + "\n".join(row(after.layers, "layers", kept))
        ends = [line for i, node in enumerate(after.layers) for line in finishing(node, f"net[{i}]", 1, kept)]
        scribe.made += _made(after.layers, kept)
        found = Echo((made, *ends), rewired=True)
    classes = definitions(NetworkSpec(layers=tuple(scribe.made), sources=after.sources))
    return Echo(tuple(text.rstrip() for text in classes)) + found


class _Scribe:
    """Writes the lines for rows and nodes, and keeps in `made` the nodes that they make."""

    def __init__(self, old: Sequence[Source], new: Sequence[Source]) -> None:
        self.made: list[Node] = []
        self._rewritten = {source.name for source in new if source not in old}

    def row(self, owner: str, old: Row, new: Row) -> Echo | None:
        """The lines for a row that `owner` names; None where it has to be made anew as a whole."""
        if [node.id for node in old] == [node.id for node in new]:
            return None if _moved(old, new) else self._each(owner, old, new)
        start = _common(old, new, self._same)
        end = _common(old[start:][::-1], new[start:][::-1], self._same)
        gone, come = old[start : len(old) - end], new[start : len(new) - end]
        if len(gone) > 1 or len(come) > 1 or _ids(come) & (_ids(old) - _ids(gone)):
            return None
        if not come:
            return Echo((f"del {owner}[{start}]",), _learns(gone))
        if gone:
            return self._put(f"{owner}[{start}]", gone[0], come[0])
        return self._insert(owner, start, come[0], at_end=start == len(old))

    def kept(self, named: Iterable[tuple[Node, str]], new: Row) -> dict[str, str]:
        """By id the text that names a module, for the old nodes that are the same in these new ones."""
        wanted = {node.id: node for node in walk(new)}
        return {node.id: text for node, text in named if node.id in wanted and self._same(node, wanted[node.id])}

    def _each(self, owner: str, old: Row, new: Row) -> Echo:
        found = Echo()
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            found += self._changed(f"{owner}[{index}]", one, other)
        return found

    def _changed(self, owner: str, old: Node, new: Node) -> Echo:
        if self._same(old, new) or not (old.enabled or new.enabled):
            return Echo()
        if type(old) is not type(new) or old.enabled != new.enabled:
            return self._put(owner, old, new)
        if isinstance(old, Layer) and isinstance(new, Layer):
            return self._layer(owner, old, new)
        if isinstance(old, Custom) and isinstance(new, Custom):
            is_other = (old.name, old.args) != (new.name, new.args) or old.name in self._rewritten
            return self._put(owner, old, new) if is_other else Echo((_freezing(owner, new),))
        return self._block(owner, old, new) or self._put(owner, old, new)

    def _layer(self, owner: str, old: Layer, new: Layer) -> Echo:
        attributes = _attributes(owner, old, new)
        if attributes is None:
            return self._put(owner, old, new)
        drawn = drawing(new, owner) or [f"{owner}.reset_parameters()"] if new.init != old.init else []
        frozen = [_freezing(owner, new)] if new.frozen != old.frozen else []
        return Echo((*attributes, *drawn, *frozen))

    def _block(self, owner: str, old: Node, new: Node) -> Echo | None:
        """The lines inside a block, where only one of its rows changed."""
        one, other = slots(old), slots(new)
        differing = [pair for pair in zip(one, other, strict=False) if not self._same_row(pair[0][1], pair[1][1])]
        if len(one) != len(other) or len(differing) != 1 or _times(old) != _times(new):
            return None
        ((slot, before), (_, after)) = differing[0]
        if not isinstance(old, Repeat):
            return self.row(f"{owner}.{slot}", before, after)
        block = f"block{owner.count('block') + 1}"
        inside = self.row(block, before, after)
        if inside is None:
            return None
        return Echo((f"for {block} in {owner}:\n" + indent("\n".join(inside.lines), _STEP),), inside.rewired)

    def _put(self, owner: str, old: Node, new: Node) -> Echo:
        kept = self.kept([(old, owner), *_named_inside(owner, old)], (new,))
        made = "\n".join(expression(new, "layers", kept))
        self.made += _made((new,), kept)
        return Echo((f"{owner} = {made}", *finishing(new, owner, 1, kept)), _learns((old, new)))

    def _insert(self, owner: str, index: int, node: Node, *, at_end: bool) -> Echo:
        made = "\n".join(expression(node, "layers"))
        self.made += _made((node,), {})
        put = f"{owner}.append({made})" if at_end else f"{owner}.insert({index}, {made})"
        return Echo((put, *finishing(node, f"{owner}[{index}]")), _learns((node,)))

    def _same(self, old: Node, new: Node) -> bool:
        """Whether the module of the one is that of the other."""
        rewritten = (isinstance(node, Custom) and node.name in self._rewritten for node in walk((new,)))
        return old == new and not any(rewritten)

    def _same_row(self, old: Row, new: Row) -> bool:
        return len(old) == len(new) and all(map(self._same, old, new))


def _attributes(owner: str, old: Layer, new: Layer) -> list[str] | None:
    """The arguments that differ as attributes that are set; None where the layer has to be another one."""
    entry = layers().get(new.kind)
    if entry is None or old.kind != new.kind:
        return None
    one, other = entry.complete(old.args), entry.complete(new.args)
    differing = [name for name in other if one.get(name) != other[name]]
    if not differing:
        return []
    by_mode = "padding_mode" in differing or ("padding" in differing and other.get("padding_mode") != "zeros")
    if entry.group not in _WITH_WEIGHTS or _SHAPING & set(differing) or by_mode:
        return None
    return [f"{owner}.{name} = {_each_dimension(new.kind, name, other[name])!r}" for name in differing]


def _each_dimension(kind: str, name: str, value: object) -> object:
    """A convolution keeps a number for each of its dimensions."""
    if "Conv" not in kind or name not in _EACH_DIMENSION or not isinstance(value, int):
        return value
    return (value,) * int(kind[-2])


def _freezing(owner: str, node: Layer | Custom) -> str:
    return f"{owner}.requires_grad_({not node.frozen})"


def _named(owner: str, nodes: Row) -> Iterator[tuple[Node, str]]:
    """Every node with the text for its module; what is repeated has none."""
    for index, node in enumerate(nodes):
        yield node, f"{owner}[{index}]"
        if node.enabled:
            yield from _named_inside(f"{owner}[{index}]", node)


def _named_inside(owner: str, node: Node) -> Iterator[tuple[Node, str]]:
    for slot, nodes in slots(node) if not isinstance(node, Repeat) else ():
        yield from _named(f"{owner}.{slot}", nodes)


def _moved(old: Row, new: Row) -> bool:
    """Whether a node went from one node of the row into another."""
    return any(_ids((other,)) & (_ids(old) - _ids((one,))) for one, other in zip(old, new, strict=True))


def _common(old: Row, new: Row, same: Callable[[Node, Node], bool]) -> int:
    """How many nodes at the beginning are the same."""
    pairs = zip(old, new, strict=False)
    return next((index for index, pair in enumerate(pairs) if not same(*pair)), min(len(old), len(new)))


def _ids(nodes: Sequence[Node]) -> set[str]:
    return {node.id for node in walk(tuple(nodes))}


def _times(node: Node) -> int:
    return node.times if isinstance(node, Repeat) else 1


def _learns(nodes: Sequence[Node]) -> bool:
    return any(_has_weights(node) for node in walk(tuple(nodes)) if node.enabled)


def _has_weights(node: Node) -> bool:
    if not isinstance(node, Layer):
        return isinstance(node, Custom)
    entry = layers().get(node.kind)
    return entry is not None and entry.group in _WITH_WEIGHTS and node.kind != "Identity"


def _made(nodes: Row, kept: Mapping[str, str]) -> list[Node]:
    """The nodes that are made, each without what is inside it, which follows."""
    found: list[Node] = []
    for node in nodes:
        if node.enabled and node.id not in kept:
            found += [_emptied(node), *(each for _, inner in slots(node) for each in _made(inner, kept))]
    return found


def _emptied(node: Node) -> Node:
    if isinstance(node, Layer | Custom):
        return node
    return type(node)(id=node.id)
