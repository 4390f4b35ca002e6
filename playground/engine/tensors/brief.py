"""Plain Python values in a few words, without calling any code of the user's."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import numpy as np

_TEXT = 60
_ITEMS = 6
_LARGE = 256  # bits of an integer that is written out
_BRACKETS: dict[type, str] = {list: "[]", tuple: "()", set: "{}", frozenset: "{}"}


def brief(value: Any) -> str:
    """A number, text or collection in one short line; of other objects the class."""
    kind = type(value)
    if kind in (bool, float, complex, type(None), range) or isinstance(value, np.generic):
        return str(value)
    if kind is int:
        return str(value) if value.bit_length() <= _LARGE else f"an integer of {value.bit_length():,} bits"
    if kind in (str, bytes):
        return repr(value) if len(value) <= _TEXT else f"{value[:_TEXT]!r}…"
    if kind is dict:
        return _within("{}", (f"{_item(key)}: {_item(item)}" for key, item in value.items()))
    if kind in _BRACKETS:
        return _within(_BRACKETS[kind], map(_item, value))
    return str(kind.__name__)


def _within(brackets: str, items: Iterable[str]) -> str:
    first = list(islice(items, _ITEMS + 1))
    shown = [*first[:_ITEMS], "…"] if len(first) > _ITEMS else first
    return f"{brackets[0]}{', '.join(shown)}{brackets[1]}"


def _item(value: Any) -> str:
    """One item of a collection; collections within it only as what they are."""
    return f"{type(value).__name__} of {len(value)}" if type(value) in {*_BRACKETS, dict} else brief(value)
