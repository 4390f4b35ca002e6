"""The plot of a function and its derivative, with the tangent at one point."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from playground.widgets.common.axis import TickAxis
from playground.widgets.common.theme import theme
from playground.widgets.curve.values import CurveValues, Floats

_REACH = 0.22  # of the visible width, that the tangent reaches to either side
_FIRST = 0.6  # where the tangent stands at first, of the way from left to right
_JUMP = 40  # parts of the curve that an arrow key passes one of

_NONE = np.empty(0)


class CurvePlot(pg.PlotWidget):
    """Function and derivative over the same axis; the tangent follows the pointer and the arrow keys.

    Signals
    -------
    moved() : the tangent stands elsewhere.
    """

    moved = Signal()

    def __init__(self) -> None:
        self.axes = {"left": TickAxis("left", ""), "bottom": TickAxis("bottom", "x")}
        super().__init__(axisItems=self.axes)
        self._values: CurveValues | None = None
        self._at: float | None = None
        self._box: pg.ViewBox = self.getPlotItem().getViewBox()
        self._spans: list[pg.LinearRegionItem] = []
        self._value = pg.PlotCurveItem(connect="finite", antialias=True)
        self._slope = pg.PlotCurveItem(connect="finite", antialias=True)
        self._tangent = pg.PlotCurveItem(antialias=True)
        self._point = pg.ScatterPlotItem(symbol="o", size=9)
        self._zero = pg.InfiniteLine(0.0, angle=0)
        self._assemble()
        self.restyle()

    @property
    def spans(self) -> list[tuple[float, float]]:
        """The saturated stretches that are shaded."""
        return [tuple(span.getRegion()) for span in self._spans]

    def sample(self) -> int | None:
        """The sample the tangent touches."""
        return None if self._values is None or self._at is None else self._values.nearest(self._at)

    def show_curve(self, values: CurveValues) -> None:
        """Show another curve; the tangent stays at its x."""
        self._values = values
        low, high = values.y_range()
        self._value.setData(values.x, _drawn(values.value, low, high))
        self._slope.setData(values.x, _drawn(values.slope, low, high))
        left, right = float(values.x[0]), float(values.x[-1])
        if self._at is None or not left <= self._at <= right:
            self._at = left + _FIRST * (right - left)
        self._box.setXRange(left, right, padding=0)
        self._box.setYRange(low, high, padding=0)
        self._shade(values)
        self._draw_tangent()

    def move_to(self, x: float) -> None:
        """Put the tangent to the sample nearest to `x`."""
        if self._values is None:
            return
        self._at = float(self._values.x[self._values.nearest(x)])
        self._draw_tangent()
        self.moved.emit()

    def set_x_name(self, name: str) -> None:
        """What the horizontal axis is."""
        self.axes["bottom"].set_name(name)
        self.axes["bottom"].restyle()

    def restyle(self) -> None:
        """Take every colour and font from the theme."""
        self.setBackground(theme.color("surface"))
        self._value.setPen(pg.mkPen(theme.color("train"), width=2))
        self._slope.setPen(pg.mkPen(theme.color("validation"), width=2))
        self._tangent.setPen(pg.mkPen(theme.color("text"), width=1, style=Qt.PenStyle.DashLine))
        self._point.setBrush(theme.color("train"))
        self._point.setPen(pg.mkPen(theme.color("surface"), width=2))
        self._zero.setPen(pg.mkPen(theme.color("muted"), width=1))
        for span in self._spans:
            span.setBrush(theme.color("warning", 0.16))
        for axis in self.axes.values():
            axis.restyle()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let the tangent follow the pointer."""
        super().mouseMoveEvent(event)
        self._follow(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let the tangent come to the pointer."""
        super().mousePressEvent(event)
        self._follow(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right move the tangent."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or self._values is None or self._at is None:
            super().keyPressEvent(event)
            return
        left, right = float(self._values.x[0]), float(self._values.x[-1])
        self.move_to(min(max(self._at + step * (right - left) / _JUMP, left), right))

    def _assemble(self) -> None:
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=False, y=False)
        self.setMouseTracking(True)
        self._zero.setZValue(-1)
        for item in (self._zero, self._slope, self._value, self._tangent, self._point):
            plot.addItem(item, ignoreBounds=True)
        for axis in self.axes.values():
            axis.setZValue(-1)  # the grid below the curves
        self._box.disableAutoRange()
        self._box.setDefaultPadding(0)

    def _follow(self, position: QPointF) -> None:
        scene: QPointF = self.mapToScene(position.toPoint())
        if QRectF(self._box.sceneBoundingRect()).contains(scene):
            self.move_to(float(self._box.mapSceneToView(scene).x()))

    def _shade(self, values: CurveValues) -> None:
        for span in self._spans:
            self.getPlotItem().removeItem(span)
        nothing = pg.mkPen(None)
        self._spans = [pg.LinearRegionItem(ends, movable=False, pen=nothing) for ends in values.saturated_spans()]
        for span in self._spans:
            span.setZValue(-5)
            span.setBrush(theme.color("warning", 0.16))
            self.getPlotItem().addItem(span, ignoreBounds=True)

    def _draw_tangent(self) -> None:
        sample = self.sample()
        if sample is None or self._values is None:
            return
        x, value, slope = (float(each[sample]) for each in (self._values.x, self._values.value, self._values.slope))
        if not np.isfinite(value + slope):
            self._tangent.setData(_NONE, _NONE)
            self._point.setData(_NONE, _NONE)
            return
        reach = _REACH * float(self._values.x[-1] - self._values.x[0])
        ends = np.array([-reach, reach])
        self._tangent.setData(x + ends, value + slope * ends)
        self._point.setData([x], [value])


def _drawn(values: Floats, low: float, high: float) -> Floats:
    """What is finite; a jump from beyond one border to beyond the other is a pole, not a line."""
    drawn = np.where(np.isfinite(values), values, np.nan)
    side = np.sign(drawn - low) + np.sign(drawn - high)  # -2 below, 0 within, 2 above
    drawn[1:][np.abs(np.diff(side)) == 4] = np.nan
    return drawn
