"""What the layer panel shows, as plain arrays and numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Spread:
    """How many values lie between `edges` [n + 1]: `counts` [n]; the rest describes all of them."""

    counts: NDArray[np.integer]
    edges: Floats
    total: int
    not_finite: int
    zeros: int
    mean: float
    std: float


@dataclass(frozen=True, slots=True)
class Matrix:
    """A picture [h, w] of a matrix of `shape`; of each `block` the value of largest magnitude."""

    values: Floats
    shape: tuple[int, int]
    block: tuple[int, int]


@dataclass(frozen=True, slots=True)
class FilterSheet:
    """Filters [n, h, w] or coloured [n, h, w, 3]: the first of `total`, seen on input `channel` of `channels`."""

    images: Floats
    total: int
    channels: int
    channel: int
    limit: float
    neurons: bool = False


@dataclass(frozen=True, slots=True)
class ParameterSheet:
    """The parameter `name` of `names`, and its gradient where there was a step."""

    names: tuple[str, ...]
    name: str
    shape: tuple[int, ...]
    spread: Spread
    matrix: Matrix
    gradient: tuple[Spread, Matrix] | None


@dataclass(frozen=True, slots=True)
class ChannelStatistics:
    """Mean and variance a channel [C]: kept ones (None where none are kept), and the batch's."""

    running_mean: Floats | None
    running_variance: Floats | None
    batch_mean: Floats
    batch_variance: Floats
    uses_batch: bool


@dataclass(frozen=True, slots=True)
class ActivationSheet:
    """Outputs [c, h, w] for one sample, the first of those of `shape`; shares are between 0 and 1.

    `ends` are the ends of a sigmoid's or tanh's range.
    """

    images: Floats
    shape: tuple[int, ...]
    spread: Spread
    batch: int
    ends: tuple[float, float] | None = None
    saturated: float | None = None
    silent: float | None = None
    dead: float | None = None
    kept: Floats | None = None
    statistics: ChannelStatistics | None = None
    has_cells: bool = False


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """One output of a convolution: `window` and `filter` [C, kh, kw], and where in `input` [C, H, W] they lie."""

    place: tuple[int, int, int]
    shape: tuple[int, int, int]
    input: Floats
    outputs: Floats
    first_channel: int
    window: Floats
    filter: Floats
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    bias: float | None
    total: float
    output: float
