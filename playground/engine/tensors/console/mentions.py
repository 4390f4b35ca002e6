"""Which names a cell mentions, and whether one of them leads to an object that training uses."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from types import FunctionType, MethodType
from typing import Any

import torch
from IPython.core.inputtransformer2 import TransformerManager
from torch import Tensor, nn
from torch.optim import Optimizer

_WORD = re.compile(r"[^\W\d]\w*")
_TIMING = re.compile(r"^\s*%{1,2}(timeit|time|prun)\b", re.MULTILINE)
_ANYTHING_METHODS = frozenset({"run_cell", "run_line_magic", "run_cell_magic", "set_default_dtype"})
_ANYTHING = _ANYTHING_METHODS | {"eval", "exec", "globals", "locals", "vars"}
"""What can reach objects without naming them, or changes what a step takes for granted."""
_FILE_MAGICS = frozenset({"run", "load", "loadpy", "macro", "rerun", "recall"})


def is_timed(code: str) -> bool:
    """Whether the cell measures times."""
    return _TIMING.search(code) is not None


def mentioned(code: str) -> frozenset[str]:
    """Every name a cell loads, sets or deletes, the words in its strings for magics included."""
    python = TransformerManager().transform_cell(code)
    try:
        tree = ast.parse(python)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(_WORD.findall(python))
    return frozenset(_names(tree))


def touches(names: Iterable[str], namespace: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """Whether a cell with these names may read or change what training uses.

    It does where it names a live object (`net`), another name for one or for a part of it (`w = net[0].weight`), or a
    function that does. Found by looking, without running anything.
    """
    found = set(names)
    if found & _ANYTHING or not live.keys().isdisjoint(found):
        return True
    inside = frozenset(parts(live.values()))
    return any(_reaches(namespace[name], namespace, live, inside, set()) for name in found if name in namespace)


def parts(objects: Iterable[Any]) -> Iterator[int]:
    """Identities of the objects and of what they consist of; of tensors also, below zero, where their memory lies."""
    for each in objects:
        yield id(each)
        if isinstance(each, nn.Module):
            yield from map(id, each.modules())
            for tensor in (*each.parameters(), *each.buffers()):
                yield from _identities(tensor)
        elif isinstance(each, Optimizer):
            yield from map(id, each.param_groups)
        elif isinstance(each, Tensor):
            yield from _identities(each)


def address(tensor: Tensor) -> int:
    """Where the memory of a tensor begins; 0 where it has none of its own."""
    if type(tensor) not in (Tensor, nn.Parameter) or tensor.layout is not torch.strided or tensor.device.type == "meta":
        return 0
    return tensor.untyped_storage().data_ptr()


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            if node.attr in _ANYTHING_METHODS and not _is_magic(node):
                yield node.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_magic(node.func):
            words = [word for text in _strings(node) for word in _WORD.findall(text)]
            yield from ["exec", *words] if words and words[0] in _FILE_MAGICS else words


def _is_magic(function: ast.Attribute) -> bool:
    """Whether it is what IPython makes of `%magic words`."""
    value = function.value
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "get_ipython"


def _strings(call: ast.Call) -> Iterator[str]:
    for argument in call.args:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def _identities(tensor: Tensor) -> Iterator[int]:
    yield id(tensor)
    place = address(tensor)
    if place:
        yield -place  # identities are positive


def _reaches(
    value: Any, namespace: Mapping[str, Any], live: Mapping[str, Any], parts: frozenset[int], seen: set[int]
) -> bool:
    if id(value) in parts:
        return True
    if id(value) in seen:
        return False
    seen.add(id(value))
    if isinstance(value, Tensor):
        return -address(value) in parts or value.grad_fn is not None
    if isinstance(value, FunctionType):
        used = set(_used_by(value))
        if used & _ANYTHING or not live.keys().isdisjoint(used):
            return True
        held = [*(namespace.get(name) for name in used), *_closed_over(value)]
        return any(_reaches(inside, namespace, live, parts, seen) for inside in held)
    return any(_reaches(inside, namespace, live, parts, seen) for inside in _inside(value))


def _used_by(function: FunctionType) -> Iterator[str]:
    """Names that the code of a function looks up, that of functions inside it included."""
    left = [function.__code__]
    while left:
        code = left.pop()
        yield from code.co_names
        left += [each for each in code.co_consts if hasattr(each, "co_names")]


def _closed_over(function: FunctionType) -> Iterator[Any]:
    yield from function.__defaults__ or ()
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # not filled yet
            yield cell.cell_contents


def _inside(value: Any) -> Iterable[Any]:
    """What a container or an object of the user's own classes holds."""
    if isinstance(value, MethodType | partial):
        return [value.__self__, value.__func__] if isinstance(value, MethodType) else [value.func, *value.args]
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)[:1000]
    if isinstance(value, dict):
        return list(value.values())[:1000]
    if isinstance(value, type):
        return list(vars(value).values()) if value.__module__ == "__main__" else ()
    if isinstance(value, nn.Module):
        return [*value.modules(), *value.parameters(), *value.buffers(), type(value)]
    own = type(value).__module__ == "__main__"
    return [type(value), *getattr(value, "__dict__", {}).values()] if own else ()
