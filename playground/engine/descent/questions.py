"""Short questions about functions and curves, answered on a warm thread. Needs no torch until a question is asked."""

from collections.abc import Generator
from dataclasses import dataclass

from playground.engine.descent.events import Curve, PointFacts, Surface
from playground.engine.descent.spec import CurveSpec, FunctionSpec
from playground.engine.inbox import Inbox
from playground.engine.problems import Problem


@dataclass(frozen=True)
class SurfaceQuestion:
    """The surface of a function; `is_trial` where it is not the document's yet."""

    function: FunctionSpec
    is_trial: bool = False


@dataclass(frozen=True)
class PointQuestion:
    """The function at a point; `purpose` tells the asker's questions apart."""

    function: FunctionSpec
    x: float
    y: float
    purpose: str


@dataclass(frozen=True)
class CurveQuestion:
    """A curve over its usual range."""

    spec: CurveSpec


Question = SurfaceQuestion | PointQuestion | CurveQuestion


@dataclass(frozen=True, eq=False)
class Answer:
    """What was found, or why nothing could be."""

    question: Question
    found: Surface | PointFacts | Curve | None
    problem: Problem | None = None


def questions_job(inbox: Inbox) -> Generator[Answer, None, None]:
    """Answers as the questions come; only the latest of each kind waits."""
    for _, question in inbox:
        try:
            yield Answer(question, _found(question))
        except Problem as problem:
            yield Answer(question, None, problem)


def _found(question: Question) -> Surface | PointFacts | Curve:
    from playground.engine.descent.curves import curve, default_range
    from playground.engine.descent.point import point_facts
    from playground.engine.descent.surface import surface

    if isinstance(question, SurfaceQuestion):
        return surface(question.function)
    if isinstance(question, PointQuestion):
        return point_facts(question.function, question.x, question.y)
    return curve(question.spec, *default_range(question.spec))
