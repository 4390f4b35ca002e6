"""What the tensors of a graph are called, found by identity: variables, members of containers, parameters."""

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from playground.engine.tensors.graph_modules import module_paths
from playground.engine.tensors.graph_nodes import Place

_MEMBERS = 200
"""So many members of a list or dictionary are looked at."""


class TensorNames:
    """Names of living tensors; keep it no longer than a graph is being read, since it holds all of them.

    Parameters
    ----------
    namespace : mapping
        Variables by name; names that begin with an underscore are passed over.
    net : nn.Module, optional
        Its parameters are called by their own names ("0.weight"), those of modules in the namespace "net.0.weight".

    Attributes
    ----------
    modules : dict of int to str
        What modules are called, by their id().
    owners : dict of int to str
        The path of the module that a parameter belongs to, by the id() of the parameter.
    single : frozenset of str
        The modules among them that stand alone: a variable that is one layer or a loss.
    """

    def __init__(self, namespace: Mapping[str, object], net: nn.Module | None = None) -> None:
        self.modules = module_paths(namespace, net)
        self.single = frozenset(name for name, value in namespace.items() if self.modules.get(id(value)) == name)
        self.owners: dict[int, str] = {}
        self.places: dict[Place, Tensor] = {}
        self._names: dict[int | Place, str] = {}
        self._sharing: dict[int, list[tuple[str, Tensor]]] = {}
        self._lying: dict[int, str] = {}
        self._kept: list[Tensor] = []
        for name, parameter in net.named_parameters() if net is not None else ():
            self._add(_own_name(name), parameter)
        for value in (net, *namespace.values()):
            self._own_parameters(value)
        for name, tensor in _named_tensors(namespace):
            self._add(name, tensor)

    def of_tensor(self, tensor: Tensor) -> str:
        """The name of this very tensor or, for a step in between, of the same result; empty where it has none."""
        found = self._names.get(id(tensor), "")
        return found or ("" if tensor.grad_fn is None else self.of_place(Place(tensor.grad_fn, tensor.output_nr)))

    def of_place(self, place: Place) -> str:
        """The name of a grad_fn's result; empty where it has none."""
        return self._names.get(place, "")

    def sharing(self, tensor: Tensor) -> str:
        """The name of a tensor with a gradient of its own that lies in the same memory; empty where there is none."""
        for name, other in self._sharing.get(memory(tensor), ()):
            if other is not tensor and other._base is not tensor and tensor._base is not other:
                return name
        return ""

    def viewing(self, tensor: Tensor) -> str:
        """The name of a tensor without a gradient that lies in the same memory; empty where there is none."""
        return self._lying.get(memory(tensor), "")

    def _own_parameters(self, value: object) -> None:
        for module in value.modules() if isinstance(value, nn.Module) else ():
            for parameter in module.parameters(recurse=False):
                self.owners.setdefault(id(parameter), self.modules.get(id(module), ""))

    def _add(self, name: str, tensor: Tensor) -> None:
        self._kept.append(tensor)
        self._names.setdefault(id(tensor), name)
        if not tensor.requires_grad:
            self._lying.setdefault(memory(tensor), name)
            return
        self._sharing.setdefault(memory(tensor), []).append((name, tensor))
        if tensor.grad_fn is not None:
            place = Place(tensor.grad_fn, tensor.output_nr)
            self._names.setdefault(place, name)
            self.places.setdefault(place, tensor)


def _named_tensors(namespace: Mapping[str, object]) -> Iterator[tuple[str, Tensor]]:
    for name, value in tuple(namespace.items()):
        if name.startswith("_"):
            continue
        yield from _tensors_in(name, value)


def _own_name(path: str) -> str:
    """A parameter's name as the net has it: torch.compile wraps the net, and its parameters' names too."""
    return path.removeprefix("_orig_mod.")


def _tensors_in(name: str, value: object) -> Iterator[tuple[str, Tensor]]:
    if isinstance(value, Tensor):
        yield name, value
    elif isinstance(value, nn.Module):
        yield from ((f"{name}.{_own_name(path)}", parameter) for path, parameter in value.named_parameters())
    elif isinstance(value, list | tuple):
        yield from ((f"{name}[{i}]", each) for i, each in enumerate(value[:_MEMBERS]) if isinstance(each, Tensor))
    elif isinstance(value, dict):
        members = list(value.items())[:_MEMBERS]
        yield from ((f"{name}[{key!r}]", each) for key, each in members if isinstance(each, Tensor))


def memory(tensor: Tensor) -> int:
    """Where a tensor's storage lies; for tensors without one, a number that no other tensor has."""
    if is_lazy(tensor) or tensor.layout != torch.strided or tensor.is_meta:
        return -id(tensor)
    return tensor.untyped_storage().data_ptr() or -id(tensor)
