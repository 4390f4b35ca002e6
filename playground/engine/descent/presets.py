"""The course's runs, and races that show one thing each, as values."""

from playground.engine.descent.spec import COURSE_MOMENTUM, Bowl, DescentSpec, Known, Point, Racer, Regression
from playground.engine.problems import Problem
from playground.engine.spec import Args
from playground.engine.training.spec import OptimizerSpec, ScheduleSpec

COURSE_STARTS: tuple[Point, ...] = ((0.0, 0.0), (1.0, 0.0), (-4.0, 0.0), (4.0, 0.0), (-1.0, 1.0))


def names() -> tuple[str, ...]:
    """The names of all presets, the default race first."""
    return tuple(_PRESETS)


def title(name: str) -> str:
    """What the preset shows, in a few words."""
    return _PRESETS[_known(name)][0]


def preset(name: str) -> DescentSpec:
    """The preset of that name.

    Raises
    ------
    Problem
        `preset-unknown`.
    """
    return _PRESETS[_known(name)][1]


def _known(name: str) -> str:
    if name not in _PRESETS:
        raise Problem("preset-unknown", name=name, known=", ".join(_PRESETS))
    return name


def _racer(name: str, *, start: Point | None = None, schedule: ScheduleSpec | None = None, **args: object) -> Racer:
    return Racer(optimizer=OptimizerSpec(name=name, args=Args(args)), schedule=schedule, start=start)


_TOO_LARGE = 0.03
_WARM_UP = ScheduleSpec(name="LinearLR", args=Args(start_factor=0.01, total_iters=100))
_SCHEDULES = (
    None,
    ScheduleSpec(name="StepLR", args=Args(step_size=50, gamma=0.5)),
    ScheduleSpec(name="ExponentialLR", args=Args(gamma=0.98)),
    ScheduleSpec(name="CosineAnnealingLR"),
    ScheduleSpec(name="OneCycleLR", args=Args(max_lr=_TOO_LARGE, cycle_momentum=False)),
    ScheduleSpec(name="ReduceLROnPlateau", args=Args(factor=0.5, patience=5)),
)

_PRESETS: dict[str, tuple[str, DescentSpec]] = {
    "race": ("Adam, SGD and momentum on Himmelblau", DescentSpec()),
    "himmelblau-adam": (
        "Adam at 0.001 from five starts to the four minima of Himmelblau",
        DescentSpec(
            start=COURSE_STARTS[0],
            racers=tuple(_racer("Adam", lr=1e-3, start=start) for start in COURSE_STARTS),
            steps=20_000,
        ),
    ),
    "momentum": (
        "Momentum as the course writes it goes the way of torch's SGD",
        DescentSpec(
            function=Bowl(condition=30.0),
            start=(-2.5, 1.0),
            racers=(
                _racer(COURSE_MOMENTUM, lr=0.02, momentum=0.85),
                _racer("SGD", lr=0.02, momentum=0.85),
                _racer("SGD", lr=0.02),
            ),
        ),
    ),
    "rates": (
        "Three rates on a bowl: slow, fast, and beyond 2 / 10, where it diverges",
        DescentSpec(
            function=Bowl(condition=10.0),
            start=(-2.5, 1.0),
            racers=tuple(_racer("SGD", lr=rate) for rate in (0.02, 0.18, 0.204)),
            steps=200,
        ),
    ),
    "schedules": (
        "A rate too large to settle, and the five schedules that make it",
        DescentSpec(racers=tuple(_racer("SGD", lr=_TOO_LARGE, schedule=schedule) for schedule in _SCHEDULES)),
    ),
    "warm-up": (
        "On a steep slope the whole rate diverges, and after a warm-up it does not",
        DescentSpec(
            start=(5.5, 5.5),
            racers=(_racer("SGD", lr=0.02), _racer("SGD", lr=0.02, schedule=_WARM_UP)),
        ),
    ),
    "rosenbrock": (
        "The valley of Rosenbrock: L-BFGS is there in a few steps",
        DescentSpec(
            function=Known(name="rosenbrock"),
            start=(-1.2, 1.0),
            racers=(
                _racer("LBFGS", lr=1.0, max_iter=4, line_search_fn="strong_wolfe"),
                _racer("Adam", lr=0.02),
                _racer("RMSprop", lr=0.01),
                _racer("SGD", lr=0.001, momentum=0.9),
            ),
            steps=1_500,
        ),
    ),
    "regression-ridge": (
        "Gradient descent finds the ridge line through seven points",
        DescentSpec(
            function=Regression(ridge=0.5),
            start=(-1.0, 2.0),
            racers=(_racer("SGD", lr=0.1), _racer("SGD", lr=0.02, momentum=0.8), _racer("Adam", lr=0.1)),
        ),
    ),
}
