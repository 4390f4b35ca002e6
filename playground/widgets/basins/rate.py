"""The rate of the basins: a slider over the decades beside the number."""

from math import log10

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from playground.widgets.common.learning_rate import LearningRateField
from playground.widgets.common.theme import GRID

_LOWEST, _HIGHEST = -5, 1  # exponents of ten
_PLACES = 50  # of the slider in a decade


class RateRow(QWidget):
    """A learning rate on a logarithmic slider and as a number.

    Signals
    -------
    edited(object) : a rate was committed in the field.
    dragged(object) : the slider moves.
    refused(str) : why the text does not fit; empty once it does.
    """

    edited = Signal(object)
    dragged = Signal(object)
    refused = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName(f"{name}_slider")
        self.slider.setAccessibleName(self.tr("Learning rate, slider"))
        self.slider.setToolTip(self.tr("Drag: the picture follows. The learning rate (lr), from 1e-5 to 10."))
        self.slider.setRange(_LOWEST * _PLACES, _HIGHEST * _PLACES)
        self.slider.setPageStep(_PLACES // 5)
        self.field = LearningRateField()
        for part, button in (("number", self.field.number), ("less", self.field.smaller), ("more", self.field.larger)):
            button.setObjectName(f"{name}_{part}")
        self.field.setFixedWidth(15 * GRID)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.slider, 1)
        row.addWidget(self.field)
        self.setFocusProxy(self.slider)
        self.slider.valueChanged.connect(self._take_slider)
        self.field.edited.connect(self._take_field)
        self.field.refused.connect(self.refused)

    def value(self) -> float:
        """The rate."""
        return self.field.value()

    @Slot(object)
    def set_value(self, rate: float) -> None:
        """Show a rate without reporting it."""
        self.field.set_value(rate)
        place = round(log10(rate) * _PLACES) if rate > 0 else self.slider.minimum()
        with QSignalBlocker(self.slider):
            self.slider.setValue(place)

    @Slot(int)
    def _take_slider(self, place: int) -> None:
        rate = float(f"{10 ** (place / _PLACES):.3g}")
        self.field.set_value(rate)
        self.dragged.emit(rate)

    @Slot(object)
    def _take_field(self, rate: float) -> None:
        self.set_value(rate)
        self.edited.emit(rate)
