"""Where a value stands between the lowest and the highest: its colour, its height, and the levels of the contours."""

from math import floor, log10

import numpy as np
import pyqtgraph as pg

from playground.widgets.common.ticks import linear_ticks, number
from playground.widgets.surface.values import Bytes, Floats, SurfaceValues

CONTOURS = 14
_SMALLEST = 1e-4  # of the span: added before the logarithm, so that the minimum has one
_COLORS = 256


class Levels:
    """From values to parts between 0 (lowest) and 1 (highest), on a logarithmic scale of value - lowest if asked."""

    def __init__(self, function: SurfaceValues) -> None:
        known = np.append(function.value, [mark.value for mark in function.marks])
        known = known[np.isfinite(known)]
        self.low = float(known.min()) if known.size else 0.0
        self.high = float(known.max()) if known.size else 0.0
        self.logarithmic = function.logarithmic and not self.is_constant
        self._small = _SMALLEST * (self.high - self.low)

    @property
    def is_constant(self) -> bool:
        """Whether all values are the same, as far as a picture can show."""
        return not self.high - self.low > 1e-12 * max(abs(self.low), abs(self.high))

    def part(self, values: Floats) -> Floats:
        """Parts of `values`, at most 0 to 1; NaN where a value is not finite, a half for a constant."""
        values = np.where(np.isfinite(values), values, np.nan).astype(float)
        if self.is_constant:
            return np.where(np.isnan(values), np.nan, 0.5)
        above = np.clip(values - self.low, 0, self.high - self.low)
        if self.logarithmic:
            above = np.log1p(above / self._small)
        return np.asarray(above / (self._logarithm_span if self.logarithmic else self.high - self.low))

    def value_at(self, part: float) -> float:
        """The value whose part this is."""
        if self.logarithmic:
            return self.low + self._small * float(np.expm1(part * self._logarithm_span))
        return self.low + part * (self.high - self.low)

    def contour_parts(self) -> Floats:
        """The parts at which contours are drawn: evenly spaced on the scale in force."""
        return np.empty(0) if self.is_constant else (np.arange(CONTOURS) + 0.5) / CONTOURS

    def ticks(self) -> list[tuple[float, str]]:
        """Parts and labels of an axis of values."""
        if self.is_constant:
            return [(0.5, f"{self.low:.4g}")]
        values = self._decades() if self.logarithmic else linear_ticks(self.low, self.high, 4)[1]
        step = linear_ticks(self.low, self.high, 4)[0]
        labels = [f"{v:.4g}" if self.logarithmic else number(v, step) for v in values]
        return [(float(p), label) for p, label in zip(self.part(np.array(values)), labels, strict=True)]

    @property
    def _logarithm_span(self) -> float:
        return float(np.log1p((self.high - self.low) / self._small))

    def _decades(self) -> list[float]:
        last = floor(log10(self.high - self.low))
        first = floor(log10(self._small)) + 1
        return [self.low, *(self.low + 10.0**exponent for exponent in range(first, last + 1))]


def colors(parts: Floats) -> Bytes:
    """Viridis as uint8 [..., 4]; what has no value is clear."""
    table: Bytes = pg.colormap.get("viridis").getLookupTable(0.0, 1.0, _COLORS, alpha=True)
    found: Bytes = table[np.rint(np.nan_to_num(parts) * (_COLORS - 1)).astype(int)]
    found[np.isnan(parts)] = 0
    return found
