"""A live net as the network of a document: what was there keeps its id, what is new gets one."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import TypeAlias

import msgspec
from torch import nn

from playground.engine.network.builder import build
from playground.engine.network.sequence import short_name
from playground.engine.network.spec import (
    Branches,
    Custom,
    Layer,
    NetworkSpec,
    Node,
    Repeat,
    Residual,
    Source,
    slots,
    walk,
)
from playground.engine.network.tree import new_id
from playground.engine.problems import Problem
from playground.engine.tensors.both_ways.containers import is_branches, is_repeat, is_residual, modules_in, row_of
from playground.engine.tensors.both_ways.likeness import likeness
from playground.engine.tensors.both_ways.read_custom import read_custom
from playground.engine.tensors.both_ways.read_layer import is_frozen, read_layer

Row: TypeAlias = tuple[Node, ...]
Owners: TypeAlias = Mapping[int, Node]  # the node whose module it was, by id() of the module


def network_of(net: nn.Module, known: NetworkSpec, owners: Owners | None = None) -> NetworkSpec:
    """The network that builds modules like these.

    Parameters
    ----------
    net : nn.Module
        An `nn.Sequential` as `builder.build` makes it, or any other module. What is in an `nn.Sequential` inside it
        stands in the row around it; a module that the catalogue does not know becomes a custom layer.
    known : NetworkSpec
        The network as it was. A module that is like one of its nodes is that node, with its id, its arguments as they
        were written, and its `init`; a layer in the place of another of its kind has that one's id.
    owners : mapping, optional
        Whose module each was. With it a layer keeps its id wherever it has gone, and one that was made since has the
        `init` "default".

    Raises
    ------
    Problem
        `console-module` for what no document can hold: a class without a text, and two layers that share weights.
    """
    _refuse_shared(net)
    owned = {id(module): owners[id(module)] for module in net.modules() if id(module) in owners} if owners else {}
    reader = _Reader(known, owned, owners is not None)
    layers = reader.row(row_of(net), known.layers, "net")
    return NetworkSpec(layers=reader.named(layers), sources=reader.sources())


class _Reader:
    """Reads the rows of one net; `tells_new` says whether a module without an owner was made since."""

    def __init__(self, known: NetworkSpec, owners: Owners, tells_new: bool) -> None:
        self._known = known
        self._owners = owners
        self._tells_new = tells_new
        self._standing = {node.id for node in owners.values()}
        self._sources = {source.name: source for source in known.sources}
        self._read: dict[str, Source] = {}
        self._used: set[str] = set()

    def row(self, modules: Sequence[nn.Module], known: Row, where: str) -> Row:
        """The nodes of modules that stand one after the other, where the nodes `known` stood."""
        partners = self._partners(modules, known)
        found = []
        for index, (module, partner) in enumerate(zip(modules, partners, strict=True)):
            if partner is not None:
                self._used.add(partner.id)
            node = self._node(module, partner, f"{where}[{index}]")
            found.append(msgspec.structs.replace(node, id=partner.id if partner else ""))
        return tuple(found)

    def named(self, nodes: Row) -> Row:
        """The nodes, those that are new with ids that no node has or had."""
        taken = self._used | {node.id for node in walk(self._known.layers)}
        return tuple(_with_id(node, taken) for node in nodes)

    def sources(self) -> tuple[Source, ...]:
        """The texts of the network as it was, with those that were read."""
        return tuple((self._sources | self._read).values())

    def _node(self, module: nn.Module, partner: Node | None, where: str) -> Node:
        if partner is not None and not partner.enabled and type(module) is nn.Identity:
            self._used.update(node.id for node in walk((partner,)))
            return partner
        inside = dict(slots(partner)) if partner is not None else {}
        if is_repeat(module):
            passes = modules_in(module)
            body = self.row(row_of(passes[0]), inside.get("body", ()), f"{where}[0]")
            return Repeat(id="", body=body, times=len(passes))
        if is_residual(module):
            rows = {name: self._inner(module, name, inside, f"{where}.{name}") for name in ("body", "shortcut")}
            return Residual(id="", body=rows["body"], shortcut=rows["shortcut"])
        if is_branches(module):
            names = [f"branches.{index}" for index in range(len(modules_in(module.get_submodule("branches"))))]
            return Branches(id="", branches=tuple(self._inner(module, name, inside, where) for name in names))
        return self._leaf(module, partner, where)

    def _inner(self, module: nn.Module, name: str, inside: Mapping[str, Row], where: str) -> Row:
        slot = name.replace(".", "[") + "]" if "." in name else name
        return self.row(row_of(module.get_submodule(name)), inside.get(slot, ()), where)

    def _leaf(self, module: nn.Module, partner: Node | None, where: str) -> Node:
        if isinstance(partner, Layer | Custom) and _built(partner, self._known.sources) == likeness(module):
            node = _without_switches(partner, module)
        else:
            node = read_layer(module) or self._custom(module, where)
        if isinstance(node, Layer) and isinstance(partner, Layer) and node.kind == partner.kind:
            made_since = self._tells_new and id(module) not in self._owners
            return msgspec.structs.replace(node, init="default" if made_since else partner.init)
        return node

    def _custom(self, module: nn.Module, where: str) -> Custom:
        node, source = read_custom(module, where, self._known)
        if self._read.setdefault(source.name, source) != source:
            detail = f"two classes of the net are called {source.name}; rename one"
            raise Problem("console-module", where=where, name=source.name, detail=detail)
        return node

    def _partners(self, modules: Sequence[nn.Module], known: Row) -> list[Node | None]:
        """For each module the node that it is, or whose place it has; each node is given once."""
        owned = [self._owners.get(id(module)) for module in modules]
        free = [node for node in known if node.id not in self._standing | self._used]
        new = [index for index, node in enumerate(owned) if node is None]
        for index, node in _aligned([modules[index] for index in new], free, self._known.sources):
            owned[new[index]] = node
        return _once(owned, self._used)


def _aligned(
    modules: Sequence[nn.Module], nodes: Sequence[Node], sources: tuple[Source, ...]
) -> list[tuple[int, Node]]:
    """Pairs of a module's index and the node that it is like, or whose place it has and whose kind it is."""
    here, there = [likeness(module) for module in modules], [_built(node, sources) for node in nodes]
    pairs = []
    for kind, first, last, begin, end in SequenceMatcher(None, there, here, autojunk=False).get_opcodes():
        if kind == "equal":
            pairs += [(begin + offset, nodes[first + offset]) for offset in range(end - begin)]
        elif kind == "replace":
            left = list(range(begin, end))
            for index in range(first, last):
                match = next((one for one in left if _same_kind(modules[one], nodes[index])), None)
                if match is not None:
                    pairs.append((match, nodes[index]))
                    left = [one for one in left if one > match]
    return pairs


