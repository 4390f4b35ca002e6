"""The exponential moving average of a series, taken block by block as the series grows."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_BLOCK = 64


class MovingAverage:
    """`s = weight * s + (1 - weight) * x`, divided by `1 - weight ** n` so that the start is not pulled to zero.

    A value that is not finite yields NaN and leaves the average as it was.
    """

    def __init__(self, weight: float) -> None:
        self.weight = weight
        self._sum = 0.0
        self._count = 0
        powers = weight ** np.arange(_BLOCK + 1, dtype=float)
        lag = np.arange(_BLOCK)[None, :] - np.arange(_BLOCK)[:, None]  # column minus row: how long ago
        self._mix = np.where(lag >= 0, (1 - weight) * powers[np.maximum(lag, 0)], 0.0)
        self._decay = powers[1:]

    def extend(self, values: Floats) -> Floats:
        """The averages after each of the next values."""
        smoothed = np.full(len(values), np.nan)
        finite = np.isfinite(values)
        smoothed[finite] = self._extend_finite(values[finite])
        return smoothed

    def _extend_finite(self, values: Floats) -> Floats:
        size = len(values)
        if size == 0:
            return values
        blocks = np.zeros((-(-size // _BLOCK), _BLOCK))
        blocks.ravel()[:size] = values
        sums = blocks @ self._mix
        sums += np.outer(self._carried(sums[:, -1]), self._decay)
        averages = sums.ravel()[:size]
        self._sum = float(averages[-1])
        counts = np.arange(self._count + 1, self._count + size + 1, dtype=float)
        self._count += size
        return averages / (1 - self.weight**counts)

    def _carried(self, block_sums: Floats) -> Floats:
        """The running sum before each block. Kept to one multiplication a block, in plain floats."""
        carried, running, decay = [], self._sum, float(self._decay[-1])
        for block_sum in block_sums.tolist():
            carried.append(running)
            running = block_sum + decay * running
        return np.array(carried)
