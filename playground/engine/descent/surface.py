"""A function over its domain as plain arrays, computed in float64, with what there is to say about it."""

import numpy as np
import torch

from playground.engine.descent import facts, regression
from playground.engine.descent.events import Floats, Mark, Surface
from playground.engine.descent.formula_minima import find_minima
from playground.engine.descent.functions import Function, build
from playground.engine.descent.spec import Formula, FunctionSpec, Regression
from playground.engine.problems import Problem

SIDE = 161
GRADIENT_SIDE = 21

_NUMBERS_AT_ONCE = 2**21
_ROUNDING = 8 * np.finfo(np.float64).eps


def surface(function: FunctionSpec, side: int = SIDE) -> Surface:
    """The function on `side` x `side` points of its domain, its gradient (by autograd) on 21 x 21, and its marks.

    All in float64, in one batched call (a regression over many points: in several).

    Raises
    ------
    Problem
        "formula-wrong", "function-constant" or "function-nowhere-finite". "function-not-finite" and
        "regression-singular" are the surface's remark instead.
    """
    known = facts.facts(function)
    facts.check_domain(function)
    f = build(function)
    x, y = _axes(known.domain, side)
    value = _values(function, f, x, y)
    remark = _remark(function, value)
    gradient_x, gradient_y = _axes(known.domain, GRADIENT_SIDE)
    return Surface(
        function=function,
        title=known.title,
        formula=known.formula,
        names=facts.axis_names(function),
        x=x,
        y=y,
        value=value,
        gradient_x=gradient_x,
        gradient_y=gradient_y,
        gradient=_gradients(f, gradient_x, gradient_y),
        marks=marks(function),
        logarithmic=known.logarithmic,
        remark=remark,
    )


def marks(function: FunctionSpec) -> tuple[Mark, ...]:
    """Known minima, a regression's solutions, or what a search for a formula's minima finds.

    Raises
    ------
    Problem
        "formula-wrong" for a formula that cannot be used.
    """
    if isinstance(function, Formula):
        return find_minima(function)
    return regression.solutions(function) if isinstance(function, Regression) else facts.facts(function).minima


def _axes(domain: facts.Domain, side: int) -> tuple[Floats, Floats]:
    left, right, bottom, top = domain
    return np.linspace(left, right, side), np.linspace(bottom, top, side)


def _points(x: Floats, y: Floats) -> torch.Tensor:
    """All pairs of the axes [2, H * W], x running fastest."""
    return torch.from_numpy(np.stack([np.tile(x, len(y)), np.repeat(y, len(x))]))


def _values(function: FunctionSpec, f: Function, x: Floats, y: Floats) -> Floats:
    width = regression.width(function) if isinstance(function, Regression) else 1
    with torch.no_grad():
        blocks = torch.split(_points(x, y), max(1, _NUMBERS_AT_ONCE // width), dim=1)
        value: Floats = torch.cat([f(block) for block in blocks]).numpy().reshape(len(y), len(x))
    return np.where(np.isfinite(value), value, np.nan)


def _gradients(f: Function, x: Floats, y: Floats) -> Floats:
    points = _points(x, y).requires_grad_()
    (gradient,) = torch.autograd.grad(f(points).sum(), points)
    found: Floats = gradient.T.reshape(len(y), len(x), 2).numpy()
    return np.where(np.isfinite(found), found, np.nan)


def _remark(function: FunctionSpec, value: Floats) -> Problem | None:
    """What there is to say about these values; raised where there is nothing to go down."""
    text = facts.formula_text(function)
    is_missing = np.isnan(value)
    if is_missing.all():
        raise Problem("function-nowhere-finite", text=text)
    low, high = np.nanmin(value), np.nanmax(value)
    if high - low <= _ROUNDING * max(abs(low), abs(high)):
        raise Problem("function-constant", text=text, value=f"{low:g}")
    if is_missing.any():
        return Problem("function-not-finite", text=text, share=_percent(float(is_missing.mean())))
    return regression.singular_remark(function) if isinstance(function, Regression) else None


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 else "less than 1%"
