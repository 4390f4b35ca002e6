"""What the descent engine tells: plain values and NumPy copies, no tensors."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from playground.engine.descent.spec import BasinsSpec, CurveSpec, DescentSpec, FunctionSpec
from playground.engine.problems import Problem

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

NOT_ARRIVED, DIVERGED = -1, -2


@dataclass(frozen=True)
class Mark:
    """A point worth a mark: a minimum, or a solution in closed form. `label` is empty for an ordinary minimum."""

    x: float
    y: float
    value: float
    label: str = ""


@dataclass(frozen=True, eq=False)
class Surface:
    """A function over its domain.

    `value` [H, W] holds f(x[i], y[j]) at [j, i], NaN where the function has none; `gradient` [h, w, 2] stands on the
    coarser grid `gradient_x` [w], `gradient_y` [h]. `logarithmic` says that its values want a log scale. `remark` is
    something to say though the surface stands: it is constant, not finite in places, has no single least square.
    """

    function: FunctionSpec
    title: str
    formula: str
    names: tuple[str, str]
    x: Floats
    y: Floats
    value: Floats
    gradient_x: Floats
    gradient_y: Floats
    gradient: Floats
    marks: tuple[Mark, ...]
    logarithmic: bool
    remark: Problem | None = None


@dataclass(frozen=True)
class PointFacts:
    """The function at one point, by autograd.

    `eigenvalues` of the Hessian, smallest first, belong to the unit vectors `eigenvectors` (each (x, y)). `stable_rate`
    is 2 / (largest eigenvalue), the bound below which plain gradient descent converges nearby; None where no eigenvalue
    is positive. All None where the function is not twice differentiable there.
    """

    x: float
    y: float
    value: float
    gradient: tuple[float, float]
    hessian: tuple[tuple[float, float], tuple[float, float]] | None
    eigenvalues: tuple[float, float] | None
    eigenvectors: tuple[tuple[float, float], tuple[float, float]] | None
    stable_rate: float | None


@dataclass(frozen=True, eq=False)
class PathSteps:
    """Consecutive rows of one racer's path; row k is the point after k steps, row 0 the start.

    `position` [n, 2], `value` [n], `gradient` [n, 2] and `rate` [n] (the learning rate of the step that leaves the row)
    as float32; `state` holds what the optimiser keeps after k steps by its own names, each [n] or [n, 2], NaN where it
    keeps nothing yet.
    """

    racer: int
    first: int
    position: Singles
    value: Singles
    gradient: Singles
    rate: Floats
    state: dict[str, Singles] = field(default_factory=dict)


@dataclass(frozen=True)
class RaceStarted:
    """The race begins; every racer will have `spec.steps` + 1 rows unless it ends before."""

    spec: DescentSpec


@dataclass(frozen=True)
class RacerEnded:
    """A racer has its last row: at the end, or where its values were no longer finite (`problem` says so)."""

    racer: int
    steps: int
    problem: Problem | None = None


@dataclass(frozen=True)
class RaceDone:
    """All racers have ended."""

    seconds: float


RaceEvent = RaceStarted | PathSteps | RacerEnded | RaceDone


@dataclass(frozen=True)
class Line:
    """One line of an explained step: what it is, its formula with the numbers put in, and the result per coordinate.

    `is_count`: the result says how many.
    """

    label: str
    formula: str
    values: tuple[float, ...]
    is_count: bool = False


@dataclass(frozen=True)
class StepExplanation:
    """How the optimiser went from row `step` - 1 to row `step`.

    `arrows` start at the point before the step: "gradient" (its negative), "momentum" and "step", each (dx, dy);
    momentum only where the optimiser has one.
    """

    step: int
    lines: tuple[Line, ...]
    arrows: dict[str, tuple[float, float]]


@dataclass(frozen=True, eq=False)
class BasinsPicture:
    """Which minimum every start reaches, as known so far.

    `labels` [side, side] (row j from the bottom of the domain up, column i from its left) index `minima`, or are
    `NOT_ARRIVED` or `DIVERGED`; `steps` [side, side] is how many steps it took to come near, the steps made where it
    has not. `side` grows from coarse to `spec.side`; the last picture has `is_final`. `progress` is the share of all
    work that is done.
    """

    function: FunctionSpec
    spec: BasinsSpec
    domain: tuple[float, float, float, float]
    side: int
    labels: NDArray[np.int16]
    steps: NDArray[np.int32]
    minima: tuple[Mark, ...]
    shares: tuple[float, ...]
    steps_done: int
    seconds: float
    is_final: bool
    progress: float = 1.0


@dataclass(frozen=True, eq=False)
class Curve:
    """A function of one number: `x`, `value` and `slope` (by autograd) [n]; `saturated` [n] where |slope| is small."""

    spec: CurveSpec
    title: str
    formula: str
    x: Floats
    value: Floats
    slope: Floats
    saturated: NDArray[np.bool_]
