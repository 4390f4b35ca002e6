"""What a name can stand for while a pasted text is read: layers, a net, a signal on its way, a number."""

import ast
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from playground.engine.network.spec import Branches, Node, Residual
from playground.engine.problems import Problem

Row = tuple[Node, ...]
Value: TypeAlias = Any  # a plain Python value, or one of the classes below


@dataclass(frozen=True, eq=False)
class Modules:
    """An `nn` module that is called with a signal: these nodes, one after the other."""

    nodes: Row


@dataclass(eq=False)
class Net:
    """An instance of a class that the text defines, with what its `__init__` gave it."""

    definition: ast.ClassDef
    attributes: dict[str, Value] = field(default_factory=dict)

    def method(self, name: str) -> ast.FunctionDef | None:
        """The method of that name that the text defines."""
        found = (one for one in self.definition.body if isinstance(one, ast.FunctionDef) and one.name == name)
        return next(found, None)


@dataclass(frozen=True, eq=False)
class Function:
    """A function, or the method of a net."""

    definition: ast.FunctionDef
    owner: Net | None = None


@dataclass(frozen=True, eq=False)
class Step:
    """One node at one point of the way: the same node passed twice makes two steps."""

    node: Node


@dataclass(frozen=True, eq=False)
class Signal:
    """A tensor, known by the steps that lead from the input to it."""

    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, eq=False)
class Shape:
    """The shape of a signal; only the size of the batch can be asked for."""


@dataclass(frozen=True, eq=False)
class BatchSize:
    """The first number of a shape."""


@dataclass(frozen=True, eq=False)
class Unread:
    """What could not be read; it matters only when it is used."""

    problem: Problem


def unreadable(at: ast.AST, detail: str) -> Problem:
    """The problem that this part of the text cannot be read, with how to mend it."""
    return Problem("paste-unreadable", line=getattr(at, "lineno", 1), detail=detail)


def added(left: Signal, right: Signal) -> Signal:
    """The sum of two signals: a residual block that begins where they part."""
    common, (first, second) = _parted([left, right])
    body, shortcut = (second, first) if len(second) > len(first) else (first, second)
    return Signal((*common, Step(Residual(id="", body=body, shortcut=shortcut))))


def concatenated(signals: list[Signal]) -> Signal:
    """Signals one behind the other along the channels: branches that begin where they part."""
    common, rows = _parted(signals)
    return Signal((*common, Step(Branches(id="", branches=tuple(rows)))))


def _parted(signals: list[Signal]) -> tuple[tuple[Step, ...], list[Row]]:
    shared = 0
    for steps in zip(*(signal.steps for signal in signals), strict=False):
        if any(step is not steps[0] for step in steps):
            break
        shared += 1
    rows = [tuple(step.node for step in signal.steps[shared:]) for signal in signals]
    return signals[0].steps[:shared], rows
