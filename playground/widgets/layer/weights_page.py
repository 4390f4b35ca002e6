"""One parameter and its gradient: how their values are spread, and where they stand."""

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.widgets.common.color_bar import ColorBar
from playground.widgets.common.color_scale import Scale
from playground.widgets.common.matrix_picture import MatrixPicture
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.layer.histogram import HistogramPicture
from playground.widgets.layer.values import Matrix, ParameterSheet

_WIDE_FROM = 560  # pixels: from here on the gradient stands beside the weights


class WeightsPage(QWidget):
    """Histogram and heat map of a parameter, and of its gradient.

    Signals
    -------
    parameter_chosen(str) : the user wants to see this one.
    """

    parameter_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names = QComboBox()
        self.names.setObjectName("layer_parameter")
        self.names.setAccessibleName(self.tr("Parameter"))
        self.names.setToolTip(self.tr("Which of the layer's parameters: its name in named_parameters()."))
        self.names.activated.connect(self._choose)
        self.what = QLabel()
        self.what.setProperty("muted", True)
        self.what.setFont(tabular(self.font()))
        self.what.setMinimumWidth(GRID)
        self.histogram = HistogramPicture("layer_weight_histogram", self.tr("Values"), "train")
        self.matrix = MatrixPicture("layer_weight_map", keeps_aspect=False)
        self.bar = ColorBar()
        self.gradient = HistogramPicture("layer_gradient_histogram", self.tr("Gradient"), "validation")
        self.gradient_matrix = MatrixPicture("layer_gradient_map", keeps_aspect=False)
        self.gradient_bar = ColorBar()
        self.none = QLabel(self.tr("No gradient yet: it appears with the first training step."))
        self.none.setProperty("muted", True)
        self.none.setWordWrap(True)
        self._assemble()

    def show_sheet(self, sheet: ParameterSheet) -> None:
        """Show another parameter, or new values of it."""
        if tuple(self.names.itemText(i) for i in range(self.names.count())) != sheet.names:
            self.names.clear()
            self.names.addItems(sheet.names)
        self.names.setCurrentIndex(sheet.names.index(sheet.name))
        self.histogram.show_spread(sheet.spread)
        _show(self.matrix, self.bar, sheet.matrix)
        self._show_gradient(sheet)
        self.what.setText(self._description(sheet))
        self.what.setToolTip(self.what.text())

    def resizeEvent(self, event: object) -> None:  # noqa: ARG002
        """Put the gradient beside the weights where there is room, else below."""
        self._arrange()

    def _show_gradient(self, sheet: ParameterSheet) -> None:
        known = sheet.gradient is not None
        for widget in (self.gradient, self.gradient_matrix, self.gradient_bar):
            widget.setVisible(known)
        self.none.setVisible(not known)
        if sheet.gradient is not None:
            spread, matrix = sheet.gradient
            self.gradient.show_spread(spread)
            _show(self.gradient_matrix, self.gradient_bar, matrix)

    def _description(self, sheet: ParameterSheet) -> str:
        text = " \N{MULTIPLICATION SIGN} ".join(f"{size:,}" for size in sheet.shape)
        if sheet.matrix.block != (1, 1):
            rows, columns = sheet.matrix.block
            text += self.tr(" · each cell: the furthest from 0 of {rows} \N{MULTIPLICATION SIGN} {columns}").format(
                rows=rows, columns=columns
            )
        return text

    def _assemble(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(self.names)
        top.addWidget(self.what, 1)
        self._is_wide: bool | None = None
        self._grid = QGridLayout()
        self._grid.setSpacing(GRID)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(top)
        column.addLayout(self._grid, 1)
        self._arrange()

    def _arrange(self) -> None:
        wide = self.width() >= _WIDE_FROM
        if wide == self._is_wide:
            return
        self._is_wide = wide
        own = (self.histogram, self.matrix, self.bar)
        others = (self.gradient, self.gradient_matrix, self.gradient_bar)
        for i, (widget, other) in enumerate(zip(own, others, strict=True)):
            self._grid.addWidget(widget, i, 0)
            self._grid.addWidget(other, i if wide else i + 4, 1 if wide else 0)
        self._grid.addWidget(self.none, 0 if wide else 3, 1 if wide else 0)
        for row, stretch in ((0, 3), (1, 4), (4, 0 if wide else 3), (5, 0 if wide else 4)):
            self._grid.setRowStretch(row, stretch)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1 if wide or not column else 0)

    def _choose(self, index: int) -> None:
        self.parameter_chosen.emit(self.names.itemText(index))


def _show(picture: MatrixPicture, bar: ColorBar, matrix: Matrix) -> None:
    finite = matrix.values[np.isfinite(matrix.values)]
    scale = Scale.around_zero(float(np.abs(finite).max()) if finite.size else 0.0)
    picture.show_values(matrix.values, scale, block=matrix.block)
    bar.set_scale(scale)
