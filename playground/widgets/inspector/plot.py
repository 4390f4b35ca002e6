"""A plot with named axes in the theme's colours, without mouse zoom."""

import pyqtgraph as pg

from playground.widgets.common.axis import TickAxis
from playground.widgets.common.theme import theme


class NamedPlot(pg.PlotWidget):
    """The ground of histogram and line; items are added to `getPlotItem()`."""

    def __init__(self, name: str, left: TickAxis, bottom: TickAxis) -> None:
        self.axes = (left, bottom)
        super().__init__(axisItems={"left": left, "bottom": bottom})
        self.setObjectName(name)
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=False, y=False)
        self.box: pg.ViewBox = plot.getViewBox()
        self.box.disableAutoRange()
        self.box.setDefaultPadding(0)
        for axis in self.axes:
            axis.setZValue(-1)  # the grid below the items
        theme.changed.connect(self.restyle)
        self.restyle()

    def set_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Show this part of the plane; an empty range is opened a little."""
        self.box.setXRange(*_opened(*x), padding=0)
        self.box.setYRange(*_opened(*y), padding=0)

    def restyle(self) -> None:
        """Take ground and axes from the theme."""
        self.setBackground(theme.color("surface"))
        for axis in self.axes:
            axis.restyle()


def _opened(low: float, high: float) -> tuple[float, float]:
    if high > low:
        return low, high
    margin = abs(low) * 0.05 or 0.5
    return low - margin, high + margin
