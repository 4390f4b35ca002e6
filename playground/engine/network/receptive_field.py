"""How much of the input one output sees (Araujo et al. 2019, "Computing receptive fields of CNNs")."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Shape = tuple[int, ...]

# Each output is made from the input at its own place (batch norm as in evaluation).
_ACTIVATIONS = ("ReLU", "LeakyReLU", "ELU", "GELU", "SiLU", "Softplus", "Sigmoid", "Tanh")
POINTWISE = frozenset((*_ACTIVATIONS, "Identity", "BatchNorm1d", "BatchNorm2d", "Dropout", "Dropout2d"))


@dataclass(frozen=True, slots=True)
class Reach:
    """Along one axis: output number 0 sees the inputs `low` to `high`, and output i those `i * jump` further."""

    low: int = 0
    high: int = 0
    jump: int = 1

    def then(self, next_: "Reach") -> "Reach":
        """The reach through both, one behind the other."""
        low, high = self.low + next_.low * self.jump, self.high + next_.high * self.jump
        return Reach(low, high, self.jump * next_.jump)


Reaches = tuple[Reach, ...]  # one an axis behind the channels; () where outputs have no place in the picture


def start(shape: Shape) -> Reaches:
    """The reach of the input itself, for samples [C, ...]."""
    return (Reach(),) * (len(shape) - 1)


def width(reaches: Reaches) -> int | None:
    """The receptive field, along its longest axis; None without axes."""
    return max((reach.high - reach.low + 1 for reach in reaches), default=None)


def chain(first: Reaches, second: Reaches) -> Reaches:
    """The reaches through two layers."""
    return tuple(a.then(b) for a, b in zip(first, second, strict=False))


def union(paths: list[Reaches]) -> Reaches:
    """What outputs see that are made from several parallel paths; () where they do not move together."""
    if len({tuple(reach.jump for reach in reaches) for reaches in paths}) != 1:
        return ()
    axes = zip(*paths, strict=True)
    return tuple(Reach(min(r.low for r in axis), max(r.high for r in axis), axis[0].jump) for axis in axes)


def reaches_of(kind: str, args: Mapping[str, Any], before: Shape, behind: Shape) -> Reaches:
    """The reaches of one layer.

    Parameters
    ----------
    kind, args
        The layer's class and all its arguments, defaults included.
    before, behind : tuple of int
        One sample's shape [C, ...] at its input and output.
    """
    axes = len(before) - 1
    if kind in POINTWISE:
        return start(before)
    if kind in ("Softmax", "LogSoftmax"):
        return start(before) if args["dim"] % (axes + 2) == 1 else ()
    if kind.startswith("AdaptiveAvgPool"):
        return _adaptive(before[1:], behind[1:])
    if kind in ("Conv1d", "Conv2d", "Conv3d") or kind.startswith(("MaxPool", "AvgPool")):
        return tuple(_window(args, axis, axes) for axis in range(axes)) if axes == int(kind[-2]) else ()
    return ()


def spread(value: Any, rank: int) -> Shape:
    """One number for every axis, where only one is given."""
    return value if isinstance(value, tuple) else (value,) * rank


def padding_of(args: Mapping[str, Any], axis: int, rank: int) -> int:
    """The zeros before the first input along an axis."""
    padding = args.get("padding", 0)
    if padding == "same":
        return (span(args, axis, rank) - 1) // 2
    return 0 if padding == "valid" else spread(padding, rank)[axis]


def span(args: Mapping[str, Any], axis: int, rank: int) -> int:
    """How many inputs the kernel spans along an axis: D (F - 1) + 1."""
    return spread(args.get("dilation", 1), rank)[axis] * (spread(args["kernel_size"], rank)[axis] - 1) + 1


def stride_of(args: Mapping[str, Any], axis: int, rank: int) -> int:
    """The stride along an axis; pooling without one moves by its kernel."""
    stride = args.get("stride")
    return spread(args["kernel_size"] if stride is None else stride, rank)[axis]


def _window(args: Mapping[str, Any], axis: int, rank: int) -> Reach:
    padding = padding_of(args, axis, rank)
    return Reach(-padding, span(args, axis, rank) - 1 - padding, stride_of(args, axis, rank))


def _adaptive(before: Shape, behind: Shape) -> Reaches:
    """Windows of one size only where the output divides the input."""
    if any(a % b for a, b in zip(before, behind, strict=True)) or not math.prod(behind):
        return ()
    return tuple(Reach(0, a // b - 1, a // b) for a, b in zip(before, behind, strict=True))
