"""A formula typed by the user, read with `ast` against lists of what is allowed; nothing of it is ever executed.

Every number in a formula is a float, and what does not depend on a variable is computed once, when it is read.
"""

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor

from playground.engine.descent import formula_terms as terms
from playground.engine.descent.formula_correction import corrected
from playground.engine.descent.formula_names import CONSTANTS, FUNCTIONS, PAIRS
from playground.engine.problems import Problem

LONGEST = 500
DEEPEST = 100

_SHOWN = 60
_PREFIXES = ("torch.nn.functional.", "torch.", "F.")
_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_OTHER_OPERATORS: dict[type[ast.operator], str] = {
    ast.BitXor: "^",
    ast.Mod: "%",
    ast.FloorDiv: "//",
    ast.MatMult: "@",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitAnd: "&",
    ast.BitOr: "|",
}
_REFUSED: dict[type[ast.expr], str] = {
    ast.Attribute: "a dot after a name",
    ast.Subscript: "a square bracket after a name",
    ast.Lambda: "lambda",
    ast.IfExp: "if",
    ast.Compare: "a comparison",
    ast.BoolOp: "and, or",
    ast.NamedExpr: "an assignment",
    ast.JoinedStr: "a text in quotes",
    ast.Tuple: "a comma (numbers have a decimal point)",
    ast.List: "a list",
    ast.ListComp: "a loop",
    ast.SetComp: "a loop",
    ast.DictComp: "a loop",
    ast.GeneratorExp: "a loop",
    ast.Starred: "a star before a name",
}


@dataclass(frozen=True)
class ParsedFormula:
    """A formula that can be computed.

    Called with one tensor per variable, all of one shape, it gives a tensor of that shape, through which autograd goes
    back. `source` is the same as plain text in torch. A formula without variables is its value plus 0 times the first.
    """

    text: str
    variables: tuple[str, ...]
    source: str
    evaluate: Callable[[terms.Values], Tensor]

    def __call__(self, *values: Tensor) -> Tensor:
        return self.evaluate(values)


def parse(text: str, variables: Sequence[str] = ("x", "y")) -> ParsedFormula:
    """Read a formula in these variables.

    Known are numbers, pi, e, + - * / **, brackets, and the functions of `formula_names`, also written `torch.sin(x)`.

    Raises
    ------
    Problem
        "formula-wrong" with a sentence that says what, where and how to mend it. Its field `correction` is a formula
        that can be used and was probably meant, or empty.
    """
    try:
        return _read(text, tuple(variables))
    except _Refused as refused:
        near = _correction(text, tuple(variables))
        shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
        hint = f" (did you mean {near}?)" if near and len(near) <= _SHOWN else ""
        raise Problem("formula-wrong", text=shown, detail=f"{refused}{hint}", correction=near) from None


class _Refused(Exception):
    """Why a formula is not used, as part of a sentence."""


def _read(text: str, variables: tuple[str, ...]) -> ParsedFormula:
    term = _Reader(variables).term(_tree(text), 0)
    if isinstance(term, terms.Number):
        first = terms.combined("*", terms.Number(0.0, "0"), terms.variable(0, variables[0]))
        term = terms.combined("+", first, term)
    assert isinstance(term, terms.Expression)
    return ParsedFormula(text, variables, term.source, term.evaluate)


def _tree(text: str) -> ast.expr:
    text = " ".join(text.split())
    if not text:
        raise _Refused("it is empty; write for example x**2 + y**2")
    if len(text) > LONGEST:
        raise _Refused(f"it has {len(text)} characters, more than the {LONGEST} that are read")
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        reason = error.msg.partition(". ")[0]
        raise _Refused(f"it breaks off at column {min(error.offset or len(text), len(text))}, {reason}") from None
    except (RecursionError, MemoryError, ValueError):
        raise _Refused("it cannot be read as one expression; write it shorter") from None


def _correction(text: str, variables: tuple[str, ...]) -> str:
    """A readable formula that was probably meant, or nothing."""
    near = corrected(text[:LONGEST], variables)
    try:
        _read(near, variables)
    except _Refused:
        return ""
    return near


