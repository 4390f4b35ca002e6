"""What a network is made of, as asked for: a tree of nodes, of which layers are the leaves."""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias, Union

from msgspec import Meta

from playground.engine.problems import Problem
from playground.engine.spec import Args, Spec

MAX_DEPTH = 8  # blocks inside each other; so deep a tree still fits the nesting that a document may have

Init = Literal["default", "kaiming_normal", "kaiming_uniform", "xavier_normal", "xavier_uniform", "normal", "zeros"]


class Layer(Spec, frozen=True, tag="layer", tag_field="node"):
    """One layer of torch.nn.

    `id` stays with the layer when it moves; `args` holds only what differs from the class's defaults. `init` draws
    the weight (biases become 0) anew after the whole network is built; "default" leaves what the class drew. A layer
    that is not `enabled` lets everything pass; a `frozen` one does not learn.
    """

    id: str
    kind: str
    args: Args = Args()
    init: Init = "default"
    enabled: bool = True
    frozen: bool = False


class Residual(Spec, frozen=True, tag="residual", tag_field="node"):
    """`body(x) + shortcut(x)`; an empty shortcut is the input itself."""

    id: str
    body: tuple["Node", ...] = ()
    shortcut: tuple["Node", ...] = ()
    enabled: bool = True


class Branches(Spec, frozen=True, tag="branches", tag_field="node"):
    """The outputs of parallel branches, concatenated along the channels (dimension 1)."""

    id: str
    branches: tuple[tuple["Node", ...], ...] = ()
    enabled: bool = True


class Repeat(Spec, frozen=True, tag="repeat", tag_field="node"):
    """The body `times` times in a row, each time with weights of its own."""

    id: str
    body: tuple["Node", ...] = ()
    times: Annotated[int, Meta(ge=1, le=1_000)] = 2
    enabled: bool = True


class Custom(Spec, frozen=True, tag="custom", tag_field="node"):
    """A layer of the class `name`, defined by one of the network's sources."""

    id: str
    name: str
    args: Args = Args()
    enabled: bool = True
    frozen: bool = False


Node: TypeAlias = Union[Layer, Residual, Branches, Repeat, Custom]  # noqa: UP007  a forward reference needs it


class Source(Spec, frozen=True):
    """The Python text that defines the class `name`: shown to everyone, run only after its hash is trusted."""

    name: str
    text: str


class NetworkSpec(Spec, frozen=True):
    """The nodes in the order in which the data passes them; every id stands once in the whole tree.

    Raises
    ------
    Problem
        `network-deep`, for blocks more than `MAX_DEPTH` deep inside each other.
    """

    layers: tuple[Node, ...] = ()
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        if _depth(self.layers) > MAX_DEPTH:
            raise Problem("network-deep", limit=MAX_DEPTH)
        counts = Counter(node.id for node in walk(self.layers))
        twice = sorted(name for name, count in counts.items() if count > 1)
        if twice:
            raise ValueError(f"the ids {', '.join(twice)} stand for more than one layer")
        if len({source.name for source in self.sources}) < len(self.sources):
            raise ValueError("two sources define a layer of the same name")


def slots(node: Node) -> tuple[tuple[str, tuple[Node, ...]], ...]:
    """The sequences of nodes inside a node with their names: `body`, `shortcut`, `branches[0]`, ..."""
    if isinstance(node, Residual):
        return (("body", node.body), ("shortcut", node.shortcut))
    if isinstance(node, Branches):
        return tuple((f"branches[{index}]", nodes) for index, nodes in enumerate(node.branches))
    return (("body", node.body),) if isinstance(node, Repeat) else ()


def children(node: Node) -> tuple[tuple[Node, ...], ...]:
    """The sequences of nodes inside a node: none for layers, body and shortcut, branches, or body."""
    return tuple(nodes for _, nodes in slots(node))


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Every node of the tree, parents before their children."""
    for node in nodes:
        yield node
        for inner in children(node):
            yield from walk(inner)


def working(nodes: tuple[Node, ...], path: str = "layers", passes: int = 1) -> Iterator[tuple[Node, str, int]]:
    """Every node that is switched on, all those around it too, with its path and how often it is made."""
    for index, node in enumerate(nodes):
        if node.enabled:
            here = f"{path}[{index}]"
            yield node, here, passes
            times = passes * node.times if isinstance(node, Repeat) else passes
            for slot, inner in slots(node):
                yield from working(inner, f"{here}.{slot}", times)


def _depth(nodes: tuple[Node, ...]) -> int:
    """How many blocks stand inside each other at most; counted in steps, for a file may nest them without end."""
    depth, level = -1, nodes
    while level:
        depth += 1
        level = tuple(inner for node in level for nodes in children(node) for inner in nodes)
    return max(depth, 0)
