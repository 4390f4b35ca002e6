"""Which function to go down, from where, with which optimisers; as asked for."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from playground.engine.spec import Args, Spec
from playground.engine.training.spec import OptimizerSpec, ScheduleSpec

KnownName = Literal[
    "himmelblau", "rosenbrock", "beale", "booth", "rastrigin", "ackley", "griewank", "styblinski_tang",
    "six_hump_camel", "saddle", "mccormick",
]  # fmt: skip
ActivationName = Literal["sigmoid", "tanh", "relu", "leaky_relu", "gelu", "silu", "softplus"]
CurveLossName = Literal["mse", "l1", "huber", "cross_entropy"]

Point = tuple[float, float]
FormulaText = Annotated[str, Meta(min_length=1, max_length=500)]
Side = Annotated[int, Meta(ge=16, le=1024)]
StepCount = Annotated[int, Meta(ge=1, le=1_000_000)]

COURSE_MOMENTUM = "CourseMomentum"
"""Stands among the optimisers' names for gradient descent as the course writes it: z = beta z + grad, w = w - lr z."""


class Known(Spec, frozen=True, tag_field="kind", tag="known"):
    """A test function of the optimisation literature, by name."""

    name: KnownName = "himmelblau"


class Bowl(Spec, frozen=True, tag_field="kind", tag="bowl"):
    """f(x, y) = (x² + condition · y²) / 2, whose Hessian has the eigenvalues 1 and `condition`."""

    condition: Annotated[float, Meta(ge=1, le=1e6)] = 10.0


class Formula(Spec, frozen=True, tag_field="kind", tag="formula"):
    """The user's own formula in x and y, seen over `domain` (left, right, bottom, top)."""

    text: FormulaText
    domain: tuple[float, float, float, float] = (-6.0, 6.0, -6.0, 6.0)


class Regression(Spec, frozen=True, tag_field="kind", tag="regression"):
    """The mean loss of the line w·x + b over `points`, plus `ridge` · (w² + b²), as a function of (w, b)."""

    points: Annotated[tuple[Point, ...], Meta(min_length=1, max_length=1000)] = (
        (-2.0, -2.6), (-1.3, -1.9), (-0.6, -0.1), (0.2, 0.4), (0.9, 1.9), (1.5, 2.4), (2.2, 4.1),
    )  # fmt: skip
    loss: Literal["mse", "l1"] = "mse"
    ridge: Annotated[float, Meta(ge=0, le=1e6)] = 0.0


FunctionSpec = Known | Bowl | Formula | Regression


class Racer(Spec, frozen=True):
    """One optimiser of a race, from its own start or the race's; named as in torch.optim, or `COURSE_MOMENTUM`.

    A schedule moves on after every step, whatever its `every` says; ReduceLROnPlateau watches f.
    """

    optimizer: OptimizerSpec
    schedule: ScheduleSpec | None = None
    start: Point | None = None


class BasinsSpec(Spec, frozen=True):
    """One optimiser from the starts of a square grid over the function's domain, `side` starts on each side."""

    optimizer: OptimizerSpec = OptimizerSpec(name="Adam", args=Args(lr=0.1))
    side: Side = 256
    steps: Annotated[int, Meta(ge=1, le=100_000)] = 500


class Activation(Spec, frozen=True, tag_field="kind", tag="activation"):
    """An activation by its name in torch.nn.functional."""

    name: ActivationName = "sigmoid"


class CurveLoss(Spec, frozen=True, tag_field="kind", tag="loss"):
    """A loss as a function of the prediction, for this target (for cross entropy: the true class of two, 0 or 1)."""

    name: CurveLossName = "mse"
    target: float = 1.0


class CurveFormula(Spec, frozen=True, tag_field="kind", tag="formula"):
    """The user's own formula in x."""

    text: FormulaText


CurveSpec = Activation | CurveLoss | CurveFormula


class DescentSpec(Spec, frozen=True):
    """A race of optimisers on one function, the basins beside it, and the curve of the 1-D companion view."""

    function: FunctionSpec = msgspec.field(default_factory=Known)
    start: Point = (-0.6, 0.4)
    racers: Annotated[tuple[Racer, ...], Meta(max_length=12)] = (
        Racer(optimizer=OptimizerSpec(name="Adam", args=Args(lr=0.1))),
        Racer(optimizer=OptimizerSpec(name="SGD", args=Args(lr=0.01))),
        Racer(optimizer=OptimizerSpec(name="SGD", args=Args(lr=0.002, momentum=0.9))),
    )
    steps: StepCount = 300
    basins: BasinsSpec = BasinsSpec()
    curve: CurveSpec = msgspec.field(default_factory=Activation)
