"""The three series of a run: every step of the training, and a point an epoch for validation and test."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from playground.widgets.common.columns import Column
from playground.widgets.common.pyramid import Pyramid
from playground.widgets.plots.smoothing import MovingAverage

Floats = NDArray[np.float64]
PointSeries = Literal["validation", "test"]


class StepSeries:
    """One value a step, as recorded and smoothed; `first` is the step of the first value."""

    def __init__(self) -> None:
        self.first = 0
        self.raw = Pyramid()
        self._smoothed = Pyramid()
        self._average = MovingAverage(0.0)

    @property
    def end(self) -> int:
        """The step after the last one."""
        return self.first + len(self.raw)

    @property
    def smoothing(self) -> float:
        """The weight of the past, 0 (none) to 0.99."""
        return self._average.weight

    @property
    def smoothed(self) -> Pyramid:
        """The moving average, caught up with the raw values."""
        if len(self._smoothed) < len(self.raw):
            self._smoothed.append(self._average.extend(self.raw.values[len(self._smoothed) :]))
        return self._smoothed

    def smooth(self, weight: float) -> None:
        """Smooth anew with another weight."""
        self._average = MovingAverage(weight)
        self._smoothed = Pyramid()

    def append(self, first: int, values: Floats) -> None:
        """Add consecutive steps; steps from `first` on are replaced, a gap before them is filled with NaN."""
        if len(self.raw) == 0 or first < self.first:
            self._restart(first)
        elif first < self.end:
            self.raw.truncate(first - self.first)
            self.smooth(self.smoothing)
        elif first > self.end:
            self.raw.append(np.full(first - self.end, np.nan))
        self.raw.append(np.asarray(values, dtype=float))

    def at(self, step: int) -> tuple[float, float]:
        """The raw and the smoothed value of a step; NaN where there is none."""
        index = step - self.first
        if not 0 <= index < len(self.raw):
            return np.nan, np.nan
        return float(self.raw.values[index]), float(self.smoothed.values[index])

    def _restart(self, first: int) -> None:
        self.first = first
        self.raw = Pyramid()
        self.smooth(self.smoothing)


@dataclass(slots=True)
class EpochPoints:
    """Few points, each at the number of steps done when it was measured."""

    steps: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def append(self, step: int, value: float) -> None:
        """Add a point; points at or after `step` are replaced."""
        self.drop_from(step)
        self.steps.append(step)
        self.values.append(value)

    def drop_from(self, step: int) -> None:
        """Forget the points at or after a step."""
        kept = int(np.searchsorted(self.steps, step))
        del self.steps[kept:], self.values[kept:]

    def latest_at(self, step: int) -> float:
        """The value of the latest point at or before a step; NaN before the first."""
        index = int(np.searchsorted(self.steps, step, side="right")) - 1
        return self.values[index] if index >= 0 else np.nan


@dataclass(slots=True)
class RunSeries:
    """Everything a curve panel shows."""

    train: StepSeries = field(default_factory=StepSeries)
    validation: EpochPoints = field(default_factory=EpochPoints)
    test: EpochPoints = field(default_factory=EpochPoints)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not (len(self.train.raw) or self.validation.steps or self.test.steps)

    def append_steps(self, first: int, values: Floats) -> None:
        """Add training steps. A run taken up again at an earlier step forgets what came after it."""
        if first < self.train.end:
            self.validation.drop_from(first + 1)
            self.test.drop_from(first + 1)
        self.train.append(first, values)

    def clear(self) -> None:
        """Forget all values; the smoothing stays as chosen."""
        smoothing = self.train.smoothing
        self.train, self.validation, self.test = StepSeries(), EpochPoints(), EpochPoints()
        self.train.smooth(smoothing)

    def points(self, series: PointSeries) -> EpochPoints:
        """The points of a series by name."""
        return self.validation if series == "validation" else self.test

    def span(self) -> tuple[float, float]:
        """The first and last step of all series."""
        steps = [*self.validation.steps, *self.test.steps]
        if len(self.train.raw):
            steps += [self.train.first, self.train.end - 1]
        return float(min(steps)), float(max(steps))

    def table(self) -> list[Column]:
        """Columns step, train, train smoothed, validation, test; NaN where a series has no value at that step."""
        train, count = self.train, len(self.train.raw)
        recorded = np.arange(train.first, train.first + count)
        steps = np.unique(np.concatenate([recorded, self.validation.steps, self.test.steps])).astype(np.int64)
        return [
            Column("step", steps.astype(float)),
            Column("train", _placed(steps, recorded, train.raw.values)),
            Column("train smoothed", _placed(steps, recorded, train.smoothed.values)),
            Column("validation", _placed(steps, self.validation.steps, self.validation.values)),
            Column("test", _placed(steps, self.test.steps, self.test.values)),
        ]


def _placed(steps: NDArray[np.int64], at: list[int] | NDArray[np.int64], values: list[float] | Floats) -> Floats:
    column = np.full(len(steps), np.nan)
    column[np.searchsorted(steps, at)] = values
    return column
