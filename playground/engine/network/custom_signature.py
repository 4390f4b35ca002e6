"""What a layer written in Python takes and says of itself, read from its text, which is not run. Needs no torch."""

import ast
from collections.abc import Iterator
from functools import lru_cache

from playground.engine.network.catalogue import NO_DEFAULT, Argument, Entry
from playground.engine.network.spec import Source
from playground.engine.spec import Value

_ANNOTATED = {
    "int": ("int",),
    "float": ("float",),
    "bool": ("bool",),
    "str": ("text",),
    "tuple[int, int]": ("pair",),
    "tuple[int, ...]": ("ints",),
}


@lru_cache(maxsize=64)
def signature(source: Source) -> Entry:
    """The class as an entry of the catalogue: its arguments in order, and the first line of its docstring.

    An argument's type is that of its annotation, else of its default, else a whole number, as sizes are. One whose
    default is no literal is left out, and so are all of a text that cannot be read.
    """
    made = _class(source)
    if made is None:
        return Entry(kind=source.name, group="own", arguments=(), doc="")
    doc = (ast.get_docstring(made) or "").partition("\n")[0]
    init = next((each for each in made.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"), None)
    return Entry(kind=source.name, group="own", arguments=tuple(_arguments(init)) if init else (), doc=doc)


def _class(source: Source) -> ast.ClassDef | None:
    try:
        body = ast.parse(source.text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return next((each for each in body if isinstance(each, ast.ClassDef) and each.name == source.name), None)


def _arguments(init: ast.FunctionDef) -> Iterator[Argument]:
    given = init.args
    named = [*given.posonlyargs, *given.args][1:]  # without self
    last = given.defaults[-len(named) :] if named else []
    defaults: list[ast.expr | None] = [*[None] * (len(named) - len(last)), *last]
    for each, default in [*zip(named, defaults, strict=True), *zip(given.kwonlyargs, given.kw_defaults, strict=True)]:
        argument = _argument(each, default)
        if argument is not None:
            yield argument


def _argument(given: ast.arg, default: ast.expr | None) -> Argument | None:
    value: Value | object = NO_DEFAULT
    if default is not None:
        try:
            value = ast.literal_eval(default)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            return None
    types = _types(given.annotation, value)
    return Argument(given.arg, value, types, None, None, None, "") if types else None  # type: ignore[arg-type]


def _types(annotation: ast.expr | None, default: object) -> tuple[str, ...]:
    """Empty for what no field can show."""
    known = _ANNOTATED.get(ast.unparse(annotation)) if annotation is not None else None
    if known is not None:
        return known
    if default is NO_DEFAULT:
        return ("int",)
    plain = {bool: "bool", int: "int", float: "float", str: "text"}.get(type(default))
    if isinstance(default, tuple) and default and all(type(each) is int for each in default):
        plain = "pair" if len(default) == 2 else "ints"
    return (plain,) if plain else ()
