"""What a call in a pasted text stands for: a layer, a container, a step of the signal, a net of the text."""

import ast
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

import msgspec

from playground.engine.network.paste_layers import FUNCTIONS, function_layer, kind_named, layer, plain_args
from playground.engine.network.paste_values import (
    BatchSize,
    Function,
    Modules,
    Net,
    Row,
    Signal,
    Step,
    Value,
    added,
    concatenated,
    unreadable,
)
from playground.engine.network.spec import Branches, Custom, Init, Layer, Node, Repeat, Residual, walk
from playground.engine.spec import Args

if TYPE_CHECKING:
    from playground.engine.network.paste_reader import Reader, Scope

MAX_NODES = 5_000
_PASS_MODULE = ("to", "cuda", "cpu", "eval", "train", "float", "half", "double")
_PASS_SIGNAL = ("to", "cuda", "cpu", "float", "contiguous", "clone", "type")
_CONTAINERS = ("Sequential", "ModuleList", "OrderedDict", "Residual", "Branches", "Repeat")
_WEIGHTED = re.compile(r"Linear|Conv|Norm|Embedding")


class Calls:
    """The calls that one reader meets; `own` are the custom layers of the document."""

    def __init__(self, reader: "Reader", flags: Mapping[int, str], own: Sequence[str]) -> None:
        self._reader = reader
        self._flags = dict(flags)
        self._own = own
        self._nodes = 0

    def value(self, node: ast.Call, scope: "Scope") -> Value:
        """What the call gives.

        Raises
        ------
        Problem
            `paste-unreadable`.
        """
        function = node.func
        if isinstance(function, ast.Attribute) and _is_known(function.value, scope):
            owner = self._reader.value(function.value, scope)
            if isinstance(owner, Signal):
                return self._method(node, function.attr, owner, scope)
            if isinstance(owner, Modules) or (isinstance(owner, Net) and owner.method(function.attr) is None):
                passed = self._module_method(node, function.attr, owner, scope)
                if passed is not None:
                    return passed
        if isinstance(function, ast.Call) or _is_known(function, scope):
            return self._called(node, self._reader.value(function, scope), scope)
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        return self._by_name(node, name, scope)

    def behind(self, at: ast.AST, module: Modules, signal: Signal) -> Signal:
        """The signal behind layers; what learns and is used twice gets weights of its own in each place."""
        learns = any(
            isinstance(one, Custom) or _WEIGHTED.search(getattr(one, "kind", "")) for one in walk(module.nodes)
        )
        if id(module) in self._reader.applied and learns:
            kinds = ", ".join(dict.fromkeys(getattr(one, "kind", type(one).__name__) for one in module.nodes))
            line = getattr(at, "lineno", 1)
            self._reader.tell(f"Line {line}: {kinds} used twice: here each place has weights of its own.")
        self._reader.applied.add(id(module))
        self._count(at, len(module.nodes))
        return Signal((*signal.steps, *(Step(one) for one in module.nodes)))

    def _called(self, node: ast.Call, function: Value, scope: "Scope") -> Value:
        places, names = self._arguments(node, scope)
        if isinstance(function, Function):
            return self._reader.call(node, function, places, names)
        if len(places) != 1 or names or not isinstance(places[0], Signal):
            raise unreadable(node, f"{ast.unparse(node.func)[:40]} must be called with one tensor")
        return self._reader.applied_to(node, function, places[0])

    def _by_name(self, node: ast.Call, name: str, scope: "Scope") -> Value:
        if name == "len" and len(node.args) == 1 and isinstance(self._reader.value(node.args[0], scope), Signal):
            return BatchSize()
        places, names = self._arguments(node, scope)
        if name in self._reader.classes:
            return self._reader.instance(node, name, places, names)
        if places and isinstance(places[0], Signal) and not name[:1].isupper():
            return self._function(node, name, places, names)
        if name in ("cat", "concat", "concatenate"):
            return self._concatenation(node, places, names)
        if name in _CONTAINERS:
            return self._container(node, name, places, names)
        if not name[:1].isupper() and not _of_nn(node.func):
            raise unreadable(node, f"what {name or 'this call'} gives is not known; write layers and plain numbers")
        if name in self._own:
            return self._single(node, Custom(id="", name=name, args=plain_args(node, _only_named(node, places, names))))
        kind = kind_named(node, name, [*_CONTAINERS[:1], *self._own], self._reader.tell)
        if kind in _CONTAINERS:
            return self._container(node, kind, places, names)
        return self._single(node, layer(node, kind, places, names, self._reader.tell))

    def _function(self, node: ast.Call, name: str, places: Sequence[Value], names: Mapping[str, Value]) -> Signal:
        signal = places[0]
        if name == "add" and len(places) == 2 and isinstance(places[1], Signal):
            return added(signal, places[1])
        if name == "reshape":
            return self._reshaped(node, signal, _shape_given(places[1:]))
        return self._stepped(signal, function_layer(node, name, places[1:], names, self._reader.tell))

    def _method(self, node: ast.Call, name: str, signal: Signal, scope: "Scope") -> Value:
        if name in _PASS_SIGNAL:
            return signal
        places, names = self._arguments(node, scope)
        if name == "size" and places == (0,):
            return BatchSize()
        if name in ("view", "reshape"):
            return self._reshaped(node, signal, _shape_given(places))
        if name == "mean" and (list(places) + list(names.values()))[:1] in ([(2, 3)], [(-2, -1)], [(-1, -2)]):
            pool = Layer(id="", kind="AdaptiveAvgPool2d", args=Args(output_size=1))
            return self._stepped(self._stepped(signal, pool), Layer(id="", kind="Flatten"))
        if name in FUNCTIONS:
            return self._stepped(signal, function_layer(node, name, places, names, self._reader.tell))
        raise unreadable(node, f"what .{name}() does cannot be told by layers; use view, flatten or a layer of nn")

    def _module_method(self, node: ast.Call, name: str, module: Value, scope: "Scope") -> Value:
        if name in _PASS_MODULE:
            return module
        if name == "requires_grad_":
            on = self._arguments(node, scope)[0][:1] != (False,)
            return Modules(tuple(_frozen(one, not on) for one in self._reader.nodes(node, module)))
        if name in ("forward", "__call__"):
            return self._called(node, module, scope)
        return None

    def _reshaped(self, node: ast.Call, signal: Signal, shape: Sequence[Value]) -> Signal:
        batch = shape and (isinstance(shape[0], BatchSize) or shape[0] == -1 or shape[1:] == (-1,))
        sizes = shape[1:]
        if not batch or not sizes or not all(isinstance(size, int) and not isinstance(size, bool) for size in sizes):
            raise unreadable(node, "only x.view(x.size(0), -1) and x.view(-1, 1, 28, 28) can be told by layers")
        flat = self._stepped(signal, Layer(id="", kind="Flatten"))
        if len(sizes) == 1:
            return flat
        return self._stepped(flat, Layer(id="", kind="Unflatten", args=Args(dim=1, unflattened_size=tuple(sizes))))

    def _concatenation(self, node: ast.Call, places: Sequence[Value], names: Mapping[str, Value]) -> Signal:
        signals = places[0] if places else names.get("tensors")
        dim = places[1] if len(places) > 1 else names.get("dim", names.get("axis", 0))
        if not (isinstance(signals, tuple) and signals and all(isinstance(one, Signal) for one in signals)):
            raise unreadable(node, "torch.cat must be given a list of tensors")
        if dim != 1:
            raise unreadable(
                node, f"torch.cat along dimension {dim} is no block here; only dimension 1, the channels, is"
            )
        return concatenated(list(signals))

    def _container(self, node: ast.Call, name: str, places: Sequence[Value], names: Mapping[str, Value]) -> Modules:
        if name in ("Sequential", "ModuleList", "OrderedDict"):
            if names:
                raise unreadable(node, f"{name} takes its layers without names; take away {next(iter(names))}=")
            return self._row(node, _values(places))
        if name == "Branches":
            rows = places[0] if len(places) == 1 and isinstance(places[0], tuple) else places
            block: Node = Branches(id="", branches=tuple(self._reader.nodes(node, row) for row in rows))
        elif name == "Residual":
            both = [*places, names.get("shortcut", Modules(()))][:2] if places else [Modules(()), Modules(())]
            body, shortcut = (self._reader.nodes(node, part) for part in both)
            block = Residual(id="", body=body, shortcut=shortcut)
        else:
            times = names.get("times", places[1] if len(places) > 1 else 2)
            if not isinstance(times, int) or isinstance(times, bool) or not 1 <= times <= 1_000:
                raise unreadable(node, "times must be a whole number from 1 to 1,000")
            block = Repeat(id="", body=self._reader.nodes(node, places[:1]), times=times)
        return self._single(node, block)

    def _row(self, node: ast.Call, modules: Sequence[Value]) -> Modules:
        nodes = tuple(one for module in modules for one in self._reader.nodes(node, module))
        self._count(node, len(nodes))
        return Modules(nodes)

    def _single(self, node: ast.Call, made: Node) -> Modules:
        self._count(node, 1)
        flags = self._flags.pop(node.lineno, "")
        return Modules((_flagged(made, flags),))

    def _stepped(self, signal: Signal, made: Layer) -> Signal:
        return Signal((*signal.steps, Step(made)))

    def _arguments(self, node: ast.Call, scope: "Scope") -> tuple[tuple[Value, ...], dict[str, Value]]:
        places = self._reader.value(ast.copy_location(ast.Tuple(node.args, ast.Load()), node), scope)
        names: dict[str, Value] = {}
        for keyword in node.keywords:
            if keyword.arg is not None:
                names[keyword.arg] = self._lenient(keyword, scope)
            elif isinstance(keyword.value, ast.Dict):
                names |= self._spelled(keyword.value, scope)
            else:
                raise unreadable(node, "arguments behind ** cannot be followed; write them by their names")
        return places, names

    def _lenient(self, keyword: ast.keyword, scope: "Scope") -> Value:
        """`training=self.training` and `device=device` say nothing about the layers."""
        if keyword.arg in ("training", "device", "dtype"):
            return None
        return self._reader.value(keyword.value, scope)

    def _spelled(self, node: ast.Dict, scope: "Scope") -> dict[str, Value]:
        pairs = zip(node.keys, node.values, strict=True)
        return {
            str(key.value): self._reader.value(value, scope) for key, value in pairs if isinstance(key, ast.Constant)
        }

    def _count(self, at: ast.AST, more: int) -> None:
        self._nodes += more
        if self._nodes > 4 * MAX_NODES:
            raise unreadable(at, f"the text makes more than {MAX_NODES:,} layers; paste a smaller network")


