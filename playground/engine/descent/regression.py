"""The loss of a line over points by hand, as a function of (w, b): its solutions in closed form and its text; no torch.

The objective is mean(loss(w x + b - y)) + ridge (w² + b²), so its normal equations carry the 1/N of the mean:
(X'X / N + ridge I) (w, b) = X'y / N, with X = [x, 1] (A. E. Hoerl and R. W. Kennard, Ridge regression, Technometrics 12
(1970) 55-67, whose k is N ridge; the intercept is penalised here too).
"""

import math
from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np

from playground.engine.descent.events import Floats, Mark
from playground.engine.descent.spec import Regression
from playground.engine.problems import Problem

MINUS = "\N{MINUS SIGN}"

LEAST_SQUARES, RIDGE, LEAST_ABSOLUTE = "least squares", "ridge", "least absolute"

_ROOM = 2.0
_GOLDEN = (math.sqrt(5) - 1) / 2
_GOLDEN_STEPS = 120
_PLAIN_DOMAIN = (-4.0, 4.0, -4.0, 4.0)


def objective(function: Regression, w: float, b: float) -> float:
    """The objective at (w, b), in float64."""
    x, y = _columns(function)
    residual = w * x + b - y
    loss = np.square(residual) if function.loss == "mse" else np.abs(residual)
    return float(loss.mean() + function.ridge * (w * w + b * b))


def width(function: Regression) -> int:
    """How many temporary numbers one column of a batch makes: one for each point of the line."""
    return len(function.points)


def is_singular(function: Regression) -> bool:
    """Whether X'X is: there is one point only, or all have the same x as float32 sees it."""
    return float(np.ptp(_columns(function)[0].astype(np.float32))) == 0.0


@lru_cache(maxsize=64)
def solutions(function: Regression) -> tuple[Mark, ...]:
    """The solutions that have a name, each with the objective's value there.

    `LEAST_SQUARES` unless X'X is singular, `RIDGE` with a ridge, and for L1 `LEAST_ABSOLUTE`, its own lowest point.
    """
    found: dict[str, tuple[float, float]] = {}
    with np.errstate(all="ignore"):
        if not is_singular(function):
            found[LEAST_SQUARES] = least_squares(function)
        if function.ridge > 0:
            found[RIDGE] = ridge_solution(function)
        if function.loss == "l1" and (function.ridge > 0 or not is_singular(function)):
            found[LEAST_ABSOLUTE] = least_absolute(function)
        marks = [Mark(w, b, objective(function, w, b), label) for label, (w, b) in found.items()]
    return tuple(mark for mark in marks if math.isfinite(mark.value))


def minima(function: Regression) -> tuple[Mark, ...]:
    """The objective's only minimum, or none where X'X is singular and no ridge picks one."""
    own = LEAST_ABSOLUTE if function.loss == "l1" else RIDGE if function.ridge > 0 else LEAST_SQUARES
    return tuple(mark for mark in solutions(function) if mark.label == own)


def least_squares(function: Regression) -> tuple[float, float]:
    """(w, b) with the smallest mean of squares: w = cov(x, y) / var(x), b = mean(y) - w mean(x).

    Where X'X is singular, the shortest of all such (w, b): the limit of the ridge solutions for a ridge that goes to 0.
    """
    x, y = _columns(function)
    if is_singular(function):
        scale = y.mean() / (np.square(x.mean()) + 1)
        return float(x.mean() * scale), float(scale)
    centred = x - x.mean()
    w = (centred * (y - y.mean())).sum() / np.square(centred).sum()
    return float(w), float(y.mean() - w * x.mean())


def ridge_solution(function: Regression) -> tuple[float, float]:
    """(w, b) that solves (X'X / N + ridge I) (w, b) = X'y / N by Cramer's rule; needs a ridge above 0."""
    x, y = _columns(function)
    ww, wb, bb = np.square(x).mean() + function.ridge, x.mean(), 1 + function.ridge
    # mean(x²) - mean(x)² is var(x), which keeps the digits that this difference of large numbers loses.
    determinant = x.var() + function.ridge * (np.square(x).mean() + 1 + function.ridge)
    w = (bb * (x * y).mean() - wb * y.mean()) / determinant
    b = (ww * y.mean() - wb * (x * y).mean()) / determinant
    return float(w), float(b)


