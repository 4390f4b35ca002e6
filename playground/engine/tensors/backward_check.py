"""Backward against finite differences in float64, with the numbers."""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from playground.engine.problems import Problem
from playground.engine.tensors.backward_events import GradientCheck

STEP = 1e-6
ABSOLUTE, RELATIVE = 1e-5, 1e-3
"""What torch.autograd.gradcheck allows."""
SECONDS = 2.0
"""About so long it may take: of slow functions fewer values are tried."""

Function = Callable[..., Tensor]
_Row = tuple[str, tuple[int, ...], float, float]


def gradcheck(function: Function, inputs: Mapping[str, Tensor], samples: int = 200) -> GradientCheck:
    """Compare backward with central differences, (f(x + h) - f(x - h)) / 2h with h = 1e-6, in float64.

    Parameters
    ----------
    function : callable
        Called with float64 copies of the inputs, in their order; gives a tensor, of which a fixed random projection
        is derived where it has more than one value. Random draws are the same at each call.
    inputs : mapping
        Tensors by name; they stay as they are.
    samples : int
        So many elements of each input are tried at most, spread evenly; fewer where that would take long.

    Raises
    ------
    Problem
        `graph-check` where nothing can be derived, or `function` raises.
    """
    leaves = [tensor.detach().double().clone().requires_grad_() for tensor in inputs.values()]
    if not leaves:
        raise Problem("graph-check", detail="there is no leaf that requires gradients")
    value = _projected(function)
    began = time.perf_counter()
    analytic = _analytic(value, leaves)
    in_time = int(SECONDS / (time.perf_counter() - began) / len(leaves))
    rows = [
        (name, at, float(gradient[at]), _quotient(value, leaves, leaf, at))
        for name, leaf, gradient in zip(inputs, leaves, analytic, strict=True)
        for at in _spread(leaf, max(1, min(samples, in_time)))
    ]
    return _told(rows, sum(leaf.numel() for leaf in leaves))


def _projected(function: Function) -> Callable[[Sequence[Tensor]], Tensor]:
    """The function as one number, with the same random draws at each call."""

    def value(leaves: Sequence[Tensor]) -> Tensor:
        try:
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(0)
                result = function(*leaves)
        except Problem:
            raise
        except Exception as error:
            raise Problem("graph-check", detail=f"{type(error).__name__}: {error}") from error
        weights = torch.ones(()) if result.numel() == 1 else _weights(result)
        return (result * weights.to(result)).sum()

    return value


def _weights(result: Tensor) -> Tensor:
    return torch.rand(result.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64) + 0.5


def _analytic(value: Callable[[Sequence[Tensor]], Tensor], leaves: Sequence[Tensor]) -> list[Tensor]:
    result = value(leaves)
    if not result.requires_grad:
        raise Problem("graph-check", detail="the result does not depend on a leaf that requires gradients")
    gradients = torch.autograd.grad(result, leaves, allow_unused=True)
    return [
        torch.zeros_like(leaf) if gradient is None else gradient
        for leaf, gradient in zip(leaves, gradients, strict=True)
    ]


def _quotient(
    value: Callable[[Sequence[Tensor]], Tensor], leaves: Sequence[Tensor], leaf: Tensor, at: tuple[int, ...]
) -> float:
    with torch.no_grad():
        kept = leaf[at].item()
        leaf[at] = kept + STEP
        above = value(leaves).item()
        leaf[at] = kept - STEP
        below = value(leaves).item()
        leaf[at] = kept
    return (above - below) / (2 * STEP)


def _spread(leaf: Tensor, samples: int) -> Iterator[tuple[int, ...]]:
    """Places spread evenly over a tensor."""
    count = min(samples, leaf.numel())
    for i in range(count):
        yield tuple(map(int, np.unravel_index(i * leaf.numel() // count, tuple(leaf.shape))))


def _told(rows: Sequence[_Row], size: int) -> GradientCheck:
    if not rows:
        raise Problem("graph-check", detail="the leaves have no values")
    wrong = [row for row in rows if not _deviation(row) <= ABSOLUTE + RELATIVE * abs(row[3])]
    tried = f"{len(rows)} of {size} values"
    name, at, analytic, numeric = max(wrong or rows, key=_deviation)
    deviation = _deviation((name, at, analytic, numeric))
    if not wrong:
        text = f"Backward agrees with finite differences: they differ by {deviation:.2g} at most, over {tried}."
        return GradientCheck(True, deviation, name, at, analytic, numeric, len(rows), text)
    where = f"{name}{list(at)}" if at else name
    text = f"Backward gives {analytic:.4g} at {where}, finite differences give {numeric:.4g} (tried {tried})."
    return GradientCheck(False, deviation, name, at, analytic, numeric, len(rows), text)


def _deviation(row: _Row) -> float:
    """How far both are apart; infinite where one is not a number."""
    difference = abs(row[2] - row[3])
    return math.inf if math.isnan(difference) else difference
