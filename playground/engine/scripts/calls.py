"""Calls of torch's classes as source text: names are checked, values go in through `repr`."""

import keyword
from collections.abc import Mapping, Sequence

from playground.engine.network.catalogue import Entry
from playground.engine.problems import Problem
from playground.engine.spec import Value


def arguments(entry: Entry, args: Mapping[str, Value]) -> list[str]:
    """The arguments as one writes them: those that must be given by their place, all others by their name."""
    required = [argument.name for argument in entry.arguments if argument.required]
    by_place = [repr(args[name]) for name in required if name in args]
    by_name = [f"{name}={value!r}" for name, value in args.items() if name not in required]
    return by_place + by_name


def keywords(args: Mapping[str, Value], first: Sequence[str], code: str, owner: str) -> list[str]:
    """All arguments by their name, those named in `first` before the others.

    Raises
    ------
    Problem
        `code`, for a name that cannot be an argument's.
    """
    for name in args:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise Problem(code, name=owner, detail=f"{name!r} cannot be the name of an argument")
    ordered = sorted(args, key=lambda name: (name not in first, name))
    return [f"{name}={args[name]!r}" for name in ordered]


def call(function: str, parts: Sequence[str]) -> str:
    """`function(part, part)` on one line."""
    return f"{function}({', '.join(parts)})"
