"""A path that grows, thinned to the rows that move it visibly."""

import numpy as np
from numpy.typing import NDArray

from playground.widgets.surface.values import Floats

Rows = NDArray[np.int64]


class Trail:
    """Keeps a view of a path's positions [n, 2] and the numbers of the rows worth drawing.

    A row is kept when it is at least one `grain` (in x or in y, above zero) away from the row kept before it; rows
    added later cost only themselves. Rows that are not finite are passed over.
    """

    def __init__(self, grain: tuple[float, float]) -> None:
        self.positions: Floats = np.empty((0, 2))
        self._grain = np.array(grain, dtype=float)
        self._kept: Rows = np.empty(256, dtype=np.int64)
        self._ends: Floats = np.empty((2, 2))
        self._count = 0
        self._seen = 0

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def rows(self) -> Rows:
        """The rows kept so far."""
        return self._kept[: self._count]

    def feed(self, positions: Floats) -> bool:
        """Take the whole path as it is now; False where it does not go on from what was there before."""
        goes_on = self._goes_on(positions)
        self.positions = positions
        self._ends = positions[[0, -1]] if len(positions) else self._ends
        if not goes_on:
            self._count = self._seen = 0
        self._keep_new()
        return goes_on

    def set_grain(self, grain: tuple[float, float]) -> None:
        """Thin anew for another size of a pixel."""
        if tuple(self._grain) != grain:
            self._grain = np.array(grain, dtype=float)
            self._count = self._seen = 0
            self._keep_new()

    def count_until(self, step: int | None) -> int:
        """How many of the kept rows are not after `step`."""
        return self._count if step is None else int(np.searchsorted(self.rows, step, side="right"))

    def last_until(self, step: int | None) -> int:
        """The last row that is not after `step`; -1 where there is none."""
        return len(self) - 1 if step is None else min(step, len(self) - 1)

    def drawn(self, step: int | None) -> Floats:
        """The points to draw up to `step` [m, 2], the last row among them."""
        last = self.last_until(step)
        rows = self.rows[: self.count_until(step)]
        if last >= 0 and len(rows) and rows[-1] != last and np.isfinite(self.positions[last]).all():
            rows = np.append(rows, last)
        return np.asarray(self.positions[rows], dtype=float)

    def _goes_on(self, positions: Floats) -> bool:
        before = len(self.positions)
        if len(positions) < before:
            return False
        return not before or bool(np.array_equal(positions[[0, before - 1]], self._ends, equal_nan=True))

    def _keep_new(self) -> None:
        new = self.positions[self._seen :]
        if not len(new):
            return
        points = np.asarray(new, dtype=float)
        previous = self.positions[max(self._seen - 1, 0)]
        cells = np.floor(np.vstack([previous, points]) / self._grain)
        moved = (cells[1:] != cells[:-1]).any(axis=1)
        moved[0] |= not self._count
        candidates = np.nonzero(moved & np.isfinite(points).all(axis=1))[0]
        self._append(self._apart(points, candidates) + self._seen)
        self._seen = len(self.positions)

    def _apart(self, points: Floats, candidates: NDArray[np.intp]) -> Rows:
        """Of the candidates, those a grain away from the one kept before: a path that trembles keeps few."""
        kept: list[int] = []
        scaled = (points[candidates] / self._grain).tolist()
        at = (
            (np.asarray(self.positions[self.rows[-1]], float) / self._grain).tolist()
            if self._count
            else [np.inf, np.inf]
        )
        for row, (x, y) in zip(candidates.tolist(), scaled, strict=True):
            if abs(x - at[0]) >= 1 or abs(y - at[1]) >= 1:
                kept.append(row)
                at = [x, y]
        return np.array(kept, dtype=np.int64)

    def _append(self, rows: Rows) -> None:
        needed = self._count + len(rows)
        if needed > len(self._kept):
            self._kept = np.concatenate([self.rows, np.empty(needed, dtype=np.int64)])
        self._kept[self._count : needed] = rows
        self._count = needed
