"""The page of the histogram: how often values lie where."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.widgets.common.axis import TickAxis
from playground.widgets.common.fields import CheckField
from playground.widgets.common.theme import GRID, tabular, theme
from playground.widgets.inspector.plot import NamedPlot
from playground.widgets.inspector.values import TensorHistogram
from playground.widgets.inspector.wording import DOT, sample_text

_FLOOR = 0.5  # a bin of one is a bar too, on a log scale


class HistogramPage(QWidget):
    """Bars over named axes; the counts on a log scale where that is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.histogram: TensorHistogram | None = None
        self._left = TickAxis("left", self.tr("elements"), whole=True)
        self.plot = NamedPlot("inspector_histogram", self._left, TickAxis("bottom", self.tr("value")))
        self.bars = pg.BarGraphItem(x0=[0.0], x1=[1.0], y0=[0.0], height=[0.0])
        self.plot.getPlotItem().addItem(self.bars)
        self.log = CheckField(self.tr("log counts"))
        self.log.setObjectName("inspector_histogram_log")
        self.log.setToolTip(self.tr("Counts on a logarithmic scale, so that rare values are seen."))
        self.log.edited.connect(self._draw)
        self.note = QLabel()
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        self.note.setFont(tabular(self.font()))
        row = QHBoxLayout()
        row.addWidget(self.note, 1)
        row.addWidget(self.log)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.plot, 1)
        column.addLayout(row)
        theme.changed.connect(self._draw)

    def show_histogram(self, histogram: TensorHistogram) -> None:
        """Show another one."""
        self.histogram = histogram
        parts = [
            self.tr("{count} finite values in {bins} bins").format(
                count=f"{int(histogram.counts.sum()):,}", bins=len(histogram.counts)
            ),
            self.tr("{count} not finite").format(count=f"{histogram.not_finite:,}") if histogram.not_finite else "",
            sample_text(histogram.counted, histogram.total),
        ]
        self.note.setText(DOT.join(part for part in parts if part))
        self._draw()

    @Slot()
    def _draw(self) -> None:
        found = self.histogram
        if found is None:
            return
        is_log = self.log.value()
        counts = found.counts.astype(float)
        floor = float(np.log10(_FLOOR)) if is_log else 0.0
        tops = np.log10(np.maximum(counts, _FLOOR)) if is_log else counts
        self.bars.setOpts(
            x0=found.edges[:-1], x1=found.edges[1:], y0=np.full(len(counts), floor), height=tops - floor,
            brush=theme.color("train"), pen=pg.mkPen(theme.color("surface")),
        )  # fmt: skip
        self._left.set_log(is_log)
        self.plot.set_range((float(found.edges[0]), float(found.edges[-1])), (floor, float(tops.max()) * 1.05 or 1.0))
