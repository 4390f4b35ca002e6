"""Charts as geometry: axes with ticks, lines and marks as the texts of SVG paths. The templates draw them."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WIDTH, HEIGHT = 480, 280
LEFT, RIGHT, TOP, BOTTOM = 76, 16, 12, 52
SQUARE = WIDTH - LEFT - RIGHT + TOP + BOTTOM  # the height that makes the plot a square
MOST_POINTS = 1_000  # of a line; a card stays small however long the run was
TICKS = 5

Point = tuple[float, float]


def _whole(*half: Point) -> tuple[Point, ...]:
    """A shape that looks the same upside down, from the first half of its corners."""
    return (*half, *((-x, -y) for x, y in half))


# One shape a class, so that colour is never the only sign; each is drawn from its middle, about 8 units wide.
_POLYGONS: Mapping[str, tuple[Point, ...]] = {
    "square": ((-3.5, -3.5), (3.5, -3.5), (3.5, 3.5), (-3.5, 3.5)),
    "triangle": ((0, -4.5), (4.5, 3.5), (-4.5, 3.5)),
    "diamond": ((0, -5), (4, 0), (0, 5), (-4, 0)),
    "down": ((0, 4.5), (4.5, -3.5), (-4.5, -3.5)),
    "plus": _whole((-1.5, -4.5), (1.5, -4.5), (1.5, -1.5), (4.5, -1.5), (4.5, 1.5), (1.5, 1.5)),
    "cross": _whole((-4.5, -2.5), (-2.5, -4.5), (0, -2), (2.5, -4.5), (4.5, -2.5), (2, 0)),
    "right": ((4.5, 0), (-3.5, 4.5), (-3.5, -4.5)),
    "left": ((-4.5, 0), (3.5, 4.5), (3.5, -4.5)),
    "hexagon": ((-4.5, 0), (-2.2, -4), (2.2, -4), (4.5, 0), (2.2, 4), (-2.2, 4)),
}
SHAPES = ("circle", *_POLYGONS)


@dataclass(frozen=True)
class Tick:
    """A labelled place on an axis, in the chart's units."""

    at: float
    text: str


@dataclass(frozen=True)
class Axis:
    """Values from `low` to `high`, drawn from `start` to `end`; logarithmic where `log` says so."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False
    unit: str = ""

    def place(self, values: Floats) -> Floats:
        """Where the values are drawn."""
        low, high = (math.log10(self.low), math.log10(self.high)) if self.log else (self.low, self.high)
        shares = ((np.log10(values) if self.log else values) - low) / (high - low)
        return self.start + shares * (self.end - self.start)

    def ticks(self) -> tuple[Tick, ...]:
        """Round numbers along the axis."""
        values = np.array(_log_ticks(self.low, self.high) if self.log else _ticks(self.low, self.high))
        step = float(values[1] - values[0]) if len(values) > 1 and not self.log else 0.0
        texts = [_tick_text(value, step) + self.unit for value in values.tolist()]
        return tuple(Tick(round(at, 1), text) for at, text in zip(self.place(values).tolist(), texts, strict=True))


@dataclass(frozen=True)
class Line:
    """One series: `path` joins its points and `marks` puts a shape on each of them; "" for neither.

    `role` is its colour in the style sheet, `label` its name in the legend ("" for none) and `key` its shape there.
    """

    role: str
    label: str
    path: str = ""
    marks: str = ""
    key: str = ""


@dataclass(frozen=True)
class Chart:
    """A picture with two axes. `described` says in words what it shows; `ground` is a picture behind it, or ""."""

    title: str
    x_title: str
    y_title: str
    described: str
    x_axis: Axis
    y_axis: Axis
    lines: tuple[Line, ...]
    note: str = ""
    height: int = HEIGHT
    ground: str = ""

    @property
    def is_square(self) -> bool:
        """Whether a unit across is as long as a unit up."""
        return self.height == SQUARE


def x_axis(low: float, high: float) -> Axis:
    """Along the lower edge, exactly from `low` to `high`."""
    return Axis(low, high if high > low else low + 1, LEFT, WIDTH - RIGHT)


def y_axis(
    values: Iterable[Floats], *, log: bool = False, height: int = HEIGHT, unit: str = "", most: float = math.inf
) -> Axis:
    """Along the left edge, with a little room around the values; nothing above `most`."""
    known = np.concatenate([*values, np.empty(0)])
    known = known[np.isfinite(known)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    if log:
        return Axis(low / 1.15, high * 1.15, height - BOTTOM, TOP, log, unit)
    room = 0.04 * (high - low) or 0.05 * abs(high) or 0.5
    least = 0.0 if 0 <= low < 0.3 * high else low - room
    return Axis(least, min(most, high + room), height - BOTTOM, TOP, log, unit)


def line_path(x: Floats, y: Floats) -> str:
    """A line through the points, broken where one of them is not finite."""
    parts, pen = [], "M"
    for across, down, known in zip(x.tolist(), y.tolist(), np.isfinite(x + y).tolist(), strict=True):
        if known:
            parts.append(f"{pen}{across:.1f},{down:.1f}")
        pen = "L" if known else "M"
    return "".join(parts)


def marks_path(x: Floats, y: Floats, shape: str, size: float = 1.0) -> str:
    """The same shape on each point that is finite, `size` times as large as usual."""
    drawn = _shape(shape, size)
    known = np.isfinite(x + y)
    return "".join(f"M{across:.1f},{down:.1f}{drawn}" for across, down in zip(x[known], y[known], strict=True))


def marks_of(shape: str) -> str:
    """The shape alone, in the middle of the legend's 32 by 16 units."""
    return f"M16,8{_shape(shape, 1.0)}"


