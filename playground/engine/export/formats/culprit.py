"""Which layer it is that a format cannot hold, found by converting the layers one by one."""

from collections.abc import Callable, Iterator
from itertools import islice

import torch
from torch import Tensor, nn

from playground.engine.export.formats.graph import CannotHold
from playground.engine.network.builder import names
from playground.engine.network.spec import Custom, Layer, NetworkSpec, Node, walk
from playground.engine.network.tree import place_text

Convert = Callable[[nn.Module, Tensor, str], bytes]

_MOST_TRIED = 8


def what_is_wrong(network: NetworkSpec, net: nn.Module, inputs: Tensor, convert: Convert, whole: CannotHold) -> str:
    """What keeps `convert` from holding the net, whose conversion as a whole ended in `whole`; a clause.

    Layers of the user's own are tried first, equal ones once, and not all of a large net.
    """
    for node, module, entering in islice(_alone(network, net, inputs), _MOST_TRIED):
        try:
            convert(nn.Sequential(module).eval(), entering, "")
        except CannotHold as error:
            return f"{place_text(network, node)} {error}"
    return f"it {whole}"


def _alone(network: NetworkSpec, net: nn.Module, inputs: Tensor) -> Iterator[tuple[Node, nn.Module, Tensor]]:
    """Every different layer with its module and a batch that enters it."""
    modules = _modules(network, net)
    entered = _entered(net, {module for _, module in modules}, inputs)
    seen = set()
    for node, module in sorted(modules, key=lambda pair: isinstance(pair[0], Layer)):
        key = (getattr(node, "kind", None) or getattr(node, "name", ""), getattr(node, "args", None))
        if module in entered and (key, entered[module].shape) not in seen:
            seen.add((key, entered[module].shape))
            yield node, module, entered[module]


def _modules(network: NetworkSpec, net: nn.Module) -> list[tuple[Node, nn.Module]]:
    prefixes = names(network)
    leaves = (node for node in walk(network.layers) if isinstance(node, Layer | Custom) and node.enabled)
    return [(node, net.get_submodule(prefixes[node.id][0])) for node in leaves if prefixes.get(node.id)]


def _entered(net: nn.Module, modules: set[nn.Module], inputs: Tensor) -> dict[nn.Module, Tensor]:
    """What enters each of the modules; those behind one that raises are left out."""
    found: dict[nn.Module, Tensor] = {}

    def note(module: nn.Module, entering: tuple[Tensor, ...]) -> None:
        found.setdefault(module, entering[0].clone())

    hooks = [module.register_forward_pre_hook(note) for module in modules]
    try:
        with torch.no_grad():
            net(inputs.clone())
    except Exception:  # whatever a layer of the user's own raises; the conversion has said so already
        pass
    finally:
        for hook in hooks:
            hook.remove()
    return found
