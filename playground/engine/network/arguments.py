"""Whether named arguments fit a class of the catalogue, and the sentence when they do not."""

import difflib
from collections.abc import Mapping

from playground.engine.network.catalogue import Argument, Entry
from playground.engine.spec import Value

_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "text": "a text",
    "none": "none",
    "pair": "two whole numbers",
    "triple": "three whole numbers",
    "ints": "a list of whole numbers",
    "floats": "a list of numbers",
}
_LENGTHS = {"pair": 2, "triple": 3}


def complaint(entry: Entry, args: Mapping[str, Value]) -> str | None:
    """What is wrong with the arguments, as the end of a sentence; None when they fit.

    Parameters
    ----------
    entry : Entry
        The class as the catalogue knows it.
    args : mapping
        The arguments that differ from the defaults.
    """
    for name, value in args.items():
        argument = entry.argument(name)
        if argument is None:
            return _unknown(entry, name)
        wrong = _wrong(argument, value)
        if wrong:
            return wrong
    missing = [argument.name for argument in entry.arguments if argument.required and argument.name not in args]
    return f"{missing[0]} is missing; give {_expected(entry, missing[0])}" if missing else None


def _unknown(entry: Entry, name: str) -> str:
    near = difflib.get_close_matches(name, [argument.name for argument in entry.arguments], n=1, cutoff=0.0)
    return f"it has no argument {name}" + (f"; did you mean {near[0]}?" if near else "; it takes none")


def _wrong(argument: Argument, value: Value) -> str | None:
    if not any(_is_of(kind, argument, value) for kind in argument.types):
        return f"{argument.name} must be {_alternatives(argument)}, not {_shown(value)}"
    if isinstance(value, str) and argument.choices and value not in argument.choices:
        return f"{argument.name} must be one of {', '.join(argument.choices)}, not {value}"
    for number in _numbers(value):
        if argument.minimum is not None and number < argument.minimum:
            return f"{argument.name} must be at least {argument.minimum:g}, not {number:g}"
        if argument.maximum is not None and number > argument.maximum:
            return f"{argument.name} must be at most {argument.maximum:g}, not {number:g}"
    return None


def _is_of(kind: str, argument: Argument, value: Value) -> bool:
    if kind == "none":
        return value is None
    if kind == "bool":
        return isinstance(value, bool)
    if kind == "text":
        return isinstance(value, str)
    if kind in ("int", "float"):
        return _is_number(value, kind)
    return isinstance(value, tuple) and _is_sequence(kind, argument, value)


def _is_number(value: Value, kind: str) -> bool:
    wanted = int if kind == "int" else (int, float)
    return isinstance(value, wanted) and not isinstance(value, bool)


def _is_sequence(kind: str, argument: Argument, value: tuple[Value, ...]) -> bool:
    default = argument.default if isinstance(argument.default, tuple) else ()
    length = _LENGTHS.get(kind) or len(default) or max(len(value), 1)
    may_be_none = "none" in argument.types or None in default
    each = "float" if kind == "floats" else "int"
    return len(value) == length and all(_is_number(v, each) or (v is None and may_be_none) for v in value)


def _numbers(value: Value) -> list[float]:
    values = value if isinstance(value, tuple) else (value,)
    return [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]


def _expected(entry: Entry, name: str) -> str:
    argument = entry.argument(name)
    assert argument is not None
    return _alternatives(argument)


def _alternatives(argument: Argument) -> str:
    words = [_WORDS[kind] for kind in argument.types if kind != "text" or not argument.choices]
    return " or ".join([*words, *(argument.choices or ())])


def _shown(value: Value) -> str:
    if value is None or isinstance(value, bool):
        return str(value).lower()
    return repr(list(value) if isinstance(value, tuple) else value)
