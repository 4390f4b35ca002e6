"""The storage behind a tensor as one row of cells: which index reaches which cell, and why a view works or does not."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from playground.engine.problems import Problem
from playground.engine.tensors.extents import extents, meets
from playground.engine.tensors.graph_text import dtype_name
from playground.engine.tensors.indices import (
    cell_of,
    cells_of,
    checked_index,
    contiguous_stride,
    corner,
    reached,
    repeated_dims,
    spelled,
)
from playground.engine.tensors.reading import copied, readable, unreadable
from playground.engine.tensors.tensor_events import Address, MemoryPicture, Placement, ViewAnswer

CELLS = 1024
"""So many cells of a storage are shown at once."""

ELEMENTS = 4096
"""Of so many elements the cell is told."""

NAMES = 6
"""So many names that read one storage are shown."""


class _Reading(NamedTuple):
    """How a tensor or array reads memory: address of its first element and strides, in bytes."""

    name: str
    value: Tensor | NDArray[Any]
    is_base: bool = False


def memory_picture(
    tensor: Tensor, name: str = "", names: Mapping[str, Any] | None = None, first: int | None = None
) -> MemoryPicture:
    """The cells of a tensor's storage, and how it and the names on the same storage read them.

    Parameters
    ----------
    tensor : Tensor
        Any strided tensor.
    name : str
        What it is called.
    names : mapping of str to object, optional
        The namespace, in which others on the same storage are found.
    first : int, optional
        The first cell to show of a storage of more than `CELLS`; without it those that the tensor's first elements use.

    Raises
    ------
    Problem
        "tensor-no-storage" or "tensor-no-values".
    """
    if tensor.layout != torch.strided or tensor.is_nested or tensor.is_quantized:
        layout = "quantised" if tensor.is_quantized else str(tensor.layout).removeprefix("torch.")
        raise Problem("tensor-no-storage", layout=layout)
    plain = readable(tensor)
    storage_bytes = plain.untyped_storage().nbytes()
    total, offset = storage_bytes // plain.element_size(), int(plain.storage_offset())
    start = _window(offset, total, first)
    shown = min(CELLS, total - start)
    others = list(_others(tensor, name, names or {}))
    readings = [_Reading(name, tensor), *others[: NAMES - 1]]
    return MemoryPicture(
        name,
        copied(plain.as_strided((shown,), (1,), start)),
        reached(plain.shape, plain.stride(), offset, start, shown),
        start,
        total,
        plain.element_size(),
        storage_bytes,
        tuple(_placement(reading, plain, total) for reading in readings),
        max(0, len(others) - len(readings) + 1),
    )


def address(placement: Placement, index: tuple[int, ...]) -> Address:
    """The cell of one element, and the sum that gives it: "b[2, 1] -> offset 0 + 2 x 1 + 1 x 4 = 6".

    Raises
    ------
    Problem
        "tensor-index" or "tensor-index-length".
    """
    place = checked_index(placement.shape, index)
    cell = cell_of(placement.stride, placement.offset, place)
    terms = [f"{i} x {step}" for i, step in zip(place, placement.stride, strict=True)]
    name = placement.name or ("base" if placement.is_base else "tensor")
    element = f"{name}[{', '.join(map(str, place))}]" if place else name
    total = f" = {cell}" if terms else ""
    return Address(place, cell, f"{element} -> {' + '.join([f'offset {placement.offset}', *terms])}{total}")


def view_answer(tensor: Tensor, shape: tuple[int, ...]) -> ViewAnswer:
    """Whether `tensor.view(shape)` works, asked of torch itself, and the reason where it does not."""
    if nn.parameter.is_lazy(tensor):
        return ViewAnswer(shape, None, Problem("tensor-no-values", detail=unreadable(tensor)))
    if tensor.layout != torch.strided or tensor.is_nested:
        layout = str(tensor.layout).removeprefix("torch.")
        return ViewAnswer(shape, None, Problem("tensor-no-storage", layout=layout))
    if reason := _misfit(tensor, shape):
        return ViewAnswer(shape, None, Problem("tensor-view-size", shape=_listed(shape), detail=reason))
    try:
        view = tensor.detach().view(shape)
    except RuntimeError:
        return ViewAnswer(shape, None, Problem("tensor-view", shape=_listed(shape), detail=_break(tensor, shape)))
    return ViewAnswer(tuple(view.shape), tuple(view.stride()), None)


def _window(offset: int, total: int, first: int | None) -> int:
    """The first cell shown: at the beginning where that holds the tensor's first element, else somewhat before it."""
    wanted = first if first is not None else (0 if offset < CELLS // 2 else offset - CELLS // 8)
    return max(0, min(wanted, total - CELLS))


def _others(tensor: Tensor, name: str, names: Mapping[str, Any]) -> Iterator[_Reading]:
    """The base of a view, then all other names on the same storage, each object once.

    A base without a name that is the whole storage as one row would be that row once more.
    """
    base = tensor._base
    mine, told = extents(tensor), {id(tensor)}
    found = [
        (key, value)
        for key, value in list(names.items())
        if isinstance(value, Tensor | np.ndarray) and not key.startswith("_") and key != name
    ]
    if base is not None:
        known = next((key for key, value in found if value is base), "")
        if known or not _is_a_row(base):
            yield _Reading(known, base, is_base=True)
        told.add(id(base))
    for key, value in found:
        if id(value) not in told and _is_strided(value) and meets(mine, extents(value)):
            told.add(id(value))
            yield _Reading(key, value)


def _is_a_row(base: Tensor) -> bool:
    return base.ndim == 1 and base.is_contiguous() and base.nbytes == base.untyped_storage().nbytes()


def _is_strided(value: Tensor | NDArray[Any]) -> bool:
    return isinstance(value, np.ndarray) or (value.layout == torch.strided and not value.is_nested)


def _placement(reading: _Reading, pictured: Tensor, total: int) -> Placement:
    """Strides and offset of a tensor or array in cells of the pictured tensor's storage."""
    value, unit = reading.value, pictured.element_size()
    if isinstance(value, np.ndarray):
        stride = tuple(value.strides)
        offset = value.__array_interface__["data"][0] - pictured.untyped_storage().data_ptr()
        dtype, is_contiguous = str(value.dtype), bool(value.flags.c_contiguous)
    else:
        size = value.element_size()
        stride = tuple(step * size for step in value.stride())
        offset = _between(pictured, value) + int(value.storage_offset()) * size
        dtype, is_contiguous = dtype_name(value.dtype), value.is_contiguous()
    kept = corner(value.shape, ELEMENTS)
    cells = cells_of(kept, stride, offset) // unit
    return Placement(
        reading.name,
        "array" if isinstance(value, np.ndarray) else "tensor",
        dtype,
        tuple(value.shape),
        tuple(step // unit for step in stride),
        offset // unit,
        np.where((cells >= 0) & (cells < total), cells, -1),
        is_contiguous,
        reading.is_base,
        repeated_dims(value.shape, stride),
    )


def _between(pictured: Tensor, other: Tensor) -> int:
    """Bytes from one storage's beginning to the other's; not 0 where NumPy's memory was taken from its middle."""
    return other.untyped_storage().data_ptr() - pictured.untyped_storage().data_ptr()


def _misfit(tensor: Tensor, shape: tuple[int, ...]) -> str:
    """Why a shape cannot hold exactly these elements, or nothing."""
    if any(size < -1 for size in shape) or shape.count(-1) > 1:
        return "a size is 0 or more, and only one may be -1 (whatever is left)"
    known = int(np.prod([size for size in shape if size != -1], dtype=object)) if shape else 1
    count = tensor.numel()
    if -1 not in shape:
        return "" if known == count else f"it needs {known:,} elements, and the tensor has {count:,}"
    if known == 0:
        return "with a size of 0 beside it, -1 could be anything"
    return f"{count:,} elements do not divide by {known:,}" if count % known else ""


def _break(tensor: Tensor, shape: tuple[int, ...]) -> str:
    """Which two dimensions the new shape would have to run through in one go, though they do not lie that way."""
    known = [size for size in shape if size != -1]
    missing = tensor.numel() // int(np.prod(known, dtype=object)) if -1 in shape else 1
    kept = set(np.cumprod([missing if size == -1 else size for size in shape], dtype=object))
    dims = [dim for dim in range(tensor.ndim) if tensor.shape[dim] != 1]
    before = 1
    for dim, behind in pairwise(dims):
        before *= tensor.shape[dim]
        size, step, wide = tensor.shape[behind], tensor.stride(behind), tensor.stride(dim)
        if wide != size * step and before not in kept:
            return (
                f"it would run through dimensions {dim} and {behind} in one go, but these do not lie one behind the "
                f"other: stride {wide} is not {size} x {step}"
            )
    order = f"strides {_listed(tuple(tensor.stride()))} instead of {_listed(contiguous_stride(tensor.shape))}"
    return f"the elements of {spelled(tensor.shape)} do not lie in order ({order})"


def _listed(shape: tuple[int, ...]) -> str:
    return ", ".join(map(str, shape))
