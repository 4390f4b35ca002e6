"""What a look into one layer asks for and finds, as plain values; imports no torch."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from playground.engine.data.spec import DataSpec
from playground.engine.network.spec import NetworkSpec
from playground.engine.problems import Problem

if TYPE_CHECKING:
    from torch import nn

Floats = NDArray[np.float32]
View = Literal["filters", "weights", "activations", "cell"]
Look = Callable[["nn.Module", int | None], Any]  # takes copies from a net and the number of steps it has learned
Peek = Callable[[Look], Any]  # has a look called where the net stands still, and gives what the look gave


@dataclass(frozen=True, slots=True)
class Sample:
    """What is sent through the net: one sample of a split, or a drawing [H, W] in which 1 is ink."""

    split: Literal["train", "validation", "test"] = "test"
    index: int = 0
    ink: Floats | None = None


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    """Which layer of which net to look into, and how.

    Parameters
    ----------
    layer : str
        The node's id in `network`.
    otherwise : tuple of str
        The views to look through instead, in order, where `view` has nothing to show for such a layer.
    copy : int
        Which of a repeated layer's copies.
    peek : callable, optional
        Gives access to the net of a run; without it the net is the one that `seed` draws.
    training : bool
        Whether layers behave as in training: dropout drops, batch norm takes the batch's statistics.
    parameter : str
        Whose values the view "weights" shows; the first one where there is none of that name.
    channel : int
        Which input channel of the filters is shown.
    cell : tuple of int
        Channel, row and column of the output whose arithmetic the view "cell" shows.
    version : int
        Comes back with the answer.
    """

    layer: str
    network: NetworkSpec
    data: DataSpec
    seed: int
    view: View
    otherwise: tuple[View, ...] = ()
    peek: Peek | None = None
    sample: Sample = Sample()
    copy: int = 0
    training: bool = False
    parameter: str = ""
    channel: int = 0
    cell: tuple[int, int, int] | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often values lie between `edges` (float64 [n + 1], the last bin closed): int64 [n], finite values only."""

    counts: NDArray[np.int64]
    edges: NDArray[np.float64]
    total: int
    not_finite: int
    zeros: int
    mean: float
    std: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A matrix as a picture; each cell is the value of largest magnitude among `block` (rows, columns) of `shape`."""

    values: Floats
    shape: tuple[int, int]
    block: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Values:
    """One tensor, as histogram and as picture."""

    histogram: Histogram
    heat_map: HeatMap


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters [n, h, w], or [n, h, w, 3] where the input has the three channels of a colour picture.

    `total` is how many the layer has, `channels` how many input channels each has, `channel` the one shown; `limit` is
    the largest magnitude of any weight shown. `inputs` says that they are the weights of single neurons.
    """

    images: Floats
    total: int
    channels: int
    channel: int
    limit: float
    inputs: bool = False


@dataclass(frozen=True, slots=True)
class Weights:
    """The parameter `name` of `names`; `gradient` is that of the last step, None where there was none."""

    names: tuple[str, ...]
    name: str
    shape: tuple[int, ...]
    values: Values
    gradient: Values | None


@dataclass(frozen=True, slots=True)
class BatchStatistics:
    """Mean and variance of each channel [C]: those kept, and those of the batch that was sent through.

    `uses_batch` says which of the two the layer divided by.
    """

    running_mean: Floats | None
    running_variance: Floats | None
    batch_mean: Floats
    batch_variance: Floats
    uses_batch: bool


@dataclass(frozen=True, slots=True)
class Activations:
    """What the layer gives for the sample.

    `images` [c, h, w] are the first of `shape[0]` channels; a vector is one row [1, 1, n]. `batch` samples went through
    together. `saturated` is the share of the sample's values within 5 % of an end of the sigmoid's or tanh's range;
    `silent` the share of a ReLU's values that are 0 for the sample, `dead` of those that are 0 for the whole batch.
    `kept` is 1 where dropout let a value pass and 0 where not, like `images`.
    """

    images: Floats
    shape: tuple[int, ...]
    histogram: Histogram
    batch: int
    saturated: float | None = None
    silent: float | None = None
    dead: float | None = None
    kept: Floats | None = None
    statistics: BatchStatistics | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a convolution's output, number by number.

    `output` float32 is what the layer gave; the sum of `window * filter` [C, kh, kw] and `bias`, taken in float64, is
    `total`. `rows` and `columns` say where in the input (before padding, so they may lie outside) the window's values
    stand. `input` [C, H, W] holds the channels that the filter reads, from `first_channel` on; `outputs` [H, W] is the
    whole output channel, `shape` the output's [C, H, W].
    """

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


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found.

    `view` is the one that `found` belongs to. `step` counts the steps that the net had learned, None for a net out of
    a file, 0 for a fresh one. `found` is None where no view has anything to show for such a layer, or `problem` tells
    why. `seconds` is what it cost, on this thread and the run's.
    """

    request: ProbeRequest
    view: View
    kind: str
    name: str
    copies: int
    step: int | None
    is_fresh: bool
    found: Filters | Weights | Activations | Cell | None
    problem: Problem | None
    seconds: float
