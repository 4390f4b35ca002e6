"""Nodes as the Python text that goes to the clipboard, a node a line; `paste.parse` reads it back. Needs no torch."""

import keyword
from collections.abc import Sequence

from playground.engine.network.catalogue import layers
from playground.engine.network.labels import kind_of
from playground.engine.network.spec import Branches, Custom, Layer, Node, Repeat, Residual
from playground.engine.problems import Problem
from playground.engine.scripts.calls import arguments, call
from playground.engine.spec import Args

_INDENT = "    "


def to_python(nodes: Sequence[Node]) -> str:
    """The nodes as a list of calls; what torch has no word for stands in comments (`# playground: off, frozen`).

    Raises
    ------
    Problem
        `edit-refused` for a layer whose class or argument has a name that Python does not allow.
    """
    return "\n".join(line for node in nodes for line in _lines(node, "", "")) + "\n"


def _lines(node: Node, indent: str, name: str) -> list[str]:
    if isinstance(node, Layer | Custom):
        return [f"{indent}{name}{_call(node)},{_comment(node)}"]
    opening = f"{indent}{name}{kind_of(node)}({_comment(node)}"
    return [opening, *_inside(node, indent + _INDENT), f"{indent}),"]


def _inside(node: Node, indent: str) -> list[str]:
    if isinstance(node, Residual):
        shortcut = _row(node.shortcut, indent, "shortcut=") if node.shortcut else []
        return _row(node.body, indent) + shortcut
    if isinstance(node, Branches):
        return [line for branch in node.branches for line in _row(branch, indent)]
    assert isinstance(node, Repeat)
    return [*_row(node.body, indent), f"{indent}times={node.times},"]


def _row(nodes: Sequence[Node], indent: str, name: str = "") -> list[str]:
    if not nodes:
        return [f"{indent}{name}nn.Sequential(),"]
    inner = [line for node in nodes for line in _lines(node, indent + _INDENT, "")]
    return [f"{indent}{name}nn.Sequential(", *inner, f"{indent}),"]


def _call(node: Layer | Custom) -> str:
    kind = kind_of(node)
    for name in (kind, *node.args):
        if not name.isidentifier() or keyword.iskeyword(name):
            raise Problem("edit-refused", detail=f"{name!r} in {kind} is no name that Python allows; change it first")
    entry = layers().get(kind) if isinstance(node, Layer) else None
    parts = arguments(entry, node.args) if entry and _in_order(kind, node.args) else _by_name(node.args)
    return call(f"nn.{kind}" if isinstance(node, Layer) else kind, parts)


def _in_order(kind: str, args: Args) -> bool:
    """Whether the arguments that must be given are all there, so that they can stand by their place."""
    required = [argument.name for argument in layers()[kind].arguments if argument.required]
    return all(name in args for name in required)


def _by_name(args: Args) -> list[str]:
    return [f"{name}={value!r}" for name, value in args.items()]


def _comment(node: Node) -> str:
    flags = [] if node.enabled else ["off"]
    if isinstance(node, Layer | Custom) and node.frozen:
        flags.append("frozen")
    if isinstance(node, Layer) and node.init != "default":
        flags.append(f"init {node.init}")
    return f"  # playground: {', '.join(flags)}" if flags else ""
