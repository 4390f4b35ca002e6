"""The page of colours: any two dimensions as a heat map, with the number under the pointer."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from playground.widgets.common.color_bar import ColorBar
from playground.widgets.common.color_scale import Scale
from playground.widgets.common.matrix_picture import MatrixPicture
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.inspector.dimension_bar import DimensionBar
from playground.widgets.inspector.values import Heat

_SQUARE_UP_TO = 8  # so many times longer than wide, cells are squares


class HeatPage(QWidget):
    """Blue over nothing to orange where signs mix, else viridis; what is not finite is red.

    Signals
    -------
    picture_requested(object) : a dict of rows, columns and fixed, as the engine's heat takes them.
    """

    picture_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.dimensions = DimensionBar("inspector_heat")
        self.picture = MatrixPicture("inspector_heat_map")
        self.picture.setAccessibleName(self.tr("Heat map"))
        self.picture.setMouseTracking(True)
        self.bar = ColorBar()
        self.value = _label(muted=False)
        self.note = _label(muted=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.dimensions)
        column.addWidget(self.picture, 1)
        for part in (self.bar, self.value, self.note):
            column.addWidget(part)
        self.dimensions.changed.connect(self._ask)
        self.picture.pointed.connect(self._tell)

    def show_heat(self, heat: Heat) -> None:
        """Show another picture."""
        height, width = heat.values.shape
        scale = Scale.fitting(heat.values)
        self.picture.keeps_aspect = max(height, width) <= _SQUARE_UP_TO * max(min(height, width), 1)
        self.picture.show_values(heat.values, scale, block=heat.block)
        self.bar.set_scale(scale)
        self.value.setText(self.tr("Point at a cell to read its number."))
        self.note.setText(self._note(heat))
        self.note.setVisible(bool(self.note.text()))

    @Slot()
    def _ask(self) -> None:
        self.picture_requested.emit(self.dimensions.options)

    @Slot(int, int)
    def _tell(self, row: int, column: int) -> None:
        self.value.setText(self.picture.describe(row, column))

    def _note(self, heat: Heat) -> str:
        parts = []
        if heat.block != (1, 1):
            text = self.tr("each cell: the furthest from 0 of {rows} \N{MULTIPLICATION SIGN} {columns}")
            parts.append(text.format(rows=f"{heat.block[0]:,}", columns=f"{heat.block[1]:,}"))
        if heat.step != (1, 1):
            named = zip((self.tr("one row in {count}"), self.tr("one column in {count}")), heat.step, strict=True)
            steps = [text.format(count=f"{step:,}") for text, step in named if step != 1]
            parts.append(self.tr("sampled: {steps} was looked at").format(steps=self.tr(" of ").join(steps)))
        return "; ".join(parts)


def _label(*, muted: bool) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setFont(tabular(label.font()))
    label.setProperty("muted", muted)
    return label
