"""What a value is: the facts of a tensor, array, module, optimiser or plain value."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import Optimizer

from playground.engine.problems import Problem
from playground.engine.tensors.brief import brief, listed
from playground.engine.tensors.extents import tensor_parts
from playground.engine.tensors.graph_text import dtype_name, operation
from playground.engine.tensors.indices import repeated_dims
from playground.engine.tensors.reading import shape_of
from playground.engine.tensors.tensor_events import (
    ArrayFacts,
    Facts,
    MemoryFormat,
    ModuleFacts,
    OptimizerFacts,
    TensorFacts,
    ValueFacts,
)
from playground.engine.tensors.variables import has_gradient

_LINES = 12


def facts(value: Any, name: str) -> Facts:
    """Everything about a value but its numbers.

    Parameters
    ----------
    value : object
        Anything of the namespace, or what an expression gives.
    name : str
        The name or expression that it is shown under.
    """
    if isinstance(value, Tensor):
        return _uninitialized(value, name) if nn.parameter.is_lazy(value) else _tensor(value, name)
    if isinstance(value, np.ndarray):
        return _array(value, name)
    if isinstance(value, nn.Module):
        return _module(value, name)
    if isinstance(value, Optimizer):
        return _optimizer(value, name)
    length = len(value) if isinstance(value, str | bytes | list | tuple | set | frozenset | dict | range) else None
    return ValueFacts(name, type(value).__name__, listed(value, name), length)


def as_tensor(value: Any, name: str = "this value") -> Tensor:
    """A tensor to look into: a tensor itself, an array's memory, a number or a list of numbers.

    Raises
    ------
    Problem
        "tensor-missing" where the value is nothing of the kind.
    """
    if isinstance(value, Tensor):
        return value
    try:
        if isinstance(value, np.ndarray):
            return _from_array(value)
        if isinstance(value, bool | int | float | complex | list | tuple | np.generic):
            return torch.tensor(value)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        pass  # ragged lists, texts, numbers too large: what it is says enough
    raise Problem("tensor-missing", name=name, kind=type(value).__name__)


def _from_array(array: NDArray[Any]) -> Tensor:
    """The array's own memory, or a copy where torch cannot read it as it lies: backwards, or only for reading."""
    has_own_memory = array.flags.writeable and min(array.strides, default=0) >= 0
    return torch.from_numpy(array if has_own_memory else array.copy())


def _tensor(tensor: Tensor, name: str) -> TensorFacts:
    is_strided = tensor.layout == torch.strided and not tensor.is_nested
    shape, numel = shape_of(tensor), tensor.numel()
    stride = tuple(tensor.stride()) if is_strided else None
    storage, storage_bytes = _storage(tensor) if is_strided else (None, None)
    parts = list(tensor_parts(tensor)) if not is_strided else []
    is_inference = tensor.is_inference()
    return TensorFacts(
        name=name,
        kind=type(tensor).__name__,
        dtype=dtype_name(tensor.dtype),
        type_name=_type_name(tensor),
        shape=shape,
        stride=stride,
        offset=int(tensor.storage_offset()) if is_strided else None,
        layout=str(tensor.layout).removeprefix("torch."),
        memory_format=_memory_format(tensor) if is_strided else "",
        device=str(tensor.device),
        storage=storage,
        storage_bytes=storage_bytes,
        element_bytes=tensor.element_size(),
        numel=numel,
        bytes=sum(part.numel() * part.element_size() for part in parts) or numel * tensor.element_size(),
        version=None if is_inference else tensor._version,
        requires_grad=tensor.requires_grad,
        is_leaf=tensor.is_leaf,
        grad_fn="" if tensor.grad_fn is None else operation(tensor.grad_fn),
        has_grad=has_gradient(tensor),
        is_contiguous=is_strided and tensor.is_contiguous(),
        is_view=tensor._is_view(),
        is_pinned=is_strided and tensor.device.type == "cpu" and tensor.is_pinned(),
        is_shared=storage is not None and tensor.untyped_storage().is_shared(),
        is_inference=is_inference,
        is_conjugated=tensor.is_conj(),
        repeated=repeated_dims(shape, stride) if stride is not None else (),
    )


def _storage(tensor: Tensor) -> tuple[int | None, int | None]:
    """Address and bytes; None where the tensor has no memory of its own, as wrappers and fake tensors."""
    try:
        storage = tensor.untyped_storage()
        return storage.data_ptr(), storage.nbytes()
    except (RuntimeError, NotImplementedError):
        return None, None


def _type_name(tensor: Tensor) -> str:
    try:
        return str(tensor.type())
    except RuntimeError:  # torch has no such name for some sparse layouts
        return ""


def _memory_format(tensor: Tensor) -> MemoryFormat:
    if tensor.is_contiguous():
        return "contiguous"
    if tensor.ndim == 4 and tensor.is_contiguous(memory_format=torch.channels_last):
        return "channels_last"
    if tensor.ndim == 5 and tensor.is_contiguous(memory_format=torch.channels_last_3d):
        return "channels_last_3d"
    return "strided"


def _uninitialized(tensor: Tensor, name: str) -> ValueFacts:
    return ValueFacts(name, type(tensor).__name__, "not built yet: the first input gives it its shape")


def _array(array: NDArray[Any], name: str) -> ArrayFacts:
    order = ("C" if array.flags.c_contiguous else "") + ("F" if array.flags.f_contiguous else "")
    address = array.__array_interface__["data"][0]
    return ArrayFacts(
        name, str(array.dtype), array.shape, array.strides, order, array.nbytes, address,
        array.flags.owndata, array.flags.writeable,
    )  # fmt: skip


def _module(module: nn.Module, name: str) -> ModuleFacts:
    built = [parameter for parameter in module.parameters() if not nn.parameter.is_lazy(parameter)]
    buffers = [buffer for buffer in module.buffers() if not nn.parameter.is_lazy(buffer)]
    lines = _printed(module).splitlines()
    return ModuleFacts(
        name=name,
        kind=type(module).__name__,
        parameters=sum(parameter.numel() for parameter in built),
        trainable=sum(parameter.numel() for parameter in built if parameter.requires_grad),
        buffers=sum(buffer.numel() for buffer in buffers),
        bytes=sum(part.numel() * part.element_size() for part in [*built, *buffers]),
        is_training=module.training,
        lines=tuple(lines[:_LINES]),
        left_out=max(0, len(lines) - _LINES),
    )


def _printed(module: nn.Module) -> str:
    """What print shows; a module of the user's may fail at that."""
    try:
        return repr(module)
    except Exception as error:
        return f"{type(module).__name__}: {type(error).__name__} in its __repr__: {error}"


def _optimizer(optimizer: Optimizer, name: str) -> OptimizerFacts:
    groups = tuple(
        tuple((key, _setting(value)) for key, value in group.items() if key != "params")
        for group in optimizer.param_groups
    )
    learned = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    state = [item for kept in optimizer.state.values() for item in kept.values() if isinstance(item, Tensor)]
    return OptimizerFacts(
        name,
        type(optimizer).__name__,
        sum(parameter.numel() for parameter in learned if not nn.parameter.is_lazy(parameter)),
        groups,
        sum(item.numel() * item.element_size() for item in state),
    )


def _setting(value: object) -> str:
    return brief(value.item()) if isinstance(value, Tensor) and value.numel() == 1 else brief(value)
