"""What was read from a drawing, as plain values; imports no torch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.problems import Problem


@dataclass(frozen=True, slots=True)
class Prediction:
    """`probabilities` float64 [10] sum to 1; `digit` is the largest's place; `seconds` is how long the net took."""

    probabilities: NDArray[np.float64]
    digit: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the net saw (float32 [28, 28] in [0, 1]) and said; no prediction where nothing is drawn."""

    digit: NDArray[np.float32]
    prediction: Prediction | None
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Ink [H, W] in [0, 1] found in a picture file or a pasted picture."""

    ink: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Refused:
    """A model that cannot read digits, or a picture without one; what was there before stays."""

    problem: Problem