def _once(nodes: Sequence[Node | None], used: set[str]) -> list[Node | None]:
    """A module that was passed several times is several nodes, of which the first keeps the id."""
    seen, found = set(used), []
    for node in nodes:
        found.append(None if node is None or node.id in seen else node)
        seen.update([] if node is None else [node.id])
    return found


def _same_kind(module: nn.Module, node: Node) -> bool:
    if isinstance(node, Layer | Custom):
        return type(module).__name__ == (node.kind if isinstance(node, Layer) else node.name)
    checks = {Residual: is_residual, Branches: is_branches, Repeat: is_repeat}
    return checks[type(node)](module)


def _built(node: Node, sources: tuple[Source, ...]) -> object:
    """The likeness of what the node builds; like nothing where it builds nothing."""
    try:
        return likeness(build(NetworkSpec(layers=(node,), sources=sources), "meta")[0])
    except Problem:
        return object()


def _without_switches(node: Layer | Custom, module: nn.Module) -> Layer | Custom:
    learns = any(True for _ in module.parameters())
    return msgspec.structs.replace(node, enabled=True, frozen=is_frozen(module) if learns else node.frozen)


def _with_id(node: Node, taken: set[str]) -> Node:
    name = node.id or new_id(short_name(node), taken)
    taken.add(name)
    node = msgspec.structs.replace(node, id=name)
    if isinstance(node, Branches):
        return msgspec.structs.replace(node, branches=tuple(_all_with_ids(row, taken) for row in node.branches))
    inner = {slot: _all_with_ids(nodes, taken) for slot, nodes in slots(node)}
    return msgspec.structs.replace(node, **inner) if inner else node


def _all_with_ids(nodes: Row, taken: set[str]) -> Row:
    return tuple(_with_id(node, taken) for node in nodes)


def _refuse_shared(net: nn.Module) -> None:
    """A document gives every layer weights of its own."""
    first: dict[int, str] = {}
    for name, parameter in net.named_parameters(remove_duplicate=False):
        other = first.setdefault(id(parameter), name)
        if other != name:
            detail = f"it is {other} as well, and layers here have weights of their own; make a copy of it"
            raise Problem("console-module", where=f"net.{name}", name="Parameter", detail=detail)
