"""A growing series with the minimum and maximum of every power-of-two cell: a redraw costs pixels, not points."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FIRST_CAPACITY = 1024


class Pyramid:
    """Values with indices 0, 1, 2, ...; NaN marks a value that is missing and is left out of minima and maxima."""

    def __init__(self) -> None:
        self._values: Floats = np.empty(_FIRST_CAPACITY)
        self._levels: list[tuple[Floats, Floats]] = []  # level k: minimum and maximum of cells of 2 ** (k + 1) values
        self._length = 0
        self._folded = 0  # values that the levels already account for

    def __len__(self) -> int:
        return self._length

    @property
    def values(self) -> Floats:
        """A view of all values; valid until the next append."""
        return self._values[: self._length]

    def append(self, values: Floats) -> None:
        """Add values at the end."""
        end = self._length + len(values)
        self._values = _grown(self._values, end)
        self._values[self._length : end] = values
        self._length = end

    def truncate(self, length: int) -> None:
        """Forget the values from index `length` on."""
        self._length = min(self._length, length)
        self._folded = min(self._folded, length)

    def envelope(self, first: int, last: int, buckets: int) -> tuple[Floats, Floats]:
        """Indices and values that draw the series from `first` up to but not including `last`.

        At most `2 * buckets + 4` values: the series itself where that is enough, else minimum and maximum of each
        cell of equal width. Cells that stick out at either end are whole.
        """
        first, last = max(first, 0), min(last, self._length)
        if first >= last:
            return np.empty(0), np.empty(0)
        level = (-(-(last - first) // max(buckets, 1)) - 1).bit_length()
        if level == 0:
            return np.arange(first, last, dtype=float), self._values[first:last]
        self._fold()
        return self._cells(first >> level, ((last - 1) >> level) + 1, level)

    def _cells(self, first: int, last: int, level: int) -> tuple[Floats, Floats]:
        width = 1 << level
        centres = (np.arange(first, last) + 0.5) * width - 0.5
        centres[-1] = min(centres[-1], (self._length - 1 + (last - 1) * width) / 2)
        low, high = self._levels[level - 1]
        values = np.empty(2 * (last - first))
        values[0::2], values[1::2] = low[first:last], high[first:last]
        return np.repeat(centres, 2), values

    def _fold(self) -> None:
        if self._folded == self._length:
            return
        low = high = self.values
        level = 0
        while len(low) > 1:
            if level == len(self._levels):
                self._levels.append((np.empty(0), np.empty(0)))
            start = self._folded >> (level + 1)
            old_low, old_high = self._levels[level]
            folded = _pairs(old_low, low, start, np.fmin), _pairs(old_high, high, start, np.fmax)
            self._levels[level] = folded
            size = (len(low) + 1) // 2
            low, high = folded[0][:size], folded[1][:size]
            level += 1
        self._folded = self._length


def _pairs(target: Floats, source: Floats, start: int, choose: np.ufunc) -> Floats:
    """`target` with cells from `start` on made from pairs of `source`; a last one without a partner stays as it is."""
    whole, size = len(source) // 2, (len(source) + 1) // 2
    target = _grown(target, size)
    choose(source[2 * start : 2 * whole : 2], source[2 * start + 1 : 2 * whole : 2], out=target[start:whole])
    if size > whole:
        target[whole] = source[-1]
    return target


def _grown(array: Floats, size: int) -> Floats:
    if size <= len(array):
        return array
    larger = np.empty(max(size, 2 * len(array), _FIRST_CAPACITY))
    larger[: len(array)] = array
    return larger
