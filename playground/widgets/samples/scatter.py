"""Points in the plane by class, with the network's decision behind them; or a regression with its line."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from playground.widgets.common.theme import SERIES, tabular, theme

Floats = NDArray[np.floating]

_SYMBOLS = ("o", "s", "t1", "d", "+", "x", "star", "p", "h", "t")


class ScatterView(pg.PlotWidget):
    """Draws classes by colour and marker; a wrongly told point has a ring."""

    def __init__(self, points: tuple[str, str], curve: tuple[str, str], parent: QWidget | None = None) -> None:
        """`points` and `curve`: the names of the two axes for either picture."""
        super().__init__(parent)
        self._point_names, self._curve_names = points, curve
        self._names = points
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        self._legend = plot.addLegend(offset=(-8, 8))
        self._decision = pg.ImageItem(axisOrder="row-major")
        self._decision.setZValue(-10)
        self._line = pg.PlotCurveItem(antialias=True)
        self._rings = pg.ScatterPlotItem(symbol="o", size=16)
        for item in (self._decision, self._line, self._rings):
            plot.addItem(item)
        self._classes: list[pg.ScatterPlotItem] = []
        self.restyle()
        theme.changed.connect(self.restyle)

    @property
    def mistakes(self) -> int:
        """How many points have a ring."""
        return len(self._rings.getData()[0])

    def show_points(self, points: Floats, labels: tuple[str, ...], predictions: tuple[str, ...] | None) -> None:
        """Show points [N, 2]; each name among the labels is a class with its own marker."""
        self._forget()
        self._names = self._point_names
        names = np.array(labels, dtype=object)
        for i, name in enumerate(sorted(set(labels))):
            chosen = points[names == name]
            item = pg.ScatterPlotItem(chosen[:, 0], chosen[:, 1], symbol=_SYMBOLS[i % len(_SYMBOLS)], size=7, name=name)
            self._classes.append(item)
            self.getPlotItem().addItem(item)
        if predictions is not None:
            wrong = points[names != np.array(predictions, dtype=object)]
            self._rings.setData(wrong[:, 0], wrong[:, 1])
        self.restyle()
        self.autoRange()

    def show_decision(self, image: NDArray[np.uint8] | None, area: tuple[float, float, float, float]) -> None:
        """Lay an image [H, W, 3] behind the points: x, y, width, height; the first row is the lowest."""
        self._decision.setVisible(image is not None)
        if image is not None:
            self._decision.setImage(image, levels=(0, 255))
            self._decision.setRect(QRectF(*area))

    def show_curve(self, x: Floats, y: Floats, line_x: Floats, line_y: Floats) -> None:
        """Show measured values, and the network's line through them (empty where it has none yet)."""
        self._forget()
        self._names = self._curve_names
        item = pg.ScatterPlotItem(x, y, symbol="o", size=6)
        self._classes.append(item)
        self.getPlotItem().addItem(item)
        self._line.setData(line_x, line_y)
        self.restyle()
        self.autoRange()

    def restyle(self) -> None:
        """Take every colour and font from the theme."""
        self.setBackground(theme.color("surface"))
        font = tabular(self.font())
        for side, name in zip(("bottom", "left"), self._names, strict=True):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(theme.color("line"))
            axis.setTextPen(theme.color("muted"))
            axis.setTickFont(font)
            axis.setStyle(tickLength=4, maxTextLevel=0)
            axis.setLabel(name, color=theme.color("muted").name())
            axis.label.setFont(font)
        self._legend.setBrush(theme.color("surface", 0.85))
        self._legend.setLabelTextColor(theme.color("text"))
        self._line.setPen(pg.mkPen(theme.color("accent"), width=2))
        self._rings.setPen(pg.mkPen(theme.color("bad"), width=2))
        self._rings.setBrush(None)
        for i, item in enumerate(self._classes):
            item.setBrush(SERIES[i % len(SERIES)])
            item.setPen(pg.mkPen(theme.color("surface"), width=1))

    def _forget(self) -> None:
        for item in self._classes:
            self.getPlotItem().removeItem(item)
        self._classes.clear()
        self._legend.clear()
        self._rings.clear()
        self._line.setData(np.empty(0), np.empty(0))
        self._decision.setVisible(False)
