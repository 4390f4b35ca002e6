"""Live grad_fns: the order in which backward runs them, what they saved, and which tensor they made."""

import heapq
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.graph import get_gradient_edge

from playground.engine.problems import Problem
from playground.engine.tensors.graph_kinds import check_tensor
from playground.engine.tensors.graph_text import operation

GradFn = Any
"""A node of the graph; torch has no common class for those written in C++ and in Python."""


class Place(NamedTuple):
    """Which result of which grad_fn a tensor is."""

    grad_fn: GradFn
    output: int


def place(tensor: Tensor) -> Place:
    """Where a tensor stands in the graph; of a leaf the place where its gradient is gathered.

    Raises
    ------
    Problem
        `graph-no-gradient` where it does not require gradients, `graph-kind` where it has no numbers or no shape.
    """
    check_tensor(tensor)
    if not tensor.requires_grad:
        raise Problem("graph-no-gradient", detail=_why_cut(tensor))
    if tensor.is_leaf and tensor.layout != torch.strided:  # get_gradient_edge asks for a view, which these have not
        with torch.enable_grad():
            return Place(tensor.clone().grad_fn.next_functions[0][0], 0)  # type: ignore[union-attr]  # it has one
    edge = get_gradient_edge(tensor)
    return Place(edge.node, edge.output_nr)


def backward_order(root: GradFn) -> list[GradFn]:
    """All grad_fns that backward visits from `root`, in the order of torch's engine.

    A grad_fn runs when all that use its results have run; among those that may, the one made last in forward goes
    first, and leaves before all others.
    """
    waiting = _uses(root)
    ticket = count()
    ready = [(-root._sequence_nr(), next(ticket), root)]
    order = []
    while ready:
        grad_fn = heapq.heappop(ready)[2]
        order.append(grad_fn)
        for each, _ in grad_fn.next_functions:
            if each is None:
                continue
            waiting[each] -= 1
            if not waiting[each]:
                heapq.heappush(ready, (-each._sequence_nr(), next(ticket), each))
    return order


def saved(grad_fn: GradFn) -> Mapping[str, Any]:
    """What a grad_fn kept from forward, by torch's names without `_saved_`.

    Raises
    ------
    Problem
        `graph-freed` after a backward that did not retain the graph, `graph-modified` where a saved tensor was
        changed in place since.
    """
    return dict(_read_saved(grad_fn))


def saved_tensors(grad_fn: GradFn) -> Iterator[tuple[str, Tensor]]:
    """The tensors among them, those in lists one by one.

    Raises
    ------
    Problem
        As `saved`.
    """
    for name, value in _read_saved(grad_fn):
        if isinstance(value, Tensor):
            yield name, value
        elif isinstance(value, tuple):
            yield from ((f"{name}[{i}]", each) for i, each in enumerate(value) if isinstance(each, Tensor))


def is_leaf(grad_fn: GradFn) -> bool:
    """Whether it is the place where a leaf's gradient is gathered."""
    return hasattr(grad_fn, "variable")


def saved_problem(error: RuntimeError, what: str) -> Problem:
    """A refusal of torch to go backward, as the user can act on it."""
    if "second time" in str(error):
        return Problem("graph-freed", where=what, details=str(error))
    if "modified by an inplace operation" in str(error):
        return Problem("graph-modified", where=what, details=str(error))
    return Problem("graph-failed", where=what, detail=str(error).split("\n", maxsplit=1)[0], details=str(error))


def _uses(root: GradFn) -> dict[GradFn, int]:
    """How often the results of each grad_fn are used."""
    uses = {root: 0}
    stack = [root]
    while stack:
        for each, _ in stack.pop().next_functions:
            if each is None:
                continue
            if each not in uses:
                uses[each] = 0
                stack.append(each)
            uses[each] += 1
    return uses


def _read_saved(grad_fn: GradFn) -> Iterator[tuple[str, Any]]:
    kind: type = type(grad_fn)
    try:
        for attribute in _attributes(kind):
            yield attribute.removeprefix("_saved_"), getattr(grad_fn, attribute)
    except RuntimeError as error:
        raise saved_problem(error, operation(grad_fn)) from error


@cache
def _attributes(kind: type) -> tuple[str, ...]:
    """Names of what a kind of grad_fn saves; `saved_tensors` holds all where it is written in Python."""
    names = tuple(name for name in dir(kind) if name.startswith("_saved_"))
    return names or (("saved_tensors",) if hasattr(kind, "saved_tensors") else ())


def _why_cut(tensor: Tensor) -> str:
    if not (tensor.is_floating_point() or tensor.is_complex()):
        return f"only floating-point tensors can have gradients, and this one is {tensor.dtype}"
    return "nothing that it was computed from requires gradients, or it was cut by no_grad, detach() or .data"
