"""A plot over steps: where a step is on the screen, and a wheel that zooms the steps alone."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsSceneWheelEvent

from playground.widgets.common.axis import TickAxis


class StepPlot(pg.PlotWidget):
    """Two named axes and what is visible of them; subclasses draw."""

    def __init__(self, left: TickAxis, bottom: TickAxis) -> None:
        self.axes = {"left": left, "bottom": bottom}
        super().__init__(viewBox=StepZoom(), axisItems=self.axes)
        self._box: pg.ViewBox = self.getPlotItem().getViewBox()
        self.getPlotItem().setMenuEnabled(False)
        self.getPlotItem().hideButtons()

    @property
    def x_range(self) -> tuple[float, float]:
        """The first and last visible step."""
        low, high = self._box.viewRange()[0]
        return float(low), float(high)

    @property
    def y_range(self) -> tuple[float, float]:
        """The lowest and highest visible value (an exponent of ten on a logarithmic axis)."""
        low, high = self._box.viewRange()[1]
        return float(low), float(high)

    def plot_rect(self) -> QRectF:
        """Where the curves are drawn, in the viewport's pixels."""
        return QRectF(self.mapFromScene(self._box.sceneBoundingRect()).boundingRect())

    def step_at(self, position: QPointF) -> int:
        """The step nearest to a pixel of the viewport."""
        step: float = self._box.mapSceneToView(self.mapToScene(position.toPoint())).x()
        return round(step)

    def pixel_at(self, step: float) -> float:
        """The viewport's pixel column of a step."""
        return float(self._box.mapViewToScene(QPointF(step, self.y_range[0])).x())


class StepZoom(pg.ViewBox):
    """The wheel zooms the steps alone, so that the values can go on fitting; over an axis it zooms that axis."""

    def wheelEvent(self, ev: QGraphicsSceneWheelEvent, axis: int | None = None) -> None:
        """Zoom about the pointer (pyqtgraph's hook)."""
        super().wheelEvent(ev, axis=0 if axis is None else axis)
