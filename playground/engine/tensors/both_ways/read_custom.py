"""A live module that the catalogue does not know as a custom layer: its class's text, and its arguments."""

import ast
import inspect
import linecache
import re
from collections.abc import Iterator
from types import FunctionType
from typing import Any

import torch
from torch import nn

from playground.engine.network.custom import classes, compile_source
from playground.engine.network.sizes import first_line
from playground.engine.network.spec import Custom, NetworkSpec, Source
from playground.engine.problems import Problem
from playground.engine.spec import Args
from playground.engine.tensors.both_ways.likeness import likeness
from playground.engine.tensors.both_ways.read_layer import attribute, is_frozen, is_missing

_TAKEN = ("Net", "Residual", "Branches")  # generated programs call other things so
_TORCH = '''\
class {name}(nn.{name}):
    """nn.{name} as torch has it, for which there is no form here."""
'''
_NOT_ASKED = ("device", "dtype")
_ANY = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def read_custom(module: nn.Module, where: str, known: NetworkSpec) -> tuple[Custom, Source]:
    """The module as a custom layer without an id, and the text that defines its class.

    A class of torch.nn becomes one derived from it; that of the user is looked up where Python keeps what was typed.
    The text runs once, which it did before: the module is there. What is read is built again on the meta device and
    compared.

    Raises
    ------
    Problem
        `console-module` where the text cannot be found, cannot stand alone, or the arguments cannot be read.
    """
    kind = type(module)
    source = next((each for each in known.sources if classes(known).get(each.name) is kind), None)
    if source is None:
        source = _torch_source(kind) or _typed_source(module, where)
    try:
        made = compile_source(source)
    except Problem as problem:
        raise _lost(module, where, str(problem.fields["detail"])) from problem
    args = _arguments(module, where)
    _compare(module, made, args, where)
    return Custom(id="", name=source.name, args=args, frozen=is_frozen(module)), source


def _torch_source(kind: type) -> Source | None:
    if getattr(nn, kind.__name__, None) is not kind:
        return None
    return Source(name=kind.__name__, text=_TORCH.format(name=kind.__name__))


def _typed_source(module: nn.Module, where: str) -> Source:
    kind = type(module)
    for file, line in _places(kind):
        text = _class_at("".join(linecache.getlines(file)), kind.__name__, line)
        if text:
            name = f"Own{kind.__name__}" if kind.__name__ in _TAKEN else kind.__name__
            return Source(name=name, text=re.sub(rf"\b{kind.__name__}\b", name, text) + "\n")
    raise _lost(module, where, "the text of its class is not known here; type the class into the console")


def _places(kind: type) -> Iterator[tuple[str, int]]:
    """File and line of each method: a class knows neither, but the code of its functions does."""
    for value in vars(kind).values():
        if isinstance(value, FunctionType):
            yield value.__code__.co_filename, value.__code__.co_firstlineno


def _class_at(text: str, name: str, line: int) -> str | None:
    """The statement of the class of that name around a line."""
    try:
        statements = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for each in statements:
        around = isinstance(each, ast.ClassDef) and each.name == name and each.lineno <= line <= (each.end_lineno or 0)
        if around:
            return ast.get_source_segment(text, each)
    return None


def _arguments(module: nn.Module, where: str) -> Args:
    """What `__init__` was given, by the attributes that bear its arguments' names."""
    given: dict[str, Any] = {}
    for name, parameter in inspect.signature(type(module)).parameters.items():
        if name in _NOT_ASKED or parameter.kind in _ANY:
            continue
        value = attribute(module, name)
        if is_missing(value) and parameter.default is inspect.Parameter.empty:
            raise _lost(module, where, f"its argument {name} is not kept; write self.{name} = {name} in __init__")
        if not is_missing(value) and not _equal(value, parameter.default):
            given[name] = value
    try:
        return Args(given)
    except ValueError as error:
        raise _lost(module, where, str(error)) from error


def _equal(value: object, default: object) -> bool:
    return type(value) is type(default) and value == default


def _compare(module: nn.Module, made: type[nn.Module], args: Args, where: str) -> None:
    try:
        with torch.device("meta"):
            again = made(**args)
    except Exception as error:  # whatever the user's code raises
        detail = f"its class cannot be built from its text alone ({first_line(error)}); put what it needs inside it"
        raise _lost(module, where, detail) from error
    if _shapes(again) != _shapes(module) or likeness(again)[1] != likeness(module)[1]:
        detail = "built again it is another one; keep every argument as an attribute of its name in __init__"
        raise _lost(module, where, detail)


def _shapes(module: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(value.shape) for name, value in module.state_dict().items()}


def _lost(module: nn.Module, where: str, detail: str) -> Problem:
    return Problem("console-module", where=where, name=type(module).__name__, detail=detail)
