"""Cells as they are written and coloured: equal values look alike in every grid of a picture."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from playground.widgets.common.color_scale import Scale, number
from playground.widgets.common.theme import blend, theme
from playground.widgets.operations.values import CellGrid

_MINUS = "\N{MINUS SIGN}"
_BEYOND = 1e5  # whole numbers from here on in short


def texts(grid: CellGrid) -> tuple[str, ...]:
    """The values in reading order, three figures each."""
    return tuple(_text(value) for value in grid.values.reshape(-1).tolist())


def exact(grid: CellGrid, cell: int) -> str:
    """One value with all the figures that matter."""
    value = grid.values.reshape(-1)[cell].item()
    return f"{value:.7g}".replace("-", _MINUS) if isinstance(value, float) else str(value).replace("-", _MINUS)


def palettes(operands: Sequence[CellGrid], results: Sequence[CellGrid]) -> list[list[QColor]]:
    """The colours of all cells: one scale for each kind of number; results that lie beyond it have their own."""
    known = _scales(operands)
    beyond = [grid for grid in results if not _within(grid, known)]
    own = _scales(beyond)
    return [_colors(grid, own if grid in beyond else known) for grid in (*operands, *results)]


def _scales(grids: Sequence[CellGrid]) -> dict[str, Scale]:
    kinds: dict[str, list[NDArray[np.floating]]] = {}
    for grid in grids:
        kinds.setdefault(grid.values.dtype.kind, []).append(_magnitudes(grid))
    return {kind: _scale(np.concatenate(values)) for kind, values in kinds.items()}


def _within(grid: CellGrid, scales: dict[str, Scale]) -> bool:
    scale, values = scales.get(grid.values.dtype.kind), _magnitudes(grid)
    finite = values[np.isfinite(values)]
    return scale is not None and bool(((finite >= scale.low) & (finite <= scale.high)).all())


def _colors(grid: CellGrid, scales: dict[str, Scale]) -> list[QColor]:
    if grid.values.dtype.kind == "b":
        true, false = blend(theme.color("accent"), theme.color("surface"), 0.75), theme.color("raised")
        return [true if value else false for value in grid.values.reshape(-1)]
    colors = scales[grid.values.dtype.kind].colors(_magnitudes(grid))
    return [QColor(*(int(part) for part in color)) for color in colors]


def _magnitudes(grid: CellGrid) -> NDArray[np.floating]:
    """The numbers that are coloured: complex ones by how large they are."""
    values = grid.values.reshape(-1)
    return np.asarray(np.abs(values) if values.dtype.kind == "c" else values, float)


def _scale(values: NDArray[np.floating]) -> Scale:
    finite = values[np.isfinite(values)]
    if finite.size and finite.min() < 0 < finite.max():
        return Scale.around_zero(float(np.abs(finite).max()))
    return Scale.of(values)


def _text(value: object) -> str:
    if isinstance(value, complex):
        return f"{value.real:.2g}{value.imag:+.2g}j".replace("-", _MINUS)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if abs(value) < _BEYOND and value == round(value):
        return str(round(value)).replace("-", _MINUS)
    return number(float(value))
