"""Values to open the views alone with, and to test and measure them: Himmelblau, spirals, arrows."""

import numpy as np
from PySide6.QtGui import QColor

from playground.widgets.common.theme import SERIES
from playground.widgets.surface.values import Arrow, Bytes, Floats, SurfaceMark, SurfaceValues

_MINIMA = ((3.0, 2.0), (-2.805118, 3.131312), (-3.779310, -3.283186), (3.584428, -1.848126))

SAMPLE_ARROWS = (
    Arrow("gradient", -2.0, 1.5, 55.0, -14.0, 22.3),
    Arrow("momentum", -2.0, 1.5, 55.0, -9.0, 6.0),
    Arrow("step", -2.0, 1.5, 55.0, -0.12, 0.13),
)


def himmelblau(side: int = 201, *, holes: bool = False, flat: bool = False) -> SurfaceValues:
    """Himmelblau (1972) over -6 to 6; with no value on a disc, or the same everywhere."""
    axis = np.linspace(-6, 6, side)
    x, y = np.meshgrid(axis, axis)
    value = np.full_like(x, 3.0) if flat else (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2
    if holes:
        value[(x - 1) ** 2 + (y + 3) ** 2 < 2] = np.nan
    coarse = np.linspace(-5.5, 5.5, 20)
    u, v = np.meshgrid(coarse, coarse)
    first, second = u**2 + v - 11, u + v**2 - 7
    gradient = np.stack([4 * u * first + 2 * second, 2 * first + 4 * v * second], axis=-1)
    marks = () if flat else tuple(SurfaceMark(a, b, 0.0) for a, b in _MINIMA)
    formula = "f(x, y) = (x² + y - 11)² + (x + y² - 7)²"
    return SurfaceValues(
        "Himmelblau", formula, ("x", "y"), axis, axis, value, coarse, coarse, gradient, marks, logarithmic=True
    )


def spiral(racer: int, rows: int) -> Floats:
    """A path [rows, 2] that winds into one of the minima."""
    time = np.linspace(0, 1, rows)
    end = np.array(_MINIMA[(racer + 1) % 4])
    turn, shrink = 2 * np.pi * (1 + racer % 3) * time, (1 - time) ** 2
    way = np.array([-0.6, 0.4]) - end
    turned = np.stack([np.cos(turn) * way[0] - np.sin(turn) * way[1], np.sin(turn) * way[0] + np.cos(turn) * way[1]], 1)
    return (end + turned * shrink[:, None]).astype(np.float32)


def circle(x: float, y: float, across: float, up: float) -> Floats:
    """A closed ellipse [65, 2]."""
    turn = np.linspace(0, 2 * np.pi, 65)
    return np.stack([x + across * np.cos(turn), y + up * np.sin(turn)], axis=1)


def basins(side: int = 128) -> Bytes:
    """Each point in the colour of the nearest minimum [side, side, 4]."""
    axis = np.linspace(-6, 6, side)
    x, y = np.meshgrid(axis, axis)
    nearest = np.argmin([(x - a) ** 2 + (y - b) ** 2 for a, b in _MINIMA], axis=0)
    table = np.array([QColor(color).getRgb() for color in SERIES[:4]], dtype=np.uint8)
    found: Bytes = table[nearest]
    return found
