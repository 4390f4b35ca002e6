"""From the description of a network to an nn.Module."""

import difflib
from collections.abc import Mapping

import torch
from torch import nn

from playground.engine.network.catalogue import layers
from playground.engine.network.sizes import MAX_PARAMETERS, TORCH_ERRORS, construct, first_line, init_problem, sizes_of
from playground.engine.network.spec import Init, Layer, NetworkSpec
from playground.engine.problems import Problem

_INITS: Mapping[Init, str] = {
    "kaiming_normal": "kaiming_normal_",
    "kaiming_uniform": "kaiming_uniform_",
    "xavier_normal": "xavier_normal_",
    "xavier_uniform": "xavier_uniform_",
    "normal": "normal_",
    "zeros": "zeros_",
}


def build(spec: NetworkSpec, device: str | None = None) -> nn.Sequential:
    """Build the network, its children named "0", "1", ... in order.

    All layers are made first, in order, on the CPU; then every layer whose `init` is not "default" draws its weight
    anew, in order, and its bias becomes 0. So the same seed gives the same weights on every device.

    Parameters
    ----------
    spec : NetworkSpec
        What to build.
    device : str, optional
        Where it goes; "meta" gives a network of shapes alone.

    Raises
    ------
    Problem
        `network-empty`, `layer-unknown`, or `layer-argument` with the layer's id as `node`.
    """
    if not spec.layers:
        raise Problem("network-empty")
    for index, layer in enumerate(spec.layers):
        problem = layer_problem(layer, f"layers[{index}]")
        if problem:
            raise problem
    _refuse_giants(spec)
    on_meta = device is not None and torch.device(device).type == "meta"
    net = nn.Sequential(*(_made(layer, f"layers[{i}]", on_meta) for i, layer in enumerate(spec.layers)))
    for layer, module in zip(spec.layers, net, strict=True):
        _initialise(module, layer.init)
    return net if device is None else net.to(device)


def names(spec: NetworkSpec) -> dict[str, str]:
    """For each layer's id the prefix of its tensors in the network's state_dict."""
    return {layer.id: str(index) for index, layer in enumerate(spec.layers)}


def layer_problem(layer: Layer, where: str) -> Problem | None:
    """What keeps the layer from being built, found without allocating; None when nothing does."""
    known = layers()
    if layer.kind not in known:
        near = difflib.get_close_matches(layer.kind, known, n=1, cutoff=0.0)[0]
        return Problem("layer-unknown", node=layer.id, where=where, kind=layer.kind, near=near)
    sizes = sizes_of(layer.kind, layer.args)
    detail = sizes.problem or init_problem(layer.init, sizes.weight)
    return _argument_problem(layer, where, detail) if detail else None


def _argument_problem(layer: Layer, where: str, detail: str) -> Problem:
    return Problem("layer-argument", node=layer.id, where=where, kind=layer.kind, detail=detail)


def _refuse_giants(spec: NetworkSpec) -> None:
    total = 0
    for index, layer in enumerate(spec.layers):
        sizes = sizes_of(layer.kind, layer.args)
        total += sizes.weights + sizes.biases
        if total > MAX_PARAMETERS:
            detail = f"with it the network would hold {total:,} parameters; more than {MAX_PARAMETERS:,} do not fit"
            raise _argument_problem(layer, f"layers[{index}]", detail)


def _made(layer: Layer, where: str, on_meta: bool) -> nn.Module:
    try:
        return construct(layer.kind, layer.args, "meta" if on_meta else "cpu")
    except TORCH_ERRORS as error:  # the meta device has no memory to run out of
        raise _argument_problem(layer, where, first_line(error)) from error


def _initialise(module: nn.Module, init: Init) -> None:
    if init == "default":
        return
    getattr(nn.init, _INITS[init])(module.weight)
    bias = getattr(module, "bias", None)
    if isinstance(bias, nn.Parameter):
        nn.init.zeros_(bias)
