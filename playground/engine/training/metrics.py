"""Metrics of steps not yet read back: on an accelerator they stay there until a block is taken."""

import math
import time

import numpy as np
import torch
from torch import Tensor

from playground.engine.training.events import Floats, Score, Steps

PHASES = ("forward", "loss", "backward", "update")


class Pending:
    """Losses, counts of right answers, rates and times of consecutive steps, until `take()` makes a block of them."""

    def __init__(self, first: int) -> None:
        self.first = first
        self._losses: list[Tensor] = []  # each []
        self._right: list[Tensor] = []  # each []
        self._sizes: list[int] = []
        self._rates: list[float] = []
        self._seconds = 0.0
        self._phases = [0.0] * len(PHASES)

    def __len__(self) -> int:
        return len(self._losses)

    def add(self, loss: Tensor, right: Tensor, size: int, rate: float, times: tuple[float, ...]) -> None:
        """Keep one step; `times` are the moments before and after each of `PHASES`, in seconds."""
        self._losses.append(loss)
        self._right.append(right)
        self._sizes.append(size)
        self._rates.append(rate)
        self._seconds += times[-1] - times[0]
        for index in range(len(PHASES)):
            self._phases[index] += times[index + 1] - times[index]

    def take(self) -> Steps:
        """The block of all kept steps (at least one); the wait for an accelerator counts as theirs."""
        before = time.perf_counter()
        losses, right = _read(self._losses), _read(self._right)
        runs_behind = self._losses[0].device.type != "cpu"
        waited = time.perf_counter() - before if runs_behind else 0.0
        count = len(losses)
        block = Steps(
            first=self.first,
            loss=losses,
            accuracy=right / np.array(self._sizes),
            learning_rate=np.array(self._rates, dtype=np.float64),
            samples=sum(self._sizes),
            seconds=self._seconds + waited,
            phase_seconds=None if runs_behind else _mean(self._phases, count),
        )
        self.__init__(self.first + count)  # type: ignore[misc]
        return block


def first_not_finite(block: Steps) -> int | None:
    """The first step of the block whose loss is not finite."""
    bad = np.flatnonzero(~np.isfinite(block.loss))
    return block.first + int(bad[0]) if len(bad) else None


def cut(block: Steps, step: int) -> Steps | None:
    """The part of the block before `step`, with its share of the time; None if nothing is left."""
    count = step - block.first
    if count <= 0:
        return None
    share = count / len(block.loss)
    return Steps(
        first=block.first,
        loss=block.loss[:count],
        accuracy=block.accuracy[:count],
        learning_rate=block.learning_rate[:count],
        samples=math.floor(block.samples * share),
        seconds=block.seconds * share,
        phase_seconds=block.phase_seconds,
    )


def mean_score(losses: Floats, accuracies: Floats, sizes: Floats, sum_over: int | None) -> Score:
    """The mean over batches of these sizes; for losses that are sums, stated for a batch of `sum_over` samples."""
    total = sizes.sum()
    loss = losses @ sizes / total if sum_over is None else losses.sum() / total * sum_over
    return Score(float(loss), float(accuracies @ sizes / total))


def _read(values: list[Tensor]) -> Floats:
    """Scalars as float64 [N]: all in one transfer from an accelerator; on the CPU each by itself is quicker."""
    if values[0].device.type == "cpu":
        return np.array([value.item() for value in values], dtype=np.float64)
    read: Floats = torch.stack(values).to("cpu", torch.float64).numpy()
    return read


def _mean(phases: list[float], count: int) -> tuple[float, float, float, float]:
    forward, loss, backward, update = (seconds / count for seconds in phases)
    return forward, loss, backward, update
