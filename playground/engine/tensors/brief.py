"""Plain Python values in a few words, without calling any code of the user's."""

from collections import OrderedDict
from collections.abc import Iterable
from itertools import islice
from typing import Any

import numpy as np
from torch import Tensor, nn

from playground.engine.tensors.graph_text import dtype_name
from playground.engine.tensors.indices import spelled

_TEXT = 60
_ITEMS = 6
_LINES = 40
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
    if kind in (dict, OrderedDict):
        return _within("{}", (f"{_item(key)}: {_item(item)}" for key, item in value.items()))
    if kind in _BRACKETS:
        return _within(_BRACKETS[kind], map(_item, value))
    return str(kind.__name__)


def listed(value: Any, name: str) -> str:
    """A collection with tensors, arrays or modules in it, one item a line under the expression that gives it.

    Anything else as `brief` has it.
    """
    kind = type(value)
    pairs: list[tuple[Any, Any]] = []
    if kind in (dict, OrderedDict):
        pairs = list(islice(value.items(), _LINES))
    elif kind in (list, tuple):
        pairs = list(enumerate(value[:_LINES]))
    if not any(isinstance(item, Tensor | np.ndarray | nn.Module) for _, item in pairs):
        return brief(value)
    lines = [f"{name}[{brief(key)}]   {_held(item)}" for key, item in pairs]
    more = len(value) - len(pairs)
    return "\n".join([*lines, f"… {more:,} more"] if more else lines)


def _held(item: Any) -> str:
    """What an item of a collection holds."""
    if isinstance(item, Tensor):
        return f"{type(item).__name__} {dtype_name(item.dtype)} {spelled(item.shape) if item.ndim else 'scalar'}"
    if isinstance(item, np.ndarray):
        return f"array {item.dtype} {spelled(item.shape) if item.ndim else 'scalar'}"
    return _item(item)


def _within(brackets: str, items: Iterable[str]) -> str:
    first = list(islice(items, _ITEMS + 1))
    shown = [*first[:_ITEMS], "…"] if len(first) > _ITEMS else first
    return f"{brackets[0]}{', '.join(shown)}{brackets[1]}"


def _item(value: Any) -> str:
    """One item of a collection; collections within it only as what they are."""
    return f"{type(value).__name__} of {len(value)}" if type(value) in {*_BRACKETS, dict} else brief(value)
