"""What the memory picture says: titles, the storage's caption, numbers in cells, and the sum of an address."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from playground.widgets.common.color_scale import number
from playground.widgets.inspector.memory_places import Grid
from playground.widgets.inspector.values import MemoryPicture, Placement
from playground.widgets.inspector.wording import listed, shape_text

_ARROW, _TIMES = "\N{RIGHTWARDS ARROW}", "\N{MULTIPLICATION SIGN}"
_NAMED = 4  # so many elements that read a cell are named


def titles(placement: Placement, lead: tuple[int, ...] = (), *, is_cut: bool = False) -> tuple[str, str]:
    """Name and shape; then strides, offset, and what is special about them."""
    first = f"{_name(placement)}   {shape_text(placement.shape)}"
    if lead:
        first += f"   [{', '.join(map(str, lead))}, :, :]"
    if is_cut:
        first += _said("   (its beginning)")
    parts = [_said("strides {strides}").format(strides=listed(placement.stride))]
    if placement.offset:
        parts.append(_said("offset {offset}").format(offset=placement.offset))
    parts.append(_said("contiguous") if placement.is_contiguous else _said("not contiguous"))
    if placement.repeated:
        dims = ", ".join(map(str, placement.repeated))
        parts.append(_said("stride 0: indices along dim {dims} share cells").format(dims=dims))
    return first, ", ".join(parts)


def caption(picture: MemoryPicture) -> str:
    """The storage in one line: its size, what is shown, what is hollow, who else reads it."""
    one, many = _said("one storage, 1 element, {bytes} bytes"), _said("one storage, {count} elements, {bytes} bytes")
    text = (one if picture.total == 1 else many).format(count=f"{picture.total:,}", bytes=f"{picture.storage_bytes:,}")
    hollow = int((~picture.reached).sum())
    if hollow:
        text += _said("; {count} dashed: no index of {name} reaches them").format(
            count=f"{hollow:,}", name=picture.name or _said("the tensor")
        )
    if picture.left_out:
        text += _said("; {count} more names read it").format(count=picture.left_out)
    return text


def window_text(picture: MemoryPicture) -> str:
    """Which cells are shown of a long storage."""
    last = picture.first + len(picture.values) - 1
    return _said("cells {first} to {last} of {total}").format(
        first=f"{picture.first:,}", last=f"{last:,}", total=f"{picture.total:,}"
    )


def cell_text(value: np.generic) -> str:
    """A number as short as a cell needs."""
    plain = value.item()
    if isinstance(plain, bool):
        return "T" if plain else "F"
    if isinstance(plain, int):
        text = str(plain) if abs(plain) < 10**6 else f"{plain:.1e}"
        return text.replace("-", "\N{MINUS SIGN}").replace("e+0", "e")
    if isinstance(plain, complex):
        return f"{plain:.2g}".strip("()")
    return number(float(plain), 3).replace("e+0", "e").replace("e\N{MINUS SIGN}0", "e\N{MINUS SIGN}")


def formula(placement: Placement, index: tuple[int, ...], cell: int) -> str:
    """b[2, 1], then the sum offset + index x stride + ... that gives its cell."""
    terms = [f"{i} {_TIMES} {step}" for i, step in zip(index, placement.stride, strict=True)]
    total = " + ".join([_said("offset {offset}").format(offset=placement.offset), *terms])
    end = f" = {cell}" if terms and cell >= 0 else ""
    where = "" if cell >= 0 else _said(", outside of this storage")
    return f"{_element(placement, index)}  {_ARROW}  {total}{end}{where}"


def readers(grids: Sequence[Grid], cell: int) -> str:
    """Which elements read a cell of the storage."""
    found = [_element(grid.placement, grid.index(*place)) for grid in grids for place in grid.places(cell)]
    if not found:
        return _said("cell {cell}: no index shown reaches it").format(cell=f"{cell:,}")
    more = _said(" and {count} more").format(count=len(found) - _NAMED) if len(found) > _NAMED else ""
    return _said("cell {cell}  {arrow}  {names}").format(
        cell=f"{cell:,}", arrow="\N{LEFTWARDS ARROW}", names=", ".join(found[:_NAMED]) + more
    )


def _name(placement: Placement) -> str:
    return placement.name or (_said("base") if placement.is_base else _said("tensor"))


def _element(placement: Placement, index: tuple[int, ...]) -> str:
    return f"{_name(placement)}[{', '.join(map(str, index))}]" if index else _name(placement)


def _said(text: str) -> str:
    return QCoreApplication.translate("Inspector", text)
