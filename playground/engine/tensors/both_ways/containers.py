"""The rows of a live net: which modules stand one after the other, whatever they were nested in."""

import inspect
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType
from typing import Any

import torch
from torch import nn

from playground.engine.network import blocks
from playground.engine.tensors.both_ways.likeness import likeness


def row_of(module: nn.Module) -> list[nn.Module]:
    """The modules that the data passes one after the other.

    An `nn.Sequential` inside another is no block of its own, so that what it holds stands in the row; one that holds
    nothing but like `nn.Sequential` is: it is what a `Repeat` builds.
    """
    return list(_flat(module)) if type(module) is nn.Sequential else [module]


def is_repeat(module: nn.Module) -> bool:
    """Whether the module is like rows in a row, each with weights of its own."""
    passes = modules_in(module) if type(module) is nn.Sequential else []
    alike = passes and all(type(each) is nn.Sequential for each in passes)
    return bool(alike) and len({likeness(each) for each in passes}) == 1


def is_residual(module: nn.Module) -> bool:
    """Whether the module is our residual block, of our class or of a pasted copy of it."""
    return _computes(module, blocks.Residual) and {"body", "shortcut"} == set(module._modules)


def is_branches(module: nn.Module) -> bool:
    """Whether the module is our block of branches, of our class or of a pasted copy of it."""
    return _computes(module, blocks.Branches) and isinstance(module._modules.get("branches"), nn.ModuleList)


def in_form(module: nn.Module) -> nn.Sequential:
    """The net as the builder would hold these very modules: itself where it has that form already.

    What lies in blocks is put into form inside them.
    """
    children = row_of(module)
    for child in children:
        _inside_in_form(child)
    numbered = {str(index): child for index, child in enumerate(children)}
    if type(module) is nn.Sequential and dict(module._modules) == numbered:
        return module
    return nn.Sequential(*children)


def places(module: nn.Module) -> dict[str, nn.Module]:
    """The modules by the names that they have in the builder's form, those of blocks and of what is inside them."""
    return dict(_placed(module, ""))


def modules_in(module: nn.Module) -> list[nn.Module]:
    """The modules right inside, in order; one that stands there twice is there twice."""
    return [each for each in module._modules.values() if each is not None]


def _flat(module: nn.Module) -> Iterator[nn.Module]:
    for child in modules_in(module):  # one that stands there twice is passed twice
        if type(child) is nn.Sequential and not is_repeat(child):
            yield from _flat(child)
        else:
            yield child


def _placed(module: nn.Module, prefix: str) -> Iterator[tuple[str, nn.Module]]:
    for index, child in enumerate(row_of(module)):
        yield f"{prefix}{index}", child
        path, owner = _owner_of_rows(child)
        for name, inner in owner._modules.items() if owner is not None else ():
            if inner is not None:
                yield from _placed(inner, f"{prefix}{index}.{path}{name}.")


def _owner_of_rows(module: nn.Module) -> tuple[str, nn.Module | None]:
    """The module whose children are the rows of a block, and the path to it; None for what is no block."""
    if is_branches(module):
        return "branches.", module.get_submodule("branches")
    return "", module if is_repeat(module) or is_residual(module) else None


def _inside_in_form(module: nn.Module) -> None:
    _, owner = _owner_of_rows(module)
    for name, inner in list(owner._modules.items()) if owner is not None else ():
        if owner is not None and inner is not None:
            owner._modules[name] = in_form(inner)


def _computes(module: nn.Module, block: type[nn.Module]) -> bool:
    """Whether the module's forward is the block's, word for word: generated programs hold copies of the classes."""
    kind = type(module)
    if kind is block:
        return True
    forward: Any = kind.forward
    return kind.__name__ == block.__name__ and _instructions(getattr(forward, "__code__", None)) in _forwards(
        block.__name__
    )


@lru_cache(maxsize=2)
def _forwards(name: str) -> tuple[object, ...]:
    """What Python makes of the block's forward, beside the import of torch and without it, which differ."""
    block = getattr(blocks, name)
    names: dict[str, Any] = {"torch": torch, "nn": nn}
    exec(inspect.getsource(block), names)
    forwards: list[Any] = [block.forward, names[name].forward]
    return tuple(_instructions(forward.__code__) for forward in forwards)


def _instructions(code: CodeType | None) -> object:
    return (code.co_code, code.co_names) if code is not None else None
