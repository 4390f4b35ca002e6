"""The only store of a run's metrics: columns over steps and over epochs, fed with the run's own events."""

import csv
import io
from typing import Literal

import numpy as np

from playground.engine.training.events import EpochDone, Event, Floats, Score, Steps

StepSeries = Literal["loss", "accuracy", "learning_rate"]
STEP_SERIES: tuple[StepSeries, ...] = ("loss", "accuracy", "learning_rate")
SplitName = Literal["train", "validation", "test"]


class History:
    """Metrics of one run. Reading gives views of what is there; they stay as they are while the history grows."""

    def __init__(self) -> None:
        self._steps: dict[StepSeries, Floats] = {name: np.empty(1024) for name in STEP_SERIES}
        self._count = 0
        self._seconds = 0.0
        self.first_step = 0
        self.epochs: list[EpochDone] = []

    def __len__(self) -> int:
        return self._count

    def __repr__(self) -> str:
        return f"History of {self._count:,} steps and {len(self.epochs):,} epochs"

    @property
    def next_step(self) -> int:
        """The step the next block begins with."""
        return self.first_step + self._count

    @property
    def seconds(self) -> float:
        """Pure training time so far."""
        return self._seconds

    def record(self, event: Event) -> None:
        """Take what an event says; blocks must follow one another without a gap.

        A block that begins earlier comes from a run that went back: it takes the place of what was there from then on.

        Raises
        ------
        ValueError
            For a block that begins after the end of the last one.
        """
        if isinstance(event, Steps):
            self._record_steps(event)
        elif isinstance(event, EpochDone):
            self.epochs.append(event)

    def step_series(self, name: StepSeries) -> Floats:
        """One value a step, from `first_step` on: float64 [len(self)]."""
        return self._steps[name][: self._count]

    def epoch_series(self, split: SplitName, metric: Literal["loss", "accuracy"]) -> tuple[Floats, Floats]:
        """Steps at which the epochs ended, and the metric there (epochs without that split left out)."""
        scores: list[tuple[int, Score | None]] = [(epoch.step, getattr(epoch, split)) for epoch in self.epochs]
        found = [(step, getattr(score, metric)) for step, score in scores if score is not None]
        table = np.array(found, dtype=np.float64).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    def truncate(self, step: int) -> None:
        """Forget everything from `step` on, as when a run goes back to an earlier state.

        For a step beyond the end everything is forgotten, since what lies between is not known.
        """
        if step > self.next_step:
            step = self.first_step
        self._count = max(0, min(self._count, step - self.first_step))
        self._steps = {name: column.copy() for name, column in self._steps.items()}  # views given out keep the old ones
        self.epochs = [epoch for epoch in self.epochs if epoch.step <= step]

    def copy(self) -> "History":
        """The same metrics, for another thread or to keep: neither history sees what the other one records.

        Costs no copy of the columns: the twin has no room in its views, so that it makes its own when it grows.
        """
        twin = History()
        twin._steps = {name: self.step_series(name) for name in STEP_SERIES}
        twin._count, twin._seconds, twin.first_step = self._count, self._seconds, self.first_step
        twin.epochs = list(self.epochs)
        return twin

    def to_csv(self) -> str:
        """Every step as a line; at the steps that ended an epoch also that epoch's scores."""
        ends = {epoch.step: epoch for epoch in self.epochs}
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        splits: tuple[SplitName, ...] = ("validation", "test")
        metrics = [f"{split}_{metric}" for split in splits for metric in ("loss", "accuracy")]
        writer.writerow(["step", "loss", "accuracy", "learning_rate", "epoch", *metrics])
        rows = zip(*(self.step_series(name) for name in STEP_SERIES), strict=True)
        for step, values in enumerate(rows, self.first_step):
            writer.writerow([step, *map(_cell, values), *_epoch_cells(ends.get(step + 1), splits)])
        return text.getvalue()

    def _record_steps(self, block: Steps) -> None:
        if block.first < self.next_step:
            self.truncate(block.first)
        if not self._count:
            self.first_step = block.first
        if block.first != self.next_step:
            raise ValueError(f"a block of steps begins at {block.first}, not at {self.next_step}")
        end = self._count + len(block.loss)
        for name, column in self._steps.items():
            if end > len(column):
                column = np.concatenate([column, np.empty(max(len(column), end))])  # noqa: PLW2901
                self._steps[name] = column
            column[self._count : end] = getattr(block, name)
        self._count = end
        self._seconds += block.seconds


def _epoch_cells(epoch: EpochDone | None, splits: tuple[SplitName, ...]) -> list[object]:
    if epoch is None:
        return [""] * (1 + 2 * len(splits))
    scores: list[Score | None] = [getattr(epoch, split) for split in splits]
    return [epoch.epoch, *(_cell(value) for score in scores for value in _values(score))]


def _values(score: Score | None) -> tuple[float, float]:
    return (float("nan"), float("nan")) if score is None else (score.loss, score.accuracy)


def _cell(value: float) -> object:
    return "" if np.isnan(value) else repr(float(value))
