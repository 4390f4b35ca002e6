"""One operation found in what was typed, and the tensors it is applied to."""

import ast
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from playground.engine.problems import Problem
from playground.engine.tensors.operations.families import ELEMENTWISE

_BINARY: Mapping[type[ast.operator], tuple[str, Callable[..., Any], Callable[..., Any]]] = {
    ast.Add: ("add", operator.add, operator.iadd),
    ast.Sub: ("sub", operator.sub, operator.isub),
    ast.Mult: ("mul", operator.mul, operator.imul),
    ast.Div: ("div", operator.truediv, operator.itruediv),
    ast.FloorDiv: ("floor_divide", operator.floordiv, operator.ifloordiv),
    ast.Mod: ("remainder", operator.mod, operator.imod),
    ast.Pow: ("pow", operator.pow, operator.ipow),
    ast.MatMult: ("matmul", operator.matmul, operator.imatmul),
    ast.BitAnd: ("bitwise_and", operator.and_, operator.iand),
    ast.BitOr: ("bitwise_or", operator.or_, operator.ior),
    ast.BitXor: ("bitwise_xor", operator.xor, operator.ixor),
}
_COMPARE: Mapping[type[ast.cmpop], tuple[str, Callable[..., Any]]] = {
    ast.Eq: ("eq", operator.eq),
    ast.NotEq: ("ne", operator.ne),
    ast.Lt: ("lt", operator.lt),
    ast.LtE: ("le", operator.le),
    ast.Gt: ("gt", operator.gt),
    ast.GtE: ("ge", operator.ge),
}
_UNARY: Mapping[type[ast.unaryop], tuple[str, Callable[..., Any]]] = {
    ast.USub: ("neg", operator.neg),
    ast.Invert: ("bitwise_not", operator.invert),
}
_LAYERS: Mapping[type[nn.Module], tuple[str, Callable[..., Any]]] = {
    nn.Linear: ("linear", functional.linear),
    nn.Embedding: ("embedding", functional.embedding),
}
_TURNED = ("T", "mT", "H", "mH")
_TAKES_NUMBERS = ELEMENTWISE | {"where", "setitem"}


@dataclass(frozen=True, slots=True)
class Operand:
    """A tensor (or number) that takes part, and how it was typed."""

    label: str
    value: Any


@dataclass(frozen=True, slots=True)
class Application:
    """An operation with its arguments, in which an `Operand` stands wherever a tensor does."""

    name: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]
    in_place: bool

    @property
    def operands(self) -> tuple[Operand, ...]:
        """All operands, in the order in which they were typed."""
        return tuple(_operands([*self.arguments, *self.keywords.values()]))

    def apply(self, values: Sequence[Any]) -> Any:
        """Do it, with these values in place of the operands."""
        source = iter(values)
        arguments = [_filled(argument, source) for argument in self.arguments]
        return self.function(*arguments, **{key: _filled(value, source) for key, value in self.keywords.items()})

    def numbers(self, *places: int | str) -> tuple[int, ...]:
        """Which operands stand in these arguments (positions and keywords)."""
        known = {id(operand): number for number, operand in enumerate(self.operands)}
        return tuple(known[id(operand)] for place in places for operand in _operands(self.argument(place)))

    def argument(self, place: int | str) -> Any:
        """The argument at a position or of a keyword; None where there is none."""
        if isinstance(place, str):
            return self.keywords.get(place)
        return self.arguments[place] if place < len(self.arguments) else None


def read(text: str, namespace: Mapping[str, Any]) -> Application:
    """Find the outermost operation and evaluate its operands.

    Raises
    ------
    Problem
        "operation-none" where there is no operation, or more than one statement.
    Exception
        Whatever the evaluation of an operand raises; a SyntaxError where the text is no Python.
    """
    body = ast.parse(text.strip()).body
    if len(body) != 1:
        raise Problem("operation-none", text=text.strip())
    found = read_node(body[0], namespace)
    if found is None:
        raise Problem("operation-none", text=text.strip())
    return found


def read_node(node: ast.stmt | ast.expr, namespace: Mapping[str, Any]) -> Application | None:
    """The outermost operation of syntax that is parsed already; None where there is none."""
    reader = _Reader(namespace)
    return reader.expression(node) if isinstance(node, ast.expr) else reader.statement(node)


