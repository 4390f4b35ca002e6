"""Contour lines by marching squares, all cells of a level at once."""

import numpy as np
from numpy.typing import NDArray

from playground.widgets.surface.values import Floats

# For the 16 ways the corners of a cell lie above a level: the edges a line joins (0 bottom, 1 right, 2 top, 3 left).
# Corners count 1 bottom left, 2 bottom right, 4 top right, 8 top left. Saddles (5 and 10) have two lines.
_FIRST = {1: (3, 0), 2: (0, 1), 3: (3, 1), 4: (1, 2), 5: (3, 2), 6: (0, 2), 7: (3, 2), 8: (2, 3), 9: (0, 2), 10: (0, 3),
          11: (1, 2), 12: (1, 3), 13: (0, 1), 14: (3, 0)}  # fmt: skip
_SECOND = {5: (0, 1), 10: (1, 2)}
_CORNERS = ((0, 0), (0, 1), (1, 1), (1, 0))  # row and column of a cell's corners, anticlockwise


def contour_lines(x: Floats, y: Floats, value: Floats, levels: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Pieces of contour lines, and the index of the level each belongs to.

    Parameters
    ----------
    x, y, value
        Coordinates [W] and [H], and values [H, W]. A cell with a value that is not finite has no line.
    levels
        The values [L] to draw lines at.

    Returns
    -------
    Start and end of every piece [n, 2, 2] as (x, y), and level indices [n].
    """
    pieces = [_one_level(x, y, value, float(level)) for level in levels]
    index = np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces])
    return np.concatenate([np.empty((0, 2, 2)), *pieces]), index


def _one_level(x: Floats, y: Floats, value: Floats, level: float) -> Floats:
    """Lines [n, 2, 2] of one level. A value equal to the level counts as above it."""
    rows, columns = value.shape
    corners = [value[r : rows - 1 + r, c : columns - 1 + c] for r, c in _CORNERS]
    finite = np.isfinite(corners[0]) & np.isfinite(corners[1]) & np.isfinite(corners[2]) & np.isfinite(corners[3])
    case = np.zeros(finite.shape, dtype=np.int8)
    for bit, corner in enumerate(corners):
        case |= (corner >= level).astype(np.int8) << bit
    at = np.nonzero(finite & (case > 0) & (case < 15))
    if not len(at[0]):
        return np.empty((0, 2, 2))
    kinds = case[at]
    points = _edge_points(x, y, value, level, at)  # [n, 4, 2]
    every = np.arange(len(kinds))
    first, second = _table(_FIRST), _table(_SECOND)
    lines = np.stack([points[every, first[kinds, end]] for end in (0, 1)], axis=1)  # [n, 2, 2]
    saddles = np.isin(kinds, list(_SECOND))
    more = np.stack([points[every[saddles], second[kinds[saddles], end]] for end in (0, 1)], axis=1)
    return np.concatenate([lines, more])


def _edge_points(x: Floats, y: Floats, value: Floats, level: float, at: tuple[NDArray[np.intp], ...]) -> Floats:
    """Where the level crosses the four edges of the cells [n, 4, 2]; meaningless where it does not."""
    row, column = at
    points = np.empty((len(row), 4, 2))
    for edge in range(4):
        (r0, c0), (r1, c1) = _CORNERS[edge], _CORNERS[(edge + 1) % 4]
        before, after = value[row + r0, column + c0], value[row + r1, column + c1]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.clip(np.nan_to_num((level - before) / (after - before)), 0, 1)
        points[:, edge, 0] = x[column + c0] + share * (x[column + c1] - x[column + c0])
        points[:, edge, 1] = y[row + r0] + share * (y[row + r1] - y[row + r0])
    return points


def _table(cases: dict[int, tuple[int, int]]) -> NDArray[np.intp]:
    table = np.zeros((16, 2), dtype=np.intp)
    for case, edges in cases.items():
        table[case] = edges
    return table
