"""Pages of samples, as plain values; imports no torch."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from playground.engine.data.spec import DataSpec
from playground.engine.problems import Problem

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which samples to show: `first` counts within the filter; `net` gives one that predicts them.

    `version` changes whenever the net's weights do; predictions are kept as long as it stays.
    """

    data: DataSpec
    split: Literal["train", "validation", "test"]
    mistakes_only: bool
    first: int
    count: int
    net: "Callable[[], nn.Module] | None"
    version: int


@dataclass(frozen=True, slots=True)
class ImagePage:
    """Images [n, H, W] or [n, H, W, 3] in [0, 1]; `confidences` [n, classes] sum to 1.

    `seen` is what black and white become for the net."""

    request: PageRequest
    total: int
    mistakes: int | None
    indices: NDArray[np.int64]
    images: NDArray[np.float32]
    labels: tuple[str, ...]
    predictions: tuple[str, ...] | None
    confidences: NDArray[np.float32] | None
    classes: tuple[str, ...]
    seen: tuple[float, float]


@dataclass(frozen=True, slots=True)
class PointPage:
    """Points [N, 2] of classes, or [N, 1] with values; `ground` [G, G] is the class the net gives over `extent`.

    For values `curve` [G, 2] is the net's answer over the input.
    """

    request: PageRequest
    points: NDArray[np.float32]
    labels: NDArray[np.float32]
    predictions: NDArray[np.float32] | None
    ground: NDArray[np.float32] | None
    curve: NDArray[np.float32] | None
    extent: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class NoPage:
    """There is nothing to show, and why."""

    request: PageRequest
    problem: Problem | None
