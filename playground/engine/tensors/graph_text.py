"""Tensors and grad_fns in a few words, and copies of their values that stay small."""

import re
from typing import Any

import torch
from torch import Tensor

from playground.engine.tensors.graph_events import Values

CAP = 4096
"""So many values of a tensor are copied at most."""

_SHOWN = 3
_OPERATIONS = {
    "T": "t",
    "Mm": "mm",
    "NativeBatchNorm": "batch_norm",
    "CudnnBatchNorm": "batch_norm",
    "MiopenBatchNorm": "batch_norm",
    "NativeLayerNorm": "layer_norm",
    "NativeGroupNorm": "group_norm",
    "NativeDropout": "dropout",
    "MaxPool1DWithIndices": "max_pool1d",
    "MaxPool2DWithIndices": "max_pool2d",
    "MaxPool3DWithIndices": "max_pool3d",
    "MkldnnMaxPool2D": "max_pool2d",
    "AccumulateGrad": "leaf",
    "CopySlices": "write into a view",
    "UnsafeView": "view",
    "LinalgVectorNorm": "norm",
}
_WRAPPED = 2**63


def number(value: Any) -> str:
    """A number in four figures, as all of this folder writes them."""
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, complex):
        return f"{value:.4g}"
    return f"{float(value):.4g}"


def short(tensor: Tensor) -> str:
    """The first values of a tensor; of a scalar its value."""
    tensor = plain(tensor)
    if tensor.numel() == 0:
        return "[]"
    if tensor.ndim == 0:
        return number(tensor.item())
    first = [number(value) for value in tensor[(0,) * (tensor.ndim - 1)][: _SHOWN + 1].tolist()]
    is_all = tensor.numel() <= _SHOWN
    return f"[{', '.join(first[:_SHOWN])}{'' if is_all else ', …'}]"


def values(tensor: Tensor, cap: int = CAP) -> Values:
    """A copy of a tensor for another thread, of at most `cap` values."""
    dense = plain(tensor)
    corner = dense[tuple(slice(size) for size in _corner(tuple(dense.shape), cap))]
    array = wide(corner).to("cpu").resolve_conj()
    return Values(array.clone().numpy(), tuple(tensor.shape), dtype_name(tensor.dtype), short(dense))


def plain(tensor: Tensor) -> Tensor:
    """Values alone: no graph, and dense."""
    tensor = tensor.detach()
    return tensor.to_dense() if tensor.layout != torch.strided else tensor


def wide(tensor: Tensor) -> Tensor:
    """As float32, which holds all of its values, where NumPy and torch's norms lack the type: bfloat16 and shorter."""
    is_narrow = tensor.is_floating_point() and tensor.dtype not in (torch.float16, torch.float32, torch.float64)
    return tensor.float() if is_narrow else tensor


def dtype_name(dtype: torch.dtype) -> str:
    """A dtype without "torch."."""
    return str(dtype).removeprefix("torch.")


def operation(grad_fn: Any) -> str:
    """The class of a grad_fn without namespaces, as `tensor.grad_fn` prints it."""
    return str(grad_fn.name()).rsplit("::", maxsplit=1)[-1]


def title(grad_fn: Any) -> str:
    """An operation for people: "softmax", "select 1", "pow 2"."""
    family = re.sub(r"Backward\d*.*$", "", operation(grad_fn))
    name = _OPERATIONS.get(family) or _snake(family)
    return f"{name} {_setting(grad_fn, family)}".rstrip()


def signed(value: int) -> int:
    """A saved dimension or index as it was written: torch keeps negative ones as unsigned numbers."""
    return value - 2 * _WRAPPED if value >= _WRAPPED else value


def _setting(grad_fn: Any, family: str) -> str:
    """What tells this call from others of its kind."""
    if family == "Select":
        return str(signed(grad_fn._saved_index))
    if family == "Pow" and isinstance(getattr(grad_fn, "_saved_exponent", None), int | float):
        return number(grad_fn._saved_exponent)
    if family == "Slice":
        end = grad_fn._saved_end
        return f"{signed(grad_fn._saved_start)}:{'' if end >= _WRAPPED - 1 else end}"
    return ""


def _snake(name: str) -> str:
    """LogSoftmax as log_softmax, AdaptiveAvgPool2D as adaptive_avg_pool2d."""
    name = re.sub(r"(\d)D(?=$|[A-Z])", r"\1d", name)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _corner(shape: tuple[int, ...], cap: int) -> tuple[int, ...]:
    """How many of each dimension to keep, the last ones first."""
    kept = []
    for size in reversed(shape):
        kept.append(min(size, max(cap, 1)))
        cap //= max(kept[-1], 1)
    return tuple(reversed(kept))
