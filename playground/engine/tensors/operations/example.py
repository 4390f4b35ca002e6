"""Runs an example of the catalogue as the console would, and gives what that prints."""

import ast
import io
import math
from functools import partial

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from playground.engine.rng import undrawn


def names() -> dict[str, object]:
    """The names that an example may use, as the console has them."""
    return {"torch": torch, "nn": nn, "F": functional, "np": np, "math": math}


def run(example: str) -> str:
    """What the lines print: the value of each expression that stands alone, and what is printed.

    The random numbers drawn do not move torch's generators on.
    """
    printed = io.StringIO()
    namespace = names() | {"print": partial(print, file=printed)}
    with undrawn():
        for statement in ast.parse(example).body:
            _execute(statement, namespace, printed)
    return printed.getvalue()


def _execute(statement: ast.stmt, namespace: dict[str, object], printed: io.StringIO) -> None:
    if not isinstance(statement, ast.Expr):
        exec(compile(ast.Module([statement], []), "<example>", "exec"), namespace)
        return
    value = eval(compile(ast.Expression(statement.value), "<example>", "eval"), namespace)
    if value is not None:
        printed.write(f"{value!r}\n")