def _is_known(node: ast.expr, scope: "Scope") -> bool:
    """Whether the expression begins with a name of the text, not with nn, F or torch."""
    if isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node) in scope:
        return True
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript | ast.BinOp):
        if isinstance(node, ast.Call):
            return True
        if isinstance(node, ast.BinOp):
            return True
        node = node.value
    return isinstance(node, ast.Name) and node.id in scope


def _of_nn(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and ast.unparse(function.value) in ("nn", "torch.nn")


def _values(places: Sequence[Value]) -> list[Value]:
    """The modules of a container: as they come, as a list, or as pairs of names and modules."""
    flat: list[Value] = []
    for one in places:
        if isinstance(one, tuple):
            flat += _values(one)
        elif not isinstance(one, str):
            flat.append(one)
    return flat


def _shape_given(places: Sequence[Value]) -> tuple[Value, ...]:
    return places[0] if len(places) == 1 and isinstance(places[0], tuple) else tuple(places)


def _only_named(node: ast.Call, places: Sequence[Value], names: Mapping[str, Value]) -> Mapping[str, Value]:
    if places:
        raise unreadable(node, f"write the arguments of {ast.unparse(node.func)} by their names")
    return names


def _frozen(node: Node, frozen: bool) -> Node:
    if isinstance(node, Layer | Custom):
        return msgspec.structs.replace(node, frozen=frozen)
    if isinstance(node, Branches):
        return msgspec.structs.replace(node, branches=tuple(_all_frozen(row, frozen) for row in node.branches))
    changed = msgspec.structs.replace(node, body=_all_frozen(node.body, frozen))
    if isinstance(changed, Residual):
        return msgspec.structs.replace(changed, shortcut=_all_frozen(changed.shortcut, frozen))
    return changed


def _all_frozen(nodes: Row, frozen: bool) -> Row:
    return tuple(_frozen(node, frozen) for node in nodes)


def _flagged(node: Node, flags: str) -> Node:
    """The node as its comment has it: `off`, `frozen`, `init zeros`."""
    words = [word.strip() for word in flags.split(",")]
    changes: dict[str, Any] = {"enabled": False} if "off" in words else {}
    if isinstance(node, Layer | Custom) and "frozen" in words:
        changes["frozen"] = True
    init = next((word.removeprefix("init ") for word in words if word.startswith("init ")), "")
    if isinstance(node, Layer) and init in get_args(Init):
        changes["init"] = init
    return msgspec.structs.replace(node, **changes)
