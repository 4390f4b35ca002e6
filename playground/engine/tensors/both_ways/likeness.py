"""What a module is apart from the numbers in it: two modules of one likeness differ in their weights alone."""

from collections.abc import Iterator
from itertools import chain
from typing import Any, TypeAlias

from torch import nn
from torch.nn.parameter import is_lazy

from playground.engine.problems import Problem

Likeness: TypeAlias = tuple[type, tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]


def likeness(module: nn.Module) -> Likeness:
    """The module's class, its plain attributes, the shapes of its tensors, and the likeness of what is inside it.

    Raises
    ------
    Problem
        `console-module` for a lazy layer that has no sizes yet.
    """
    inside = ((name, likeness(each)) for name, each in module._modules.items() if each is not None)
    return type(module), tuple(_attributes(module)), tuple(_shapes(module)), tuple(inside)


def _attributes(module: nn.Module) -> Iterator[tuple[str, Any]]:
    for name in sorted(vars(module)):
        value = _hashable(vars(module)[name])
        if not name.startswith("_") and name != "training" and _is_plain(value):
            yield name, value


def _shapes(module: nn.Module) -> Iterator[tuple[str, tuple[int, ...]]]:
    own = chain(module.named_parameters(recurse=False), module.named_buffers(recurse=False))
    for name, tensor in own:
        if is_lazy(tensor):
            kind = type(module).__name__
            detail = "it has no sizes before its first batch; call net(x) once"
            raise Problem("console-module", where="net", name=kind, detail=detail)
        yield name, tuple(tensor.shape)


def _hashable(value: object) -> object:
    return tuple(_hashable(each) for each in value) if isinstance(value, list | tuple) else value


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(_is_plain(each) for each in value)
    return value is None or isinstance(value, bool | int | float | str)
