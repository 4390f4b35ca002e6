"""Indices and cells: which cell of the storage an index reaches, and which cells none does. Plain numbers, no torch."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from playground.engine.problems import Problem

Sizes = Sequence[int]


def checked_index(shape: Sizes, index: Sizes) -> tuple[int, ...]:
    """An index of one element, counted from 0 in each dimension.

    Raises
    ------
    Problem
        "tensor-index-length" or "tensor-index".
    """
    if len(index) != len(shape):
        raise Problem(
            "tensor-index-length", index=list(index), found=len(index), shape=spelled(shape), wanted=len(shape)
        )
    return tuple(_checked(shape, index, dim) for dim in range(len(shape)))


def cell_of(stride: Sizes, offset: int, index: Sizes) -> int:
    """The storage offset of an element: offset + the sum of index x stride, as torch addresses it."""
    return offset + sum(place * step for place, step in zip(index, stride, strict=True))


def cells_of(shape: Sizes, stride: Sizes, offset: int) -> NDArray[np.int64]:
    """The storage offset of every element, in the tensor's shape."""
    cells = np.full(tuple(shape), offset, np.int64)
    for dim, (size, step) in enumerate(zip(shape, stride, strict=True)):
        along = [1] * len(shape)
        along[dim] = size
        cells += np.arange(size, dtype=np.int64).reshape(along) * step
    return cells


def offsets_at(shape: Sizes, stride: Sizes, positions: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cells, counted from the first element's, of the elements at `positions` in reading order."""
    if tuple(stride) == contiguous_stride(shape):
        return positions
    offsets = np.zeros_like(positions)
    for size, step in zip(reversed(shape), reversed(stride), strict=True):
        positions, place = np.divmod(positions, size)
        offsets += place * step
    return offsets


def contiguous_stride(shape: Sizes) -> tuple[int, ...]:
    """The strides of a contiguous tensor of this shape."""
    steps = [1]
    for size in reversed(shape[1:]):
        steps.append(steps[-1] * max(size, 1))
    return tuple(reversed(steps)) if shape else ()


def repeated_dims(shape: Sizes, stride: Sizes) -> tuple[int, ...]:
    """Dimensions along which all indices reach the same cell, as expand makes them."""
    return tuple(dim for dim, (size, step) in enumerate(zip(shape, stride, strict=True)) if size > 1 and step == 0)


def reached(shape: Sizes, stride: Sizes, offset: int, first: int, count: int) -> NDArray[np.bool_]:
    """Which of `count` cells from `first` on some index reaches; strides are not negative.

    Works on arithmetic progressions, so that its cost depends on `count` and hardly on the size of the tensor.
    """
    lit = np.zeros(count, np.bool_)
    if 0 not in shape:
        _light(lit, offset - first, _progressions(shape, stride))
    return lit


def corner(shape: Sizes, cap: int) -> tuple[int, ...]:
    """How many indices of each dimension to keep so that at most `cap` elements stay, the last dimensions first."""
    kept: list[int] = []
    for size in reversed(shape):
        kept.append(min(size, max(cap, 1)))
        cap //= max(kept[-1], 1)
    return tuple(reversed(kept))


def spelled(shape: Sizes) -> str:
    """A shape as the program writes it: "3 x 4"; "()" for a scalar."""
    return " x ".join(map(str, shape)) or "()"


def _checked(shape: Sizes, index: Sizes, dim: int) -> int:
    place, size = index[dim], shape[dim]
    if not -size <= place < size:
        raise Problem("tensor-index", index=list(index), shape=spelled(shape), dim=dim, low=-size, high=size - 1)
    return place + size if place < 0 else place


def _progressions(shape: Sizes, stride: Sizes) -> list[tuple[int, int]]:
    """(stride, size) with the largest stride first, steps that continue a finer one joined to it."""
    steps = sorted((step, size) for size, step in zip(shape, stride, strict=True) if size > 1 and step)
    joined: list[tuple[int, int]] = []
    for step, size in steps:
        fine, many = joined[-1] if joined else (0, 0)
        if fine and step % fine == 0 and step // fine <= many:
            joined[-1] = (fine, many + (size - 1) * (step // fine))
        else:
            joined.append((step, size))
    return joined[::-1]


def _light(lit: NDArray[np.bool_], at: int, steps: list[tuple[int, int]]) -> None:
    """Mark at + every sum of i x step, leaving out what lies before or behind the cells."""
    if not steps:
        if 0 <= at < lit.size:
            lit[at] = True
        return
    (step, size), *rest = steps
    spread = sum(fine * (many - 1) for fine, many in rest)
    low, high = max(0, -((at + spread) // step)), min(size - 1, (lit.size - 1 - at) // step)
    if low > high:
        return
    if not rest:
        lit[at + low * step : at + high * step + 1 : step] = True
        return
    for i in range(low, high + 1):
        _light(lit, at + i * step, rest)
