"""Kinds of tensors whose graph cannot be looked at: without numbers, or of shapes that autograd does not tell."""

from collections.abc import Iterable
from typing import Any

from torch import Tensor
from torch._subclasses import FakeTensor
from torch.nn.parameter import is_lazy

from playground.engine.problems import Problem

_NESTED = "nested", "autograd does not tell their shapes; pad them with torch.nn.utils.rnn.pad_sequence"
_EMPTY = "they have shapes and no numbers; compute with ordinary ones"
_LAZY = "lazy", "they have no shape yet; call the module once"


def check_tensor(tensor: Tensor) -> None:
    """Refuse a tensor without numbers or shape.

    Raises
    ------
    Problem
        `graph-kind`.
    """
    if is_lazy(tensor):
        _refuse(*_LAZY)
    if tensor.is_nested:
        _refuse(*_NESTED)
    if isinstance(tensor, FakeTensor):
        _refuse("fake", _EMPTY)
    if tensor.is_meta:
        _refuse("meta", _EMPTY)


def check_nodes(order: Iterable[Any]) -> None:
    """Refuse a graph that goes through such tensors.

    Raises
    ------
    Problem
        `graph-kind`.
    """
    for grad_fn in order:
        if any(metadata.is_nested_tensor for metadata in grad_fn._input_metadata):
            _refuse(*_NESTED)
        if any(metadata.device.type == "meta" for metadata in grad_fn._input_metadata):
            _refuse("meta", _EMPTY)
        if hasattr(grad_fn, "variable"):  # a leaf's
            check_tensor(grad_fn.variable)


def _refuse(kind: str, detail: str) -> None:
    raise Problem("graph-kind", kind=kind, detail=detail)
