"""What the commands about descent take: a function, an optimiser with its arguments, starts."""

import difflib
import json
import math
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import get_args

from playground.commands.documents import setting
from playground.engine.descent.spec import Bowl, DescentSpec, Formula, FunctionSpec, Known, KnownName, Point, Regression
from playground.engine.problems import Problem
from playground.engine.spec import Args
from playground.engine.training.spec import OptimizerSpec

FUNCTIONS = (*get_args(KnownName), "bowl", "regression")
LONGEST_FORMULA, MOST_STEPS = 500, 1_000_000


def add_descent(parser: ArgumentParser) -> None:
    """--function, --optimizer, --lr, --set, --start, --steps and --json."""
    functions = f"{', '.join(FUNCTIONS)}, or a formula in x and y (himmelblau)"
    parser.add_argument("--function", metavar="NAME|EXPR", type=function, default=Known(), help=functions)
    parser.add_argument("--optimizer", metavar="NAME", default="Adam", help="a class of torch.optim (Adam)")
    parser.add_argument("--lr", metavar="X", type=_finite, help="the learning rate; torch's own where it is left out")
    parser.add_argument(
        "--set",
        dest="settings",
        metavar="KEY=VALUE",
        type=setting,
        action="append",
        default=[],
        help="another argument of the optimiser, such as betas=0.9,0.99 or nesterov=true; may be repeated",
    )
    parser.add_argument("--start", metavar="X,Y", type=_point, action="append", help="where to begin; may be repeated")
    parser.add_argument("--steps", metavar="N", type=_steps, help="how many steps to make")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def function(text: str) -> FunctionSpec:
    """The function of that name, or the formula."""
    name = text.strip().lower().replace("-", "_")
    if name in get_args(KnownName):
        return Known(name=name)  # type: ignore[arg-type]
    if name in ("bowl", "regression"):
        return Bowl() if name == "bowl" else Regression()
    if not text.strip() or len(text) > LONGEST_FORMULA:
        raise ArgumentTypeError(f"a formula has 1 to {LONGEST_FORMULA} characters, not {len(text)}")
    if len(name) > 1 and name.isidentifier():
        near = difflib.get_close_matches(name, FUNCTIONS, n=1, cutoff=0.0)[0]
        raise ArgumentTypeError(f"{text!r} is no function here; did you mean {near}, or a formula in x and y?")
    return Formula(text=text)


def optimizer(arguments: Namespace) -> OptimizerSpec:
    """The optimiser with all its arguments; `--lr` has the last word on the rate.

    Raises
    ------
    Problem
        `optimizer-argument` for a value that no optimiser takes.
    """
    values = {key: _value(text) for key, text in arguments.settings}
    if arguments.lr is not None:
        values["lr"] = arguments.lr
    try:
        return OptimizerSpec(name=arguments.optimizer, args=Args(values))
    except ValueError as error:
        raise Problem("optimizer-argument", name=arguments.optimizer, detail=str(error)) from error


def starts(arguments: Namespace) -> list[Point]:
    """The starts asked for, or the one a document begins with."""
    return arguments.start or [DescentSpec().start]


def _value(text: str) -> object:
    """JSON, or Python's way of writing the same, or a list without brackets, or a text."""
    for candidate in (text, f"[{text}]" if "," in text else text, text.lower().replace("none", "null")):
        try:
            return json.loads(candidate)
        except ValueError:
            continue
    return text


def _point(text: str) -> Point:
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not of the form X,Y, such as -4,0") from None
    return x, y


def _finite(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ArgumentTypeError(f"{text!r} is not a finite number")
    return value


def _steps(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_STEPS):
        raise ArgumentTypeError(f"{text!r} is not a whole number from 1 to {MOST_STEPS:,}")
    return int(text)
