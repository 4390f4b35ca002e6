"""The drawing surface of the measures: a curve a racer, the step that playback stands at, the axes."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QPen

from playground.widgets.common.axis import TickAxis
from playground.widgets.common.step_plot import StepPlot
from playground.widgets.common.theme import RACERS, theme
from playground.widgets.measures.limits import fitted_range
from playground.widgets.measures.traces import Quantity, Trace

Floats = NDArray[np.float64]

_MARGIN = 0.02  # of the steps, on either side


class MeasuresView(StepPlot):
    """Draws traces. Its view follows them until the user pans or zooms.

    Signals
    -------
    step_chosen(int) : the user clicked a step, or drags the dashed line there.
    range_moved() : the visible steps changed: the curves are to be drawn anew.
    """

    step_chosen = Signal(int)
    range_moved = Signal()

    def __init__(self, x_name: str) -> None:
        super().__init__(TickAxis("left", ""), TickAxis("bottom", x_name, whole=True))
        self.leaves_out = False
        self._curves: list[pg.PlotCurveItem] = []
        self._follows_x = self._follows_y = True
        self._placing = False
        self._last = self._step = 0
        self.cursor_line = pg.InfiniteLine(angle=90, movable=True)
        self.cursor_line.setZValue(10)
        self._assemble()
        self.restyle()

    def step_at(self, position: QPointF) -> int:
        """The step nearest to a pixel of the viewport, within the steps there are."""
        return min(max(super().step_at(position), 0), self._last)

    def set_racers(self, count: int) -> None:
        """One curve for each racer, in its colour."""
        for curve in self._curves:
            self.removeItem(curve)
        self._curves = [pg.PlotCurveItem(connect="finite", antialias=True) for _ in range(count)]
        for curve in self._curves:
            self.getPlotItem().addItem(curve, ignoreBounds=True)
        self.follow()
        self.restyle()

    def set_quantity(self, name: str, *, is_log: bool) -> None:
        """Name the left axis, and fit it anew."""
        self.axes["left"].set_name(name)
        self.axes["left"].set_log(is_log)
        self._follows_y = True

    def set_step(self, step: int) -> None:
        """Put the dashed line at a step, or at the last one there is, without telling anybody."""
        self._step = step
        self.cursor_line.setValue(step)

    def follow(self) -> None:
        """Show everything, and keep doing so as steps arrive."""
        self._follows_x = self._follows_y = True

    def redraw(self, traces: Sequence[Trace], quantity: Quantity, least: float) -> None:
        """Draw what is visible, with about two values a pixel; a logarithmic axis counts from `least`."""
        self._last = max((len(trace) for trace in traces), default=1) - 1
        self.cursor_line.setBounds((0, self._last))
        self.cursor_line.setValue(self._step)
        self._placing = True
        if self._follows_x:
            margin = max(self._last * _MARGIN, 0.5)
            self._box.setXRange(-margin, self._last + margin, padding=0)
        self.leaves_out = False
        drawn = [self._draw(i, trace, quantity, least) for i, trace in enumerate(traces)]
        limits = fitted_range(drawn, is_log=self.axes["left"].is_log) if self._follows_y else None
        if limits is not None:
            self._box.setYRange(*limits, padding=0)
        self._placing = False

    def restyle(self) -> None:
        """Take every colour and font from the theme."""
        self.setBackground(theme.color("surface"))
        for place, curve in enumerate(self._curves):
            curve.setPen(racer_pen(place))
        self.cursor_line.setPen(pg.mkPen(theme.color("muted"), width=1, style=Qt.PenStyle.DashLine))
        self.cursor_line.setHoverPen(pg.mkPen(theme.color("accent"), width=2))
        for axis in self.axes.values():
            axis.restyle()

    def _assemble(self) -> None:
        for axis in self.axes.values():
            axis.setZValue(-1)  # the grid below the curves
        self.getPlotItem().addItem(self.cursor_line, ignoreBounds=True)
        self._box.disableAutoRange()
        self._box.setDefaultPadding(0)
        self._box.sigRangeChangedManually.connect(self._on_user_range)
        self._box.sigXRangeChanged.connect(self._on_x_range)
        self._box.sigResized.connect(self._on_x_range)
        self.cursor_line.sigDragged.connect(self._on_dragged)
        self.sceneObj.sigMouseClicked.connect(self._on_clicked)

    def _draw(self, place: int, trace: Trace, quantity: Quantity, least: float) -> Floats:
        low, high = self.x_range
        pixels = max(int(self._box.width()), 1)
        x, y = trace.pyramid(quantity).envelope(int(max(low, 0)), int(max(high, -2)) + 2, pixels)
        if self.axes["left"].is_log:
            y = self._exponents(y - least)
        self._curves[place].setData(x, y)
        return y

    def _exponents(self, values: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            exponents = np.log10(values)
        self.leaves_out |= bool((values <= 0).any())
        exponents[~np.isfinite(exponents)] = np.nan  # zero and below have no place on a log axis
        return exponents

    @Slot(object)
    def _on_dragged(self, line: pg.InfiniteLine) -> None:
        step = min(max(round(line.value()), 0), self._last)
        line.setValue(step)
        self.step_chosen.emit(step)

    @Slot(object)
    def _on_clicked(self, event: MouseClickEvent) -> None:
        at: QPointF = event.scenePos()
        position = QPointF(self.mapFromScene(at))
        if event.button() == Qt.MouseButton.LeftButton and self.plot_rect().contains(position):
            self.step_chosen.emit(self.step_at(position))

    def _on_user_range(self, moved: list[bool]) -> None:
        self._follows_x &= not moved[0]
        self._follows_y &= not moved[1]

    def _on_x_range(self) -> None:
        if not self._placing:
            self.range_moved.emit()


def racer_pen(place: int) -> QPen:
    """The pen of a racer: a colour of the series; dashed when the colours come round again."""
    style = Qt.PenStyle.SolidLine if place < len(RACERS) else Qt.PenStyle.DashLine
    return pg.mkPen(RACERS[place % len(RACERS)], width=2, style=style)  # type: ignore[no-any-return]
