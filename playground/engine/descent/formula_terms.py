"""The parts of a formula that was read: numbers, and closures over tensors, each with its plain text in torch.

A result never depends on how many numbers are computed at once. On the CPU torch rounds some functions differently in a
vector register and alone (powers, sigmoid, softplus); those get a batch whose elements lie apart, which torch computes
one by one.
"""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
from torch import Tensor

from playground.engine.descent.formula_names import FUNCTIONS, PAIRS

Values: TypeAlias = tuple[Tensor, ...]
Unary: TypeAlias = Callable[[Tensor], Tensor]

SUM, PRODUCT, SIGN, POWER, ATOM = range(1, 6)
"""How tightly a term holds together, loosest first; decides where brackets stand in the text."""

STEADY = FUNCTIONS.keys() - {"atanh", "sigmoid", "softplus", "silu", "gelu", "elu"}
"""Functions that torch rounds alike in batches of every size."""

_STEADY_POWERS = frozenset((-1.0, 0.0, 0.5, 1.0, 2.0, 3.0))
_EXACT = 2.0**53
_OPERATORS: dict[str, tuple[Callable[[Any, Any], Any], int]] = {
    "+": (operator.add, SUM),
    "-": (operator.sub, SUM),
    "*": (operator.mul, PRODUCT),
    "/": (operator.truediv, PRODUCT),
}


@dataclass(frozen=True)
class Number:
    """What does not depend on a variable."""

    value: float
    source: str
    binding: int = ATOM


@dataclass(frozen=True)
class Expression:
    """What depends on a variable: `evaluate` takes the variables' tensors."""

    evaluate: Callable[[Values], Tensor]
    source: str
    binding: int = ATOM


Term: TypeAlias = Number | Expression


def number(value: float, source: str = "", binding: int = ATOM) -> Number:
    """A number; as text its own source, unless Python's whole numbers would go on where floats round.

    Raises
    ------
    ArithmeticError
        For a value that is not finite.
    """
    if not math.isfinite(value):
        raise OverflowError
    if source and abs(value) < _EXACT:
        return Number(value, source, binding)
    return Number(value, repr(value), SIGN if value < 0 else ATOM)


def variable(position: int, name: str) -> Expression:
    """The variable that stands at this position among the formula's."""
    return Expression(operator.itemgetter(position), name)


def negative(term: Term) -> Term:
    """The term with a minus in front of it."""
    source = f"-{_bracketed(term, SIGN)}"
    if isinstance(term, Number):
        return number(-term.value, source, SIGN)
    inner = term.evaluate
    return Expression(lambda values: -inner(values), source, SIGN)


def combined(sign: str, left: Term, right: Term) -> Term:
    """Two terms joined by +, -, * or /.

    Raises
    ------
    ArithmeticError
        Where two numbers have no finite result.
    """
    join, binding = _OPERATORS[sign]
    source = f"{_bracketed(left, binding)} {sign} {_bracketed(right, binding + 1)}"
    return _joined(join, left, right, source, binding)


def power(base: Term, exponent: Term) -> Term:
    """One term to the power of another.

    Raises
    ------
    ArithmeticError, ValueError
        Where two numbers have no finite real result.
    """
    source = f"{_bracketed(base, ATOM)}**{_bracketed(exponent, SIGN)}"
    if isinstance(base, Number) and isinstance(exponent, Number):
        return number(math.pow(base.value, exponent.value), source, POWER)
    is_steady = isinstance(exponent, Number) and exponent.value in _STEADY_POWERS
    return _joined(operator.pow if is_steady else _power_one_by_one, base, exponent, source, POWER)


def called(name: str, argument: Term) -> Term:
    """A function of one number, by its name in `FUNCTIONS`.

    Raises
    ------
    ValueError
        Where the function has no finite value for this number.
    """
    function = torch_function(name)
    if isinstance(argument, Number):
        value = float(function(torch.tensor(argument.value, dtype=torch.float64)))
        if not math.isfinite(value):
            raise ValueError
        return number(value)
    apply, inner = (function if name in STEADY else _one_by_one(function)), argument.evaluate
    return Expression(lambda values: apply(inner(values)), f"{FUNCTIONS[name]}({argument.source})")


def larger_or_smaller(name: str, left: Term, right: Term) -> Term:
    """The larger or the smaller of two terms, by a name in `PAIRS`."""
    is_larger = PAIRS[name] == "torch.maximum"
    if isinstance(left, Number) and isinstance(right, Number):
        return max(left, right, key=_value) if is_larger else min(left, right, key=_value)
    if isinstance(left, Number):
        left, right = right, left
    assert isinstance(left, Expression)
    inner = left.evaluate
    if isinstance(right, Number):
        clamp, bound, side = (
            (torch.clamp_min, right.value, "min") if is_larger else (torch.clamp_max, right.value, "max")
        )
        source = f"torch.clamp_{side}({left.source}, {right.source})"
        return Expression(lambda values: clamp(inner(values), bound), source)
    choose, other = (torch.maximum if is_larger else torch.minimum), right.evaluate
    return Expression(
        lambda values: choose(inner(values), other(values)), f"{PAIRS[name]}({left.source}, {right.source})"
    )


def torch_function(name: str) -> Unary:
    """The function of torch behind a name in `FUNCTIONS`."""
    function: Any = torch
    for part in FUNCTIONS[name].split(".")[1:]:
        function = getattr(function, part)
    return function  # type: ignore[no-any-return]


def _joined(join: Callable[[Any, Any], Any], left: Term, right: Term, source: str, binding: int) -> Term:
    match left, right:
        case Number(value=first), Number(value=second):
            return number(join(first, second), source, binding)
        case Number(value=first), Expression(evaluate=inner):
            return Expression(lambda values: join(first, inner(values)), source, binding)
        case Expression(evaluate=inner), Number(value=second):
            return Expression(lambda values: join(inner(values), second), source, binding)
        case Expression(evaluate=inner), Expression(evaluate=other):
            return Expression(lambda values: join(inner(values), other(values)), source, binding)
    raise TypeError(f"{left} and {right} are not terms")


def _bracketed(term: Term, least: int) -> str:
    return term.source if term.binding >= least else f"({term.source})"


def _value(term: Number) -> float:
    return term.value


def _one_by_one(function: Unary) -> Unary:
    return lambda x: function(_apart(x))


def _power_one_by_one(base: Tensor | float, exponent: Tensor | float) -> Any:
    return _apart(base) ** _apart(exponent)


def _apart(x: Tensor | float) -> Any:
    """The same numbers, of a batch on the CPU every other one in memory."""
    if not isinstance(x, Tensor) or x.ndim == 0 or x.device.type != "cpu":
        return x
    return torch.stack((x, x), dim=-1)[..., 0]
