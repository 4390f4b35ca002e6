"""Two dimensions of a tensor, the others held fixed: as a table of numbers and as a heat map."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.engine.problems import Problem
from playground.engine.tensors.indices import checked_index, spelled
from playground.engine.tensors.reading import copied, readable
from playground.engine.tensors.tensor_events import Heat, TablePage, Window

PICTURE = 512
"""A heat map has at most so many rows and columns."""

LOOKS = 2**20
"""So many elements are looked at; of larger matrices rows and columns are left out, and the picture says so."""


class Plane(NamedTuple):
    """A view [rows, columns] of a tensor, and which dimensions and indices it shows."""

    matrix: Tensor
    rows: int | None
    columns: int | None
    fixed: tuple[int, ...]


def plane(tensor: Tensor, rows: int | None, columns: int | None, fixed: Sequence[int]) -> Plane:
    """Two dimensions as a matrix; without a choice the last two, a vector as one row, a scalar as one cell.

    Parameters
    ----------
    rows, columns : int or None
        The dimensions that go down and across; `rows=0` alone makes a vector a column.
    fixed : sequence of int
        An index for every dimension (those of the two shown do not count); empty for the first ones.

    Raises
    ------
    Problem
        "tensor-dimension", "tensor-index", "tensor-index-length", "tensor-no-values".
    """
    tensor = readable(tensor)
    rows, columns = _dims(tensor, rows, columns)
    shown = {rows, columns}
    given = tuple(fixed) or (0,) * tensor.ndim
    if len(given) == tensor.ndim:
        given = tuple(0 if dim in shown else place for dim, place in enumerate(given))
    # A shown dimension may be empty; the index is checked against the others.
    sizes = tuple(1 if dim in shown else size for dim, size in enumerate(tensor.shape))
    places = checked_index(sizes, given)
    matrix = tensor[tuple(slice(None) if dim in shown else place for dim, place in enumerate(places))]
    if rows is not None and columns is not None:
        return Plane(matrix.t() if rows > columns else matrix, rows, columns, places)
    if rows is None and columns is None:
        return Plane(matrix.reshape(1, 1), None, None, places)
    return Plane(matrix.unsqueeze(0 if rows is None else 1), rows, columns, places)


def table(
    tensor: Tensor,
    rows: int | None = None,
    columns: int | None = None,
    fixed: Sequence[int] = (),
    window: Window | None = None,
) -> TablePage:
    """The numbers in a window of two dimensions; only these are copied. See `plane` for the arguments."""
    found, window = plane(tensor, rows, columns, fixed), window or Window()
    height, width = found.matrix.shape
    top, left = (max(0, min(start, size)) for start, size in ((window.row, height), (window.column, width)))
    part = found.matrix[top : top + max(0, window.rows), left : left + max(0, window.columns)]
    return TablePage(copied(part), top, left, (height, width), found.rows, found.columns, found.fixed)


def heat(tensor: Tensor, rows: int | None = None, columns: int | None = None, fixed: Sequence[int] = ()) -> Heat:
    """Two dimensions as a picture of at most `PICTURE` rows and columns. See `plane` for the arguments.

    A large matrix is cut into blocks, each shown by its value of largest magnitude, so that nothing that stands out is
    lost; of a very large one only some rows and columns of each block are looked at.

    Raises
    ------
    Problem
        Besides those of `plane`, "tensor-complex" and "tensor-empty".
    """
    if tensor.dtype.is_complex:
        raise Problem("tensor-complex")
    found = plane(tensor, rows, columns, fixed)
    height, width = found.matrix.shape
    if not height or not width:
        raise Problem("tensor-empty", shape=spelled(tensor.shape))
    block = (math.ceil(height / PICTURE), math.ceil(width / PICTURE))
    step = _step(height * width / LOOKS, block)
    places = [
        _looked_at(size, *pair) for size, pair in zip((height, width), zip(block, step, strict=True), strict=True)
    ]
    values = _picked(found.matrix, places, step)
    for axis in (0, 1):
        values = _extremes(
            values, np.searchsorted(places[axis], np.arange(0, found.matrix.shape[axis], block[axis])), axis
        )
    return Heat(values, (height, width), block, step, found.rows, found.columns, found.fixed)


def _dims(tensor: Tensor, rows: int | None, columns: int | None) -> tuple[int | None, int | None]:
    """The two dimensions, counted from 0; those not chosen are the last ones that are free."""
    chosen = [_dim(tensor, dim) for dim in (rows, columns)]
    if chosen[0] is not None and chosen[0] == chosen[1]:
        raise Problem("tensor-dimension", dim=columns, shape=spelled(tensor.shape), last=tensor.ndim - 1)
    free = [dim for dim in range(tensor.ndim) if dim not in chosen]
    across = chosen[1] if chosen[1] is not None or not free else free.pop()
    down = chosen[0] if chosen[0] is not None or not free else free.pop()
    return down, across


def _dim(tensor: Tensor, dim: int | None) -> int | None:
    if dim is None:
        return None
    if not -tensor.ndim <= dim < tensor.ndim:
        raise Problem("tensor-dimension", dim=dim, shape=spelled(tensor.shape), last=tensor.ndim - 1)
    return dim % tensor.ndim


def _step(excess: float, block: tuple[int, int]) -> tuple[int, int]:
    """How many rows and columns to go on by, to see `excess` times fewer elements, yet some of each block."""
    narrow = min(*block, max(1, math.ceil(math.sqrt(excess))))
    wide = min(max(block), max(1, math.ceil(excess / narrow)))
    return (narrow, wide) if block[0] <= block[1] else (wide, narrow)


def _looked_at(size: int, block: int, step: int) -> NDArray[np.int64]:
    """Every `step`-th place of each block, beginning with the block's first."""
    places = (np.arange(0, size, block, dtype=np.int64)[:, None] + np.arange(0, block, step)).reshape(-1)
    return places[places < size]


def _picked(matrix: Tensor, places: list[NDArray[np.int64]], step: tuple[int, int]) -> NDArray[np.float32]:
    if step == (1, 1):
        return _float32(copied(matrix))
    down, across = (torch.from_numpy(place).to(matrix.device) for place in places)
    return _float32(copied(matrix[down.unsqueeze(1), across]))


def _float32(values: NDArray[np.generic]) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        return values.astype(np.float32)


def _extremes(values: NDArray[np.float32], starts: NDArray[np.int64], axis: int) -> NDArray[np.float32]:
    """Along one axis the value of largest magnitude from each start up to the next; NaN before any number."""
    low, high = np.minimum.reduceat(values, starts, axis), np.maximum.reduceat(values, starts, axis)
    return np.where(-low > high, low, high)
