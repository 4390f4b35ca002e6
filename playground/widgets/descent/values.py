"""Plain values that the panels are given and give back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Plain = dict[str, Any]
"""What JSON can hold, in the document's own shape."""

Point = tuple[float, float]

MOST_RACERS = 12  # what a document holds


@dataclass(frozen=True, slots=True)
class FunctionChoice:
    """A function on offer; `key` is a known function's name, or "bowl", "formula", "regression"."""

    key: str
    title: str
    formula: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class RacerValues:
    """One racer: its name on the screen, and what the document says of it."""

    label: str
    optimizer: str
    args: Mapping[str, object] = field(default_factory=dict)
    schedule: Mapping[str, Any] | None = None
    start: Point | None = None

    def plain(self) -> Plain:
        """The racer as the document writes it."""
        return racer(self.optimizer, self.args, self.schedule, self.start)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a racer does at the step shown; `first_below` is the first step with f below 1e-6, if any.

    `sentence` says what went wrong with it, and is empty while nothing has.
    """

    value: float
    gradient_norm: float
    first_below: int | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class ExplanationLine:
    """What it is, its formula with the numbers put in, and the result: one number, or one for each coordinate.

    `is_count`: the result says how many.
    """

    label: str
    formula: str
    values: tuple[float, ...]
    emphasised: bool = False
    is_count: bool = False


def racer(
    optimizer: str,
    args: Mapping[str, object],
    schedule: Mapping[str, Any] | None = None,
    start: Point | None = None,
) -> Plain:
    """A racer as the document writes it; a schedule moves on after every step, so nothing is said about that."""
    return {
        "optimizer": {"name": optimizer, "args": dict(args)},
        "schedule": None if schedule is None else {"name": schedule["name"], "args": dict(schedule.get("args", {}))},
        "start": start,
    }
