"""Which tensor of the console has its graph shown: that which a cell made or named last."""

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from torch import Tensor, nn

from playground.engine.tensors.graph_modules import ModuleRecord
from playground.engine.tensors.graph_session import GraphSession

RESULTS = ("In", "Out")  # which hold everything under another name too
LOSS = "loss = loss_fn(net(x), y)"
LOSS_APART = """buffers = {name: each.clone() for name, each in net.named_buffers()}  # the run counts in its own
loss = loss_fn(torch.func.functional_call(net, buffers, (x,)), y)"""
"""A net with buffers, such as those of batch norm, changes them in forward: here it has copies."""


def shown_by(code: str) -> str:
    """The variable that a cell is about: what its last line assigns, or is alone; empty for other lines."""
    try:
        lines = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # a magic, or what Python cannot read
        return ""
    match lines[-1] if lines else None:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case ast.Expr(value=ast.Name(id=name)):
            return name
    return ""


def graph_session(
    name: str,
    namespace: Mapping[str, Any],
    before: GraphSession | None = None,
    record: ModuleRecord | None = None,
    live: Mapping[str, Any] | None = None,
) -> GraphSession | None:
    """The graph of a variable; the one before where it is that still, None where it has none.

    Parameters
    ----------
    name, namespace
        The variable, and all of them.
    before : GraphSession, optional
        The graph looked at so far.
    record : ModuleRecord, optional
        The calls of modules.
    live : mapping, optional
        The objects of a run, whose weights change from now on.
    """
    value: Any = namespace.get(name)
    if not isinstance(value, Tensor) or value.grad_fn is None:
        return None
    if before is not None and before.is_of(value):
        return before
    typed = {each: found for each, found in namespace.items() if each not in RESULTS and not each.startswith("_")}
    return GraphSession(name, value, typed, record, tuple(_changing(live or {})))


def loss_code(namespace: Mapping[str, Any]) -> str:
    """The lines that compute the loss of `net` on `x` and `y`, and leave the net as it is."""
    net = namespace.get("net")
    return LOSS_APART if isinstance(net, nn.Module) and any(True for _ in net.buffers()) else LOSS


def _changing(live: Mapping[str, Any]) -> Iterator[Tensor]:
    for value in live.values():
        if isinstance(value, nn.Module):
            yield from value.parameters()
            yield from value.buffers()
