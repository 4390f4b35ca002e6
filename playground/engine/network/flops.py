"""Floating-point operations of one sample, counted as torch.utils.flop_counter counts: 2 x multiply-adds."""

import math
from collections.abc import Mapping
from typing import Any

Shape = tuple[int, ...]


def flops_of(kind: str, args: Mapping[str, Any], before: Shape, behind: Shape) -> int | None:
    """Operations of a layer's matrix product or convolution; None for layers that have neither ("not counted").

    Parameters
    ----------
    kind, args
        The layer's class and all its arguments, defaults included.
    before, behind : tuple of int
        One sample's shape at its input and output. Adding the bias is not counted.
    """
    if kind == "Linear":
        return 2 * math.prod(before) * int(args["out_features"])
    if not kind.startswith("Conv"):
        return None
    positions = (before if "Transpose" in kind else behind)[1:]
    size = args["kernel_size"]
    kernel = math.prod(size) if isinstance(size, tuple) else size ** len(positions)
    channels = args["in_channels"] * args["out_channels"] // args["groups"]
    return 2 * math.prod(positions) * kernel * int(channels)
