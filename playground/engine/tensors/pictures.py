"""A tensor as images, as a histogram and as a line."""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from playground.engine.problems import Problem
from playground.engine.tensors.indices import spelled
from playground.engine.tensors.reading import copied, readable, shape_of, some
from playground.engine.tensors.tensor_events import Gallery, Line, TensorHistogram

BINS = 60
IMAGES = 64
"""A gallery shows at most so many images."""

RUNS = 2000
"""A line has at most so many points."""

_SIDE = 512
_PIXELS = 2**22
_LOOKS = 500  # elements looked at in each run of a long line

Meaning = Literal["picture", "channels", "colour", "batch"]


def image(tensor: Tensor) -> Gallery:
    """Pictures [H, W], [C, H, W] (three channels are colours, others pictures of their own) or a batch [N, C, H, W].

    Raises
    ------
    Problem
        "tensor-no-picture" for any other shape, "tensor-empty", "tensor-complex", "tensor-no-values".
    """
    _refuse_numberless(tensor)
    pictures, meaning = _pictures(readable(tensor))
    total, height, width = pictures.shape[:3]
    step = math.ceil(max(height, width) / _SIDE)
    thin = pictures[:, ::step, ::step]
    most = max(1, _PIXELS // math.prod(thin.shape[1:]))
    with np.errstate(over="ignore"):
        images = copied(thin[: min(IMAGES, most)]).astype(np.float32)
    finite = images[np.isfinite(images)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (math.nan, math.nan)
    return Gallery(images, meaning, total, (height, width), step, low, high)


def histogram(tensor: Tensor, bins: int = BINS) -> TensorHistogram:
    """How the finite values are spread over equal bins; whole numbers that are few get a bin each.

    Raises
    ------
    Problem
        "tensor-empty", "tensor-complex", "tensor-no-values", and "tensor-not-finite" where nothing can be counted.
    """
    _refuse_numberless(tensor)
    values = some(tensor)
    is_whole = values.dtype.kind in "biu"
    wide = values.astype(np.float64)
    finite = wide[np.isfinite(wide)]
    if not finite.size:
        raise Problem("tensor-not-finite", count=wide.size)
    counts, edges = _binned(finite, bins, is_whole)
    return TensorHistogram(counts, edges, tensor.numel(), wide.size, wide.size - finite.size)


def line(tensor: Tensor) -> Line:
    """The values in reading order; of more than `RUNS` the lowest and highest finite one of each run.

    Of more than a million elements each run is a sample of 500.

    Raises
    ------
    Problem
        "tensor-empty", "tensor-complex", "tensor-no-values".
    """
    _refuse_numberless(tensor)
    total = tensor.numel()
    values = some(tensor, RUNS * _LOOKS).astype(np.float64)
    values[~np.isfinite(values)] = np.nan
    runs = min(RUNS, total)
    numbers = np.arange(runs, dtype=np.int64)
    starts = numbers * values.size // runs
    low, high = np.fmin.reduceat(values, starts), np.fmax.reduceat(values, starts)
    return Line(numbers * total // runs, low, high, total, values.size)


def _refuse_numberless(tensor: Tensor) -> None:
    if tensor.dtype.is_complex:
        raise Problem("tensor-complex")
    if 0 in shape_of(tensor):
        raise Problem("tensor-empty", shape=spelled(shape_of(tensor)))


def _pictures(tensor: Tensor) -> tuple[Tensor, Meaning]:
    """[n, H, W] or [n, H, W, 3], and how the dimensions were read."""
    shape = tuple(tensor.shape)
    if len(shape) not in (2, 3, 4):
        raise _no_picture(shape, f"that takes 2 to 4 dimensions, [H, W], [C, H, W] or [N, C, H, W], not {len(shape)}")
    if len(shape) == 2:
        return tensor.unsqueeze(0), "picture"
    channels = shape[-3]
    if channels != 3 and shape[-1] == 3 < min(shape[-2], channels):
        order = "0, 3, 1, 2" if len(shape) == 4 else "2, 0, 1"
        raise _no_picture(shape, f"its last dimension looks like colours; permute({order}) puts them first")
    if len(shape) == 3:
        if channels == 3:
            return tensor.permute(1, 2, 0).unsqueeze(0), "colour"
        return tensor, "picture" if channels == 1 else "channels"
    if channels == 3:
        return tensor.permute(0, 2, 3, 1), "batch"
    if channels == 1:
        return tensor.squeeze(1), "batch"
    raise _no_picture(
        shape, f"{channels} channels are neither 1 (grey) nor 3 (colour); choose one of the batch to see its channels"
    )


def _no_picture(shape: tuple[int, ...], detail: str) -> Problem:
    return Problem("tensor-no-picture", shape=spelled(shape), detail=detail)


def _binned(finite: NDArray[np.float64], bins: int, is_whole: bool) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    low, high = float(finite.min()), float(finite.max())
    if is_whole and high - low < bins:
        edges = np.arange(low - 0.5, high + 1)
        return np.histogram(finite, edges)[0].astype(np.int64), edges
    # Halves keep the range of the largest float64 numbers finite.
    scale = 1.0 if math.isfinite(high - low) else 0.5
    try:
        counts, edges = np.histogram(finite * scale, bins)
    except ValueError:  # fewer float64 numbers between low and high than bins
        around = [np.nextafter(low, -math.inf), np.nextafter(high, math.inf)]
        return np.array([finite.size], np.int64), np.array(around)
    return counts.astype(np.int64), edges / scale