def thinned(values: Floats, most: int = MOST_POINTS) -> NDArray[np.int64]:
    """Indices of at most `most` values: the first, the last, and the extremes of each stretch between them."""
    count = len(values)
    if count <= most:
        return np.arange(count)
    edges = np.linspace(0, count, (most - 2) // 2 + 1).astype(np.int64)
    kept = {0, count - 1}
    comparable = np.where(np.isfinite(values), values, 0.0)
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        stretch = comparable[start:end]
        kept |= {start + int(stretch.argmin()), start + int(stretch.argmax())}
    return np.array(sorted(kept))


def _shape(name: str, size: float) -> str:
    if name == "circle":
        r = 4 * size
        return f"m{-r:g},0a{r:g},{r:g} 0 1,0 {2 * r:g},0a{r:g},{r:g} 0 1,0 {-2 * r:g},0z"
    corners = [(size * x, size * y) for x, y in _POLYGONS[name]]
    moves = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(corners)]
    first = f"m{corners[0][0]:g},{corners[0][1]:g}"
    return first + "".join(f"l{x:g},{y:g}" for x, y in moves) + "z"


def _ticks(low: float, high: float) -> list[float]:
    rough = (high - low) / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def _log_ticks(low: float, high: float) -> list[float]:
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for factors in ((1,), (1, 3), (1, 2, 5)):
        found = [factor * 10.0**power for power in decades for factor in factors]
        found = [value for value in found if low <= value <= high]
        if len(found) >= 3:
            break
    every = max(1, math.ceil(len(found) / (TICKS + 2)))
    return found[::every]


def _tick_text(value: float, step: float) -> str:
    if value == 0 or abs(value) < step / 1e6:
        return "0"
    if not 1e-4 <= abs(value) < 1e9:
        return f"{value:.0e}".replace("e+0", "e").replace("e-0", "e-")
    if abs(value) >= 1e4:
        return f"{value / 1e6:g}M" if abs(value) >= 1e6 else f"{value / 1e3:g}k"
    digits = max(0, -math.floor(math.log10(step or abs(value)) + 1e-9))
    return f"{value:,.{digits}f}"
