"""What the commands write: lines for people, JSON lines for programs."""

import json
import math
import sys
from typing import TextIO


def say(text: str = "", stream: TextIO | None = None) -> None:
    """One line on a stream, standard output without one, at once."""
    stream = stream or sys.stdout
    stream.write(f"{text}\n")
    stream.flush()


def say_json(event: str, **fields: object) -> None:
    """One JSON object on a line of its own on standard output."""
    say(as_json(event, **fields))


def as_json(event: str, **fields: object) -> str:
    """An event as one JSON object; numbers that JSON lacks (NaN, infinity) become null."""
    return json.dumps({"event": event, **{name: finite(value) for name, value in fields.items()}}, ensure_ascii=False)


def finite(value: object) -> object:
    """The value as JSON can hold it."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {name: finite(item) for name, item in value.items()}
    return [finite(item) for item in value] if isinstance(value, list | tuple) else value


def percent(share: float) -> str:
    """A share of 1 as a percentage; a dash where there is none."""
    return f"{100 * share:.2f} %" if math.isfinite(share) else "-"
