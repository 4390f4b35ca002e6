"""Arrows, crosses and paths as loose pieces of line [n, 2, 2], which either view can draw."""

from collections.abc import Sequence
from math import floor, log10

import numpy as np
from numpy.typing import NDArray

from playground.widgets.surface.values import ARROW_KINDS, Arrow, ArrowKind, Floats

_SHORTEST, _LONGEST = 0.05, 0.3  # of the domain's side: an arrow between them is drawn as it is
_HEAD = 0.3  # of the arrow
_NICE = (1.0, 2.0, 5.0)

Box = tuple[float, float, float, float]


def pieces_of(points: Floats) -> Floats:
    """A line through points [n, 2] as pieces [n - 1, 2, 2]."""
    return np.stack([points[:-1], points[1:]], axis=1) if len(points) > 1 else np.empty((0, 2, 2))


def clipped(pieces: Floats, box: Box) -> tuple[Floats, NDArray[np.intp]]:
    """What lies inside left, right, bottom, top, and which of the pieces it comes from (Liang and Barsky, 1984)."""
    start, way = pieces[:, 0], pieces[:, 1] - pieces[:, 0]
    low, high = np.array([box[0], box[2]]), np.array([box[1], box[3]])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        one, other = (low - start) / way, (high - start) / way
    inside = (start >= low) & (start <= high)
    still = way == 0
    enter = np.where(still, np.where(inside, 0.0, np.inf), np.minimum(one, other)).max(axis=1, initial=0.0)
    leave = np.where(still, np.where(inside, 1.0, -np.inf), np.maximum(one, other)).min(axis=1, initial=1.0)
    kept = enter <= leave
    start, way, enter, leave = start[kept], way[kept], enter[kept, None], leave[kept, None]
    return np.stack([start + enter * way, start + leave * way], axis=1), np.nonzero(kept)[0]


def arrow_strokes(start: Floats, way: Floats, longest_head: float = np.inf) -> Floats:
    """Shafts and heads [3n, 2, 2] of arrows that start at `start` [n, 2] and go `way` [n, 2]."""
    tip = start + way
    length = np.hypot(way[:, 0], way[:, 1])[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        back = -np.nan_to_num(way / length) * np.minimum(_HEAD * length, longest_head)
    side = np.stack([-back[:, 1], back[:, 0]], axis=1) * 0.5
    shafts, left, right = (
        np.stack(ends, axis=1) for ends in ((start, tip), (tip, tip + back + side), (tip, tip + back - side))
    )
    return np.concatenate([shafts, left, right])


def arrow_scales(arrows: Sequence[Arrow], side: float) -> dict[ArrowKind, float]:
    """By how much arrows of each kind are stretched to be seen on a domain so wide: 1, 2 or 5 by a power of ten."""
    scales: dict[ArrowKind, float] = {}
    for kind in ARROW_KINDS:
        lengths = [float(np.hypot(a.dx, a.dy)) for a in arrows if a.kind == kind]
        longest = max((length for length in lengths if np.isfinite(length)), default=0.0)
        if longest > 0:
            scales[kind] = _nice_scale(longest / side)
    return scales


def field_strokes(x: Floats, y: Floats, gradient: Floats) -> Floats:
    """Small arrows downhill on a grid: as long as a cell where it is steepest, shorter by the logarithm elsewhere."""
    across, up = np.meshgrid(x, y)
    centre = np.stack([across.ravel(), up.ravel()], axis=1)
    down = -gradient.reshape(-1, 2).astype(float)
    length = np.hypot(down[:, 0], down[:, 1])
    usable = np.isfinite(length) & (length > 0)
    if not usable.any() or len(x) < 2 or len(y) < 2:
        return np.empty((0, 2, 2))
    centre, down, length = centre[usable], down[usable], length[usable]
    size = np.clip(1 + np.log10(length / length.max()) / 4, 0.3, 1)
    cell = 0.8 * min(float(x[1] - x[0]), float(y[1] - y[0]))
    way = down / length[:, None] * (size * cell)[:, None]
    return arrow_strokes(centre - way / 2, way)


def _nice_scale(share: float) -> float:
    """What brings an arrow of this share of the side to a length that can be seen; 1 where it can."""
    if _SHORTEST <= share <= _LONGEST:
        return 1.0
    wanted = 0.2 / share
    power = 10.0 ** floor(log10(wanted))
    return max(power * nice for nice in _NICE if power * nice <= wanted * (1 + 1e-9))
