"""The picture of a network as plain geometry, in pixels: slabs, frames, joints and the wires between them."""

import math
from dataclasses import dataclass, field
from typing import Literal

from playground.widgets.network.rows import NodeRow

Point = tuple[float, float]
_LABEL = 176.0  # room for a layer's text, right of its slab


@dataclass(frozen=True, slots=True)
class Slab:
    """A layer or a folded block: a plate `width` by `height`, `depth` to the back; the text stands at its right."""

    row: NodeRow
    x: float
    y: float
    width: float
    height: float
    depth: float
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """Around the layers of an unfolded block."""

    row: NodeRow
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Joint:
    """Where a block's paths meet again: added, or concatenated."""

    block: str
    x: float
    y: float
    symbol: Literal["+", "cat"]


@dataclass(frozen=True, slots=True)
class Wire:
    """The way of the data, with corners; `skips` marks a shortcut without layers."""

    points: tuple[Point, ...]
    skips: bool = False


@dataclass(slots=True)
class Drawing:
    """Everything to draw; it grows while the pieces are placed."""

    slabs: list[Slab] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    joints: list[Joint] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)


def slab_size(shape: tuple[int, ...]) -> tuple[float, float, float]:
    """Width, height and depth of a slab: columns, channels and rows of the shape, each on a log scale.

    A vector's length is its width; a shape that is not known has a middling slab.
    """
    if not shape:
        return 48.0, 10.0, 0.0
    if len(shape) == 1:
        return 16 + 9 * math.log2(1 + shape[0]), 10.0, 0.0
    channels, rows, columns = shape[0], shape[1] if len(shape) > 2 else 1, shape[-1]
    return 12 + 13 * math.log2(1 + columns), 6 + 2.4 * math.log2(1 + channels), 3 * math.log2(rows)


def label_room() -> float:
    """How many pixels the text beside a slab may take."""
    return _LABEL
