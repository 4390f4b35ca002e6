"""Where in the user's own code an error arose, and with which values, as far as they can be looked at safely."""

import ast
import linecache
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

from torch import Tensor, nn

from playground.engine.tensors.operations.expression import Application, Operand, read_node
from playground.engine.tensors.operations.misfits import Named

_PURE = (
    *("t", "view", "reshape", "permute", "transpose", "size", "unsqueeze", "squeeze", "flatten", "expand"),
    *("float", "double", "half", "long", "int", "bool", "cpu", "detach", "clone", "contiguous", "sum", "mean", "norm"),
    *("tensor", "ones", "zeros", "eye", "arange", "linspace", "full", "range", "len"),
)
_SAFE = (
    ast.expr_context,
    ast.operator,
    ast.unaryop,
    ast.cmpop,
    ast.Name,
    ast.Constant,
    ast.Attribute,
    ast.Subscript,
    ast.Slice,
    ast.Tuple,
    ast.List,
    ast.UnaryOp,
    ast.BinOp,
    ast.Compare,
    ast.keyword,
)


@dataclass(frozen=True)
class Failure:
    """An error with the code that raised it.

    Parameters
    ----------
    names : mapping
        The names that the failing line could see.
    node : ast.AST, optional
        The expression that failed; None where it is not known.
    """

    error: BaseException
    code: str
    names: Mapping[str, Any]
    node: ast.AST | None

    @property
    def message(self) -> str:
        """What torch or Python says."""
        return str(self.error)

    @cached_property
    def text(self) -> str:
        """The failing expression as it is written."""
        return ast.unparse(self.node) if self.node else ""

    @cached_property
    def application(self) -> Application | None:
        """The failing operation with its operands; None where looking at them could change something."""
        node = self.node
        if not isinstance(node, ast.expr | ast.stmt) or not all(map(_is_safe, _inner(node))):
            return None
        try:
            return read_node(_readable(node), self.names)
        except Exception:  # an operand that cannot be had again
            return None

    @property
    def operands(self) -> list[Operand]:
        """The tensors among the operands."""
        found = self.application.operands if self.application else ()
        return [operand for operand in found if isinstance(operand.value, Tensor)]

    @property
    def first(self) -> Named | None:
        """The first operand: the tensor whose method was called."""
        return next((Named(operand.label, tuple(operand.value.shape)) for operand in self.operands), None)

    @cached_property
    def module(self) -> tuple[str, nn.Module, Tensor | None] | None:
        """The innermost layer that was at work: its name, itself and its input."""
        for frame in reversed(list(_frames(self.error.__traceback__))):
            layer = frame.tb_frame.f_locals.get("self")
            if isinstance(layer, nn.Module):
                inputs = [value for value in frame.tb_frame.f_locals.values() if isinstance(value, Tensor)]
                return _name_of(layer, self.names), layer, inputs[0] if inputs else None
        return None


def failure(error: BaseException, code: str, namespace: Mapping[str, Any]) -> Failure:
    """What is known of an error that a cell with this code ended with."""
    own = [level for level in _frames(error.__traceback__) if _is_own(level, namespace)]
    if not own:
        return Failure(error, code, namespace, None)
    cell, innermost = own[0].tb_frame, own[-1].tb_frame
    is_cell = innermost.f_code.co_filename == cell.f_code.co_filename
    source = "".join(linecache.getlines(innermost.f_code.co_filename)) or (code if is_cell else "")
    return Failure(error, code, {**innermost.f_globals, **innermost.f_locals}, _failing_node(own[-1], source))


def _is_own(frame: TracebackType, namespace: Mapping[str, Any]) -> bool:
    """Whether this level of the traceback is code of the user's."""
    name = frame.tb_frame.f_code.co_filename
    return frame.tb_frame.f_globals is namespace or not (name.startswith("<frozen") or Path(name).is_file())


def _frames(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _failing_node(frame: TracebackType, source: str) -> ast.AST | None:
    """The syntax at the place of the instruction that raised; Python knows it to the column."""
    positions = frame.tb_frame.f_code.co_positions()
    place = next(islice(positions, frame.tb_lasti // 2, None), None)
    try:
        nodes = [node for node in ast.walk(ast.parse(source)) if place and _place(node) == place]
    except SyntaxError:
        return None
    # A statement that is only an expression stands at the same place as that expression.
    return next((node for node in nodes if isinstance(node, ast.expr)), nodes[0] if nodes else None)


def _place(node: ast.AST) -> tuple[int | None, ...]:
    return tuple(getattr(node, name, None) for name in ("lineno", "end_lineno", "col_offset", "end_col_offset"))


def _readable(node: ast.expr | ast.stmt) -> ast.expr | ast.stmt:
    """A place that was to be written, as one to read."""
    if isinstance(node, ast.Subscript):
        return ast.parse(ast.unparse(node), mode="eval").body
    return node


def _inner(node: ast.AST) -> list[ast.AST]:
    """What is inside the outermost operation."""
    children = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        children = [node.func.value, *node.args, *node.keywords]
    return children


def _is_safe(node: ast.AST) -> bool:
    """Whether evaluating it again draws nothing, prints nothing and changes nothing."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return name in _PURE and all(map(_is_safe, _inner(node)))
    return isinstance(node, _SAFE) and all(map(_is_safe, ast.iter_child_nodes(node)))


def _name_of(layer: nn.Module, names: Mapping[str, Any]) -> str:
    """Where a layer stands, such as net[2] or net.fc1; its class where no name leads to it."""
    for name, value in names.items():
        if isinstance(value, nn.Module) and not name.startswith("_"):
            for path, module in value.named_modules():
                if module is layer:
                    return name + "".join(
                        f"[{part}]" if part.isdigit() else f".{part}" for part in path.split(".") if part
                    )
    return type(layer).__name__


def _step(part: str) -> str:
    return f"[{part}]" if part.isdigit() else f".{part}"
