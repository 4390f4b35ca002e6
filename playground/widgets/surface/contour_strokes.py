"""What moves over the contours: paths with their dots, arrows and the ellipse, each set off by a halo."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from playground.widgets.common.theme import theme
from playground.widgets.surface.content import Content, arrow_color, halo, racer_color
from playground.widgets.surface.strokes import Box, arrow_strokes, clipped, pieces_of
from playground.widgets.surface.trail import Trail
from playground.widgets.surface.values import ARROW_KINDS, Floats

_LINE, _HALO = 2.5, 5.0
_GRAIN = 0.5  # of a pixel
_BEYOND = 0.1  # of the view: lines are cut so far outside it
_HEAD = 9  # pixels


class HaloLine:
    """Loose pieces of line in one colour over a wider one."""

    def __init__(self, box: pg.ViewBox, depth: float) -> None:
        self._below, self._above = (pg.PlotCurveItem(connect="pairs", antialias=True) for _ in range(2))
        for item, higher in ((self._below, 0.0), (self._above, 0.1)):
            item.setZValue(depth + higher)
            box.addItem(item, ignoreBounds=True)

    def set_color(self, color: QColor, scale: float) -> None:
        """Draw in this colour from now on, with `scale` pixels a point."""
        self._below.setPen(pg.mkPen(halo(color), width=_HALO * scale))
        self._above.setPen(pg.mkPen(color, width=_LINE * scale))

    def set_pieces(self, pieces: Floats) -> None:
        """Draw these pieces [n, 2, 2] and no others."""
        flat = pieces.reshape(-1, 2)
        for item in (self._below, self._above):
            item.setVisible(bool(len(flat)))
            item.setData(flat[:, 0], flat[:, 1])

    def remove_from(self, box: pg.ViewBox) -> None:
        """Draw nothing any more."""
        box.removeItem(self._below)
        box.removeItem(self._above)


class Strokes:
    """Paths, dots, arrows and the ellipse in a plane's view box."""

    def __init__(self, box: pg.ViewBox) -> None:
        self._box = box
        self._paths: dict[int, tuple[Trail, HaloLine]] = {}
        self._arrows = {kind: HaloLine(box, 14) for kind in ARROW_KINDS}
        self._ellipse = HaloLine(box, 8)
        self.dots = pg.ScatterPlotItem(symbol="o", size=11)
        self.dots.setZValue(16)
        box.addItem(self.dots, ignoreBounds=True)

    def draw(self, content: Content, scale: float = 1.0) -> None:
        """Draw everything for the present zoom; pens do not grow with the picture by themselves, so `scale` them."""
        area, grain = self._area(), self._grain()
        for racer in [racer for racer in self._paths if racer not in content.paths]:
            self._paths.pop(racer)[1].remove_from(self._box)
        for racer, positions in content.paths.items():
            trail, line = self._path(racer, grain)
            trail.feed(positions)
            trail.set_grain(grain)
            line.set_color(racer_color(racer), scale)
            line.set_pieces(clipped(pieces_of(trail.drawn(content.step)), area)[0])
        self._draw_dots(content)
        for kind, item in self._arrows.items():
            item.set_color(arrow_color(kind), scale)
            item.set_pieces(arrow_strokes(*content.arrow_rays(kind), _HEAD * max(grain) / _GRAIN))
        self._ellipse.set_color(theme.color("ink"), scale)
        ellipse = np.empty((0, 2)) if content.ellipse is None else np.asarray(content.ellipse, dtype=float)
        self._ellipse.set_pieces(clipped(pieces_of(ellipse), area)[0])

    def _path(self, racer: int, grain: tuple[float, float]) -> tuple[Trail, HaloLine]:
        if racer not in self._paths:
            self._paths[racer] = (Trail(grain), HaloLine(self._box, 10))
        return self._paths[racer]

    def _draw_dots(self, content: Content) -> None:
        points = content.current_points()
        tints = [racer_color(racer) for racer in points]
        self.dots.setData(
            [x for x, _ in points.values()],
            [y for _, y in points.values()],
            brush=[pg.mkBrush(tint) for tint in tints],
            pen=[pg.mkPen(halo(tint), width=2) for tint in tints],
        )

    def _grain(self) -> tuple[float, float]:
        width, height = self._box.viewPixelSize()
        return max(float(width) * _GRAIN, 1e-300), max(float(height) * _GRAIN, 1e-300)

    def _area(self) -> Box:
        (left, right), (bottom, top) = self._box.viewRange()
        across, up = (right - left) * _BEYOND, (top - bottom) * _BEYOND
        return left - across, right + across, bottom - up, top + up
