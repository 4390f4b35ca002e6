"""What a console cell finds and leaves: the live objects of a run, remembered before a cell and looked at after it."""

import weakref
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy
from torch.optim import Optimizer

from playground.engine.network.builder import names
from playground.engine.network.spec import NetworkSpec, Node, walk
from playground.engine.problems import Problem
from playground.engine.tensors.both_ways.containers import places
from playground.engine.tensors.both_ways.likeness import Likeness, likeness

_TABLES = ("_modules", "_parameters", "_buffers")


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """One tensor as it was: the object, what tells whether its numbers are the same, and where they lay."""

    tensor: "weakref.ref[Tensor]"
    numbers: tuple[int, ...]
    learns: bool
    data: Tensor | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The live objects before a cell. It holds on to the net's modules and the optimiser: drop it after the cell.

    Attributes
    ----------
    modules : dict of str to nn.Module
        The net's modules by their names in it, "" for the net itself.
    attributes : dict of str to dict
        What each of them was made of, by its name.
    tensors : dict of str to Mark
        The net's parameters and buffers.
    form : Likeness or None
        What the net was apart from its numbers; None for a lazy one without sizes.
    places : dict of str to nn.Module
        The modules by their names in the builder's form.
    groups : tuple of pairs of dict
        The optimiser's groups themselves, each with what it held.
    batch : dict of str to Mark
        The tensors `x` and `y`, where there are any.
    """

    net: nn.Module | None
    modules: Mapping[str, nn.Module]
    places: Mapping[str, nn.Module]
    attributes: Mapping[str, Mapping[str, Any]]
    tensors: Mapping[str, Mark]
    form: Likeness | None
    training: bool
    optimizer: object
    groups: tuple[tuple[dict[str, Any], Mapping[str, Any]], ...]
    loss: object
    batch: Mapping[str, Mark]

    def owners(self, network: NetworkSpec) -> dict[int, Node]:
        """The node of each module, by its id(), for a net whose network this is."""
        nodes = {node.id: node for node in walk(network.layers)}
        return {
            id(self.places[name]): nodes[node]
            for node, prefixes in names(network).items()
            for name in prefixes
            if name in self.places
        }


def snapshot(objects: Mapping[str, object]) -> Snapshot:
    """Remember `net`, `optimizer`, `loss_fn`, `x` and `y` of a namespace, whichever are there.

    The numbers of tensors on the CPU are known again by a checksum, those of others by their version and address.
    """
    net, optimizer = objects.get("net"), objects.get("optimizer")
    modules = dict(net.named_modules(remove_duplicate=False)) if isinstance(net, nn.Module) else {}
    batch = {name: value for name in ("x", "y") if isinstance(value := objects.get(name), Tensor)}
    return Snapshot(
        net=net if isinstance(net, nn.Module) else None,
        modules=modules,
        places=_places(net),
        attributes={name: _attributes(module) for name, module in modules.items()},
        tensors={name: mark(tensor) for name, tensor in tensors_of(net).items()},
        form=form_of(net),
        training=isinstance(net, nn.Module) and net.training,
        optimizer=optimizer,
        groups=_groups(optimizer),
        loss=objects.get("loss_fn"),
        batch={name: Mark(weakref.ref(tensor), (tensor._version,), False) for name, tensor in batch.items()},
    )


def put_back(before: Snapshot) -> None:
    """Give the net what it was made of again, and the optimiser its groups; numbers written into tensors stay."""
    for name, module in before.modules.items():
        _restore(module, before.attributes[name])
    for was in before.tensors.values():
        tensor = was.tensor()
        if tensor is None or was.data is None:
            continue
        if tensor.data_ptr() != was.data.data_ptr():
            tensor.data = was.data
        if tensor.is_leaf and tensor.requires_grad != was.learns:
            tensor.requires_grad_(was.learns)
    if isinstance(before.optimizer, Optimizer):
        before.optimizer.param_groups[:] = [group for group, _ in before.groups]
        for group, held in before.groups:
            group.clear()
            group.update(_copied(held))


def form_of(net: object) -> Likeness | None:
    """The likeness of the net; None where there is no net, or one without sizes."""
    try:
        return likeness(net) if isinstance(net, nn.Module) else None
    except Problem:
        return None


def tensors_of(net: object) -> dict[str, Tensor]:
    """The net's parameters and buffers by name, a shared one under each of its names."""
    if not isinstance(net, nn.Module):
        return {}
    return {
        **dict(net.named_parameters(remove_duplicate=False)),
        **dict(net.named_buffers(remove_duplicate=False)),
    }


def mark(tensor: Tensor) -> Mark:
    """What to know the tensor and its numbers by."""
    data = None if is_lazy(tensor) else tensor.detach()
    return Mark(weakref.ref(tensor), _numbers(tensor), tensor.requires_grad, data)


def _attributes(module: nn.Module) -> dict[str, Any]:
    return {name: dict(value) if name in _TABLES else value for name, value in vars(module).items()}


def _restore(module: nn.Module, attributes: Mapping[str, Any]) -> None:
    """The tables stay the same objects: torch holds on to them elsewhere."""
    own = vars(module)
    for name in own.keys() - attributes.keys():
        del own[name]
    for name, value in attributes.items():
        if name in _TABLES:
            own[name].clear()
            own[name].update(value)
        else:
            own[name] = value


def _numbers(tensor: Tensor) -> tuple[int, ...]:
    """`.data` and `no_grad` change numbers without a word to autograd, so that the version alone does not tell."""
    if is_lazy(tensor) or tensor.device.type == "meta":
        return ()
    if tensor.device.type != "cpu" or tensor.layout != torch.strided:
        return (tensor._version, tensor.data_ptr() if tensor.layout == torch.strided else 0)
    with torch.no_grad():
        flat = tensor.detach().contiguous().view(-1)
        numbers: Any = flat.view(torch.uint8).numpy()  # memory that crc32 reads without a copy
        return (zlib.crc32(numbers) if flat.numel() else 0,)


def _places(net: object) -> dict[str, nn.Module]:
    """None for a net of lazy layers, which has no network yet."""
    try:
        return places(net) if isinstance(net, nn.Module) else {}
    except Problem:
        return {}


def _groups(optimizer: object) -> tuple[tuple[dict[str, Any], dict[str, Any]], ...]:
    groups = optimizer.param_groups if isinstance(optimizer, Optimizer) else ()
    return tuple((group, _copied(group)) for group in groups)


def _copied(group: Mapping[str, Any]) -> dict[str, Any]:
    return {**group, "params": list(group["params"])}
