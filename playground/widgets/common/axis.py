"""An axis with few, legible ticks; linear, logarithmic or in per cent."""

import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication

from playground.widgets.common.theme import blend, tabular, theme
from playground.widgets.common.ticks import linear_ticks, log_ticks, number, power_label

_PIXELS_A_TICK = {"left": 44, "bottom": 96}
_LEFT_WIDTH = 64


class TickAxis(pg.AxisItem):
    """The left or the bottom axis. On a logarithmic one the coordinates are exponents of ten."""

    def __init__(self, orientation: str, name: str, *, whole: bool = False, percent: bool = False) -> None:
        super().__init__(orientation)
        self._name = name
        self._whole = whole
        self._percent = percent
        self.is_log = False
        self.enableAutoSIPrefix(False)
        self.setStyle(maxTextLevel=0, tickLength=4, autoExpandTextSpace=False, tickTextOffset=6)
        if orientation == "left":
            self.setGrid(255)
            self.setStyle(tickLength=0)
            self.setWidth(_LEFT_WIDTH)

    def set_name(self, name: str) -> None:
        """Name another quantity; shown with the next `restyle` or `set_log`."""
        self._name = name

    def set_log(self, on: bool) -> None:
        """Switch to exponents of ten, and say so in the axis' name."""
        self.is_log = on
        self.restyle()

    def restyle(self) -> None:
        """Take colours and font from the theme and the application."""
        font = tabular(pg.QtWidgets.QApplication.font())
        font.setPointSizeF(font.pointSizeF() * 0.9)
        self.setTickFont(font)
        self.label.setFont(font)
        self.setPen(theme.color("line"))
        self.setTickPen(blend(theme.color("line"), theme.color("surface"), 0.7))
        self.setTextPen(theme.color("muted"))
        self.setLabel(self._title(), color=theme.color("muted").name())

    def _title(self) -> str:
        if not self.is_log:
            return self._name
        return QCoreApplication.translate("TickAxis", "{name}, log scale").format(name=self._name)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float | None, list[float]]]:  # noqa: N803
        """Labelled ticks, then unlabelled ones (pyqtgraph's hook)."""
        if self.is_log:
            labelled, minor = log_ticks(minVal, maxVal)
            return [(None, labelled), (None, minor)]
        most = max(2, int(size / _PIXELS_A_TICK[self.orientation]))
        return [linear_ticks(minVal, maxVal, most, self._whole)]

    def tickStrings(self, values: list[float], scale: float, spacing: float | None) -> list[str]:  # noqa: ARG002
        """The labels of ticks (pyqtgraph's hook)."""
        if self.is_log or spacing is None:
            return [power_label(value) for value in values]
        if self._percent:
            return [f"{number(100 * value, 100 * spacing)} %" for value in values]
        return [number(value, spacing) for value in values]
