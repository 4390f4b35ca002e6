"""Values of any tensor: dense, as NumPy copies, piece by piece, and a sample where there are too many."""

import re
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from playground.engine.problems import Problem
from playground.engine.tensors.graph_text import dtype_name
from playground.engine.tensors.indices import corner, offsets_at, spelled

SAMPLE = 1_000_000
"""Of tensors with more elements, a picture or a number is first taken from so many."""

_DENSE = 2**24  # a sparse tensor is made dense up to so many elements
_PIECE = 2**22
_NUMPY = {
    **{torch.complex32: torch.complex64, torch.bfloat16: torch.float32},
    **{getattr(torch, name): torch.float32 for name in dir(torch) if name.startswith("float8_")},
}
_UNREADABLE = re.compile(r"float4_.*|bits.*|u?int[1-7]")


def readable(tensor: Tensor) -> Tensor:
    """The tensor without its graph, dense, with plain numbers; strided ones are not copied.

    Raises
    ------
    Problem
        "tensor-no-values", with the reason.
    """
    if reason := unreadable(tensor):
        raise Problem("tensor-no-values", detail=reason)
    tensor = tensor.detach()
    if tensor.layout == torch.strided and not tensor.is_quantized:
        return tensor
    try:
        return tensor.dequantize() if tensor.is_quantized else tensor.to_dense()
    except (RuntimeError, NotImplementedError) as error:
        raise Problem("tensor-no-values", detail=str(error).splitlines()[0]) from error


def unreadable(tensor: Tensor) -> str:
    """Why a tensor's numbers cannot be read, or nothing."""
    if nn.parameter.is_lazy(tensor):
        return "it is not built yet, the first input gives it its shape"
    if tensor.device.type == "meta":
        return "it lives on the meta device, which knows shapes only"
    if tensor.is_nested:
        return "it is nested, so its parts differ in shape; unbind() gives them"
    name = dtype_name(tensor.dtype)
    if _UNREADABLE.fullmatch(name):
        return f"torch cannot read single numbers of type {name}"
    if tensor.layout != torch.strided and tensor.numel() > _DENSE:
        return (
            f"it is {str(tensor.layout).removeprefix('torch.')} of shape {spelled(tensor.shape)}, too large to fill in"
        )
    return ""


def copied(tensor: Tensor) -> NDArray[np.generic]:
    """A NumPy copy that shares nothing with the tensor; types that NumPy lacks come as float32 or complex64."""
    tensor = readable(tensor)
    try:
        plain = tensor.to("cpu", _NUMPY.get(tensor.dtype, tensor.dtype)).resolve_conj().resolve_neg()
        array: NDArray[np.generic] = plain.clone(memory_format=torch.contiguous_format).numpy()
    except (RuntimeError, TypeError) as error:  # tensors that only pretend to have values, such as fake ones
        raise Problem("tensor-no-values", detail=str(error).splitlines()[0]) from error
    return array


def some(tensor: Tensor, cap: int = SAMPLE) -> NDArray[np.generic]:
    """All values in reading order [n], or of more than `cap` a sample of `cap`: one at random out of each n-th part.

    The sample is the same each time, and draws nothing from torch's generators.
    """
    tensor = readable(tensor)
    total = tensor.numel()
    if total <= cap:
        return copied(tensor).reshape(-1)
    places = offsets_at(tensor.shape, tensor.stride(), positions(total, cap))
    row = tensor.as_strided((int(places.max()) + 1,), (1,), tensor.storage_offset())
    return copied(row.index_select(0, torch.from_numpy(places).to(tensor.device)))


def positions(total: int, count: int) -> NDArray[np.int64]:
    """Places among `total`, one at random in each of `count` equal parts, in order."""
    parts = np.arange(count) + np.random.default_rng(0).random(count)
    return np.minimum((parts * (total / count)).astype(np.int64), total - 1)


def pieces(tensor: Tensor, cap: int = _PIECE) -> Iterator[Tensor]:
    """Views of at most `cap` elements that together are the tensor, each of them close together in memory."""
    total = tensor.numel()
    if total <= cap:
        yield tensor
        return
    dim = max((dim for dim in range(tensor.ndim) if tensor.shape[dim] > 1), key=tensor.stride)
    size = tensor.shape[dim]
    step = max(1, cap // (total // size))
    for start in range(0, size, step):
        yield from pieces(tensor.narrow(dim, start, min(step, size - start)), cap)


def shape_of(tensor: Tensor) -> tuple[int, ...]:
    """The shape; of a nested tensor -1 where its parts differ.

    Raises
    ------
    Problem
        "tensor-no-values" where it is not built yet.
    """
    if nn.parameter.is_lazy(tensor):
        readable(tensor)
    if not tensor.is_nested:
        return tuple(tensor.shape)
    return tuple(_size(tensor, dim) for dim in range(tensor.dim()))


def leading(tensor: Tensor, cap: int) -> Tensor:
    """The leading corner of at most `cap` elements, as a view."""
    return tensor[tuple(slice(size) for size in corner(tensor.shape, cap))]


def _size(tensor: Tensor, dim: int) -> int:
    try:
        size = tensor.size(dim)
    except RuntimeError:  # a ragged dimension has no one size
        return -1
    return size if isinstance(size, int) else -1
