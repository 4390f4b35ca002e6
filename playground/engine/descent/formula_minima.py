"""The minima of the user's own formula: found from the low places of a grid, refined together, and checked."""

import math
from functools import lru_cache

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import Tensor

from playground.engine.descent.events import Mark
from playground.engine.descent.facts import Domain
from playground.engine.descent.functions import Function, build
from playground.engine.descent.spec import Formula

MOST = 200
"""No more than so many are looked for, the lowest on the grid first."""

_SIDE = 161
_NEWTON_STEPS, _HALVINGS = 60, 11
_PATTERN_STEPS = 60
_CIRCLE = 1e-3  # of the domain's shorter side
_CLOSER = 11
_VALLEY = 1e-9
_SAME = 1e-4
_AT_REST = 1e-12


@lru_cache(maxsize=64)
def find_minima(function: Formula) -> tuple[Mark, ...]:
    """Every isolated minimum inside the formula's domain that a grid of 161 x 161 points hints at, the lowest first.

    In float64, all at once: Newton's method on the absolute eigenvalues of the Hessian (by autograd) with halved
    steps, then, where the gradient does not vanish (a kink), a pattern search; what leaves the domain is given up. An
    end counts when all points of a small circle around it lie higher, so a valley or a plain gives none, and those of
    a much smaller one lie nearly as low, so a pole is none.

    Raises
    ------
    Problem
        "formula-wrong" for a formula that cannot be used.
    """
    f = build(function)
    left, right, bottom, top = function.domain
    size = min(right - left, top - bottom)
    points = _low_places(f, function.domain)
    points, is_smooth = _newton(f, points, function.domain)
    points = torch.where(is_smooth, points, _pattern(f, points, size / _SIDE))
    points = points[:, _is_inside(points, function.domain)]
    return _distinct(f, points[:, _is_isolated(f, points, size * _CIRCLE)], size * _SAME)


def _low_places(f: Function, domain: Domain) -> Tensor:
    """Grid points [2, C] no higher than their neighbours and lower than one of them, at most `MOST`."""
    left, right, bottom, top = domain
    x = torch.linspace(left, right, _SIDE, dtype=torch.float64)
    y = torch.linspace(bottom, top, _SIDE, dtype=torch.float64)
    points = torch.stack([x.repeat(_SIDE), y.repeat_interleave(_SIDE)])  # [2, side * side]
    value = _value(f, points).view(1, _SIDE, _SIDE)
    lowest = -F.max_pool2d(-value, 3, stride=1, padding=1)
    highest = F.max_pool2d(value, 3, stride=1, padding=1)
    is_low = ((value <= lowest) & (value < highest)).flatten()
    return points[:, is_low][:, value.flatten()[is_low].argsort()[:MOST]]


def _newton(f: Function, points: Tensor, domain: Domain) -> tuple[Tensor, Tensor]:
    """Where Newton's steps lead from these points [2, C], and whether each came to rest at a zero of the gradient."""
    longest = min(domain[1] - domain[0], domain[3] - domain[2]) / 10
    scales = torch.tensor([*(0.5**k for k in range(_HALVINGS)), 0.0], dtype=torch.float64).unsqueeze(1)
    for _ in range(_NEWTON_STEPS):
        step, is_smooth = _newton_step(f, points, longest)
        tries = points.unsqueeze(1) + scales * step.unsqueeze(1)  # [2, tries, C]
        best = _value(f, tries.flatten(1)).view(len(scales), -1).argmin(dim=0)
        moved = tries.gather(1, best.expand(2, 1, -1)).squeeze(1)
        is_inside = _is_inside(moved, domain)
        is_over = bool(((moved - points).abs() <= _AT_REST * longest)[:, is_inside].all())
        points, is_smooth = moved[:, is_inside], is_smooth[is_inside]
        if is_over:
            break
    return points, is_smooth


