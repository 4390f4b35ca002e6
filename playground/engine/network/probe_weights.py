"""The weights of one layer as pictures: filters, heat maps and histograms."""

import math

import numpy as np
import torch
from torch import Tensor, nn

from playground.engine.network.probe_events import Filters, Floats, HeatMap, Histogram, Values, Weights

BINS = 60
CELLS = 128  # a heat map has at most so many rows and columns
TILES = 256  # pictures shown at most

_TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d)


def histogram(tensor: Tensor) -> Histogram:
    """How the finite values of a tensor are spread over `BINS` equal bins between the smallest and the largest."""
    values = tensor.detach().cpu().double().flatten().numpy()
    finite = values[np.isfinite(values)]
    counts, edges = np.histogram(finite, BINS) if finite.size else (np.zeros(BINS, np.int64), np.linspace(0, 1, 61))
    mean, std, low, high = (
        (float(finite.mean()), float(finite.std()), float(finite.min()), float(finite.max()))
        if finite.size
        else (math.nan,) * 4
    )
    zeros = int((finite == 0).sum())
    return Histogram(
        counts.astype(np.int64), edges, values.size, values.size - finite.size, zeros, mean, std, low, high
    )


def heat_map(tensor: Tensor) -> HeatMap:
    """A tensor as a matrix [rows, columns], the first dimension down; of a large one the extremes of each block.

    A block's value is the one of largest magnitude, so that nothing that stands out is lost.
    """
    matrix = as_matrix(tensor.detach())
    rows, columns = matrix.shape
    block = (math.ceil(rows / CELLS), math.ceil(columns / CELLS))
    return HeatMap(copied(_extremes(matrix, *block)), (rows, columns), block)


def as_matrix(tensor: Tensor) -> Tensor:
    """[n] as [1, n], and [n, ...] as [n, product of the rest]."""
    return tensor.reshape(1, -1) if tensor.ndim < 2 else tensor.flatten(1)


def filters(module: nn.Module, channel: int, sample_shape: tuple[int, ...]) -> Filters | None:
    """The filters of a convolution, or the weights of a linear layer that sees the whole picture.

    Parameters
    ----------
    channel : int
        Which input channel to show, where the input has not exactly three.
    sample_shape : tuple of int
        Of one sample, where the layer is the first of its net to learn; else empty.
    """
    weight = getattr(module, "weight", None)
    if not isinstance(weight, Tensor):
        return None
    found = _convolution(module, weight.detach())
    neurons = found is None and isinstance(module, nn.Linear) and len(sample_shape) == 3
    if neurons and math.prod(sample_shape) == weight.shape[1]:
        found = weight.detach().reshape(-1, *sample_shape)  # [out, C, H, W]
    if found is None:
        return None
    total, channels = found.shape[:2]
    shown = found[:TILES]
    channel = min(channel, channels - 1)
    picture = shown.permute(0, 2, 3, 1) if channels == 3 else shown[:, channel]  # [n, h, w, 3] or [n, h, w]
    limit = float(picture.abs().max()) if picture.numel() else 0.0
    return Filters(copied(picture), total, channels, channel, limit, inputs=neurons)


def weights(module: nn.Module, names: tuple[str, ...], name: str, gradient: Tensor | None) -> Weights:
    """Histogram and heat map of one parameter and of its gradient."""
    value = module.get_parameter(name)
    found = None if gradient is None else Values(histogram(gradient), heat_map(gradient))
    return Weights(names, name, tuple(value.shape), Values(histogram(value), heat_map(value)), found)


def copied(tensor: Tensor) -> Floats:
    """A NumPy copy that shares nothing with the tensor."""
    array: Floats = tensor.detach().cpu().float().contiguous().numpy().copy()
    return array


def _convolution(module: nn.Module, weight: Tensor) -> Tensor | None:
    """Filters as [out, in, kh, kw]; those of a one-dimensional convolution are one row high."""
    if isinstance(module, _TRANSPOSED):
        if module.groups > 1:
            return None  # its filters have no one order of outputs and inputs
        weight = weight.transpose(0, 1)
    elif not isinstance(module, nn.Conv1d | nn.Conv2d):
        return None
    return weight.unsqueeze(2) if weight.ndim == 3 else weight


def _extremes(matrix: Tensor, rows: int, columns: int) -> Tensor:
    """[R, C] to [R / rows, C / columns]: of each block the value of largest magnitude."""
    if rows == columns == 1:
        return matrix
    height, width = (math.ceil(size / block) for size, block in zip(matrix.shape, (rows, columns), strict=True))
    padded = matrix.new_zeros(height * rows, width * columns)
    padded[: matrix.shape[0], : matrix.shape[1]] = matrix
    blocks = padded.reshape(height, rows, width, columns).transpose(1, 2).flatten(2)  # [h, w, rows * columns]
    return torch.gather(blocks, 2, blocks.abs().argmax(dim=2, keepdim=True)).squeeze(2)
