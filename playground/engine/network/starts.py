"""A new node's first arguments: what fits the shape it is put behind, so that adding a layer seldom breaks a stack."""

import math
from collections.abc import Callable, Mapping

from playground.engine.network.spec import Branches, Layer, Node, Repeat, Residual
from playground.engine.spec import Args

Shape = tuple[int, ...]
Starts = Callable[[Shape], Mapping[str, object]]

_HIDDEN = 64  # features of a new linear layer
_CHANNELS = 16  # of a new convolution
_GROUPS = 4


def new_node(kind: str, shape: Shape | None) -> Node:
    """A node of that kind with an empty id, for samples of `shape` (None where it is not known).

    Parameters
    ----------
    kind : str
        A layer of the catalogue, or "Residual", "Branches" or "Repeat" for an empty block.
    """
    if kind == "Residual":
        return Residual(id="")
    if kind == "Branches":
        return Branches(id="", branches=((), ()))
    if kind == "Repeat":
        return Repeat(id="")
    starts = _STARTS.get(kind)
    return Layer(id="", kind=kind, args=Args(starts(shape or ())) if starts else Args())


def _convolution(dimensions: int) -> Starts:
    def starts(shape: Shape) -> Mapping[str, object]:
        channels = shape[0] if len(shape) == dimensions + 1 else 1
        return {"in_channels": channels, "out_channels": _CHANNELS, "kernel_size": 3, "padding": 1}

    return starts


def _features(name: str) -> Starts:
    return lambda shape: {name: shape[0] if shape else _HIDDEN}


def _linear(shape: Shape) -> Mapping[str, object]:
    return {"in_features": shape[-1] if shape else _HIDDEN, "out_features": _HIDDEN}


def _unflatten(shape: Shape) -> Mapping[str, object]:
    """Into a square picture of one channel where the features allow it."""
    count = math.prod(shape) if shape else _HIDDEN
    side = math.isqrt(count)
    return {"dim": 1, "unflattened_size": (1, side, side) if side * side == count else (1, count)}


def _group_norm(shape: Shape) -> Mapping[str, object]:
    channels = shape[0] if shape else _CHANNELS
    return {"num_groups": math.gcd(_GROUPS, channels), "num_channels": channels}


def _fixed(**args: object) -> Starts:
    return lambda _shape: args


_STARTS: Mapping[str, Starts] = {
    "Linear": _linear,
    "Embedding": _fixed(num_embeddings=1_000, embedding_dim=_HIDDEN),
    "Conv1d": _convolution(1),
    "Conv2d": _convolution(2),
    "Conv3d": _convolution(3),
    "ConvTranspose1d": _convolution(1),
    "ConvTranspose2d": _convolution(2),
    "MaxPool1d": _fixed(kernel_size=2),
    "MaxPool2d": _fixed(kernel_size=2),
    "MaxPool3d": _fixed(kernel_size=2),
    "AvgPool1d": _fixed(kernel_size=2),
    "AvgPool2d": _fixed(kernel_size=2),
    "AdaptiveAvgPool2d": _fixed(output_size=1),
    "Softmax": _fixed(dim=1),
    "LogSoftmax": _fixed(dim=1),
    "BatchNorm1d": _features("num_features"),
    "BatchNorm2d": _features("num_features"),
    "LayerNorm": lambda shape: {"normalized_shape": shape or (_HIDDEN,)},
    "GroupNorm": _group_norm,
    "Unflatten": _unflatten,
}
