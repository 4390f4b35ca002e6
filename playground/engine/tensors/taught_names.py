"""Notes on names: slips of the pen, and full-width characters."""

import builtins
import difflib
import sys
import unicodedata
from types import ModuleType
from typing import Any

from playground.engine.tensors.taught_failure import Failure

_FULL_WIDTH = {"\u3002": ".", "\u3001": ",", "\u3010": "[", "\u3011": "]", "\u300a": "<", "\u300b": ">"}
_QUOTES = dict.fromkeys("\u201c\u201d", '"') | dict.fromkeys("\u2018\u2019", "'")
_DASHES = dict.fromkeys("\u2013\u2014\u2212", "-")
_MODULES = ("torch", "torchvision", "numpy", "matplotlib", "pandas", "math", "random", "time", "copy")
_IMPORTS = {
    "plt": "from matplotlib import pyplot as plt",
    "matplotlib": "import matplotlib",
    "optim": "from torch import optim",
    "torchvision": "import torchvision",
    "datasets": "from torchvision import datasets",
    "transforms": "from torchvision import transforms",
    "DataLoader": "from torch.utils.data import DataLoader",
    "Tensor": "from torch import Tensor",
}
_NEAR = 0.65


def full_width(failure: Failure) -> str:
    """Characters of a Chinese or Japanese keyboard, or of a word processor, where Python needs the plain ones."""
    if not isinstance(failure.error, SyntaxError):
        return ""
    line = (failure.error.text or _line(failure.code, failure.error.lineno)).strip("\n")
    slips = [character for character in dict.fromkeys(line) if _plain(character) != character]
    if not slips:
        return ""
    pairs = ", ".join(f"{character} for {_plain(character)}" for character in slips)
    fixed = "".join(map(_plain, line)).strip()
    return f"Line {failure.error.lineno} holds characters that Python does not know: {pairs}. Meant is: {fixed}"


def near_miss(failure: Failure) -> str:
    """A name that does not exist, with the one that is nearest."""
    error = failure.error
    if isinstance(error, AttributeError) and error.name and error.obj is not None:
        near = _nearest(error.name, dir(error.obj))
        return f"{_owner(error.obj)} has no {error.name}; did you mean {near}?" if near else ""
    if isinstance(error, NameError) and error.name:
        if line := _import(error.name):
            return f"{error.name} has to be imported first: {line}"
        near = _nearest(error.name, [*failure.names, *dir(builtins)])
        return f"There is no name {error.name} here; did you mean {near}?" if near else ""
    if isinstance(error, ModuleNotFoundError) and error.name:
        near = _nearest(error.name, _MODULES)
        if near:
            return f"There is no module {error.name}; did you mean {near}?"
        return f"There is no module {error.name} where the playground runs; leave out what needs it, or install it."
    return ""


def _import(name: str) -> str:
    """The line that makes a well-known name known."""
    return _IMPORTS.get(name, f"import {name}" if name in sys.stdlib_module_names else "")


def _nearest(name: str, known: list[str] | tuple[str, ...]) -> str:
    """The name meant: the same but for case, or else the most alike; public ones before private ones."""
    names = [other for other in known if other != name and (name.startswith("_") or not other.startswith("_"))]
    same = [other for other in names if other.lower() == name.lower()]
    return next(iter(same or difflib.get_close_matches(name, names, n=1, cutoff=_NEAR)), "")


def _owner(value: Any) -> str:
    if isinstance(value, ModuleType):
        short = {"torch.nn.functional": "F", "torch.nn": "nn", "numpy": "np"}
        return short.get(value.__name__, value.__name__)
    return f"A {type(value).__name__}" if not isinstance(value, type) else value.__name__


def _plain(character: str) -> str:
    """The ASCII character meant; the same one where it is fine in Python."""
    known = {**_FULL_WIDTH, **_QUOTES, **_DASHES}
    if character in known:
        return known[character]
    narrow = unicodedata.normalize("NFKC", character)
    return narrow if narrow.isascii() and not character.isalnum() else character


def _line(code: str, number: int | None) -> str:
    lines = code.splitlines()
    return lines[number - 1] if number and number <= len(lines) else ""
