"""The arithmetic behind one value of a convolution's output."""

import torch
import torch.nn.functional as F  # noqa: N812  its usual name
from torch import Tensor, nn

from playground.engine.network.probe_events import Cell
from playground.engine.network.probe_weights import copied


def explain(module: nn.Conv2d, inputs: Tensor, outputs: Tensor, place: tuple[int, int, int] | None) -> Cell:
    """Take one output value apart.

    Parameters
    ----------
    inputs, outputs : Tensor [C, H, W]
        Of one sample, as the layer took and gave them.
    place : tuple of int, optional
        Channel, row and column of the output; moved inside where it lies outside. Left out, the middle of the first
        channel, which seldom reads padding.

    Returns
    -------
    Cell
        With `sum(window * filter) + bias == output` up to float32's rounding, whose order is the layer's own.
    """
    shape = tuple(outputs.shape)
    wanted = (0, shape[1] // 2, shape[2] // 2) if place is None else place
    channel, row, column = (min(max(at, 0), size - 1) for at, size in zip(wanted, shape, strict=True))
    weight = module.weight.detach()[channel]  # [C / groups, kh, kw]
    first = channel // (shape[0] // module.groups) * weight.shape[0]
    read = inputs[first : first + weight.shape[0]]
    rows, columns = (_positions(module, axis, at) for axis, at in ((0, row), (1, column)))
    window = _window(module, read, rows, columns)
    bias = None if module.bias is None else float(module.bias.detach()[channel])
    total = float((window.double() * weight.double()).sum()) + (bias or 0.0)
    return Cell(
        place=(channel, row, column),
        shape=(shape[0], shape[1], shape[2]),
        input=copied(read),
        outputs=copied(outputs[channel]),
        first_channel=first,
        window=copied(window),
        filter=copied(weight),
        rows=rows,
        columns=columns,
        bias=bias,
        total=total,
        output=float(outputs[channel, row, column]),
    )


def padding(module: nn.Conv2d) -> tuple[tuple[int, int], tuple[int, int]]:
    """How many rows are added above and below, and how many columns left and right."""
    if module.padding == "valid":
        return (0, 0), (0, 0)
    if module.padding == "same":  # what is odd goes below and to the right
        added = [step * (size - 1) for step, size in zip(module.dilation, module.kernel_size, strict=True)]
        return (added[0] // 2, added[0] - added[0] // 2), (added[1] // 2, added[1] - added[1] // 2)
    height, width = (int(size) for size in module.padding)
    return (height, height), (width, width)


def _positions(module: nn.Conv2d, axis: int, at: int) -> tuple[int, ...]:
    """The rows (axis 0) or columns (axis 1) of the input that output `at` reads; negative ones are padding."""
    first = at * module.stride[axis] - padding(module)[axis][0]
    return tuple(first + i * module.dilation[axis] for i in range(module.kernel_size[axis]))


def _window(module: nn.Conv2d, inputs: Tensor, rows: tuple[int, ...], columns: tuple[int, ...]) -> Tensor:
    """The values of the input, padded as the layer pads it, at these rows and columns: [C, kh, kw]."""
    (top, bottom), (left, right) = padding(module)
    mode = "constant" if module.padding_mode == "zeros" else module.padding_mode
    padded = F.pad(inputs.unsqueeze(0), (left, right, top, bottom), mode)[0]
    down = torch.tensor([row + top for row in rows])
    across = torch.tensor([column + left for column in columns])
    return padded[:, down][:, :, across]
