"""The drawing surface of a curve panel: the curves, the axes, following and zooming."""

import time

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent

from playground.widgets.common.axis import TickAxis
from playground.widgets.common.pyramid import Pyramid
from playground.widgets.common.step_plot import StepPlot
from playground.widgets.common.theme import blend, theme
from playground.widgets.common.ticks import padded
from playground.widgets.plots.marks import SYMBOLS
from playground.widgets.plots.series import EpochPoints, RunSeries

Floats = NDArray[np.float64]

_FAINT = 0.38  # how much of the train colour the raw curve keeps
_PAN, _ZOOM = 0.1, 0.8


class CurveView(StepPlot):
    """Draws a RunSeries. Its view follows the data until the user pans or zooms.

    Signals
    -------
    range_chosen(float, float) : the user moved the visible steps.
    range_moved() : the visible steps changed for any reason: the curves are to be drawn anew.

    `paint_seconds` is what the last painting took.
    """

    range_chosen = Signal(float, float)
    range_moved = Signal()

    def __init__(self, series: RunSeries, y_name: str, x_name: str, *, percent: bool) -> None:
        super().__init__(TickAxis("left", y_name, percent=percent), TickAxis("bottom", x_name, whole=True))
        self._series = series
        self.follows_x = self.follows_y = True
        self.paint_seconds = 0.0
        self._placing = False
        self._raw = pg.PlotCurveItem(connect="finite")
        self._smooth = pg.PlotCurveItem(connect="finite")
        self._points = {name: pg.PlotDataItem(symbol=SYMBOLS[name], symbolSize=9) for name in ("validation", "test")}
        self._assemble()
        self.restyle()
        self.set_fine(True)

    def _assemble(self) -> None:
        for item in (self._raw, self._smooth, *self._points.values()):
            self.getPlotItem().addItem(item, ignoreBounds=True)
        self._box.disableAutoRange()
        self._box.setDefaultPadding(0)
        self._box.sigRangeChangedManually.connect(self._on_user_range)
        self._box.sigXRangeChanged.connect(self._on_x_range)
        self._box.sigResized.connect(self._on_x_range)

    @property
    def is_log(self) -> bool:
        """Whether the values are drawn on a logarithmic axis."""
        return bool(self.axes["left"].is_log)

    def set_log(self, on: bool) -> None:
        """Draw values on a logarithmic axis, fitted anew."""
        self.axes["left"].set_log(on)
        self.follows_y = True

    def follow(self) -> None:
        """Show everything, and keep doing so as data arrives."""
        self.follows_x = self.follows_y = True

    def show_steps(self, low: float, high: float) -> None:
        """Show these steps, without telling anybody."""
        self.follows_x = False
        self._box.setXRange(low, high, padding=0)

    def redraw(self) -> None:
        """Draw what is visible, with about two values a pixel."""
        if self._series.is_empty:
            self._erase()
            return
        self._placing = True
        if self.follows_x:
            low, high = self._series.span()
            margin = max((high - low) * 0.02, 0.5)
            self._box.setXRange(low - margin, high + margin, padding=0)
        raw_y = self._draw_curves()
        values = [raw_y, *(self._draw_points(name) for name in self._points)]
        if self.follows_y:
            self._fit_y(np.concatenate(values))
        self._placing = False

    def restyle(self) -> None:
        """Take every colour and font from the theme."""
        self.setBackground(theme.color("surface"))
        smooth = self._series.train.smoothing > 0
        train = theme.color("train")
        self._raw.setPen(pg.mkPen(blend(train, theme.color("surface"), _FAINT) if smooth else train, width=1))
        self._smooth.setPen(pg.mkPen(train, width=2))
        self._smooth.setVisible(smooth)
        for name, item in self._points.items():
            item.setPen(pg.mkPen(theme.color(name), width=1))  # type: ignore[arg-type]
            item.setSymbolBrush(theme.color(name))  # type: ignore[arg-type]
            item.setSymbolPen(pg.mkPen(theme.color("surface"), width=1))
        for axis in self.axes.values():
            axis.restyle()

    def set_fine(self, on: bool) -> None:
        """Smooth edges: finer, and dearer to draw."""
        for item in (self._raw, self._smooth):
            item.opts["antialias"] = on
            item.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, and take the time."""
        began = time.perf_counter()
        super().paintEvent(event)
        self.paint_seconds = time.perf_counter() - began

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows pan, plus and minus zoom the steps."""
        low, high = self.x_range
        width = high - low
        moved = {
            Qt.Key.Key_Left: (low - _PAN * width, high - _PAN * width),
            Qt.Key.Key_Right: (low + _PAN * width, high + _PAN * width),
            Qt.Key.Key_Plus: (low + (1 - _ZOOM) / 2 * width, high - (1 - _ZOOM) / 2 * width),
            Qt.Key.Key_Minus: (low - (1 / _ZOOM - 1) / 2 * width, high + (1 / _ZOOM - 1) / 2 * width),
        }.get(Qt.Key(event.key()))
        if moved is None:
            super().keyPressEvent(event)
            return
        self.show_steps(*moved)
        self.range_chosen.emit(*moved)

    def _draw_curves(self) -> Floats:
        train = self._series.train
        y = self._draw_envelope(self._raw, train.raw)
        if train.smoothing > 0:
            self._draw_envelope(self._smooth, train.smoothed)
        return y

    def _draw_envelope(self, item: pg.PlotCurveItem, pyramid: Pyramid) -> Floats:
        first = self._series.train.first
        low, high = self.x_range
        x, y = pyramid.envelope(
            int(max(low - first, 0)), int(max(high - first, -2)) + 2, max(int(self._box.width()), 1)
        )
        y = self._scaled(y)
        item.setData(x + first, y)
        return y

    def _draw_points(self, name: str) -> Floats:
        points: EpochPoints = self._series.points(name)  # type: ignore[arg-type]
        x, y = np.array(points.steps, dtype=float), self._scaled(np.array(points.values, dtype=float))
        self._points[name].setData(x, y)
        low, high = self.x_range
        return y[(x >= low) & (x <= high)]

    def _scaled(self, values: Floats) -> Floats:
        if not self.is_log:
            return values
        with np.errstate(divide="ignore", invalid="ignore"):
            exponents = np.log10(values)
        exponents[~np.isfinite(exponents)] = np.nan  # zero and below have no place on a log axis
        return exponents

    def _fit_y(self, values: Floats) -> None:
        values = values[np.isfinite(values)]
        if not len(values):
            return
        self._box.setYRange(*padded(float(values.min()), float(values.max()), is_log=self.is_log), padding=0)

    def _erase(self) -> None:
        nothing = np.empty(0)
        self._raw.setData(nothing, nothing)
        self._smooth.setData(nothing, nothing)
        for item in self._points.values():
            item.setData(nothing, nothing)

    def _on_user_range(self, moved: list[bool]) -> None:
        self.follows_x &= not moved[0]
        self.follows_y &= not moved[1]
        self.range_chosen.emit(*self.x_range)

    def _on_x_range(self) -> None:
        if not self._placing:
            self.range_moved.emit()
