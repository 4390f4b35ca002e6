"""A slider for each of some dimensions: where along it the numbers are taken from."""

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from playground.widgets.common.theme import GRID, tabular

_LARGEST = 2**31 - 1  # Qt's largest whole number


class IndexSliders(QWidget):
    """One line a dimension: its index, its size, and a slider.

    Signals
    -------
    changed() : another index was chosen.
    """

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._shape: tuple[int, ...] = ()
        self.sliders: list[QSlider] = []
        self._labels: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID // 2)
        self._grid.setColumnStretch(1, 1)
        self.hide()

    @property
    def index(self) -> tuple[int, ...]:
        """An index for every dimension."""
        return tuple(slider.value() for slider in self.sliders)

    def set_shape(self, shape: tuple[int, ...]) -> None:
        """Offer the dimensions of another tensor; the same shape leaves everything as it was chosen."""
        if shape == self._shape:
            return
        self._shape = shape
        for widget in (*self.sliders, *self._labels):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self.sliders, self._labels = [], []
        for dim, size in enumerate(shape):
            self._add(dim, size)
        self.show_only(range(len(shape)))

    def show_only(self, dims: Collection[int]) -> None:
        """Show the sliders of these dimensions."""
        for dim, (slider, label) in enumerate(zip(self.sliders, self._labels, strict=True)):
            slider.setVisible(dim in dims)
            label.setVisible(dim in dims)
        self.setVisible(bool(dims))
        self._tell()

    def _add(self, dim: int, size: int) -> None:
        slider, label = QSlider(Qt.Orientation.Horizontal), QLabel()
        slider.setObjectName(f"{self._name}_{dim}")
        slider.setAccessibleName(self.tr("Index along dim {dim}").format(dim=dim))
        slider.setToolTip(self.tr("Where along dim {dim} the numbers are taken from.").format(dim=dim))
        slider.setRange(0, min(max(size - 1, 0), _LARGEST))
        slider.valueChanged.connect(self._slide)
        label.setProperty("muted", True)
        label.setFont(tabular(label.font()))
        self._grid.addWidget(label, dim, 0)
        self._grid.addWidget(slider, dim, 1)
        self.sliders.append(slider)
        self._labels.append(label)

    @Slot()
    def _slide(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        text = self.tr("dim {dim}: {index} of {size}")
        for dim, (slider, label) in enumerate(zip(self.sliders, self._labels, strict=True)):
            label.setText(text.format(dim=dim, index=f"{slider.value():,}", size=f"{self._shape[dim]:,}"))
