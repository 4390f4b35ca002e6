"""One value of a tensor set in place, and set back."""

import math
from typing import cast

import torch
from torch import Tensor

from playground.engine.problems import Problem
from playground.engine.tensors.graph_text import dtype_name
from playground.engine.tensors.indices import checked_index, repeated_dims
from playground.engine.tensors.reading import unreadable
from playground.engine.tensors.tensor_events import Edit, Number

_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def edit(tensor: Tensor, index: tuple[int, ...], text: str) -> Edit:
    """Set the element at `index` to what `text` says, in place and without autograd, which counts it as a new version.

    Parameters
    ----------
    index : tuple of int
        One number for each dimension; negative ones count from the end.
    text : str
        A number as Python writes it, "nan" and "inf" too; "true" or "false" for bool.

    Raises
    ------
    Problem
        "tensor-index", "tensor-index-length", "tensor-text", "tensor-expanded", "tensor-inference", "tensor-fixed".
    """
    _refuse_fixed(tensor)
    place = checked_index(tensor.shape, index)
    _refuse_shared(tensor)
    return _set(tensor, place, number(text, tensor.dtype))


def undo(tensor: Tensor, done: Edit) -> Edit:
    """Set the value back that an edit replaced; undoing the result redoes the edit.

    Raises
    ------
    Problem
        "tensor-changed" where the value has become another since, and all that `edit` raises.
    """
    _refuse_fixed(tensor)
    place = checked_index(tensor.shape, done.index)
    _refuse_shared(tensor)
    now = tensor.detach()[place].item()
    if repr(now) != repr(done.after):
        where = ", ".join(map(str, place))
        raise Problem("tensor-changed", detail=f"[{where}] is {now} now and was set to {done.after}")
    return _set(tensor, place, done.before)


def number(text: str, dtype: torch.dtype) -> Number:
    """What a text says, where a tensor of this type can hold it.

    Raises
    ------
    Problem
        "tensor-text".
    """
    text = text.strip()
    try:
        if dtype == torch.bool:
            return _TRUTH[text.lower()]
        if dtype.is_complex:
            return _within_complex(complex(text), text, dtype)
        if dtype.is_floating_point:
            return _within_floats(float(text), text, dtype)
        return _within_integers(_integer(text), text, dtype)
    except (KeyError, ValueError, OverflowError):
        wanted = "write true or false" if dtype == torch.bool else f"write {_example(dtype)}"
        raise _not_a_value(text, dtype, wanted) from None


def _example(dtype: torch.dtype) -> str:
    if dtype.is_complex:
        return "a number such as 1+2j"
    return "a number such as -1.5, 1e-3, inf or nan" if dtype.is_floating_point else "a whole number"


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        value = float(text)
        if not value.is_integer():
            raise
        return int(value)


def _within_integers(value: int, text: str, dtype: torch.dtype) -> int:
    bounds = torch.iinfo(dtype)
    if not bounds.min <= value <= bounds.max:
        raise _not_a_value(text, dtype, f"it holds whole numbers from {bounds.min} to {bounds.max}")
    return value


def _within_floats(value: float, text: str, dtype: torch.dtype) -> float:
    largest = torch.finfo(dtype).max
    if math.isfinite(value) and abs(value) > largest:
        raise _not_a_value(text, dtype, f"its largest number is {largest:.6g}")
    return value


def _within_complex(value: complex, text: str, dtype: torch.dtype) -> complex:
    for part in (value.real, value.imag):
        _within_floats(part, text, dtype)
    return value


def _not_a_value(text: str, dtype: torch.dtype, detail: str) -> Problem:
    return Problem("tensor-text", text=repr(text), dtype=dtype_name(dtype), detail=detail)


def _refuse_fixed(tensor: Tensor) -> None:
    if reason := unreadable(tensor):
        raise Problem("tensor-fixed", detail=reason)
    if tensor.is_inference() and not torch.is_inference_mode_enabled():
        raise Problem("tensor-inference")
    if tensor.layout != torch.strided:
        layout = str(tensor.layout).removeprefix("torch.")
        raise Problem("tensor-fixed", detail=f"its layout is {layout}; to_dense() gives a copy that can be")
    if tensor.is_quantized:
        raise Problem("tensor-fixed", detail="its values are quantised; dequantize() gives a copy that can be")


def _refuse_shared(tensor: Tensor) -> None:
    repeated = repeated_dims(tensor.shape, tensor.stride())
    if repeated:
        count = math.prod(tensor.shape[dim] for dim in repeated)
        raise Problem("tensor-expanded", count=count, dim=repeated[0])


def _set(tensor: Tensor, place: tuple[int, ...], value: Number) -> Edit:
    """Write through `detach()`, which shares memory and version, so that leaves and views may be set too."""
    plain = tensor.detach()
    before_version = _version(tensor)
    try:
        before = plain[place].item()
        with torch.no_grad():
            plain[place] = cast(float, value)  # torch takes complex numbers too, unlike its stub
        after = plain[place].item()
    except (RuntimeError, TypeError, NotImplementedError) as error:
        raise Problem("tensor-fixed", detail=str(error).splitlines()[0]) from error
    return Edit(place, before, after, before_version, _version(tensor))


def _version(tensor: Tensor) -> int:
    return 0 if tensor.is_inference() else tensor._version
