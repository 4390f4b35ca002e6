"""Rules of operations that only move numbers: each input number gets what came for the places it went to."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from playground.engine.tensors.backward_call import call as call_grad_fn
from playground.engine.tensors.graph_text import number, signed
from playground.engine.tensors.rules_call import Answer, Call, Explain, total

_LARGEST = 2**24
"""Tensors up to this size are followed by their places."""


def _moved(forward: Callable[[Call, Tensor], Tensor], formula: str = "g, moved to its place") -> Explain:
    """The rule of an operation, which `forward` does to the places of the input's numbers."""

    def rule(call: Call) -> Answer | None:
        if call.gradient.numel() > _LARGEST or call.raw.shape != call.gradient.shape:
            return None
        places = torch.arange(call.gradient.numel(), device=call.g.device).reshape(call.gradient.shape)
        here = places[call.element]
        return _answer(formula, call.g[forward(call, places) == here])

    return rule


def _answer(formula: str, came: Tensor) -> Answer:
    if came.numel() == 1:
        value = float(came.reshape(()).double())
        return Answer("x", formula, number(value), value, "", 1.0)
    if came.numel() == 0:
        return Answer("x", "0: this number took no part", "0", 0.0, "", None)
    answer = total("x", "Σ g over the places it went to", came)
    return Answer(answer.argument, answer.formula, answer.numbers, answer.value, "", None)


def _joined(call: Call) -> Answer | None:
    """Of several tensors, each gets its part of what came: asked from the operation itself, with places as values."""
    if call.g.numel() > _LARGEST or call.raw.shape != call.gradient.shape:
        return None
    places = torch.arange(call.g.numel(), dtype=torch.float64, device=call.g.device).reshape(call.g.shape)
    parts = call_grad_fn(call.grad_fn, (places,))
    part = parts[call.index]
    if part is None:
        return None
    return _answer("g, its part", call.g.reshape(-1)[int(part[call.element])])


def _apart(call: Call) -> Answer | None:
    """One tensor became several: the one that holds the number brings the gradient, if any came for it."""
    dim = signed(call.saved["dim"]) % call.raw.ndim
    at = call.element[dim]
    if "split_size" in call.saved:
        part, at = divmod(at, call.saved["split_size"])
        rest: tuple[int, ...] = (*call.element[:dim], at, *call.element[dim + 1 :])
    else:
        part, rest = at, (*call.element[:dim], *call.element[dim + 1 :])
    gradient = call.incoming[part]
    return _answer("g, its part", call.g.new_zeros(0) if gradient is None else gradient[rest])


def _indexed(call: Call, places: Tensor) -> Tensor:
    indices = call.saved["indices"]
    return places[tuple(slice(None) if index is None else index for index in indices)]


def _sliced(call: Call, places: Tensor) -> Tensor:
    dim, step = signed(call.saved["dim"]), call.saved["step"]
    start, end = signed(call.saved["start"]), signed(call.saved["end"])
    size = places.shape[dim]
    taken = torch.arange(size, device=places.device)[slice(start, end, step)]
    return places.index_select(dim, taken)


def _pooled(call: Call) -> Answer:
    """The largest of each window was taken; `result1` says where in its plane it stood."""
    spatial = len(call.saved["kernel_size"])
    (*plane,) = call.element[:-spatial]
    sizes = call.raw.shape[-spatial:]
    flat = 0
    for at, size in zip(call.element[-spatial:], sizes, strict=True):
        flat = flat * size + at
    indices = call.tensor("result1")[tuple(plane)]
    return total("x", "Σ g of the windows whose largest it was", call.g[tuple(plane)][indices == flat])


def _embedded(call: Call) -> Answer | None:
    if call.saved["scale_grad_by_freq"] or call.element[0] == signed(call.saved["padding_idx"]):
        return None
    row, column = call.element
    return total(
        "weight", "Σ g over the places where this row was looked up", call.g[call.saved["indices"] == row][:, column]
    )


def _dim_index(call: Call) -> tuple[int, int]:
    return signed(call.saved["dim"]), signed(call.saved["index"])


_SAME = _moved(lambda _, places: places, "g")
_RESHAPED = _moved(lambda call, places: places.reshape(call.g.shape))

RULES: Mapping[str, Explain] = {
    "View": _RESHAPED,
    "UnsafeView": _RESHAPED,
    "ReshapeAlias": _RESHAPED,
    "Reshape": _RESHAPED,
    "Squeeze": _RESHAPED,
    "Unsqueeze": _RESHAPED,
    "Clone": _SAME,
    "Alias": _SAME,
    "ToCopy": _SAME,
    "T": _moved(lambda _, places: places.t()),
    "Transpose": _moved(lambda call, places: places.transpose(signed(call.saved["dim0"]), signed(call.saved["dim1"]))),
    "Permute": _moved(lambda call, places: places.permute(tuple(signed(dim) for dim in call.saved["dims"]))),
    "Select": _moved(lambda call, places: places.select(*_dim_index(call))),
    "Slice": _moved(_sliced),
    "Expand": _moved(lambda call, places: places.expand(call.g.shape)),
    "Repeat": _moved(lambda call, places: places.repeat(tuple(call.saved["repeats"]))),
    "Flip": _moved(lambda call, places: places.flip(tuple(signed(dim) for dim in call.saved["dims"]))),
    "Index": _moved(_indexed),
    "IndexSelect": _moved(lambda call, places: places.index_select(signed(call.saved["dim"]), call.saved["index"])),
    "Gather": _moved(lambda call, places: places.gather(signed(call.saved["dim"]), call.saved["index"])),
    "Take": _moved(lambda call, places: places.take(call.saved["index"])),
    "MaskedSelect": _moved(lambda call, places: places.masked_select(call.saved["mask"])),
    "Diagonal": _moved(
        lambda call, places: places.diagonal(
            call.saved["offset"], signed(call.saved["dim1"]), signed(call.saved["dim2"])
        )
    ),
    "Unfold": _moved(
        lambda call, places: places.unfold(signed(call.saved["dimension"]), call.saved["size"], call.saved["step"])
    ),
    "Cat": _joined,
    "Stack": _joined,
    "Unbind": _apart,
    "Split": _apart,
    "MaxPool2DWithIndices": _pooled,
    "MaxPool3DWithIndices": _pooled,
    "Embedding": _embedded,
}
