"""The picture of the basins as it grows from coarse to fine. Needs no torch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.descent.events import NOT_ARRIVED

COARSEST = 64
_FINER = 4

Labels = NDArray[np.int16]
Counts = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Canvas:
    """Labels and steps [side, side] of all starts; never changed, so that pictures can hold them."""

    labels: Labels
    steps: Counts

    @classmethod
    def empty(cls) -> "Canvas":
        """One place of which nothing is known."""
        return cls(np.full((1, 1), NOT_ARRIVED, np.int16), np.zeros((1, 1), np.int32))

    @property
    def side(self) -> int:
        """Starts on each side."""
        return len(self.labels)

    def finer(self, side: int) -> "Canvas":
        """The same picture with more places, each as the place it lies in was before."""
        places = (np.arange(side) * 2 + 1) * self.side // (2 * side)
        chosen = np.ix_(places, places)
        return Canvas(self.labels[chosen], self.steps[chosen])

    def with_rows(self, rows: slice, labels: Labels, steps: Counts) -> "Canvas":
        """The picture with these rows replaced; their places come in one row, [rows * side]."""
        changed = Canvas(self.labels.copy(), self.steps.copy())
        changed.labels[rows] = labels.reshape(-1, self.side)
        changed.steps[rows] = steps.reshape(-1, self.side)
        return changed

    def shares(self, count: int) -> tuple[float, ...]:
        """Which share of all starts reaches each of `count` minima."""
        reached = np.bincount(self.labels[self.labels >= 0], minlength=count)
        return tuple((reached / self.labels.size).tolist())


def sides(finest: int) -> list[int]:
    """The sides of the pictures on the way to `finest`, each about four times the one before."""
    found = [finest]
    while found[0] > COARSEST:
        found.insert(0, -(-found[0] // _FINER))
    return found


def bands(side: int, places: int) -> list[slice]:
    """All rows of a picture in bands of about so many places, the lowest first."""
    rows = max(1, places // side)
    return [slice(first, min(first + rows, side)) for first in range(0, side, rows)]
