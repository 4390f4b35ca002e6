"""Values that autograd did not keep, computed again from what the operation saved."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from playground.engine.problems import Problem
from playground.engine.tensors.graph_nodes import GradFn, saved
from playground.engine.tensors.graph_text import operation

_LARGEST = 4096
"""Larger results are not worth it."""

_OPERATIONS: Mapping[str, tuple[Callable[..., Tensor], tuple[str, ...]]] = {
    "AbsBackward0": (torch.abs, ("self",)),
    "BmmBackward0": (torch.bmm, ("self", "mat2")),
    "CosBackward0": (torch.cos, ("self",)),
    "DivBackward0": (torch.div, ("self", "other")),
    "DotBackward0": (torch.dot, ("self", "tensor")),
    "Log10Backward0": (torch.log10, ("self",)),
    "Log1PBackward0": (torch.log1p, ("self",)),
    "Log2Backward0": (torch.log2, ("self",)),
    "LogBackward0": (torch.log, ("self",)),
    "MaximumBackward0": (torch.maximum, ("self", "other")),
    "MinimumBackward0": (torch.minimum, ("self", "other")),
    "MmBackward0": (torch.mm, ("self", "mat2")),
    "MulBackward0": (torch.mul, ("self", "other")),
    "MvBackward0": (torch.mv, ("self", "vec")),
    "PowBackward0": (torch.pow, ("self", "exponent")),
    "SinBackward0": (torch.sin, ("self",)),
}


def computed_again(grad_fn: GradFn) -> Tensor | None:
    """The result of a small operation that saved all its operands; None for others."""
    name = operation(grad_fn)
    if name not in _OPERATIONS or torch.Size(grad_fn._input_metadata[0].shape).numel() > _LARGEST:
        return None
    function, arguments = _OPERATIONS[name]
    operands = _operands(grad_fn, arguments)
    if any(operand is None for operand in operands):
        return None
    with torch.no_grad():
        return function(*operands)


def _operands(grad_fn: GradFn, arguments: tuple[str, ...]) -> list[Any]:
    try:
        found = saved(grad_fn)
    except Problem:  # freed, or changed in place since
        return [None]
    return [found.get(argument) for argument in arguments]
