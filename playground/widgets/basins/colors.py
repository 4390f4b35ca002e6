"""From labels and steps to colours: one look-up a start."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from playground.widgets.basins.values import DIVERGED, BasinsValues
from playground.widgets.common.theme import SERIES, blend, theme

Bytes = NDArray[np.uint8]

_SHADES = 64
_DARKEST = 0.42  # how much of its colour the slowest start keeps
_SAMPLES = 64  # starts on each side that decide which steps are few and which are many
_STRIPES = 48  # diagonal stripes over the side of a picture
_HATCH, _DIVERGED, _NOT_ARRIVED, _FIRST = range(4)  # rows of the table


def minimum_color(index: int) -> QColor:
    """The colour of a minimum: the series' colours, then the same lighter, then darker."""
    cycle, place = divmod(index, len(SERIES))
    color = QColor(SERIES[place])
    if cycle % 3 == 0:
        return color
    return blend(color, QColor("white" if cycle % 3 == 1 else "black"), 0.6)


def not_arrived_color() -> QColor:
    """Grey: the steps did not suffice."""
    return blend(theme.color("muted"), theme.color("surface"), 0.55)


def diverged_color() -> QColor:
    """Nearly black in either theme."""
    return QColor("#101218")


def colors(values: BasinsValues) -> Bytes:
    """The picture uint8 [S, S, 4], row 0 at the bottom: a colour a minimum, darker the more steps it took."""
    rows = values.labels.astype(np.int32)
    rows += _FIRST
    np.clip(rows, 0, _FIRST + len(values.minima) - 1, out=rows)
    if values.labels.min() <= DIVERGED:
        _hatch(rows)
    rows *= _SHADES
    rows += np.take(_shade_of_steps(values), values.steps, mode="clip")
    painted = np.take(_table(len(values.minima)), rows, mode="clip")
    return painted.view(np.uint8).reshape(*values.labels.shape, 4)


def _hatch(rows: NDArray[np.int32]) -> None:
    side = len(rows)
    place = np.arange(side)
    width = max(side // _STRIPES, 1)
    stripe = ((place[:, None] + place[None, :]) // width) % 4 == 0
    rows[(rows == _DIVERGED) & stripe] = _HATCH


def _table(minima: int) -> NDArray[np.uint32]:
    """The colours of all rows in all shades [(_FIRST + minima) * _SHADES], each packed as red, green, blue, alpha."""
    hatch = blend(QColor("white"), diverged_color(), 0.3)
    plain = (hatch, diverged_color(), not_arrived_color())
    table = np.empty((_FIRST + minima, _SHADES, 4), np.uint8)
    table[:_FIRST] = np.array([color.getRgb() for color in plain], np.uint8)[:, None]
    kept = np.linspace(1.0, _DARKEST, _SHADES)[:, None]
    for index in range(minima):
        rgb = np.array(minimum_color(index).getRgb()[:3])  # type: ignore[index]
        table[_FIRST + index, :, :3] = np.rint(kept * rgb)
    table[..., 3] = 255
    return table.reshape(-1, 4).view(np.uint32)[:, 0]


def _shade_of_steps(values: BasinsValues) -> NDArray[np.int32]:
    """The shade of every number of steps, log-scaled between few and many among the starts that arrived."""
    few, many = _few_and_many(values)
    steps = np.arange(int(many) + 2, dtype=float)
    part = (np.log1p(steps) - np.log1p(few)) / (np.log1p(many) - np.log1p(few))
    shades: NDArray[np.int32] = np.rint(np.clip(part, 0, 1) * (_SHADES - 1)).astype(np.int32)
    return shades


def _few_and_many(values: BasinsValues) -> tuple[float, float]:
    every = max(values.side // _SAMPLES, 1)
    steps = values.steps[::every, ::every][values.labels[::every, ::every] >= 0]
    if not len(steps):
        return 0.0, 1.0
    few, many = (float(each) for each in np.percentile(steps, (2, 99)))
    return few, max(many, few + 1.0)
