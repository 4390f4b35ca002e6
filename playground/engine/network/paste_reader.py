"""Follows a pasted text without running it: what its names stand for, and which layers a signal meets in turn."""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile

from playground.engine.network.paste_calls import Calls
from playground.engine.network.paste_values import (
    BatchSize,
    Function,
    Modules,
    Net,
    Row,
    Shape,
    Signal,
    Unread,
    Value,
    added,
    unreadable,
)
from playground.engine.problems import Problem

MAX_READS = 100_000
MAX_CALLS = 40

Scope = dict[str, Value]
_ARITHMETIC: Mapping[type, Callable[..., Value]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.Pow: lambda base, exponent: base**exponent if abs(exponent) <= 60 and abs(base) <= 1_000 else _LARGEST * 10,
}
_LARGEST = 10**15


class Reader:
    """Evaluates expressions and statements of one text.

    Attributes
    ----------
    notes : list of str
        What was mended or left out.
    names : dict
        What the names of the text stand for.
    classes : dict
        The classes that the text defines.
    """

    def __init__(self, flags: Mapping[int, str], own: Sequence[str]) -> None:
        self.notes: list[str] = []
        self.names: Scope = {}
        self.classes: dict[str, ast.ClassDef] = {}
        self.left_out: list[int] = []
        self.applied: set[int] = set()
        self.calls = Calls(self, flags, own)
        self._reads = self._depth = 0

    def tell(self, note: str) -> None:
        """Keep a note once."""
        if note not in self.notes:
            self.notes.append(note)

    def value(self, node: ast.expr, scope: Scope) -> Value:
        """What an expression stands for.

        Raises
        ------
        Problem
            `paste-unreadable`.
        """
        self._reads += 1
        if self._reads > MAX_READS:
            raise unreadable(node, "the text leads to more steps than can be followed; paste a smaller network")
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name | ast.Attribute):
            return self._named(node, scope)
        if isinstance(node, ast.Call):
            return self.calls.value(node, scope)
        if isinstance(node, ast.Tuple | ast.List):
            return self._several(node, scope)
        return self._computed(node, scope)

    def run(self, body: Sequence[ast.stmt], scope: Scope, lenient: bool) -> Value:
        """Follow statements up to the first `return`, and give what it returns.

        Raises
        ------
        Problem
            `paste-unreadable`; where it is `lenient`, only what is used later has to be readable.
        """
        for statement in body:
            if isinstance(statement, ast.Return):
                return None if statement.value is None else self.value(statement.value, scope)
            try:
                self._follow(statement, scope, lenient)
            except Problem as problem:
                if not lenient:
                    raise
                self._forget(statement, scope, problem)
        return None

    def call(self, at: ast.AST, function: Function, places: Sequence[Value], names: Mapping[str, Value]) -> Value:
        """What a function of the text returns.

        Raises
        ------
        Problem
            `paste-unreadable`.
        """
        definition, owner = function.definition, function.owner
        self._depth += 1
        if self._depth > MAX_CALLS:
            raise unreadable(at, f"{definition.name} calls itself; write its steps one under the other")
        scope = dict(self.names)
        scope |= self._bound(at, definition, ((owner,) if owner else ()) + tuple(places), names)
        result = self.run(definition.body, scope, definition.name == "__init__")
        self._depth -= 1
        return result

    def instance(self, at: ast.AST, name: str, places: Sequence[Value], names: Mapping[str, Value]) -> Net:
        """A net of a class that the text defines.

        Raises
        ------
        Problem
            `paste-unreadable`.
        """
        net = Net(self.classes[name])
        start = net.method("__init__")
        if start is not None:
            self.call(at, Function(start, net), places, names)
        return net

    def applied_to(self, at: ast.AST, module: Value, signal: Signal) -> Signal:
        """The signal behind a module.

        Raises
        ------
        Problem
            `paste-unreadable`.
        """
        if isinstance(module, Modules):
            return self.calls.behind(at, module, signal)
        if not isinstance(module, Net):
            raise unreadable(at, "only layers can be called with a tensor")
        forward = module.method("forward")
        if forward is None:
            return self._in_order(at, module, signal)
        result = self.call(forward, Function(forward, module), (signal,), {})
        if not isinstance(result, Signal):
            raise unreadable(forward, f"forward of {module.definition.name} must return one tensor")
        self._tell_unused(module)
        return result

    def nodes(self, at: ast.AST, module: Value) -> Row:
        """The nodes that a module is made of.

        Raises
        ------
        Problem
            `paste-unreadable`.
        """
        if isinstance(module, Unread):
            raise module.problem
        if isinstance(module, Modules):
            return module.nodes
        if isinstance(module, tuple | list):
            return tuple(node for one in module for node in self.nodes(at, one))
        if not isinstance(module, Net):
            raise unreadable(at, "a layer such as nn.Linear(2, 3) should stand here")
        return tuple(step.node for step in self.applied_to(at, module, Signal()).steps)

    def _follow(self, statement: ast.stmt, scope: Scope, lenient: bool) -> None:
        if isinstance(statement, ast.Assign):
            self._assign(statement, statement.targets, statement.value, scope)
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            self._assign(statement, [statement.target], statement.value, scope)
        elif isinstance(statement, ast.AugAssign):
            target = statement.target
            joined = ast.copy_location(ast.BinOp(target, statement.op, statement.value), statement)
            self._assign(statement, [target], joined, scope)
        elif isinstance(statement, ast.FunctionDef):
            scope[statement.name] = Function(statement)
        elif isinstance(statement, ast.ClassDef):
            self.classes[statement.name] = statement
        elif isinstance(statement, ast.Expr | ast.Import | ast.ImportFrom | ast.Pass | ast.Assert):
            self._tell_left_out(statement)
        elif lenient or isinstance(statement, ast.AnnAssign):
            raise unreadable(
                statement, "it is not a layer; paste nn.Conv2d(1, 6, 5), an nn.Sequential or a class with a forward"
            )
        else:
            word = type(statement).__name__.lower()
            raise unreadable(
                statement, f"'{word}' cannot be followed; write the steps that are taken one under the other"
            )

    def _assign(self, at: ast.stmt, targets: Sequence[ast.expr], value: ast.expr, scope: Scope) -> None:
        found = self.value(value, scope)
        for target in targets:
            self._store(at, target, found, scope)

    def _store(self, at: ast.stmt, target: ast.expr, found: Value, scope: Scope) -> None:
        if isinstance(target, ast.Tuple) and isinstance(found, tuple) and len(found) == len(target.elts):
            for part, one in zip(target.elts, found, strict=True):
                self._store(at, part, one, scope)
        elif isinstance(target, ast.Attribute) and isinstance(scope.get(ast.unparse(target.value)), Net):
            scope[ast.unparse(target.value)].attributes[target.attr] = found
        elif isinstance(target, ast.Name | ast.Attribute):
            scope[ast.unparse(target)] = found
        else:
            raise unreadable(at, f"{ast.unparse(target)} cannot be followed; give it a name of its own")

    def _forget(self, statement: ast.stmt, scope: Scope, problem: Problem) -> None:
        """A statement that cannot be read matters only to those who use its names."""
        self.left_out.append(statement.lineno)
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                scope[node.id] = Unread(problem)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                owner = scope.get(ast.unparse(node.value))
                attributes = owner.attributes if isinstance(owner, Net) else scope
                attributes[node.attr if isinstance(owner, Net) else ast.unparse(node)] = Unread(problem)

    def _named(self, node: ast.Name | ast.Attribute, scope: Scope) -> Value:
        written = ast.unparse(node)
        if written in scope:
            found = scope[written]
        elif isinstance(node, ast.Attribute) and _root(node) in scope:
            found = self._attribute(node, self.value(node.value, scope))
        else:
            raise unreadable(node, f"the text does not say what {written} is; write it out")
        if isinstance(found, Unread):
            raise found.problem
        return found

    def _attribute(self, node: ast.Attribute, owner: Value) -> Value:
        if isinstance(owner, Signal) and node.attr == "shape":
            return Shape()
        if isinstance(owner, Net) and node.attr in owner.attributes:
            return owner.attributes[node.attr]
        method = owner.method(node.attr) if isinstance(owner, Net) else None
        if method is None:
            raise unreadable(node, f"the text does not say what {ast.unparse(node)} is; write it out")
        return Function(method, owner)

    def _several(self, node: ast.Tuple | ast.List, scope: Scope) -> tuple[Value, ...]:
        found: list[Value] = []
        for part in node.elts:
            if isinstance(part, ast.Starred):
                inner = self.value(part.value, scope)
                found += inner if isinstance(inner, tuple) else self._children(part, inner)
            else:
                found.append(self.value(part, scope))
        return tuple(found)

    def _children(self, at: ast.AST, module: Value) -> list[Value]:
        return [Modules((node,)) for node in self.nodes(at, module)]

    def _computed(self, node: ast.expr, scope: Scope) -> Value:
        if isinstance(node, ast.BinOp):
            return self._joined(node, self.value(node.left, scope), self.value(node.right, scope))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            number = self.value(node.operand, scope)
            if isinstance(number, int | float):
                return -number if isinstance(node.op, ast.USub) else number
        if isinstance(node, ast.Subscript):
            return self._item(node, self.value(node.value, scope), self.value(node.slice, scope))
        raise unreadable(node, f"{_short(node)} cannot be followed; write layers and plain numbers")

    def _joined(self, node: ast.BinOp, left: Value, right: Value) -> Value:
        if isinstance(left, Signal) and isinstance(right, Signal) and isinstance(node.op, ast.Add):
            return added(left, right)
        compute = _ARITHMETIC.get(type(node.op))
        if compute is None or not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise unreadable(node, f"{_short(node)} cannot be followed; only sums of tensors and plain numbers can")
        try:
            number = compute(left, right)
        except ArithmeticError as error:
            raise unreadable(node, f"{_short(node)} has no value: {error}") from error
        if abs(number) > _LARGEST:
            raise unreadable(node, f"{_short(node)} is larger than any layer")
        return number

    def _item(self, node: ast.Subscript, owner: Value, index: Value) -> Value:
        if isinstance(owner, Shape) and index == 0:
            return BatchSize()
        items = owner if isinstance(owner, tuple) else None
        if isinstance(owner, Modules):
            items = tuple(Modules((one,)) for one in owner.nodes)
        if items is None or not isinstance(index, int) or not -len(items) <= index < len(items):
            raise unreadable(node, f"{_short(node)} cannot be followed; give the layer a name of its own")
        return items[index]

    def _bound(
        self, at: ast.AST, definition: ast.FunctionDef, places: Sequence[Value], names: Mapping[str, Value]
    ) -> Scope:
        arguments = definition.args
        order = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
        if len(places) > len(order):
            raise unreadable(at, f"{definition.name} takes {len(order)} arguments, not {len(places)}")
        scope: Scope = {}
        defaults = list(zip(order[len(order) - len(arguments.defaults) :], arguments.defaults, strict=True))
        only = zip((one.arg for one in arguments.kwonlyargs), arguments.kw_defaults, strict=True)
        for name, default in [*defaults, *only]:
            if default is not None:
                scope[name] = self._or_unread(default)
        scope |= dict(zip(order, places, strict=False)) | dict(names)
        for name in (*order, *(one.arg for one in arguments.kwonlyargs)):
            if name not in scope:
                missing = Problem(
                    "paste-unreadable",
                    line=definition.lineno,
                    detail=f"the text does not say what {name} is; write it out, or give it a default",
                )
                scope[name] = Unread(missing)
        return scope

    def _or_unread(self, node: ast.expr) -> Value:
        try:
            return self.value(node, self.names)
        except Problem as problem:
            return Unread(problem)

    def _in_order(self, at: ast.AST, net: Net, signal: Signal) -> Signal:
        self.tell(f"{net.definition.name} has no forward; its layers follow one another as __init__ makes them.")
        for module in net.attributes.values():
            if isinstance(module, Modules | Net):
                signal = self.applied_to(at, module, signal)
        return signal

    def _tell_unused(self, net: Net) -> None:
        for name, module in net.attributes.items():
            if isinstance(module, Modules) and module.nodes and id(module) not in self.applied:
                self.tell(f"self.{name} is never used in forward and was left out.")

    def _tell_left_out(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Constant):
            self.left_out += [] if says_nothing(statement.value) else [statement.lineno]


def says_nothing(node: ast.expr) -> bool:
    """Whether nobody would miss the call."""
    return ast.unparse(node).startswith(("super(", "print(", "nn.Module.__init__"))


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _short(node: ast.expr) -> str:
    text = "".join(takewhile(lambda character: character != "\n", ast.unparse(node)))
    return text if len(text) <= 40 else f"{text[:39]}\u2026"
