"""Where the parallel paths of a block meet: a sum needs equal shapes, a concatenation all but the channels."""

from playground.engine.network.signals import Signal, with_shape
from playground.engine.network.spec import Node, Residual

Shape = tuple[int, ...]


def joined(block: Node, ends: list[Signal]) -> Signal | str:
    """What leaves a `Residual` or `Branches` whose paths end in these signals, or why they do not fit together."""
    if len({end.whole for end in ends}) > 1:
        return "one path gives whole numbers and another real ones"
    return _added(ends) if isinstance(block, Residual) else _concatenated(ends)


def _added(ends: list[Signal]) -> Signal | str:
    body, shortcut = ends
    if body.shape != shortcut.shape:
        return (
            f"its body leaves {_by(body.shape)} and its shortcut {_by(shortcut.shape)}, "
            "and only equal shapes can be added"
        )
    return body


def _concatenated(ends: list[Signal]) -> Signal | str:
    first = ends[0].shape
    if not first:
        return "its branches leave single numbers, which have no channels"
    for number, end in enumerate(ends[1:], start=2):
        if len(end.shape) != len(first) or end.shape[1:] != first[1:]:
            return (
                f"branch 1 leaves {_by(first)} and branch {number} {_by(end.shape)}, "
                "and all but the channels must be equal"
            )
    channels = sum(end.shape[0] for end in ends)
    return with_shape(ends[0], (channels, *first[1:]))


def _by(shape: Shape) -> str:
    return " x ".join(f"{size:,}" for size in shape) or "a single number"
