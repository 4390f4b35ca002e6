"""What happens in a training run, as plain values and NumPy arrays: copies, never live tensors."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from playground.engine.problems import Problem

Floats = NDArray[np.float64]
Phase = Literal["data", "preprocessing", "model", "loss", "train", "validate"]


@dataclass(frozen=True, slots=True)
class Preparing:
    """A part of the usual workflow began. `fraction` (0 to 1) where its length is known, `text` for a download."""

    phase: Phase
    fraction: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """The run is built. `exact`: the same plain program gives the same bits on this machine."""

    device: str
    device_name: str
    parameters: int
    epochs: int
    steps_per_epoch: int
    batch_size: int
    train_samples: int
    first_step: int
    exact: bool
    threads: int


@dataclass(frozen=True, slots=True)
class Steps:
    """A block of consecutive steps, `first` counted from 0; all arrays have one entry a step.

    `accuracy` is NaN where the task has none. `seconds` is the pure training time of the block (pauses not counted)
    and `phase_seconds` its share for forward, loss, backward and update (None where the device runs behind).
    """

    first: int
    loss: Floats
    accuracy: Floats
    learning_rate: Floats
    samples: int
    seconds: float
    phase_seconds: tuple[float, float, float, float] | None = None

    @property
    def next_step(self) -> int:
        """The step after the block's last one."""
        return self.first + len(self.loss)


@dataclass(frozen=True, slots=True)
class Score:
    """Mean loss and accuracy (NaN where the task has none) over a split."""

    loss: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class EpochDone:
    """Epoch `epoch` (counted from 1) ended after `step` steps in all.

    `train` is the mean over the epoch's batches as they were trained on, as most course notes print it.
    """

    epoch: int
    step: int
    train: Score
    validation: Score | None
    test: Score | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Paused:
    """The run waits before step `step`."""

    step: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """The run goes on."""

    step: int


@dataclass(frozen=True, slots=True)
class Result:
    """What a run ended with; `stopped` where the user ended it early. `seconds` is pure training time."""

    device: str
    step: int
    epoch: int
    stopped: bool
    seconds: float
    samples_per_s: float
    train: Score | None
    validation: Score | None
    test: Score | None


@dataclass(frozen=True, slots=True)
class SaveFailed:
    """A checkpoint could not be written, and why; the run goes on."""

    problem: Problem


Event = Preparing | Started | Steps | EpochDone | Paused | Resumed | SaveFailed
