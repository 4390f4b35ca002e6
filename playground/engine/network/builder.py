"""From the description of a network to an nn.Module."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from torch import nn

from playground.engine.network import blocks
from playground.engine.network.catalogue import layers
from playground.engine.network.custom import classes, why_missing
from playground.engine.network.labels import kind_of
from playground.engine.network.sizes import (
    MAX_LAYERS,
    MAX_PARAMETERS,
    TORCH_ERRORS,
    Sizes,
    construct,
    first_line,
    init_problem,
    sizes_of,
    sizes_of_class,
)
from playground.engine.network.spec import (
    Branches,
    Custom,
    Init,
    Layer,
    NetworkSpec,
    Node,
    Repeat,
    Residual,
    Source,
    slots,
    working,
)
from playground.engine.problems import Problem

Classes = Mapping[str, Callable[..., nn.Module]]

_INITS: Mapping[Init, str] = {
    "kaiming_normal": "kaiming_normal_",
    "kaiming_uniform": "kaiming_uniform_",
    "xavier_normal": "xavier_normal_",
    "xavier_uniform": "xavier_uniform_",
    "normal": "normal_",
    "zeros": "zeros_",
}


def build(spec: NetworkSpec, device: str | None = None, trusted: Classes | None = None) -> nn.Sequential:
    """Build the network, its children named "0", "1", ... in order.

    All layers are made first, in order, on the CPU; then every layer whose `init` is not "default" draws its weight
    anew, in order, and its bias becomes 0. So the same seed gives the same weights on every device. A node that is
    switched off is an `nn.Identity`; the parameters of a frozen layer ask for no gradient.

    Parameters
    ----------
    spec : NetworkSpec
        What to build.
    device : str, optional
        Where it goes; "meta" gives a network of shapes alone.
    trusted : mapping, optional
        The classes of custom layers by name; left out, those of the sources this user trusted (`custom.classes`).

    Raises
    ------
    Problem
        `network-empty`, `layer-unknown`, `layer-argument`, `custom-unknown`, `custom-untrusted` or `custom-broken`,
        with the node's id as `node`.
    """
    if not spec.layers:
        raise Problem("network-empty")
    known = classes(spec) if trusted is None else trusted
    for node, where, _ in working(spec.layers):
        problem = node_problem(node, where, known, spec.sources)
        if problem:
            raise problem
    giant = giant_problem(spec, known)
    if giant:
        raise giant
    on_meta = device is not None and torch.device(device).type == "meta"
    net = _Maker(known, "meta" if on_meta else "cpu").row(spec.layers, "layers")
    for node, module in _pairs(spec.layers, net):
        if isinstance(node, Layer):
            _initialise(module, node.init)
        if node.frozen:
            module.requires_grad_(False)
    return net if device is None else net.to(device)


def names(spec: NetworkSpec) -> dict[str, tuple[str, ...]]:
    """For each node's id the prefixes of its tensors in the network's state_dict: several inside a `Repeat`.

    What lies inside a node that is switched off has none.
    """
    found: dict[str, list[str]] = {}
    for name, node in _named(spec.layers, ""):
        found.setdefault(node.id, []).append(name)
    return {node: tuple(prefixes) for node, prefixes in found.items()}


def node_problem(node: Node, where: str, known: Classes, sources: tuple[Source, ...]) -> Problem | None:
    """What keeps the node itself from being built, found without allocating; None when nothing does."""
    if isinstance(node, Layer):
        return layer_problem(node, where)
    if isinstance(node, Custom):
        if node.name not in known:
            return why_missing(node.name, sources, node.id, where)
        detail = sizes_of_class(known[node.name], node.args).problem
        return _argument_problem(node, where, detail) if detail else None
    if isinstance(node, Branches) and not node.branches:
        return _argument_problem(node, where, "it has no branches; add one or remove it")
    return None


def layer_problem(layer: Layer, where: str) -> Problem | None:
    """What keeps the layer from being built, found without allocating; None when nothing does."""
    known = layers()
    if layer.kind not in known:
        near = difflib.get_close_matches(layer.kind, known, n=1, cutoff=0.0)[0]
        return Problem("layer-unknown", node=layer.id, where=where, kind=layer.kind, near=near)
    sizes = sizes_of(layer.kind, layer.args)
    detail = sizes.problem or init_problem(layer.init, sizes.weight)
    return _argument_problem(layer, where, detail) if detail else None


def giant_problem(spec: NetworkSpec, known: Classes) -> Problem | None:
    """The first node with which the network is too large to build; None when it is not."""
    parameters = made = 0
    for node, where, passes in working(spec.layers):
        sizes = node_sizes(node, known)
        parameters += passes * (sizes.weights + sizes.biases)
        made += passes
        if parameters > MAX_PARAMETERS:
            held = f"with it the network would hold {parameters:,} parameters; more than {MAX_PARAMETERS:,} do not fit"
            return _argument_problem(node, where, held)
        if made > MAX_LAYERS:
            held = f"with it the network would hold {made:,} layers; more than {MAX_LAYERS:,} are too many"
            return _argument_problem(node, where, held)
    return None


def node_sizes(node: Node, known: Classes) -> Sizes:
    """What the node itself learns, once; nothing for blocks and for what is not known."""
    if isinstance(node, Layer) and node.kind in layers():
        return sizes_of(node.kind, node.args)
    if isinstance(node, Custom) and node.name in known:
        return sizes_of_class(known[node.name], node.args)
    return Sizes()


def _argument_problem(node: Node, where: str, detail: str) -> Problem:
    return Problem("layer-argument", node=node.id, where=where, kind=kind_of(node), detail=detail)


class _Maker:
    """Makes the modules of nodes, each in its turn: every layer draws its weights from torch's generator."""

    def __init__(self, known: Classes, device: str) -> None:
        self._known = known
        self._device = device

    def row(self, nodes: tuple[Node, ...], path: str) -> nn.Sequential:
        return nn.Sequential(*(self._node(node, f"{path}[{index}]") for index, node in enumerate(nodes)))

    def _node(self, node: Node, path: str) -> nn.Module:
        if not node.enabled:
            return nn.Identity()
        if isinstance(node, Layer | Custom):
            return self._leaf(node, path)
        if isinstance(node, Repeat):
            return nn.Sequential(*(self.row(node.body, f"{path}.body") for _ in range(node.times)))
        rows = [self.row(nodes, f"{path}.{slot}") for slot, nodes in slots(node)]
        return blocks.Residual(*rows) if isinstance(node, Residual) else blocks.Branches(rows)

    def _leaf(self, node: Layer | Custom, path: str) -> nn.Module:
        try:
            if isinstance(node, Layer):
                return construct(node.kind, node.args, self._device)
            with torch.device(self._device):
                return self._known[node.name](**node.args)
        except TORCH_ERRORS as error:  # the meta device has no memory to run out of
            raise _argument_problem(node, path, first_line(error)) from error


