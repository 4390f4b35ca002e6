"""What the curve panel offers and shows, as plain arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FAR = 4.0  # times the spread of nine tenths of the values: further out is a pole


@dataclass(frozen=True, slots=True)
class CurveChoice:
    """A curve to choose: `kind` is "activation", "loss" or "formula", `name` the one of that kind, none of a formula.

    `group` is the heading it stands under.
    """

    kind: str
    name: str
    title: str
    group: str


@dataclass(frozen=True, eq=False, slots=True)
class CurveValues:
    """A function of one number: `x`, `value` and `slope` (its derivative) [n]; `saturated` [n] where that is small."""

    title: str
    formula: str
    x: Floats
    value: Floats
    slope: Floats
    saturated: NDArray[np.bool_]

    def nearest(self, x: float) -> int:
        """The sample nearest to `x`."""
        return int(np.abs(self.x - x).argmin())

    def saturated_spans(self) -> list[tuple[float, float]]:
        """First and last `x` of every saturated stretch."""
        edges = np.flatnonzero(np.diff(self.saturated.astype(np.int8), prepend=0, append=0))
        return [(float(self.x[first]), float(self.x[last - 1])) for first, last in edges.reshape(-1, 2)]

    def y_range(self) -> tuple[float, float]:
        """Lowest and highest value to show of function and derivative; a pole does not flatten the rest."""
        (low, high, _), (least, most, is_calm) = _reach(self.value), _reach(self.slope)
        if is_calm or low > high:
            low, high = min(low, least), max(high, most)
        if low > high:
            return -1.0, 1.0
        margin = 0.08 * (high - low) or 0.5
        return low - margin, high + margin


def _reach(values: Floats) -> tuple[float, float, bool]:
    """From where to where values reach, and whether that is all of them: what only a few reach is cut off."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return np.inf, -np.inf, True
    least, most = float(finite.min()), float(finite.max())
    low, high = (float(each) for each in np.percentile(finite, (5, 95)))
    room = high - low
    if room == 0 or (least >= low - _FAR * room and most <= high + _FAR * room):
        return least, most, True
    return max(least, low - room), min(most, high + room), False
