"""Rules of matrix products and convolutions: sums of products, written out for one number."""

from collections.abc import Mapping

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from playground.engine.tensors.rules_call import Answer, Call, Explain, products, total
from playground.engine.tensors.rules_pointwise import Pointwise

_LEFT = "Σₖ g[i,k] B[j,k], which is g Bᵀ"
_RIGHT = "Σₖ A[k,i] g[k,j], which is Aᵀ g"


def _left(call: Call, name: str, factor: float = 1.0) -> Answer:
    """The gradient of A in A B, also of each matrix in a batch."""
    *batch, row, column = call.element
    return products("A", _LEFT, call.g[(*batch, row)], call.tensor(name)[(*batch, column)], factor)


def _right(call: Call, name: str, factor: float = 1.0) -> Answer:
    """The gradient of B in A B."""
    *batch, row, column = call.element
    left, right = call.tensor(name).transpose(-1, -2), call.g.transpose(-1, -2)  # columns as rows
    return products("B", _RIGHT, left[(*batch, row)], right[(*batch, column)], factor)


def _product(call: Call) -> Answer:
    return _left(call, "mat2") if call.index == 0 else _right(call, "self")


def _biased(left: str, right: str) -> Explain:
    """beta · bias + alpha · A B."""

    def rule(call: Call) -> Answer | None:
        alpha, beta = float(call.saved["alpha"]), float(call.saved["beta"])
        if call.index == 0:
            scale = torch.tensor(beta, device=call.raw.device)
            formula, numbers = ("g", "{g}") if beta == 1.0 else ("β g", "{b} · {g}")
            return Pointwise("bias", formula, numbers, lambda v: v.b * v.g, lambda _: {"b": scale})(call)
        return _left(call, right, alpha) if call.index == 1 else _right(call, left, alpha)

    return rule


def _matrix_vector(call: Call) -> Answer:
    if call.index == 0:
        row, column = call.element
        return products("A", "g[i] v[j]", call.g[row], call.tensor("vec")[column])
    return products("v", "Σₖ A[k,i] g[k], which is Aᵀ g", call.tensor("self")[:, call.element[0]], call.g)


def _convolution(call: Call) -> Answer | None:
    if call.saved["transposed"]:
        return None
    if call.index == 2:
        return total("bias", "Σ g over samples and places", call.g[:, call.element[0]])
    return _kernel(call) if call.index == 1 else _image(call)


def _kernel(call: Call) -> Answer:
    """Where the filter's number met the input: one number of the input for each place of the output."""
    out_channel, in_channel, *tap = call.element
    x, g = _padded(call), call.g[:, out_channel]  # [N, C, ...], [N, ...]
    group = out_channel // (call.g.shape[1] // call.saved["groups"])
    channel = group * call.gradient.shape[1] + in_channel
    window = [
        slice(at * dilation, at * dilation + (size - 1) * stride + 1, stride)
        for at, dilation, stride, size in zip(tap, *_steps(call), g.shape[1:], strict=True)
    ]
    met = x[(slice(None), channel, *window)]  # [N, ...] like g
    return products("weight", "Σ g x over samples and places", g, met)


def _image(call: Call) -> Answer:
    """Which outputs the input's number took part in, and with which weights."""
    sample, channel, *at = call.element
    g, weight = call.g[sample], call.tensor("weight")  # [O, ...], [O, C / groups, ...]
    in_group, groups = weight.shape[1], call.saved["groups"]
    outs = g.shape[0] // groups
    own = slice(channel // in_group * outs, (channel // in_group + 1) * outs)
    g, weight = g[own], weight[own, channel % in_group]  # [O / groups, ...] both
    for dim, meetings in enumerate(_meetings(call, at, weight.shape[1:]), start=1):
        taps, places = torch.tensor(meetings, dtype=torch.long, device=g.device).reshape(-1, 2).unbind(1)
        g, weight = g.index_select(dim, places), weight.index_select(dim, taps)
    return products("input", "Σ g w over filters and places", g, weight)


def _meetings(call: Call, at: list[int], kernel: torch.Size) -> list[list[tuple[int, int]]]:
    """For each dimension the pairs (place in the filter, place in the output) in which the input's place takes part."""
    found = []
    dilations, strides = _steps(call)
    for dim, place in enumerate(at):
        pairs = []
        for tap in range(kernel[dim]):
            start = place + call.saved["padding"][dim] - tap * dilations[dim]
            if start % strides[dim] == 0 and 0 <= start // strides[dim] < call.g.shape[2 + dim]:
                pairs.append((tap, start // strides[dim]))
        found.append(pairs)
    return found


def _padded(call: Call) -> Tensor:
    pads = [size for size in reversed(call.saved["padding"]) for _ in range(2)]
    return F.pad(call.tensor("input"), pads)


def _steps(call: Call) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple(call.saved["dilation"]), tuple(call.saved["stride"])


RULES: Mapping[str, Explain] = {
    "Mm": _product,
    "Bmm": _product,
    "Addmm": _biased("mat1", "mat2"),
    "Baddbmm": _biased("batch1", "batch2"),
    "Mv": _matrix_vector,
    "Convolution": _convolution,
}