class _Reader:
    """Reads syntax with the names of a namespace."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._names = dict(namespace)

    def statement(self, node: ast.stmt) -> Application | None:
        if isinstance(node, ast.Expr):
            return self.expression(node.value)
        if isinstance(node, ast.AugAssign):
            name, _, function = _BINARY.get(type(node.op), ("", None, None))
            target = ast.parse(ast.unparse(node.target), mode="eval").body  # as something to read, not to write
            return self._plain(f"{name}_", function, target, node.value, in_place=True) if function else None
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            return (
                self._written(target, node.value) if isinstance(target, ast.Subscript) else self.expression(node.value)
            )
        return None

    def expression(self, node: ast.expr) -> Application | None:
        if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            name, function, _ = _BINARY[type(node.op)]
            return self._plain(name, function, node.left, node.right)
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARE:
            return self._plain(*_COMPARE[type(node.ops[0])], node.left, node.comparators[0])
        if isinstance(node, ast.UnaryOp) and type(node.op) in _UNARY:
            return self._plain(*_UNARY[type(node.op)], node.operand)
        if isinstance(node, ast.Subscript):
            return self._plain("getitem", operator.getitem, node.value, node.slice)
        if isinstance(node, ast.Call):
            return self._call(node)
        return self._turned(node) if isinstance(node, ast.Attribute) else None

    def _plain(
        self, name: str, function: Callable[..., Any], *nodes: ast.expr, in_place: bool = False
    ) -> Application | None:
        numbers = name not in ("getitem", "matmul")
        arguments = tuple(self._tree(node, numbers=numbers) for node in nodes)
        found = Application(name, function, arguments, {}, in_place)
        return found if any(isinstance(operand.value, Tensor) for operand in found.operands) else None

    def _written(self, target: ast.Subscript, value: ast.expr) -> Application | None:
        written = Operand(ast.unparse(value), self._value(value))
        if not isinstance(written.value, Tensor):
            written = Operand(written.label, torch.as_tensor(written.value))
        arguments = (self._tree(target.value), self._tree(target.slice), written)
        return Application("setitem", _set, arguments, {}, in_place=True)

    def _turned(self, node: ast.Attribute) -> Application | None:
        base = self._tree(node.value)
        if node.attr not in _TURNED or not isinstance(base, Operand):
            return None
        return Application(node.attr, operator.attrgetter(node.attr), (base,), {}, in_place=False)

    def _call(self, node: ast.Call) -> Application:
        base = self._tree(node.func.value) if isinstance(node.func, ast.Attribute) else None
        if isinstance(node.func, ast.Attribute) and isinstance(base, Operand):
            name, function, first = node.func.attr, _method(node.func.attr), [base]
        else:
            function, first = self._value(node.func), []
            name = getattr(function, "__name__", type(function).__name__).removeprefix("linalg_")
        numbers = name.rstrip("_") in _TAKES_NUMBERS
        arguments = (*first, *(tree for argument in node.args for tree in self._argument(argument, numbers=numbers)))
        keywords = self._keywords(node.keywords)
        if type(function) in _LAYERS:
            return _layer(function, ast.unparse(node.func), arguments)
        in_place = "out" in keywords or (name.endswith("_") and not name.endswith("__"))
        return Application(name, function, arguments, keywords, in_place)

    def _argument(self, node: ast.expr, *, numbers: bool) -> Iterator[Any]:
        if isinstance(node, ast.Starred):
            yield from self._tree(node.value, numbers=numbers)
        else:
            yield self._tree(node, numbers=numbers)

    def _keywords(self, nodes: Sequence[ast.keyword]) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for keyword in nodes:
            tree = self._tree(keyword.value)
            given |= tree if keyword.arg is None else {keyword.arg: tree}
        return given

    def _tree(self, node: ast.expr, *, numbers: bool = False) -> Any:
        """The value of an argument, with an operand for each tensor in it (and each number, where they count)."""
        if isinstance(node, ast.Tuple | ast.List) and not any(isinstance(item, ast.Starred) for item in node.elts):
            trees = [self._tree(item, numbers=numbers) for item in node.elts]
            return tuple(trees) if isinstance(node, ast.Tuple) else trees
        if isinstance(node, ast.Slice):
            return slice(*(part and self._value(part) for part in (node.lower, node.upper, node.step)))
        return _labelled(ast.unparse(node), self._value(node), numbers=numbers)

    def _value(self, node: ast.expr) -> Any:
        return eval(compile(ast.Expression(node), "<operation>", "eval"), self._names)


def _layer(layer: Any, label: str, arguments: tuple[Any, ...]) -> Application:
    """A layer that only applies its weights, as the function that it calls, so that the weights are operands too."""
    name, function = _LAYERS[type(layer)]
    found = [(part, getattr(layer, part, None)) for part in ("weight", "bias")]
    own = [Operand(f"{label}.{part}", value) for part, value in found if isinstance(value, Tensor)]
    return Application(name, function, (*arguments, *own), {}, in_place=False)


def _labelled(label: str, value: Any, *, numbers: bool) -> Any:
    if isinstance(value, Tensor) or (numbers and isinstance(value, bool | int | float | complex)):
        return Operand(label, value)
    if type(value) in (list, tuple):
        items = [_labelled(f"{label}[{place}]", item, numbers=numbers) for place, item in enumerate(value)]
        return items if isinstance(value, list) else tuple(items)
    return value


def _operands(tree: Any) -> Iterator[Operand]:
    if isinstance(tree, Operand):
        yield tree
    elif type(tree) in (list, tuple):
        for item in tree:
            yield from _operands(item)


def _filled(tree: Any, source: Iterator[Any]) -> Any:
    if isinstance(tree, Operand):
        return next(source)
    if type(tree) in (list, tuple):
        return type(tree)(_filled(item, source) for item in tree)
    return tree


def _method(name: str) -> Callable[..., Any]:
    def call(base: Any, *arguments: Any, **keywords: Any) -> Any:
        return getattr(base, name)(*arguments, **keywords)

    return call


def _set(base: Any, index: Any, value: Any) -> Any:
    base[index] = value
    return base
