"""Calling one grad_fn as torch's engine does, and what the engine does before and after."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge

from playground.engine.problems import Problem
from playground.engine.tensors.graph_nodes import GradFn, saved_problem
from playground.engine.tensors.graph_text import operation, plain, wide

Gradients = tuple[Tensor | None, ...]


def call(grad_fn: GradFn, incoming: Sequence[Tensor | None]) -> Gradients:
    """The gradients that a grad_fn gives for its inputs, one for each of its `next_functions`, as it gives them.

    Nothing is freed by it, and no hook is called.

    Raises
    ------
    Problem
        `graph-freed`, `graph-modified`, and `graph-failed` for all else that torch or an own function raises.
    """
    with _told(grad_fn), torch.no_grad():
        return _call_own(grad_fn, incoming) if hasattr(grad_fn, "_forward_cls") else _tuple(grad_fn(*incoming))


def call_with_hooks(grad_fn: GradFn, given: Gradients, tensors: Iterable[Tensor]) -> tuple[Gradients, Gradients]:
    """What a grad_fn is given once hooks have had their say, and what it gives: torch's engine runs this one alone.

    Nothing is freed by it. The engine looks through all that lies behind the grad_fn first.

    Parameters
    ----------
    given : Gradients
        What came for its results.
    tensors : iterable of Tensor
        Its results, as far as they are known; their `.grad` stays as it is.

    Raises
    ------
    Problem
        As `call`; also where a hook raises.
    """
    edges = [(GradientEdge(grad_fn, i), gradient) for i, gradient in enumerate(given) if gradient is not None]
    if not edges:
        return given, (None,) * len(grad_fn.next_functions)
    found = _Found()
    handle = grad_fn.register_hook(found.take)  # the last one, so that it sees what the others made
    kept = [(tensor, tensor.grad) for tensor in tensors if tensor.retains_grad]
    try:
        with _told(grad_fn), contextlib.suppress(_Stop):
            torch.autograd.backward([edge for edge, _ in edges], [gradient for _, gradient in edges], retain_graph=True)
    finally:
        handle.remove()
        for tensor, gradient in kept:
            tensor.grad = gradient
    return found.incoming, found.outgoing


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


def hooked(grad_fn: GradFn, tensor: Tensor | None, gradient: Tensor | None) -> Tensor | None:
    """The gradient for a result of a grad_fn after the hooks of that tensor.

    Raises
    ------
    Problem
        `graph-failed` where a hook raises.
    """
    hooks = tuple((tensor._backward_hooks or {}).values()) if tensor is not None else ()
    if gradient is not None:
        with _told(grad_fn), torch.no_grad():
            for hook in hooks:
                answer = hook(gradient)
                gradient = gradient if answer is None else _of_shape(answer, gradient)
    return gradient


def largest(gradient: Tensor) -> float:
    """The largest magnitude in a gradient: NaN where one is, 0 where there is nothing."""
    values = gradient._values() if gradient.is_sparse else plain(gradient)
    return float(torch.linalg.vector_norm(wide(values), float("inf"))) if values.numel() else 0.0


def _call_own(grad_fn: GradFn, incoming: Sequence[Tensor | None]) -> Gradients:
    """An autograd.Function: its backward answers for every argument, and only tensors have a next function."""
    if any(gradient is None for gradient in incoming):
        # Whether missing gradients become zeros cannot be asked from Python; torch's engine knows.
        return call_with_hooks(grad_fn, tuple(incoming), ())[1]
    answers = _tuple(grad_fn.apply(*incoming))
    wanted = (answer for answer, needs in zip(answers, grad_fn.needs_input_grad, strict=False) if needs)
    return tuple(None if each is None else next(wanted, None) for each, _ in grad_fn.next_functions)


def _of_shape(answer: Tensor, gradient: Tensor) -> Tensor:
    if answer.shape != gradient.shape:
        shapes = f"{tuple(answer.shape)} for a gradient of shape {tuple(gradient.shape)}"
        raise RuntimeError(f"a hook gave one of shape {shapes}")
    return answer


class _Stop(Exception):
    """Ends the engine's run after the one grad_fn."""


class _Found:
    incoming: Gradients = ()
    outgoing: Gradients = ()

    def take(self, outgoing: Gradients, incoming: Gradients) -> None:
        self.incoming, self.outgoing = incoming, outgoing
        raise _Stop


@contextlib.contextmanager
def _told(grad_fn: GradFn) -> Iterator[None]:
    """What torch or the user's code raises, as a `Problem`."""
    try:
        yield
    except _Stop:
        raise
    except RuntimeError as error:
        raise saved_problem(error, operation(grad_fn)) from error
    except Exception as error:
        raise Problem("graph-failed", where=operation(grad_fn), detail=f"{type(error).__name__}: {error}") from error


def _tuple(answer: Any) -> Gradients:
    return answer if isinstance(answer, tuple) else (answer,)


def _summed(gradient: Tensor, shape: tuple[int, ...], grad_fn: GradFn) -> Tensor:
    try:
        return gradient.sum_to_size(shape)
    except RuntimeError as error:
        detail = f"a gradient of shape {tuple(gradient.shape)} came for a tensor of shape {shape}"
        raise Problem("graph-failed", where=operation(grad_fn), detail=detail) from error
