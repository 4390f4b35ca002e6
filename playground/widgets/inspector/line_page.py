"""The page of the line: the values in reading order."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from playground.widgets.common.axis import TickAxis
from playground.widgets.common.theme import GRID, tabular, theme
from playground.widgets.inspector.plot import NamedPlot
from playground.widgets.inspector.values import Line
from playground.widgets.inspector.wording import DOT, sample_text


class LinePage(QWidget):
    """One value after the other; of many, up and down between the lowest and the highest of each run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line: Line | None = None
        self.plot = NamedPlot(
            "inspector_line", TickAxis("left", self.tr("value")), TickAxis("bottom", self.tr("element"), whole=True)
        )
        # One polyline through all: Qt fills the band between two ragged ones in seconds.
        self.curve = pg.PlotCurveItem(connect="finite")
        self.plot.getPlotItem().addItem(self.curve)
        self.note = QLabel()
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        self.note.setFont(tabular(self.font()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.plot, 1)
        column.addWidget(self.note)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_line(self, line: Line) -> None:
        """Show another one."""
        self.line = line
        starts = line.starts.astype(float)
        is_band = line.total > len(starts)
        if is_band:
            self.curve.setData(np.repeat(starts, 2), np.stack([line.low, line.high], axis=1).ravel())
        else:
            self.curve.setData(starts, line.low)
        finite = np.concatenate([line.low, line.high])
        finite = finite[np.isfinite(finite)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        margin = (high - low) * 0.04
        self.plot.set_range((0.0, float(max(line.total - 1, 1))), (low - margin, high + margin))
        runs = self.tr("lowest and highest of each of {count} runs").format(count=f"{len(starts):,}")
        parts = [
            self.tr("{count} elements in reading order").format(count=f"{line.total:,}"),
            runs if is_band else "",
            sample_text(line.counted, line.total),
        ]
        self.note.setText(DOT.join(part for part in parts if part))

    @Slot()
    def _restyle(self) -> None:
        self.curve.setPen(pg.mkPen(theme.color("train"), width=1))
