"""The part of a tensor that a picture shows, as a copy, and the cells of it that take part."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.engine.tensors.graph_text import dtype_name
from playground.engine.tensors.operations.operation_events import Grid, Part
from playground.engine.tensors.reading import copied, readable

SHOWN = 1024
"""At most so many cells of a tensor are shown."""

LISTED = 2**22
"""At most so many taking-part cells are listed for one operand; of larger ones none are."""

_ROW, _LINE = 16, 64

Window = tuple[slice, ...]


def window(shape: Sequence[int], first: Sequence[int] | None = None) -> Window:
    """The shown indices: up to 16 rows and columns (64 of a vector), fewer sheets; from `first` on where possible."""
    sizes = _sizes(shape)
    starts = first or [0] * len(shape)
    begins = [min(start, size - kept) for start, size, kept in zip(starts, shape, sizes, strict=True)]
    return tuple(slice(begin, begin + kept) for begin, kept in zip(begins, sizes, strict=True))


def grid(name: str, value: Any, part: Window) -> Grid:
    """The window of a tensor (or a number) as a copy.

    Raises
    ------
    Problem
        "tensor-no-values" for one that has none, such as one on the meta device.
    """
    tensor = value if isinstance(value, Tensor) else torch.as_tensor(value)
    dtype = dtype_name(tensor.dtype) if isinstance(value, Tensor) else type(value).__name__
    return Grid(name, dtype, tuple(tensor.shape), tuple(piece.start for piece in part), copied(readable(tensor)[part]))


def listed(cells: Tensor, result: Window) -> NDArray[np.int64] | None:
    """The operand's cells for each shown cell of the result [n, k]; None where they are too many to list."""
    seen = cells[result]
    if seen.numel() > LISTED:
        return None
    return seen.reshape(prod(seen.shape[:-1]), seen.shape[-1]).numpy().copy()


def first_used(cells: NDArray[np.int64], shape: Sequence[int]) -> list[int]:
    """The smallest index used in each dimension of the operand, so that its window can begin there."""
    used = np.unique(cells[cells >= 0])
    if not used.size:
        return [0] * len(shape)
    return [int(places.min()) for places in np.unravel_index(used, tuple(shape))] if shape else []


def part(result: int, operand: int, cells: NDArray[np.int64], shape: Sequence[int], seen: Window) -> Part:
    """The cells by their places in the operand's window; those outside it are only counted."""
    sizes = [piece.stop - piece.start for piece in seen]
    if 0 in shape:
        return Part(result, operand, np.full((len(cells), 1), -1), np.zeros(len(cells), np.int64))
    inside = cells >= 0
    places = np.zeros_like(cells)
    indices = np.unravel_index(np.maximum(cells, 0), tuple(shape)) if shape else ()
    for index, piece, size in zip(indices, seen, sizes, strict=True):
        inside &= (index >= piece.start) & (index < piece.stop)
        places = places * size + (index - piece.start)
    hidden = (cells >= 0).sum(1) - inside.sum(1)
    return Part(result, operand, _packed(places, inside), hidden)


def _packed(places: NDArray[np.int64], inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The inside places of each row to the front, -1 behind; as wide as the longest."""
    order = np.argsort(~inside, axis=1, kind="stable")
    packed = np.take_along_axis(np.where(inside, places, -1), order, axis=1)
    return packed[:, : max(int(inside.sum(1).max(initial=0)), 1)]


def _sizes(shape: Sequence[int]) -> list[int]:
    limit = _LINE if len(shape) == 1 else _ROW
    left, sizes = SHOWN, list[int]()
    for size in reversed(shape):
        sizes.insert(0, min(size, limit, max(left, 1)))
        left //= max(sizes[0], 1)
    return sizes