def _newton_step(f: Function, points: Tensor, longest: float) -> tuple[Tensor, Tensor]:
    """The step downhill [2, C], no longer than `longest`; and whether it is as good as nothing."""
    points = points.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(f(points).sum(), points, create_graph=True)
    rows = [_derivative(row, points) for row in gradient]
    hessian = torch.stack(rows).permute(2, 0, 1).nan_to_num()  # [C, 2, 2]
    values, vectors = torch.linalg.eigh((hessian + hessian.mT) / 2)
    slope = gradient.detach().T.nan_to_num().unsqueeze(2)  # [C, 2, 1]
    along = vectors.mT @ slope / values.abs().clamp(min=1e-12).unsqueeze(2)
    step = -(vectors @ along).squeeze(2).T  # [2, C]
    length = step.norm(dim=0)
    return step * (longest / length).clamp(max=1.0).nan_to_num(nan=1.0), length <= 1e-6 * longest


def _derivative(row: Tensor, points: Tensor) -> Tensor:
    """What a component of the gradient changes by; zero where autograd finds no dependence."""
    if not row.requires_grad:
        return torch.zeros_like(points)
    found = torch.autograd.grad(row.sum(), points, retain_graph=True, allow_unused=True)[0]
    return torch.zeros_like(points) if found is None else found.detach()


def _pattern(f: Function, points: Tensor, size: float) -> Tensor:
    """The lowest of a square of 25 points around each point [2, C], again and again, smaller when it is the middle."""
    ticks = torch.tensor([0.0, -1.0, -0.5, 0.5, 1.0], dtype=torch.float64)
    square = torch.stack([ticks.repeat(5), ticks.repeat_interleave(5)]).unsqueeze(2)  # [2, 25, 1], the middle first
    width = torch.full(points.shape[1:], size, dtype=torch.float64)
    for _ in range(_PATTERN_STEPS):
        tries = points.unsqueeze(1) + square * width
        best = _value(f, tries.flatten(1)).view(len(square[0]), -1).argmin(dim=0)
        points = tries.gather(1, best.expand(2, 1, -1)).squeeze(1)
        width = torch.where(best == 0, width / 4, width)
    return points


def _is_inside(points: Tensor, domain: Domain) -> Tensor:
    left, right, bottom, top = domain
    x, y = points
    is_inside: Tensor = (x > left) & (x < right) & (y > bottom) & (y < top)
    return is_inside


def _is_isolated(f: Function, points: Tensor, radius: float) -> Tensor:
    """Whether all around each point [2, C] lies higher, in no direction hardly so, and much less so close by."""
    value = _value(f, points)
    low, high = (found - value for found in _around(f, points, radius))
    near, _ = _around(f, points, radius / 1000)
    is_isolated: Tensor = value.isfinite() & (low > _VALLEY * high) & (near - value < low / 2)
    return is_isolated


def _around(f: Function, points: Tensor, radius: float) -> tuple[Tensor, Tensor]:
    """The lowest value [C] on a circle around each point [2, C], looked for ever more closely, and a high one."""
    middle, width = torch.zeros(points.shape[1], dtype=torch.float64), math.pi
    lowest, highest = torch.full_like(middle, math.inf), torch.full_like(middle, -math.inf)
    for _ in range(_CLOSER):
        angles = middle + width * torch.linspace(-1, 1, 33, dtype=torch.float64).unsqueeze(1)  # [33, C]
        circle = points.unsqueeze(1) + radius * torch.stack([angles.cos(), angles.sin()])  # [2, 33, C]
        value = _value(f, circle.flatten(1)).view(33, -1)
        low, best = value.min(dim=0)
        middle, width = angles.gather(0, best.unsqueeze(0)).squeeze(0), width / 8
        lowest, highest = torch.minimum(lowest, low), torch.maximum(highest, value.amax(dim=0))
    return lowest, highest


def _distinct(f: Function, points: Tensor, apart: float) -> tuple[Mark, ...]:
    found: list[Mark] = []
    for value, x, y in sorted(zip(_value(f, points).tolist(), *points.tolist(), strict=True)):
        if all(math.hypot(mark.x - x, mark.y - y) > apart for mark in found):
            found.append(Mark(x, y, value))
    return tuple(found)


def _value(f: Function, points: Tensor) -> Tensor:
    """f of points [2, N] with plus infinity where it has no value."""
    with torch.no_grad():
        value: Tensor = f(points)
        return value.nan_to_num(nan=math.inf, posinf=math.inf, neginf=-math.inf)
