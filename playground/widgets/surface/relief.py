"""The surface in space: the plane is -1 to 1 both ways, heights go from 0 to 1, the floor lies below."""

import numpy as np
from numpy.typing import NDArray

from playground.widgets.surface.levels import Levels, colors
from playground.widgets.surface.strokes import Box, clipped
from playground.widgets.surface.values import Bytes, Floats, SurfaceValues

HEIGHT = 1.0  # half of the plane's side
FLOOR = -0.5
PLANE: Box = (-1.0, 1.0, -1.0, 1.0)
_FINEST = 120  # points a side of the mesh
_PIECE = 2 / 60  # longer pieces of a line are bent over the surface
_WIRES = 20
_SAMPLES = 500  # along a ray

Singles = NDArray[np.float32]


class Relief:
    """The mesh of a function: heights over a grid of at most 120 x 120 points, and what lies on it."""

    def __init__(self, function: SurfaceValues, levels: Levels) -> None:
        self.domain = function.domain
        rows, columns = (_thinned(len(axis)) for axis in (function.y, function.x))
        self.u = self.to_plane(np.stack([function.x, np.full(len(function.x), self.domain[2])], axis=1))[columns, 0]
        self.v = self.to_plane(np.stack([np.full(len(function.y), self.domain[0]), function.y], axis=1))[rows, 1]
        self.part = levels.part(function.value[np.ix_(rows, columns)])  # [h, w]
        self.heights = self.part * HEIGHT
        self._rows, self._columns = rows, columns

    def to_plane(self, points: Floats) -> Floats:
        """Points [..., 2] of the function as points of the plane."""
        left, right, bottom, top = self.domain
        return (np.asarray(points, dtype=float) - (left, bottom)) / (right - left, top - bottom) * 2 - 1

    def from_plane(self, u: float, v: float) -> tuple[float, float]:
        """A point of the plane as a point of the function."""
        left, right, bottom, top = self.domain
        return left + (u + 1) / 2 * (right - left), bottom + (v + 1) / 2 * (top - bottom)

    def height_at(self, points: Floats) -> Floats:
        """The height of the mesh [n] at points of the plane [n, 2]; NaN outside and in holes."""
        u, v = points[:, 0], points[:, 1]
        column = np.interp(u, self.u, np.arange(len(self.u)), left=np.nan, right=np.nan)
        row = np.interp(v, self.v, np.arange(len(self.v)), left=np.nan, right=np.nan)
        lost = ~(np.isfinite(column) & np.isfinite(row))
        c = np.clip(np.nan_to_num(column).astype(int), 0, len(self.u) - 2)
        r = np.clip(np.nan_to_num(row).astype(int), 0, len(self.v) - 2)
        s, t = column - c, row - r
        z = self.heights
        corner, right, up, far = z[r, c], z[r, c + 1], z[r + 1, c], z[r + 1, c + 1]
        near_half = corner + s * (right - corner) + t * (up - corner)
        far_half = far + (1 - s) * (up - far) + (1 - t) * (right - far)
        found: Floats = np.where(s + t <= 1, near_half, far_half)
        found[lost] = np.nan
        return found

    def draped(self, pieces: Floats) -> Singles:
        """Pieces of line in the plane [n, 2, 2], bent over the mesh: vertices [m, 3], two for each short piece."""
        return self.draped_by_piece(pieces)[0]

    def draped_by_piece(self, pieces: Floats) -> tuple[Singles, NDArray[np.intp]]:
        """The vertices [2k, 3] as of `draped`, and for every two of them the piece they come from [k]."""
        if not len(pieces):
            return np.empty((0, 3), dtype=np.float32), np.empty(0, dtype=np.intp)
        inside, clipped_from = clipped(pieces, PLANE)
        bent, cut_from = subdivided(inside)
        ends = bent.reshape(-1, 2)
        heights = self.height_at(np.clip(ends, -1, 1))
        known = np.isfinite(heights).reshape(-1, 2).all(axis=1)
        vertices = np.column_stack([ends, heights]).astype(np.float32).reshape(-1, 2, 3)
        return vertices[known].reshape(-1, 3), clipped_from[cut_from][known]

    def vertices(self) -> Singles:
        """The mesh's points [h * w, 3]; those in holes lie on the floor and belong to no face."""
        u, v = np.meshgrid(self.u, self.v)
        return np.stack([u, v, np.nan_to_num(self.heights, nan=FLOOR)], axis=-1).reshape(-1, 3).astype(np.float32)

    def faces(self) -> NDArray[np.uint32]:
        """Triangles [n, 3] of points' numbers, two a cell, none at a hole."""
        at = np.arange(self.heights.size, dtype=np.uint32).reshape(self.heights.shape)
        corner, right, up, far = at[:-1, :-1], at[:-1, 1:], at[1:, :-1], at[1:, 1:]
        halves = (np.stack(half, axis=-1).reshape(-1, 3) for half in ((corner, right, up), (up, right, far)))
        triangles = np.concatenate(list(halves))
        known = np.isfinite(self.heights).ravel()
        kept: NDArray[np.uint32] = triangles[known[triangles].all(axis=1)]
        return kept

    def colors(self, basins: Bytes | None) -> Bytes:
        """A colour [h * w, 4] for each point: by value or by basin, darker on the slopes away from the light."""
        painted = colors(self.part) if basins is None else basins[self._basin_cells(basins)]
        painted = painted.reshape(-1, 4)
        painted[:, :3] = np.rint(painted[:, :3] * self._light().reshape(-1, 1)).astype(np.uint8)
        painted[:, 3] = 255
        return painted

    def wires(self) -> Singles:
        """Vertices of the wire grid, two for each piece: every few rows and columns of the mesh."""
        points = self.vertices().reshape(*self.heights.shape, 3)
        known = np.isfinite(self.heights)
        lines = []
        for along in (points, points.swapaxes(0, 1)):
            there = known if along is points else known.T
            chosen = _thinned(len(along), _WIRES + 1)
            ends = np.stack([along[chosen, :-1], along[chosen, 1:]], axis=2)  # [k, n - 1, 2, 3]
            lines.append(ends[there[chosen, :-1] & there[chosen, 1:]].reshape(-1, 3))
        return np.concatenate(lines)

    def hit(self, near: Floats, far: Floats) -> tuple[float, float] | None:
        """Where a ray [3] to [3] first meets the surface, else the floor within the plane, as a point of the plane."""
        share = np.linspace(0, 1, _SAMPLES)
        span = _inside_box(near, far)
        if span is None:
            return None
        points = near + (span[0] + share * (span[1] - span[0]))[:, None] * (far - near)
        above = points[:, 2] - self.height_at(points[:, :2])
        with np.errstate(invalid="ignore"):
            crossed = np.nonzero(above[:-1] * above[1:] <= 0)[0]
        if len(crossed):
            k = crossed[0]
            part = above[k] / (above[k] - above[k + 1]) if above[k] != above[k + 1] else 0.0
            point = points[k] + part * (points[k + 1] - points[k])
        elif near[2] > FLOOR > far[2]:
            point = near + (near[2] - FLOOR) / (near[2] - far[2]) * (far - near)
        else:
            return None
        return (float(point[0]), float(point[1])) if np.abs(point[:2]).max() <= 1 else None

    def _basin_cells(self, basins: Bytes) -> tuple[NDArray[np.intp], ...]:
        side = len(basins)
        row, column = (np.rint((axis + 1) / 2 * (side - 1)).astype(int) for axis in (self.v, self.u))
        return np.ix_(row, column)

    def _light(self) -> Floats:
        """How bright each point is, 0.75 to 1, lit from the left and above."""
        dv, du = np.gradient(np.nan_to_num(self.heights), self.v, self.u)
        facing = (1 + 0.5 * du + 0.4 * dv) / np.sqrt((1 + du**2 + dv**2) * (1 + 0.5**2 + 0.4**2))
        light: Floats = 0.75 + 0.25 * np.clip(facing, 0, 1)
        return light


