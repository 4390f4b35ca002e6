"""The operation that a variable came of: found in the cells that were run, and shown once more without harm."""

import ast
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from playground.engine.problems import Problem
from playground.engine.tensors.operations import families
from playground.engine.tensors.operations.explain import explain
from playground.engine.tensors.operations.operation_events import Grid, OperationPicture
from playground.engine.tensors.reading import copied, readable

_MODULES = (torch, functional, torch.linalg, np, math)
_SAFE = frozenset().union(
    families.ELEMENTWISE, families.MOVES, families.REDUCTIONS, families.SELECTIONS, families.LINES,
    families.PRODUCTS, families.OUTER, families.OTHERS,
)  # fmt: skip
_WRITING = ("out", "inplace")
_OTHER = "As its operands are now, it no longer gives what {name} holds. "


class Origins:
    """Which statement made each variable last. Taken and read on the console's thread."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def take(self, code: str, names: Iterable[str]) -> None:
        """A cell was run, and it set or changed these names."""
        found = dict(_assignments(code))
        for name in names:
            self._texts.pop(name, None)
            if name in found:
                self._texts[name] = found[name]

    def of(self, expression: str) -> str:
        """The statement that made a variable, or the expression itself; empty where it is not known."""
        return self._texts.get(expression, "") if expression.isidentifier() else expression


def again(text: str, name: str, value: Any, namespace: Mapping[str, Any]) -> OperationPicture:
    """Picture the outermost operation of a statement or expression; it says so where that gives another value now.

    Nothing is run that could change anything: only operations whose results depend on their operands alone, and draws.

    Raises
    ------
    Problem
        `operation-origin` where there is no such statement, or where it does more than that.
    """
    if not text or not _is_safe(text, namespace):
        raise Problem("operation-origin", name=name)
    picture = explain(text, namespace)
    if picture.problem is not None or not isinstance(value, Tensor):
        return picture
    if any(_shows(grid, value) for grid in picture.results):
        return picture
    return replace(picture, sentence=_OTHER.format(name=name) + picture.sentence)


def _assignments(code: str) -> Iterator[tuple[str, str]]:
    """Names with the statement that sets them, the last one last."""
    try:
        statements = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for statement in statements:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
                text = ast.get_source_segment(code, statement) or ""
                yield from ((part.id, text) for part in parts if isinstance(part, ast.Name))


def _is_safe(text: str, namespace: Mapping[str, Any]) -> bool:
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    if len(body) != 1 or not isinstance(body[0], ast.Assign | ast.Expr):
        return False
    return all(_is_harmless(node, namespace) for node in ast.walk(body[0].value))


def _is_harmless(node: ast.AST, namespace: Mapping[str, Any]) -> bool:
    if isinstance(node, ast.Call):
        return _is_operation(node.func, namespace)
    if isinstance(node, ast.Name):
        return type(namespace.get(node.id)).__module__ != "__main__"  # a class of the user's may do anything
    if isinstance(node, ast.keyword):
        return node.arg is not None and node.arg not in _WRITING
    return not isinstance(node, ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr | ast.Lambda)


def _is_operation(function: ast.expr, namespace: Mapping[str, Any]) -> bool:
    """A function of torch, a method of a tensor, or a layer that only applies its weights."""
    if isinstance(function, ast.Name):
        called = namespace.get(function.id)
        is_plain = type(called) in (nn.Linear, nn.Embedding) and getattr(called, "max_norm", None) is None
        return is_plain and not getattr(called, "_forward_hooks", None)
    if not isinstance(function, ast.Attribute) or function.attr not in _SAFE:
        return False
    root = function.value
    while isinstance(root, ast.Attribute):
        root = root.value
    owner = namespace.get(root.id) if isinstance(root, ast.Name) else None
    return owner in _MODULES if isinstance(owner, ModuleType) else True


def _shows(grid: Grid, value: Tensor) -> bool:
    if grid.shape != tuple(value.shape):
        return False
    part = tuple(slice(start, start + size) for start, size in zip(grid.origin, grid.values.shape, strict=True))
    now = copied(readable(value)[part])
    return bool(np.array_equal(grid.values, now, equal_nan=now.dtype.kind in "fc"))
