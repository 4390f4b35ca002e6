"""Reading digits as a job: one warm thread that keeps the chosen net and answers the newest drawing."""

from collections.abc import Generator

from playground.engine.digits.events import Picture, Reading, Refused
from playground.engine.digits.image import ink_from_array, read_ink
from playground.engine.digits.predictor import Predictor
from playground.engine.digits.preprocess import Image, to_digit
from playground.engine.inbox import Inbox
from playground.engine.problems import Problem


def reading_job(inbox: Inbox) -> Generator[Reading | Picture | Refused, None, None]:
    """Answer until the inbox is closed; a new model reads the last drawing again.

    Requests by kind: "model" a callable that gives a `Predictor`, "ink" a drawing (float32 [H, W], 1 is ink), "picture"
    a file's path or the pixels of a pasted picture (uint8 [H, W, 3]).
    """
    predictor: Predictor | None = None
    digit: Image | None = None
    for kind, request in inbox:
        try:
            if kind == "model":
                predictor = request()
            elif kind == "picture":
                yield Picture(read_ink(request) if isinstance(request, str) else ink_from_array(request))
                continue
            else:
                digit = to_digit(request)
        except Problem as problem:
            yield Refused(problem)
            continue
        if digit is not None:
            yield _read(predictor, digit)


def _read(predictor: Predictor | None, digit: Image) -> Reading:
    if predictor is None:
        return Reading(digit, None, ())
    return Reading(digit, predictor.predict(digit) if digit.any() else None, predictor.classes)
