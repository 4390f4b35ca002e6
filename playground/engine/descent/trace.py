"""One racer's path as far as it is known, in arrays made once. Needs no torch: engine and window use the same."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.descent.events import Floats, PathSteps, Singles


class Trace:
    """The rows of one racer, fed block by block; row k is the point after k steps.

    Parameters
    ----------
    steps : int
        The most steps it will have; there is one row more.
    """

    def __init__(self, steps: int) -> None:
        self.size = steps + 1
        """Rows there is room for."""
        self._position: Singles = np.empty((self.size, 2), np.float32)
        self._value: Singles = np.empty(self.size, np.float32)
        self._gradient: Singles = np.empty((self.size, 2), np.float32)
        self._rate: Floats = np.empty(self.size)
        self._state: dict[str, Singles] = {}
        self.count = 0
        """Rows known so far."""

    @property
    def position(self) -> Singles:
        """Where it was: [count, 2], as all below a view that costs nothing."""
        return self._position[: self.count]

    @property
    def value(self) -> Singles:
        """f there: [count]."""
        return self._value[: self.count]

    @property
    def gradient(self) -> Singles:
        """The gradient there: [count, 2]."""
        return self._gradient[: self.count]

    @property
    def rate(self) -> Floats:
        """The learning rate of the step that leaves the row: [count]."""
        return self._rate[: self.count]

    @property
    def state(self) -> dict[str, Singles]:
        """What the optimiser kept, by its own names: each [count] or [count, 2], NaN where it kept nothing yet."""
        return {name: column[: self.count] for name, column in self._state.items()}

    def append(self, block: PathSteps) -> None:
        """Take the next rows.

        Raises
        ------
        ValueError
            Where they do not follow the last row, or are more than there is room for.
        """
        stop = block.first + len(block.value)
        if block.first != self.count or stop > self.size:
            raise ValueError(f"rows {block.first} to {stop} do not follow the {self.count} of {self.size} rows")
        rows = slice(block.first, stop)
        self._position[rows], self._value[rows] = block.position, block.value
        self._gradient[rows], self._rate[rows] = block.gradient, block.rate
        for name in self._state.keys() | block.state.keys():
            self._take(name, rows, block.state.get(name))
        self.count = stop

    def first_below(self, threshold: float = 1e-6) -> int | None:
        """The first step after which f is below `threshold`; None where it never is."""
        below: NDArray[Any] = self.value < threshold
        return int(below.argmax()) if below.any() else None

    def _take(self, name: str, rows: slice, values: Singles | None) -> None:
        column = self._state.get(name)
        if column is None:
            assert values is not None
            column = self._state[name] = np.empty((self.size, *values.shape[1:]), np.float32)
            column[: rows.start] = np.nan
        column[rows] = np.nan if values is None else values
