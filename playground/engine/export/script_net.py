"""The network of a document as the source text of an nn.Sequential."""

import difflib

from playground.engine.export.calls import arguments, call
from playground.engine.network.arguments import complaint
from playground.engine.network.catalogue import Entry, layers
from playground.engine.network.spec import Layer, NetworkSpec
from playground.engine.problems import Problem


def net_code(spec: NetworkSpec) -> str:
    """Seed, layers, and the weights that are drawn anew, in the order of the engine's builder.

    Raises
    ------
    Problem
        `network-empty`, `layer-unknown` or `layer-argument`.
    """
    if not spec.layers:
        raise Problem("network-empty")
    lines = ["torch.manual_seed(SEED)", "net = nn.Sequential("]
    lines += [f"    {_layer(layer, f'layers[{index}]')}," for index, layer in enumerate(spec.layers)]
    lines.append(")")
    for index, layer in enumerate(spec.layers):
        lines += _init(layer, index)
    return "\n".join([*lines, "net.to(DEVICE)", ""])


def _layer(layer: Layer, where: str) -> str:
    entry = layers().get(layer.kind)
    if entry is None:
        near = difflib.get_close_matches(layer.kind, layers(), n=1, cutoff=0.0)[0]
        raise Problem("layer-unknown", node=layer.id, where=where, kind=layer.kind, near=near)
    detail = complaint(entry, layer.args)
    if detail:
        raise Problem("layer-argument", node=layer.id, where=where, kind=layer.kind, detail=detail)
    return call(f"nn.{layer.kind}", arguments(entry, layer.args))


def _init(layer: Layer, index: int) -> list[str]:
    if layer.init == "default":
        return []
    lines = [f"nn.init.{layer.init}_(net[{index}].weight)"]
    return [*lines, f"nn.init.zeros_(net[{index}].bias)"] if _has_bias(layers()[layer.kind], layer) else lines


def _has_bias(entry: Entry, layer: Layer) -> bool:
    """Whether the layer learns a bias: it knows the argument, and neither it nor `affine` is off."""
    args = entry.complete(layer.args)
    return "bias" in args and all(args.get(name, True) for name in ("bias", "affine", "elementwise_affine"))
