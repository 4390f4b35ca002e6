"""Inputs of an operation through which no gradient goes, as far as the operation shows them."""

import re
from collections.abc import Iterator

from torch import Tensor

from playground.engine.problems import Problem
from playground.engine.tensors.graph_events import Cut
from playground.engine.tensors.graph_names import TensorNames
from playground.engine.tensors.graph_nodes import GradFn, saved
from playground.engine.tensors.graph_text import operation, short

_PAIR = ("self", "other")
_LOSS = ("self", "target")
_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "Mul": _PAIR,
    "Div": _PAIR,
    "Maximum": _PAIR,
    "Minimum": _PAIR,
    "Atan2": _PAIR,
    "Mm": ("self", "mat2"),
    "Bmm": ("self", "mat2"),
    "Addmm": ("", "mat1", "mat2"),
    "Baddbmm": ("", "batch1", "batch2"),
    "Mv": ("self", "vec"),
    "Dot": ("self", "tensor"),
    "Pow": ("self", "exponent"),
    "Convolution": ("input", "weight", ""),
    "CudnnConvolution": ("self", "weight", ""),
    "NativeBatchNorm": ("input", "weight", ""),
    "CudnnBatchNorm": ("input", "weight", ""),
    "NativeLayerNorm": ("input", "weight", ""),
    "NativeGroupNorm": ("input", "weight", ""),
    "MseLoss": _LOSS,
    "SmoothL1Loss": _LOSS,
    "HuberLoss": _LOSS,
    "BinaryCrossEntropy": _LOSS,
    "BinaryCrossEntropyWithLogits": _LOSS,
}
"""By which saved name each input of an operation is found; empty where an input that is missing means nothing."""


def cuts(grad_fn: GradFn, names: TensorNames) -> Iterator[tuple[Cut, Tensor | None]]:
    """Each input without a gradient, and the tensor itself where the operation saved it."""
    name = operation(grad_fn)
    missing = [index for index, (each, _) in enumerate(grad_fn.next_functions) if each is None]
    if not missing or name == "CopySlices":
        return
    arguments = _ARGUMENTS.get(re.sub(r"Backward\d*$", "", name))
    for index in missing:
        if arguments is None:
            yield Cut(index, "unknown"), None
        elif index < len(arguments) and arguments[index]:
            yield from _saved_cut(grad_fn, index, arguments[index], names)


def _saved_cut(grad_fn: GradFn, index: int, argument: str, names: TensorNames) -> Iterator[tuple[Cut, Tensor | None]]:
    try:
        tensor = saved(grad_fn).get(argument)
    except Problem:
        yield Cut(index, "unknown"), None
        return
    if isinstance(tensor, Tensor):
        sharing = names.sharing(tensor)
        name = names.of_tensor(tensor) or sharing or _view_of(tensor, names)
        yield Cut(index, "detached" if sharing else "constant", name, short(tensor)), tensor


def _view_of(tensor: Tensor, names: TensorNames) -> str:
    """What an input that has no name is a view of, such as a flattened batch."""
    name = names.viewing(tensor)
    return f"view of {name}" if name else ""