def subdivided(pieces: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Pieces [n, 2, 2] cut into equal parts no longer than a cell or so of the mesh, and which each comes from."""
    way = pieces[:, 1] - pieces[:, 0]
    parts = np.maximum(np.ceil(np.hypot(way[:, 0], way[:, 1]) / _PIECE), 1).astype(int)
    piece = np.repeat(np.arange(len(pieces)), parts)
    number = np.arange(len(piece)) - np.repeat(np.cumsum(parts) - parts, parts)
    step = way[piece] / parts[piece, None]
    start = pieces[piece, 0] + number[:, None] * step
    return np.stack([start, start + step], axis=1), piece


def _thinned(count: int, most: int = _FINEST) -> NDArray[np.intp]:
    """Evenly spread numbers among `count`, the first and the last included."""
    return np.unique(np.rint(np.linspace(0, count - 1, min(count, most))).astype(np.intp))


def _inside_box(near: Floats, far: Floats) -> tuple[float, float] | None:
    """The shares of a ray between which it is inside the box around the surface."""
    low, high = np.array([-1.0, -1.0, FLOOR]), np.array([1.0, 1.0, HEIGHT + 0.01])
    way = far - near
    way = np.where(way == 0, 1e-12, way)
    one, other = (low - near) / way, (high - near) / way
    enter, leave = max(np.minimum(one, other).max(), 0.0), min(np.maximum(one, other).min(), 1.0)
    return (float(enter), float(leave)) if enter < leave else None
