"""Reading digits as a job: one warm thread that keeps the chosen net and answers the newest drawing."""

from collections.abc import Generator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from playground.engine.digits.predictor import Prediction, Predictor
from playground.engine.digits.preprocess import Image, to_digit
from playground.engine.inbox import Inbox
from playground.engine.problems import Problem
from playground.engine.training.control import RunEnded

Model = Path | Predictor | Future[Predictor]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the net saw (float32 [28, 28] in [0, 1]) and said; no prediction where nothing is drawn."""

    digit: Image
    prediction: Prediction | None


@dataclass(frozen=True, slots=True)
class ModelRefused:
    """The model that was asked for cannot read digits; the one before goes on answering."""

    problem: Problem


def reading_job(inbox: Inbox) -> Generator[Reading | ModelRefused]:
    """Answer until the inbox is closed.

    Requests by kind: "model" a `Model` (a file, a net, or a net promised by a run), "ink" a drawing (float32 [H, W],
    1 is ink). A new model reads the last drawing again.
    """
    predictor: Predictor | None = None
    digit: Image | None = None
    for kind, request in inbox:
        if kind == "model":
            try:
                predictor = _predictor(request)
            except Problem as problem:
                yield ModelRefused(problem)
                continue
            except RunEnded:
                continue
        else:
            digit = to_digit(request)
        if digit is not None:
            yield _read(predictor, digit)


def _predictor(model: Model) -> Predictor:
    if isinstance(model, Path):
        return Predictor.from_file(model)
    return model.result() if isinstance(model, Future) else model


def _read(predictor: Predictor | None, digit: Image) -> Reading:
    shows_something = predictor is not None and bool(digit.any())
    return Reading(digit, predictor.predict(digit) if predictor is not None and shows_something else None)
