"""Calling one grad_fn as torch's engine does, and what the engine does before and after."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge

from playground.engine.problems import Problem
from playground.engine.tensors.graph_nodes import GradFn, saved_problem

Gradients = tuple[Tensor | None, ...]


def call(grad_fn: GradFn, incoming: Sequence[Tensor | None]) -> Gradients:
    """The gradients that a grad_fn gives for its inputs, one for each of its `next_functions`, as it gives them.

    Nothing is freed by it.

    Raises
    ------
    Problem
        `graph-freed`, `graph-modified`, and `graph-failed` for all else that torch or an own function raises.
    """
    try:
        with torch.no_grad():
            return _call_own(grad_fn, incoming) if hasattr(grad_fn, "_forward_cls") else _tuple(grad_fn(*incoming))
    except RuntimeError as error:
        raise saved_problem(error, grad_fn.name()) from error
    except Exception as error:
        raise Problem("graph-failed", where=grad_fn.name(), detail=f"{type(error).__name__}: {error}") from error


def fitted(gradient: Tensor | None, grad_fn: GradFn, output: int) -> Tensor | None:
    """A gradient as the tensor it belongs to: summed to its shape where it was broadcast, in its dtype.

    Raises
    ------
    Problem
        `graph-failed` where the shapes do not fit.
    """
    if gradient is None or gradient.layout != torch.strided:
        return gradient
    wanted = grad_fn._input_metadata[output]
    with torch.no_grad():
        if gradient.shape != wanted.shape:
            gradient = _summed(gradient, tuple(wanted.shape), grad_fn)
        if gradient.dtype != wanted.dtype:
            gradient = (gradient if wanted.dtype.is_complex else torch.real(gradient)).to(wanted.dtype)
    return gradient


def added(gradient: Tensor | None, more: Tensor | None) -> Tensor | None:
    """The sum of two gradients, in the engine's order."""
    if gradient is None or more is None:
        return more if gradient is None else gradient
    with torch.no_grad():
        return more + gradient if gradient.is_sparse and not more.is_sparse else gradient + more


def hooked(tensor: Tensor | None, gradient: Tensor | None) -> tuple[Tensor | None, int]:
    """The gradient after the hooks of its tensor, and how many there were."""
    hooks = tuple((tensor._backward_hooks or {}).values()) if tensor is not None else ()
    if gradient is None or not hooks:
        return gradient, 0
    with torch.no_grad():
        for hook in hooks:
            answer = hook(gradient)
            gradient = gradient if answer is None else answer
    return gradient, len(hooks)


def largest(gradient: Tensor) -> float:
    """The largest magnitude in a gradient: NaN where one is, 0 where there is nothing."""
    values = gradient._values() if gradient.is_sparse else gradient
    return float(torch.linalg.vector_norm(values, float("inf"))) if values.numel() else 0.0


def _call_own(grad_fn: GradFn, incoming: Sequence[Tensor | None]) -> Gradients:
    """An autograd.Function: its backward answers for every argument, and only tensors have a next function."""
    if any(gradient is None for gradient in incoming):
        return _call_by_engine(grad_fn, incoming)
    answers = _tuple(grad_fn.apply(*incoming))
    wanted = (answer for answer, needs in zip(answers, grad_fn.needs_input_grad, strict=False) if needs)
    return tuple(None if each is None else next(wanted, None) for each, _ in grad_fn.next_functions)


def _call_by_engine(grad_fn: GradFn, incoming: Sequence[Tensor | None]) -> Gradients:
    """Whether missing gradients become zeros cannot be asked from Python; torch's engine knows."""
    given = [(i, gradient) for i, gradient in enumerate(incoming) if gradient is not None]
    onward = list(dict.fromkeys(edge for edge in grad_fn.next_functions if edge[0] is not None))
    if not given or not onward:
        return (None,) * len(grad_fn.next_functions)
    found = torch.autograd.grad(
        [GradientEdge(grad_fn, i) for i, _ in given],
        [GradientEdge(*edge) for edge in onward],
        [gradient for _, gradient in given],
        retain_graph=True,
        allow_unused=True,
    )
    answers = dict(zip(onward, found, strict=True))
    return tuple(answers.pop(edge, None) for edge in grad_fn.next_functions)


def _tuple(answer: Any) -> Gradients:
    return answer if isinstance(answer, tuple) else (answer,)


def _summed(gradient: Tensor, shape: tuple[int, ...], grad_fn: GradFn) -> Tensor:
    try:
        return gradient.sum_to_size(shape)
    except RuntimeError as error:
        detail = f"a gradient of shape {tuple(gradient.shape)} came for a tensor of shape {shape}"
        raise Problem("graph-failed", where=grad_fn.name(), detail=detail) from error
