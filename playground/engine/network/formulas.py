"""The size of a layer's output as one works it out on paper, with the numbers in place."""

import math
from collections.abc import Mapping
from typing import Any

from playground.engine.network.receptive_field import spread, stride_of

Shape = tuple[int, ...]
_AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def formula_of(kind: str, args: Mapping[str, Any], before: Shape, behind: Shape) -> str:
    """For example `N = (W - F + 2P)/S + 1 = (32 - 5 + 0)/1 + 1 = 28`; "" where there is nothing to work out.

    Parameters
    ----------
    kind, args
        The layer's class and all its arguments, defaults included.
    before, behind : tuple of int
        One sample's shape at its input and output. Axes of different sizes get a line each.
    """
    if kind == "Linear":
        return _linear(args)
    if kind == "Flatten" and len(before) > 1 and len(behind) == 1:
        return f"N = {' x '.join(map(str, before))} = {behind[0]:,}"
    windowed = kind.startswith(("Conv", "MaxPool", "AvgPool")) and kind[-2:-1].isdigit()
    rank = int(kind[-2]) if windowed else 0
    if not windowed or len(before) != rank + 1:
        return ""
    line = _transposed if "Transpose" in kind else _window
    lines = [line(args, axis, rank, before[axis + 1], behind[axis + 1]) for axis in range(rank)]
    if not all(lines) or len(set(lines)) == 1:
        return f"N = {lines[0]}" if all(lines) else ""
    return "\n".join(f"{name}: N = {line}" for name, line in zip(_AXES[rank], lines, strict=True))


def _linear(args: Mapping[str, Any]) -> str:
    inputs, outputs = args["in_features"], args["out_features"]
    bias = outputs if args["bias"] else 0
    shown = f" + {outputs:,}" if bias else ""
    return f"{inputs:,} x {outputs:,}{shown} = {inputs * outputs + bias:,} parameters"


def _window(args: Mapping[str, Any], axis: int, rank: int, size: int, found: int) -> str:
    kernel, stride = spread(args["kernel_size"], rank)[axis], stride_of(args, axis, rank)
    dilation = spread(args.get("dilation", 1), rank)[axis]
    reach = dilation * (kernel - 1) + 1
    total = reach - 1 if args.get("padding") == "same" else 2 * spread(_number(args), rank)[axis]
    taken, numbers = ("F", f"{kernel}") if dilation == 1 else ("(D(F - 1) + 1)", f"({dilation}({kernel} - 1) + 1)")
    quotient = (size - reach + total) / stride
    up = bool(args.get("ceil_mode"))
    result = (math.ceil if up else math.floor)(quotient) + 1
    if up and (result - 1) * stride >= size + total // 2:  # the last window must begin inside
        result -= 1
    if result != found:
        return ""
    opening, closing = ("", "") if quotient.is_integer() else ("⌈", "⌉") if up else ("⌊", "⌋")
    if opening and result != (math.ceil if up else math.floor)(quotient) + 1:
        return ""
    return (
        f"{opening}(W - {taken} + 2P)/S{closing} + 1 = "
        f"{opening}({size} - {numbers} + {total})/{stride}{closing} + 1 = {result}"
    )


def _transposed(args: Mapping[str, Any], axis: int, rank: int, size: int, found: int) -> str:
    kernel, stride, padding, extra, dilation = (
        spread(args[name], rank)[axis] for name in ("kernel_size", "stride", "padding", "output_padding", "dilation")
    )
    result = (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + extra + 1
    if result != found:
        return ""
    return (
        f"(W - 1)S - 2P + D(F - 1) + P_out + 1 = "
        f"({size} - 1) x {stride} - {2 * padding} + {dilation}({kernel} - 1) + {extra} + 1 = {result}"
    )


def _number(args: Mapping[str, Any]) -> Any:
    padding = args.get("padding", 0)
    return 0 if padding == "valid" else padding
