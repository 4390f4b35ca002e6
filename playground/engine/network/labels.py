"""A short text for each layer, as a person would write it on a blackboard; needs no torch."""

from collections.abc import Mapping

from playground.engine.network.catalogue import NO_DEFAULT, layers
from playground.engine.network.spec import Branches, Custom, Layer, Node, Repeat
from playground.engine.spec import Value

# The arguments that everybody knows by their place; all others are named.
_UNNAMED: Mapping[str, tuple[str, ...]] = {
    "Linear": ("in_features", "out_features"),
    "Embedding": ("num_embeddings", "embedding_dim"),
    "Unflatten": ("unflattened_size",),
    "Dropout": ("p",),
    "Dropout2d": ("p",),
    "BatchNorm1d": ("num_features",),
    "BatchNorm2d": ("num_features",),
    "LayerNorm": ("normalized_shape",),
    "AdaptiveAvgPool2d": ("output_size",),
}
_TIMES = "\N{MULTIPLICATION SIGN}"
_MULTIPLIED = ("kernel_size", "output_size", "unflattened_size", "normalized_shape", "stride", "padding", "dilation")


def label_of(node: Node) -> str:
    """The kind, its sizes, and every other argument that differs from the default.

    For example `Linear 784 → 128, no bias`.
    """
    if isinstance(node, Layer):
        return _layer(node)
    if isinstance(node, Custom):
        return ", ".join([node.name, *(_named(name, value) for name, value in node.args.items())])
    if isinstance(node, Repeat):
        return f"Repeat {_TIMES} {node.times}"
    return f"Branches, {len(node.branches)}" if isinstance(node, Branches) else "Residual"


def kind_of(node: Node) -> str:
    """The class that a person would name."""
    if isinstance(node, Layer):
        return node.kind
    return node.name if isinstance(node, Custom) else type(node).__name__


def _layer(layer: Layer) -> str:
    sizes = _sizes(layer)
    unnamed = {*_UNNAMED.get(layer.kind, ()), "in_channels", "out_channels", "kernel_size"}
    others = [
        _named(name, value) for name, value in layer.args.items() if name not in unnamed and _differs(layer, name)
    ]
    init = [] if layer.init == "default" else [f"init {layer.init}"]
    first = " ".join([layer.kind, *sizes[:1]])
    return ", ".join([first, *sizes[1:], *others, *init])


def _sizes(layer: Layer) -> list[str]:
    args = {**_defaults(layer.kind), **layer.args}
    if "in_channels" in args:
        channels = f"{_text('in_channels', args['in_channels'])} → {_text('out_channels', args.get('out_channels'))}"
        return [channels, _window(layer.kind, args)]
    if "kernel_size" in args:
        return [_window(layer.kind, args)]
    texts = [_text(name, args[name]) for name in _UNNAMED.get(layer.kind, ()) if name in args]
    return [" → ".join(texts)] if texts else []


def _window(kind: str, args: Mapping[str, Value]) -> str:
    """The kernel in all its dimensions: one number of `MaxPool2d` means two."""
    size = args.get("kernel_size")
    rank = int(kind[-2]) if kind[-2:-1].isdigit() else 1
    return _text("kernel_size", size if isinstance(size, tuple) else (size,) * rank)


def _named(name: str, value: Value) -> str:
    if isinstance(value, bool):
        return name if value else f"no {name}"
    return f"{name} {_text(name, value)}"


def _text(name: str, value: Value) -> str:
    if value is None:
        return "?"
    if isinstance(value, tuple):
        return (_TIMES if name in _MULTIPLIED else ", ").join(_text(name, part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _differs(layer: Layer, name: str) -> bool:
    return _defaults(layer.kind).get(name, NO_DEFAULT) != layer.args[name]


def _defaults(kind: str) -> dict[str, Value]:
    entry = layers().get(kind)
    return entry.complete({}) if entry else {}
