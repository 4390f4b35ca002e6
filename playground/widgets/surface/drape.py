"""A racer's path bent over the surface, growing with it."""

import numpy as np

from playground.widgets.surface.relief import Relief, Singles
from playground.widgets.surface.strokes import pieces_of
from playground.widgets.surface.trail import Trail
from playground.widgets.surface.values import Floats

_GRAIN = 1 / 900  # of the domain: about half a pixel


class DrapedPath:
    """Vertices [m, 3] in a buffer that grows; only rows that are new are bent."""

    def __init__(self, relief: Relief) -> None:
        left, right, bottom, top = relief.domain
        self._relief = relief
        self._trail = Trail(((right - left) * _GRAIN, (top - bottom) * _GRAIN))
        self._vertices: Singles = np.empty((1024, 3), dtype=np.float32)
        self._ends: list[int] = []  # how many vertices lead up to each kept row

    def feed(self, positions: Floats) -> None:
        """Take the path as it is now."""
        if not self._trail.feed(positions):
            self._ends.clear()
        if len(self._trail.rows) == len(self._ends):
            return
        known = max(len(self._ends) - 1, 0)
        pieces = pieces_of(self._relief.to_plane(self._trail.positions[self._trail.rows[known:]]))
        vertices, owners = self._relief.draped_by_piece(pieces)
        if not self._ends:
            self._ends.append(0)
        before = self._ends[-1] if self._ends else 0
        counts = before + 2 * np.searchsorted(owners, np.arange(len(pieces)), side="right")
        self._ends.extend(counts.tolist())
        self._append(before, vertices)

    def until(self, step: int | None) -> Singles:
        """The vertices, two for each piece, up to the cursor."""
        count = self._trail.count_until(step)
        return self._vertices[: self._ends[count - 1]] if count else self._vertices[:0]

    def _append(self, before: int, vertices: Singles) -> None:
        needed = before + len(vertices)
        if needed > len(self._vertices):
            more = np.empty((needed, 3), dtype=np.float32)
            self._vertices = np.concatenate([self._vertices[:before], more])
        self._vertices[before:needed] = vertices
