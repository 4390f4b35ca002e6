"""Every name of a namespace that holds data: what it is, what memory it owns, and with whom it shares it."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader, Dataset

from playground.engine.tensors.brief import brief
from playground.engine.tensors.extents import Holder, Share, extents, shares
from playground.engine.tensors.graph_text import dtype_name, operation
from playground.engine.tensors.reading import shape_of
from playground.engine.tensors.tensor_events import Kind, Variable

_KINDS: tuple[tuple[type | tuple[type, ...], Kind], ...] = (
    (nn.Parameter, "parameter"),
    (Tensor, "tensor"),
    (np.ndarray, "array"),
    (nn.Module, "module"),
    (Optimizer, "optimizer"),
    ((Dataset, DataLoader), "data"),
    ((bool, int, float, complex, np.generic), "number"),
    ((str, bytes), "text"),
    (dict, "mapping"),
    ((list, tuple, set, frozenset, range), "sequence"),
)
_CLAIMS = {"module": 0, "data": 0, "parameter": 1, "tensor": 1, "array": 1, "optimizer": 2}
_VIEW = 3  # a view owns its memory only where nothing else that has a name does


def variables(namespace: Mapping[str, Any], hidden: Collection[str] = ()) -> tuple[Variable, ...]:
    """The names that hold data, in the order of the namespace, as plain values; no tensor is copied or kept.

    Parameters
    ----------
    namespace : mapping of str to object
        As `globals()`. Names that begin with an underscore, functions, classes and modules of Python are left out.
    hidden : collection of str
        Further names to leave out.
    """
    shown: list[tuple[str, Any, Kind]] = []
    kinds: dict[type, Kind | None] = {}
    for name, value in list(namespace.items()):
        if type(value) not in kinds:
            kinds[type(value)] = kind_of(value)
        kind = kinds[type(value)]
        if kind and not name.startswith("_") and name not in hidden:
            shown.append((name, value, kind))
    memory = shares(
        [Holder(name, _claim(value, kind), extents(value)) for name, value, kind in shown if kind in _CLAIMS]
    )
    return tuple(_variable(name, value, kind, memory.get(name, Share())) for name, value, kind in shown)


def kind_of(value: object) -> Kind | None:
    """What a value is to this program; None for what holds no data."""
    return next((kind for types, kind in _KINDS if issubclass(type(value), types)), None)


def has_gradient(tensor: Tensor) -> bool:
    """Whether the tensor has a gradient; asks only where that raises no warning."""
    return (tensor.is_leaf or tensor.retains_grad) and tensor.grad is not None


def _claim(value: Any, kind: Kind) -> int:
    if isinstance(value, Tensor) and not nn.parameter.is_lazy(value):
        return _VIEW if value._is_view() else _CLAIMS[kind]
    if isinstance(value, np.ndarray):
        return _CLAIMS[kind] if value.base is None else _VIEW
    return _CLAIMS[kind]


def _variable(name: str, value: Any, kind: Kind, share: Share) -> Variable:
    known: dict[str, Any] = {}
    if isinstance(value, Tensor):
        known = _of_tensor(value)
    elif isinstance(value, np.ndarray):
        known = {"dtype": str(value.dtype), "shape": value.shape, "device": "cpu", "count": value.size}
    elif isinstance(value, nn.Module):
        known = _of_module(value)
    elif isinstance(value, Optimizer):
        known = {"count": sum(_count(parameter) for group in value.param_groups for parameter in group["params"])}
    elif kind in ("sequence", "mapping"):
        known = {"count": len(value), "text": brief(value)}
    elif kind != "data":
        known = {"text": brief(value)}
    return Variable(
        name, kind, type(value).__name__, **known, bytes=share.bytes, owner=share.owner, shares=share.names,
        shares_more=share.more,
    )  # fmt: skip


def _of_tensor(tensor: Tensor) -> dict[str, Any]:
    is_lazy = nn.parameter.is_lazy(tensor)
    return {
        "dtype": dtype_name(tensor.dtype),
        "shape": None if is_lazy else shape_of(tensor),
        "device": str(tensor.device),
        "requires_grad": tensor.requires_grad,
        "is_leaf": tensor.is_leaf,
        "has_grad": has_gradient(tensor),
        "grad_fn": operation(tensor.grad_fn) if tensor.grad_fn is not None else "",
        "count": 0 if is_lazy else tensor.numel(),
    }


def _of_module(module: nn.Module) -> dict[str, Any]:
    parameters = list(module.parameters())
    return {
        "count": sum(map(_count, parameters)),
        "device": ", ".join(sorted({str(parameter.device) for parameter in parameters})),
        "requires_grad": any(parameter.requires_grad for parameter in parameters),
        "has_grad": any(has_gradient(parameter) for parameter in parameters),
        "is_training": module.training,
    }


def _count(parameter: Tensor) -> int:
    return 0 if nn.parameter.is_lazy(parameter) else parameter.numel()
