"""What the basins panel shows, as plain arrays and numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NOT_ARRIVED, DIVERGED = -1, -2

Domain = tuple[float, float, float, float]
Minimum = tuple[float, float, str]


@dataclass(frozen=True, eq=False, slots=True)
class BasinsValues:
    """Which minimum each start of a grid over `domain` (left, right, bottom, top) reaches.

    `labels` [S, S], row 0 at the bottom, index `minima` (x, y, label), or are `NOT_ARRIVED` or `DIVERGED`; `steps`
    [S, S] is how many steps it took. `shares` (0 to 1) belong to the minima. `sentence` says what this is.
    """

    domain: Domain
    labels: NDArray[np.int16]
    steps: NDArray[np.int32]
    minima: tuple[Minimum, ...]
    shares: tuple[float, ...]
    steps_done: int
    seconds: float
    is_final: bool
    sentence: str = ""
    names: tuple[str, str] = ("x", "y")

    @property
    def side(self) -> int:
        """How many starts stand on each side."""
        return int(self.labels.shape[0])

    def start(self, row: int, column: int) -> tuple[float, float]:
        """Where the start of a cell stands: in its middle."""
        left, right, bottom, top = self.domain
        return left + (right - left) * (column + 0.5) / self.side, bottom + (top - bottom) * (row + 0.5) / self.side

    def outcome_share(self, outcome: int) -> float:
        """The share of starts with `NOT_ARRIVED` or `DIVERGED`."""
        return float(np.count_nonzero(self.labels == outcome)) / self.labels.size


def point_text(x: float, y: float, digits: int = 4) -> str:
    """A point as people write it, with true minus signs."""
    return f"({x:.{digits}g}, {y:.{digits}g})".replace("-", "\N{MINUS SIGN}")
