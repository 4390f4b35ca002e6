"""What the racers' curves are made of: growing columns, their pyramids, and when f became small."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from playground.widgets.common.columns import Column
from playground.widgets.common.pyramid import Pyramid

Floats = NDArray[np.floating]
Quantity = Literal["value", "gradient_norm", "distance"]

QUANTITIES: tuple[Quantity, ...] = ("value", "gradient_norm", "distance")
SMALL = 1e-6

_SHORT = {"value": "f", "gradient_norm": "gradient norm", "distance": "distance"}


class Trace:
    """One racer's columns, a row a step from row 0, the start."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._columns: dict[Quantity, Floats] = {}
        self._pyramids: dict[Quantity, Pyramid] = {}
        self._searched = 0
        self._reached: int | None = None

    def __len__(self) -> int:
        return max((len(column) for column in self._columns.values()), default=0)

    def set_columns(self, columns: Mapping[Quantity, Floats]) -> None:
        """Take longer views of the same columns; shorter ones begin anew."""
        for quantity, values in columns.items():
            if len(values) < len(self.column(quantity)):
                self._forget(quantity)
            self._columns[quantity] = values

    def column(self, quantity: Quantity) -> Floats:
        """The values as they came."""
        return self._columns.get(quantity, np.empty(0))

    def at(self, quantity: Quantity, step: int) -> float:
        """The value after so many steps; NaN where there is none."""
        column = self.column(quantity)
        return float(column[step]) if 0 <= step < len(column) else np.nan

    def pyramid(self, quantity: Quantity) -> Pyramid:
        """The values to draw, what is not finite left out; caught up with the column."""
        pyramid = self._pyramids.setdefault(quantity, Pyramid())
        fresh = self.column(quantity)[len(pyramid) :]
        if len(fresh):
            pyramid.append(np.where(np.isfinite(fresh), fresh, np.nan).astype(np.float64))
        return pyramid

    def first_small(self, least: float) -> int | None:
        """The first step at which f is less than `SMALL` above `least`. Each row is looked at once."""
        if self._reached is None:
            fresh = self.column("value")[self._searched :]
            small = np.flatnonzero(fresh.astype(np.float64) - least < SMALL)
            if len(small):
                self._reached = self._searched + int(small[0])
            self._searched += len(fresh)
        return self._reached

    def search_again(self) -> None:
        """Look at every row once more: what counts as small has changed."""
        self._searched, self._reached = 0, None

    def _forget(self, quantity: Quantity) -> None:
        self._pyramids.pop(quantity, None)
        if quantity == "value":
            self.search_again()


def table(traces: list[Trace]) -> list[Column]:
    """Columns step, then f, gradient norm and distance of every racer; NaN after a racer's end."""
    rows = max((len(trace) for trace in traces), default=0)
    columns = [Column("step", np.arange(rows, dtype=np.float64))]
    for place, trace in enumerate(traces, start=1):
        for quantity in QUANTITIES:
            values = np.full(rows, np.nan)
            column = trace.column(quantity)
            values[: len(column)] = column
            columns.append(Column(f"{place} {trace.name} {_SHORT[quantity]}", values))
    return columns