def least_absolute(function: Regression) -> tuple[float, float]:
    """(w, b) with the lowest mean(|w x + b - y|) + ridge (w² + b²), which is convex.

    For a fixed w the best b is a median (Y. Li and S. Osher, A new median formula with applications to PDE based
    denoising, Communications in Mathematical Sciences 7, 2009); what is left is convex in w and is searched by golden
    section. How far follows from f(w, b) <= f(0, 0): it bounds ridge w², and the residuals of the outermost points.
    """
    x, y = _columns(function)
    ridge, count = function.ridge, len(x)
    if ridge > 0:
        penalties = (count - 2 * np.arange(count + 1)) / (2 * ridge * count)
        reach = math.sqrt(float(np.abs(y).mean()) / ridge)
    else:
        penalties = np.array([])
        reach = float((np.abs(y).sum() + np.ptp(y)) / np.ptp(x))

    def best_b(w: float) -> float:
        return float(np.median(np.concatenate([y - w * x, penalties])))

    def lowest(w: float) -> float:
        b = best_b(w)
        return float(np.abs(w * x + b - y).mean()) + ridge * (w * w + b * b)

    w = _lowest(lowest, -reach, reach)
    return w, best_b(w)


def domain(function: Regression) -> tuple[float, float, float, float]:
    """(left, right, bottom, top) of round numbers around the origin and all solutions, with room on every side."""
    with np.errstate(all="ignore"):
        places = [(mark.x, mark.y) for mark in solutions(function)] or [least_squares(function)]
    if not np.isfinite(places).all():
        return _PLAIN_DOMAIN
    return *_around(w for w, _ in places), *_around(b for _, b in places)


def formula_text(function: Regression) -> str:
    """The objective for reading."""
    loss = "(w·x + b - y)²" if function.loss == "mse" else "|w·x + b - y|"
    penalty = f" + {function.ridge:g}·(w² + b²)" if function.ridge > 0 else ""
    return f"mean of {loss.replace('-', MINUS)}{penalty}"


def source(function: Regression) -> str:
    """Python text with the points and `def f(w, b)` for numbers or arrays of any shape."""
    x, y = (", ".join(map(repr, column)) for column in zip(*function.points, strict=True))
    loss = "(residual**2)" if function.loss == "mse" else "residual.abs()"
    penalty = f" + {function.ridge!r} * (w**2 + b**2)" if function.ridge > 0 else ""
    return (
        f"xs = torch.tensor([{x}])\n"
        f"ys = torch.tensor([{y}])\n\n\n"
        "def f(w, b):\n"
        "    residual = w[..., None] * xs + b[..., None] - ys\n"
        f"    return {loss}.mean(-1){penalty}\n"
    )


def singular_remark(function: Regression) -> Problem | None:
    """What to say where X'X is singular: which line is left open, and what a ridge does about it."""
    if not is_singular(function):
        return None
    x = function.points[0][0]
    cause = "there is only one point" if len(function.points) == 1 else f"all x are {x:g}"
    detail = f"{cause}, so only {x:g}·w + b is fixed; "
    if function.ridge > 0:
        w, b = next(((mark.x, mark.y) for mark in minima(function)), ridge_solution(function))
        detail += f"the ridge picks w = {w:.4g}, b = {b:.4g} among them"
    else:
        w, b = least_squares(function)
        detail += f"a ridge above 0 picks one of them, near w = {w:.4g}, b = {b:.4g}"
    return Problem("regression-singular", detail=detail)


def _columns(function: Regression) -> tuple[Floats, Floats]:
    points = np.array(function.points, dtype=np.float64)  # [N, 2]
    return points[:, 0], points[:, 1]


def _lowest(f: Callable[[float], float], low: float, high: float) -> float:
    """Where a convex f is lowest (J. Kiefer, Sequential minimax search for a maximum, 1953)."""
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = f(left), f(right)
    for _ in range(_GOLDEN_STEPS):
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = f(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = f(right)
    return left if at_left <= at_right else right


def _around(values: Iterable[float]) -> tuple[float, float]:
    """Round bounds around these values and 0, with as much room on either side as they are apart."""
    places = [0.0, *values]
    low, high = min(places), max(places)
    room = max(high - low, _ROOM)
    step = 10.0 ** math.floor(math.log10(high - low + 2 * room)) / 2
    return math.floor((low - room) / step) * step, math.ceil((high + room) / step) * step