class _Reader:
    """Turns nodes of the syntax tree into terms."""

    def __init__(self, variables: tuple[str, ...]) -> None:
        self._variables = variables

    def term(self, node: ast.expr, depth: int) -> terms.Term:
        """The term of a node; numbers without a finite value are refused here."""
        if depth > DEEPEST:
            raise _Refused(f"more than {DEEPEST} operations stand inside each other; write it shorter")
        try:
            return self._term(node, depth + 1)
        except ZeroDivisionError:
            raise _Refused(f"it divides by zero {_at(node)}") from None
        except OverflowError:
            raise _Refused(f"the number {_at(node)} is too large") from None
        except ValueError:
            raise _Refused(f"what stands {_at(node)} has no finite real value") from None

    def _term(self, node: ast.expr, depth: int) -> terms.Term:
        match node:
            case ast.Constant(value=bool() | None) | ast.Constant(value=str() | bytes() | complex()):
                raise _Refused(f"{node.value!r} {_at(node)} is not a number")
            case ast.Constant(value=int() | float() as value):
                return terms.number(float(value), repr(value))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return terms.negative(self.term(operand, depth))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.term(operand, depth)
            case ast.BinOp():
                return self._operation(node, depth)
            case ast.Call():
                return self._call(node, depth)
            case ast.Name() | ast.Attribute():
                return self._name(node)
        raise _not_allowed(node)

    def _operation(self, node: ast.BinOp, depth: int) -> terms.Term:
        left, right = self.term(node.left, depth), self.term(node.right, depth)
        if isinstance(node.op, ast.Pow):
            return terms.power(left, right)
        sign = _OPERATORS.get(type(node.op))
        if sign is None:
            unknown = _OTHER_OPERATORS[type(node.op)]
            raise _Refused(f"{unknown} after column {node.left.end_col_offset} is not known here; there are + - * / **")
        return terms.combined(sign, left, right)

    def _call(self, node: ast.Call, depth: int) -> terms.Term:
        name = _short_name(node.func)
        if name is None or name in self._variables or name in CONSTANTS:
            raise _Refused(f"what stands {_at(node)} is not a function; write * between two factors")
        wanted = 1 if name in FUNCTIONS else 2 if name in PAIRS else 0
        if not wanted:
            raise _Refused(f"there is no function {name} {_at(node)}")
        if len(node.args) != wanted or node.keywords:
            raise _Refused(f"{name} {_at(node)} takes {'one number' if wanted == 1 else 'two numbers'}")
        arguments = [self.term(argument, depth) for argument in node.args]
        if wanted == 1:
            return terms.called(name, arguments[0])
        return terms.larger_or_smaller(name, *arguments)

    def _name(self, node: ast.Name | ast.Attribute) -> terms.Term:
        name = _short_name(node)
        if name is None:
            raise _not_allowed(node)
        if name in self._variables:
            return terms.variable(self._variables.index(name), name)
        if name in CONSTANTS:
            return terms.number(CONSTANTS[name], f"torch.{name}")
        if name in FUNCTIONS or name in PAIRS:
            raise _Refused(f"{name} {_at(node)} needs brackets, as in {name}({self._variables[0]})")
        known = " and ".join(self._variables)
        raise _Refused(f"there is no {name} {_at(node)}; use {known}")


def _not_allowed(node: ast.expr) -> _Refused:
    what = _REFUSED.get(type(node), "what stands")
    return _Refused(f"{what} {_at(node)} is not allowed; use numbers, names, brackets and + - * / **")


def _short_name(node: ast.expr) -> str | None:
    """A plain name, or one behind torch's; None for everything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    whole = ".".join([node.id, *parts])
    short = next((whole.removeprefix(prefix) for prefix in _PREFIXES if whole.startswith(prefix)), whole)
    return None if "." in short else short


def _at(node: ast.expr) -> str:
    return f"at column {node.col_offset + 1}"
