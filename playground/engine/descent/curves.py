"""Functions of one number with their slope by autograd, in float64: activations, losses and the user's own."""

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from numpy.typing import NDArray
from torch import Tensor

from playground.engine.descent import curve_texts, formula
from playground.engine.descent.curve_texts import default_range
from playground.engine.descent.events import Curve, Floats
from playground.engine.descent.spec import Activation, CurveFormula, CurveLoss, CurveSpec
from playground.engine.problems import Problem

__all__ = ["build", "curve", "curve_point", "default_range", "source"]

SATURATED = 0.05
"""A slope below this share of the steepest shown is called saturated."""

_TORCH_LOSSES = {"mse": "mse_loss", "l1": "l1_loss", "huber": "huber_loss"}


def curve(spec: CurveSpec, low: float, high: float, count: int = 801) -> Curve:
    """The function at `count` points from `low` to `high`, with its slope and where it is saturated.

    Saturated are the parts at either end where |slope| is under `SATURATED` of the largest, if one range further out
    the value has hardly changed; so a minimum in the middle is not, nor a logarithm. Places without a value are NaN.

    Raises
    ------
    Problem
        "formula-wrong", "loss-misfit" for a cross entropy whose target is not 0 or 1, and "function-nowhere-finite".
    """
    x = np.linspace(low, high, count)
    value, slope = _values_and_slopes(build(spec), np.array([low - (high - low), *x, high + (high - low)]))
    text = curve_texts.formula_text(spec)
    if not np.isfinite(value[1:-1]).any():
        raise Problem("function-nowhere-finite", text=text)
    is_saturated = _saturated(value, slope) if _can_saturate(spec) else np.zeros(count, dtype=np.bool_)
    return Curve(spec, curve_texts.title(spec), text, x, value[1:-1], slope[1:-1], is_saturated)


def curve_point(spec: CurveSpec, x: float) -> tuple[float, float]:
    """Value and slope at x, NaN where there is none.

    Raises
    ------
    Problem
        "formula-wrong", and "loss-misfit" for a cross entropy whose target is not 0 or 1.
    """
    value, slope = _values_and_slopes(build(spec), np.array([x]))
    return float(value[0]), float(slope[0])


def build(spec: CurveSpec) -> Callable[[Tensor], Tensor]:
    """The function of a tensor x [N], number by number.

    Raises
    ------
    Problem
        "formula-wrong", and "loss-misfit" for a cross entropy whose target is not 0 or 1.
    """
    match spec:
        case Activation(name=name):
            return _functional(name)
        case CurveLoss(name="cross_entropy", target=target):
            return _cross_entropy(target)
        case CurveLoss(name=loss, target=target):
            return _loss(_TORCH_LOSSES[loss], target)
        case CurveFormula(text=text):
            return formula.parse(text, ("x",))


def source(spec: CurveSpec) -> str:
    """Python text that defines the function as `def f(x)` for a tensor x [N] and needs only torch.

    Raises
    ------
    Problem
        "formula-wrong", and "loss-misfit" for a cross entropy whose target is not 0 or 1.
    """
    build(spec)
    body = {"cross_entropy": ["logits = torch.stack([torch.zeros_like(x), x], dim=1)"]}
    lines = body.get(getattr(spec, "name", ""), [])
    return "\n".join(["def f(x):", *(f"    {line}" for line in lines), f"    return {_expression(spec)}", ""])


def _expression(spec: CurveSpec) -> str:
    functional = "torch.nn.functional"
    match spec:
        case Activation(name=name):
            return f"{functional}.{name}(x)"
        case CurveLoss(name="cross_entropy", target=target):
            classes = f"torch.full((len(x),), {int(target)})"
            return f'{functional}.cross_entropy(logits, {classes}, reduction="none")'
        case CurveLoss(name=loss, target=target):
            return f'{functional}.{_TORCH_LOSSES[loss]}(x, torch.full_like(x, {target!r}), reduction="none")'
        case CurveFormula(text=text):
            return formula.parse(text, ("x",)).source


def _functional(name: str) -> Callable[[Tensor], Tensor]:
    function: Callable[[Tensor], Tensor] = getattr(F, name)
    return function


def _loss(name: str, target: float) -> Callable[[Tensor], Tensor]:
    function: Callable[..., Tensor] = getattr(F, name)
    return lambda x: function(x, torch.full_like(x, target), reduction="none")


def _cross_entropy(target: float) -> Callable[[Tensor], Tensor]:
    if target not in (0, 1):
        detail = "the true class is 0 or 1"
        raise Problem("loss-misfit", loss="cross_entropy", output="two", target=f"the target {target:g}", detail=detail)

    def loss(x: Tensor) -> Tensor:
        logits = torch.stack([torch.zeros_like(x), x], dim=1)  # [N, 2]
        return F.cross_entropy(logits, torch.full((len(x),), int(target)), reduction="none")

    return loss


def _values_and_slopes(f: Callable[[Tensor], Tensor], x: Floats) -> tuple[Floats, Floats]:
    at = torch.from_numpy(x).requires_grad_()
    value = f(at)
    (slope,) = torch.autograd.grad(value.sum(), at)
    found = value.detach().numpy()
    is_there = np.isfinite(found)
    return np.where(is_there, found, np.nan), np.where(is_there, slope.numpy(), np.nan)


def _can_saturate(spec: CurveSpec) -> bool:
    if isinstance(spec, CurveLoss):
        return spec.name == "cross_entropy"
    return spec != Activation(name="leaky_relu")  # whose small slope is all it is for


def _saturated(value: Floats, slope: Floats) -> NDArray[np.bool_]:
    """Where slopes [n] are small from an end on; the first and last of the n + 2 values and slopes are further out."""
    size = np.abs(slope[1:-1])
    is_small = size < SATURATED * np.nanmax(size)  # false where the slope is NaN
    hardly = SATURATED * np.ptp(value[1:-1][np.isfinite(value[1:-1])])
    from_left = np.logical_and.accumulate(is_small) & (abs(value[0] - value[1]) <= hardly)
    from_right = np.logical_and.accumulate(is_small[::-1])[::-1] & (abs(value[-1] - value[-2]) <= hardly)
    found: NDArray[np.bool_] = from_left | from_right
    return found