def _pairs(nodes: tuple[Node, ...], row: Any) -> Iterator[tuple[Layer | Custom, nn.Module]]:
    """Every layer with its module, in the order in which they were made; several modules inside a `Repeat`."""
    for node, module in zip(nodes, row, strict=True):
        if not node.enabled:
            continue
        if isinstance(node, Layer | Custom):
            yield node, module
        elif isinstance(node, Residual):
            yield from _pairs(node.body, module.body)
            yield from _pairs(node.shortcut, module.shortcut)
        elif isinstance(node, Branches):
            for inner, branch in zip(node.branches, module.branches, strict=True):
                yield from _pairs(inner, branch)
        else:
            for once in module:
                yield from _pairs(node.body, once)


def _named(nodes: tuple[Node, ...], prefix: str) -> Iterator[tuple[str, Node]]:
    for index, node in enumerate(nodes):
        name = f"{prefix}{index}"
        yield name, node
        for part, inner in _parts(node) if node.enabled else ():
            yield from _named(inner, f"{name}.{part}.")


def _parts(node: Node) -> Iterator[tuple[str, tuple[Node, ...]]]:
    """What lies inside a node's module, by the name of the inner module."""
    if isinstance(node, Repeat):
        for number in range(node.times):
            yield str(number), node.body
    for slot, nodes in slots(node) if not isinstance(node, Repeat) else ():
        yield slot.replace("[", ".").rstrip("]"), nodes


def _initialise(module: nn.Module, init: Init) -> None:
    if init == "default":
        return
    getattr(nn.init, _INITS[init])(module.weight)
    bias = getattr(module, "bias", None)
    if isinstance(bias, nn.Parameter):
        nn.init.zeros_(bias)
