"""Networks written down in Python: nodes in order, with ids that can be read (`linear1`, `relu1`, `residual1`)."""

from collections import Counter

import msgspec

from playground.engine.network.spec import Branches, Custom, Init, Layer, NetworkSpec, Node, Repeat, Residual
from playground.engine.spec import Args

_SHORT = (
    ("ConvTranspose", "deconv"),
    ("Conv", "conv"),
    ("MaxPool", "pool"),
    ("AvgPool", "pool"),
    ("BatchNorm", "norm"),
)


def layer(kind: str, init: Init = "default", /, **args: object) -> Layer:
    """A layer of torch.nn with the arguments that differ from its defaults; `sequence` gives it its id."""
    return Layer(id="", kind=kind, args=Args(args), init=init)


def residual(*body: Node, shortcut: tuple[Node, ...] = ()) -> Residual:
    """`body(x) + shortcut(x)`; `sequence` gives it its id."""
    return Residual(id="", body=body, shortcut=shortcut)


def branches(*paths: tuple[Node, ...]) -> Branches:
    """Parallel branches, concatenated; `sequence` gives them their id."""
    return Branches(id="", branches=paths)


def repeat(times: int, *body: Node) -> Repeat:
    """The body `times` times in a row; `sequence` gives it its id."""
    return Repeat(id="", body=body, times=times)


def sequence(*nodes: Node) -> NetworkSpec:
    """The network of these nodes, each with the id of its kind and number: the same nodes have the same ids."""
    return NetworkSpec(layers=_named(nodes, Counter()))


def short_name(node: Node) -> str:
    """What the ids of such nodes begin with."""
    if isinstance(node, Layer):
        return next((short for start, short in _SHORT if node.kind.startswith(start)), node.kind.lower())
    return node.name.lower() if isinstance(node, Custom) else type(node).__name__.lower()


def _named(nodes: tuple[Node, ...], numbers: Counter[str]) -> tuple[Node, ...]:
    return tuple(_with_id(node, numbers) for node in nodes)


def _with_id(node: Node, numbers: Counter[str]) -> Node:
    name = short_name(node)
    numbers[name] += 1
    node = msgspec.structs.replace(node, id=f"{name}{numbers[name]}")
    if isinstance(node, Residual):
        return msgspec.structs.replace(node, body=_named(node.body, numbers), shortcut=_named(node.shortcut, numbers))
    if isinstance(node, Branches):
        return msgspec.structs.replace(node, branches=tuple(_named(path, numbers) for path in node.branches))
    return msgspec.structs.replace(node, body=_named(node.body, numbers)) if isinstance(node, Repeat) else node
