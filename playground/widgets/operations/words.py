"""What is said about grids and cells."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from playground.widgets.operations.block import Writing
from playground.widgets.operations.cell_text import exact, texts
from playground.widgets.operations.links import Light
from playground.widgets.operations.sheets import index_of
from playground.widgets.operations.values import CellGrid, OperationValues

_MOST = 6  # cells that are named one by one
_LONGEST = 22  # letters of an operand's name


def writing(grid: CellGrid, operands: Sequence[CellGrid]) -> Writing:
    """What stands above and in the cells of a grid."""
    sizes = " x ".join(str(size) for size in grid.shape) or _say("scalar")
    shape = f"{sizes} · {grid.dtype}" if grid.dtype else sizes
    return Writing(_short(grid.name), shape, note(grid, operands), texts(grid))


def note(grid: CellGrid, operands: Sequence[CellGrid]) -> str:
    """The one thing to know of a grid besides its values."""
    parts = [_clash(grid), _stretch(grid), _memory(grid, operands), _window(grid)]
    return " · ".join(part for part in parts if part)


def told(values: OperationValues, light: Light) -> str:
    """A cell, its value, and what it is made from or goes into."""
    grid = values.grids[light.place.grid]
    cell = f"{named(grid, light.place.cell)} = {exact(grid, light.place.cell)}"
    others = [number for number in light.cells if number != light.place.grid]
    lists = [_list(values.grids[number], light.cells[number], light.hidden.get(number, 0)) for number in others]
    if not any(lists):
        nothing = _say("has no cell of the operands in it") if light.place.grid >= len(values.operands) else ""
        return f"{cell} {nothing or _say('goes into no shown cell')}" if values.parts else cell
    link = _say("from") if light.place.grid >= len(values.operands) else _say("goes into")
    return f"{cell}  {link}  " + "; ".join(each for each in lists if each)


def named(grid: CellGrid, cell: int) -> str:
    """A cell with its index in the whole tensor."""
    index = ", ".join(str(place) for place in index_of(grid, cell))
    name = _short(grid.name)
    return f"{name}[{index}]" if index else name


def _short(name: str) -> str:
    """An operand as it was typed, cut off where it is longer than a name is."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _list(grid: CellGrid, cells: Sequence[int], hidden: int) -> str:
    shown = [named(grid, cell) for cell in cells[:_MOST]]
    more = len(cells) - len(shown) + hidden
    return ", ".join(shown) + (_say(" and {count} more").format(count=more) if more else "")


def _clash(grid: CellGrid) -> str:
    text = _say("does not fit: dimension {dims}")
    sizes = ", ".join(_say("{dim} of size {size}").format(dim=dim, size=grid.shape[dim]) for dim in grid.clash)
    return text.format(dims=sizes) if grid.clash else ""


def _stretch(grid: CellGrid) -> str:
    dims = ", ".join(str(dim) for dim in grid.stretched)
    return _say("stretched along dimension {dims}").format(dims=dims) if dims else ""


def _memory(grid: CellGrid, operands: Sequence[CellGrid]) -> str:
    names = ", ".join(_short(operands[number].name) for number in grid.shares)
    known = {
        "same": _say("changed in place: same memory as {names}"),
        "view": _say("a view: same memory as {names}"),
        "new": _say("new memory"),
    }
    return known[grid.memory].format(names=names) if grid.memory else ""


def _window(grid: CellGrid) -> str:
    if not grid.values.size:
        return _say("no elements")
    if grid.values.shape == grid.shape:
        return ""
    ranges = zip(grid.origin, grid.values.shape, grid.shape, strict=True)
    slices = [":" if size == whole else f"{first}:{first + size}" for first, size, whole in ranges]
    return _say("shown: [{slices}]").format(slices=", ".join(slices))


def _say(text: str) -> str:
    return QCoreApplication.translate("Operations", text)
