"""A function at one point: gradient, Hessian and the rate that plain gradient descent stands there, by autograd."""

import torch
from torch import Tensor

from playground.engine.descent.events import PointFacts
from playground.engine.descent.functions import Function, build
from playground.engine.descent.spec import FunctionSpec, Regression

Pair = tuple[float, float]
Matrix = tuple[Pair, Pair]

NOISE = 1e-13
"""Of the larger eigenvalue: a smaller one is rounding of zero."""


def point_facts(function: FunctionSpec, x: float, y: float) -> PointFacts:
    """All there is to know about the function at (x, y), in float64.

    The Hessian is the gradient's gradient; an eigenvalue below `NOISE` is given as zero. It is None where it is not
    finite or zero as a whole: then autograd sees straight pieces (|x|, ReLU), and an eigenvalue would say nothing about
    a rate. So it is for the L1 regression, whose ridge alone would otherwise count.

    Raises
    ------
    Problem
        "formula-wrong" for a formula that cannot be used.
    """
    value, gradient, hessian = _derivatives(build(function), x, y)
    place = x, y, value, (gradient[0].item(), gradient[1].item())
    has_kinks = isinstance(function, Regression) and function.loss == "l1"
    if has_kinks or not bool(hessian.isfinite().all()) or not bool(hessian.any()):
        return PointFacts(*place, None, None, None, None)
    values, vectors = torch.linalg.eigh(hessian)
    values = torch.where(values.abs() > NOISE * values.abs().max(), values, 0.0)
    largest = values[1].item()
    rate = 2 / largest if largest > 0 else None
    return PointFacts(*place, _rows(hessian), _pair(values), _rows(vectors.T), rate)


def _derivatives(f: Function, x: float, y: float) -> tuple[float, Tensor, Tensor]:
    """Value, gradient [2] and symmetric Hessian [2, 2]."""
    point = torch.tensor([x, y], dtype=torch.float64, requires_grad=True)
    value = f(point)
    (gradient,) = torch.autograd.grad(value, point, create_graph=True)
    hessian = torch.stack([_row(part, point) for part in gradient])
    return value.item(), gradient.detach(), (hessian + hessian.T) / 2


def _row(part: Tensor, point: Tensor) -> Tensor:
    """The derivatives [2] of a component of the gradient; zero where autograd finds no dependence."""
    if not part.requires_grad:
        return torch.zeros_like(point)
    found = torch.autograd.grad(part, point, retain_graph=True, allow_unused=True)[0]
    return torch.zeros_like(point) if found is None else found.detach()


def _pair(row: Tensor) -> Pair:
    first, second = row.tolist()
    return first, second


def _rows(matrix: Tensor) -> Matrix:
    return _pair(matrix[0]), _pair(matrix[1])
