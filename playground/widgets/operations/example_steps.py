"""The lines of an example that can be explained one by one."""

import ast
from dataclasses import dataclass

_TURNED = ("T", "mT", "H", "mH")  # attributes that are operations


@dataclass(frozen=True, slots=True)
class Step:
    """An expression of an example on the lines `first` to `last` (from 0), and the lines before it."""

    first: int
    last: int
    expression: str
    setup: str


def steps(example: str) -> tuple[Step, ...]:
    """Every expression that stands alone or is given a name."""
    lines = example.splitlines()
    found = []
    for statement in ast.parse(example).body:
        if isinstance(statement, ast.Expr | ast.Assign) and isinstance(statement.value, ast.expr):
            expression = ast.get_source_segment(example, _operation(statement.value)) or ""
            first, last = statement.lineno - 1, (statement.end_lineno or statement.lineno) - 1
            found.append(Step(first, last, expression, "\n".join(lines[:first])))
    return tuple(found)


def step_at(example: str, line: int) -> Step | None:
    """The step on a line, else the next one below, else the last."""
    found = steps(example)
    return next((step for step in found if line <= step.last), found[-1] if found else None)


def first_result(example: str) -> Step | None:
    """The first expression that stands alone: what the example is about; else the last one with a name."""
    found = steps(example)
    lines = example.splitlines()
    alone = (step for step in found if lines[step.first].startswith(step.expression.splitlines()[0]))
    return next(alone, found[-1] if found else None)


def _operation(expression: ast.expr) -> ast.expr:
    """What is done to tensors in `t.topk(2).indices`: the call, not what is asked of its result or its parts."""
    inner = expression.generators[0].iter if isinstance(expression, ast.ListComp) else expression
    while isinstance(inner, ast.Attribute) and inner.attr not in _TURNED:
        inner = inner.value
    return inner if isinstance(inner, ast.Call | ast.Subscript | ast.BinOp | ast.Attribute) else expression
