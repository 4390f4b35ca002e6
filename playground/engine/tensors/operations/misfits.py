"""Why shapes do not fit together, in a sentence with their numbers. Plain shapes, no torch."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import prod

from playground.engine.tensors.indices import spelled

Shape = Sequence[int]


@dataclass(frozen=True, slots=True)
class Named:
    """A shape and how its tensor was typed."""

    name: str
    shape: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.name} ({spelled(self.shape)})"


@dataclass(frozen=True, slots=True)
class Misfit:
    """What does not fit, the usual cure, and for each operand its dimensions that clash."""

    sentence: str
    cure: str
    clashes: tuple[tuple[int, ...], ...]


def broadcast_misfit(operands: Sequence[Named]) -> Misfit | None:
    """Why these shapes cannot be broadcast together; None where they can.

    Shapes are aligned from the right; sizes must be equal, or 1, or missing (NumPy's and torch's rule).
    """
    behind = _clash(operands)
    return None if behind is None else _refused(operands, behind)


def matmul_misfit(left: Named, right: Named) -> Misfit | None:
    """Why two tensors have no matrix product; None where they have."""
    if not (left.shape and right.shape):
        single = right.name if left.shape else left.name
        sentence = f"{single} is a single number, and a matrix product needs at least one dimension."
        return Misfit(sentence, f"{left.name} * {right.name} multiplies each element.", ((), ()))
    row = max(len(right.shape) - 2, 0)
    if left.shape[-1] != right.shape[row]:
        return _inner(left, right, row)
    batches = [Named(operand.name, operand.shape[:-2]) for operand in (left, right)]
    if (misfit := broadcast_misfit(batches)) is None:
        return None
    return Misfit(f"The dimensions before the last two are broadcast. {misfit.sentence}", misfit.cure, misfit.clashes)


def view_misfit(operand: Named, wanted: Shape) -> Misfit | None:
    """Why the elements do not fill the wanted shape (-1 is worked out); None where they do."""
    count, known = prod(operand.shape), prod(size for size in wanted if size != -1)
    if count == known or (-1 in wanted and known and count % known == 0):
        return None
    text = spelled(wanted)
    needs = f"a multiple of {known}" if -1 in wanted else str(known)
    return Misfit(
        f"{operand} has {count} elements, but {text} needs {needs}.",
        "The sizes must multiply to the number of elements; one of them may be -1, which is worked out.",
        (),
    )


def order_misfit(operand: Named, stride: Shape, wanted: Shape) -> Misfit:
    """Why view cannot read these elements in another shape, although their number fits."""
    sizes = ", ".join(map(str, wanted))
    return Misfit(
        f"{operand} has strides {tuple(stride)}, so its {prod(operand.shape)} elements do not lie in order, "
        "and view never copies.",
        f"{operand.name}.reshape({sizes}) copies them; {operand.name}.contiguous().view({sizes}) does the same "
        "in two steps.",
        (),
    )


def cat_misfit(operands: Sequence[Named], dim: int) -> Misfit | None:
    """Why these cannot be joined along dim; None where they can."""
    first = operands[0]
    for number, other in enumerate(operands[1:], start=1):
        if len(other.shape) != len(first.shape):
            sentence = f"{first} and {other} need as many dimensions as each other."
            return Misfit(sentence, "unsqueeze() adds one of size 1; stack() joins along a new one.", ())
        clash = _different(first.shape, other.shape, dim)
        if clash is not None:
            clashes = tuple((clash,) if place in (0, number) else () for place in range(len(operands)))
            return Misfit(
                f"{first} and {other} differ in dimension {clash} ({first.shape[clash]} and {other.shape[clash]}); "
                f"only dimension {dim}, along which cat joins, may differ.",
                _other_dim(first, other),
                clashes,
            )
    return None


def stack_misfit(operands: Sequence[Named], _: int) -> Misfit | None:
    """Why these cannot be stacked; None where they can."""
    different = [operand for operand in operands[1:] if operand.shape != operands[0].shape]
    if not different:
        return None
    sentence = f"{operands[0]} and {different[0]} differ; stack needs equal shapes."
    return Misfit(sentence, "cat() joins along a dimension that may differ.", ())


def _clash(operands: Sequence[Named]) -> int | None:
    """The first dimension, counted from 1 at the right, whose sizes cannot be broadcast."""
    for behind, column in enumerate(zip_longest(*(reversed(operand.shape) for operand in operands)), start=1):
        if len({size for size in column if size not in (1, None)}) > 1:
            return behind
    return None


def _refused(operands: Sequence[Named], behind: int) -> Misfit:
    """The misfit in the dimension that stands `behind`-th from the right."""
    clashing = [operand for operand in operands if behind <= len(operand.shape) and operand.shape[-behind] != 1]
    sizes = " and ".join(f"{operand.shape[-behind]} in {operand.name}" for operand in clashing)
    shapes = " and ".join(map(str, operands))
    place = "the last dimension" if behind == 1 else f"dimension {-behind} (counted from the right)"
    clashes = tuple((len(operand.shape) - behind,) if operand in clashing else () for operand in operands)
    return Misfit(
        f"{shapes} do not broadcast: aligned from the right, {place} has {sizes}; sizes must be equal or 1.",
        _broadcast_cure(operands, behind),
        clashes,
    )


def _broadcast_cure(operands: Sequence[Named], behind: int) -> str:
    """The usual cure: a missing last dimension, where it helps; else none."""
    for shorter in operands:
        grown = Named(shorter.name, (*shorter.shape, 1))
        others = [operand for operand in operands if operand is not shorter]
        if any(len(other.shape) > len(shorter.shape) for other in others) and _clash([grown, *others]) is None:
            return f"{shorter.name}.unsqueeze(-1) has shape {spelled(grown.shape)}, which fits."
    turned = [Named(operand.name, operand.shape[::-1]) for operand in operands[1:]]
    if behind <= 2 and len(turned) == 1 and len(turned[0].shape) == 2 and _clash([operands[0], *turned]) is None:
        return f"{turned[0].name}.t() has shape {spelled(turned[0].shape)}, which fits."
    return ""


def _inner(left: Named, right: Named, row: int) -> Misfit:
    columns, rows = left.shape[-1], right.shape[row]
    sentence = (
        f"{left} @ {right} needs as many columns in {left.name} as rows in {right.name}, "
        f"but there are {columns} and {rows}."
    )
    cure = ""
    if len(right.shape) >= 2 and right.shape[-1] == columns:
        turned = "t()" if len(right.shape) == 2 else "mT"
        cure = f"{left.name} @ {right.name}.{turned} fits: {_product_shape(left.shape, right.shape)}."
    elif len(left.shape) == 2 and left.shape[0] == rows:
        cure = f"{left.name}.t() @ {right.name} fits."
    return Misfit(sentence, cure, ((len(left.shape) - 1,), (row,)))


def _product_shape(left: Shape, right: Shape) -> str:
    """What left @ right.mT gives, for matrices and batches of the same number."""
    return spelled((*left[:-1], right[-2]))


def _different(first: Shape, other: Shape, dim: int) -> int | None:
    """The first dimension besides dim that differs."""
    places = [place for place in range(len(first)) if place != dim % len(first) and first[place] != other[place]]
    return places[0] if places else None


def _other_dim(first: Named, other: Named) -> str:
    fitting = [dim for dim in range(len(first.shape)) if _different(first.shape, other.shape, dim) is None]
    return f"dim={fitting[0]} fits." if fitting else ""
