"""The names of the console: those that are there from the beginning, the live ones, and what the user made."""

import math
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import Optimizer

from playground.engine.document import Document
from playground.engine.tensors.console import course
from playground.engine.tensors.console.data import data_objects
from playground.engine.tensors.console.mentions import address, parts

START: Mapping[str, object] = {
    "torch": torch,
    "nn": nn,
    "F": functional,
    "np": np,
    "math": math,
    "one_hot": course.one_hot,
    "plot_curve": course.plot_curve,
    "plot_image": course.plot_image,
}
SHELL = frozenset({"In", "Out", "exit", "quit", "get_ipython", "open"})

Prints = dict[str, tuple[object, ...]]


class Namespace:
    """The globals of every cell, and what of them was bound from outside.

    Only the console's thread changes it, between two cells.

    Attributes
    ----------
    values : dict
        The globals themselves.
    live : dict
        The objects that a run works with, by name.
    """

    def __init__(self, document: Callable[[], Document] | None) -> None:
        self.values: dict[str, Any] = {"__name__": "__main__"}
        self.live: dict[str, Any] = {}
        self._document = document
        self._data_of: tuple[object, ...] = ()
        self._bound: dict[str, object] = {}

    def bind(self, live: Mapping[str, Any]) -> None:
        """Put the objects of a run under their names, whatever the names stood for before."""
        self.live = dict(live)
        self._put(live)

    def rebind(self, names: Iterable[str]) -> tuple[str, ...]:
        """Put live objects under their names again; gives the names that stood for something else."""
        other = tuple(name for name in names if name in self.live and self.values.get(name) is not self.live[name])
        self._put({name: self.live[name] for name in other})
        return other

    def refresh(self, live: Mapping[str, Any]) -> None:
        """Follow a run: a name takes the newer object, unless the user has given it another one."""
        self.live = dict(live)
        self._put({name: value for name, value in live.items() if self._follows(name, value)})

    def refresh_document(self) -> None:
        """Follow the document: `doc` without a run, and its data sets."""
        if self._document is None:
            return
        document = self._document()
        wanted = (document.data, document.training.batch_size)
        if wanted != self._data_of:
            self._data_of = wanted
            found = data_objects(document)
            self._put({name: value for name, value in found.items() if self._is_ours(name)})
        if "doc" not in self.live and self._is_ours("doc"):
            self._put({"doc": document})

    def names(self) -> tuple[str, ...]:
        """What the user or a run has put here; modules and what is there from the beginning left out."""
        return tuple(name for name, value in list(self.values.items()) if self._is_users(name, value))

    def prints(self, *, live: bool) -> Prints:
        """What tells whether a name stands for something else, or for something that was changed in place.

        Without `live` nothing of the live objects is looked at: reading a gradient which another thread accumulates
        ends the process.
        """
        apart = frozenset[int]() if live else frozenset(parts(self.live.values()))
        return {name: _print(self.values[name], apart) for name in self.names() if name in self.values}

    def _put(self, values: Mapping[str, Any]) -> None:
        self.values.update(values)
        self._bound.update({name: id(value) for name, value in values.items()})

    def _is_ours(self, name: str) -> bool:
        return name not in self.values or self._bound.get(name) == id(self.values[name])

    def _follows(self, name: str, value: object) -> bool:
        return self._is_ours(name) or self.values[name] is value

    def _is_users(self, name: str, value: object) -> bool:
        if name.startswith("_") or name in SHELL or isinstance(value, ModuleType):
            return False
        return name not in START or START[name] is not value


def changed(before: Prints, after: Prints) -> tuple[str, ...]:
    """Names that appeared, went, or stand for something else."""
    return tuple(name for name in dict.fromkeys((*after, *before)) if before.get(name) != after.get(name))


def _print(value: Any, apart: frozenset[int]) -> tuple[object, ...]:
    if id(value) in apart:
        return (id(value),)
    if isinstance(value, Tensor):
        return _of_tensor(value, apart)
    if isinstance(value, nn.Module):
        modules = ((id(each), each.training) for each in value.modules())
        return (*modules, *(_of_tensor(each, apart) for each in (*value.parameters(), *value.buffers())))
    if isinstance(value, Optimizer):
        return (id(value), *(_of_group(group) for group in value.param_groups))
    if isinstance(value, list | dict | set):
        return id(value), len(value)
    return (id(value),)


def _of_tensor(tensor: Tensor, apart: frozenset[int]) -> tuple[object, ...]:
    place = address(tensor)
    if id(tensor) in apart or -place in apart:
        return (id(tensor),)
    version = 0 if tensor.is_inference() else tensor._version
    gradient = tensor.grad if tensor.is_leaf else None
    return id(tensor), place, version, tensor.requires_grad, id(gradient) if gradient is not None else None


def _of_group(group: Mapping[str, Any]) -> tuple[object, ...]:
    return tuple((name, len(value) if name == "params" else repr(value)) for name, value in group.items())
