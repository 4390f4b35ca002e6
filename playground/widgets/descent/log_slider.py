"""A positive number over many powers of ten: a field, and a slider whose places are exponents."""

from math import log10

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from playground.widgets.common.fields import FloatField
from playground.widgets.common.theme import GRID

_PLACES = 200


class LogSlider(QWidget):
    """The field takes any number of its range; the slider gives numbers of two figures between `low` and `high`.

    Signals
    -------
    edited : a number was committed.
    dragged : the slider moved to another number, in a drag or by a key.
    drag_ended : the slider was let go.
    refused : why a text does not fit; empty once it does.
    """

    edited = Signal(float)
    dragged = Signal(float)
    drag_ended = Signal()
    refused = Signal(str)

    def __init__(
        self, name: str, low: float, high: float, *, least: float, most: float, parent: QWidget | None = None
    ) -> None:
        """`least` and `most` bound the field; with `least` 0, so is the slider's left end."""
        super().__init__(parent)
        self._low, self._high = log10(low), log10(high)
        self._left = least if least == 0 else low
        self.number = FloatField(self._left, minimum=least, maximum=most, required=True)
        self.slider = _Slider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _PLACES)
        self.slider.setPageStep(_PLACES // 10)
        self.number.setObjectName(f"{name}_number")
        self.slider.setObjectName(f"{name}_slider")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.number, 2)
        row.addWidget(self.slider, 3)
        self.number.setMinimumWidth(6 * GRID)
        self.setFocusProxy(self.number)
        self.number.edited.connect(self._take_number)
        self.number.refused.connect(self.refused)
        self.slider.valueChanged.connect(self._take_place)
        self.slider.sliderReleased.connect(self.drag_ended)
        self.set_value(self._left)

    def value(self) -> float:
        """The number."""
        return float(self.number.value())  # type: ignore[arg-type]

    @Slot(object)
    def set_value(self, value: float) -> None:
        """Show a number without reporting it."""
        if value != self.value() or not self.number.text():
            self.number.set_value(float(value))
        if not self.slider.isSliderDown():
            with QSignalBlocker(self.slider):
                self.slider.setValue(self.place_of(float(value)))

    def place_of(self, value: float) -> int:
        """The slider's place nearest to a number."""
        if value <= 0:
            return 0
        share = (log10(value) - self._low) / (self._high - self._low)
        return round(min(1.0, max(0.0, share)) * _PLACES)

    def _number_at(self, place: int) -> float:
        if place == 0:
            return self._left
        return float(f"{10 ** (self._low + place / _PLACES * (self._high - self._low)):.2g}")

    @Slot(object)
    def _take_number(self, value: float) -> None:
        self.set_value(value)
        self.edited.emit(value)

    @Slot(int)
    def _take_place(self, place: int) -> None:
        number = self._number_at(place)
        if number != self.value():
            self.number.set_value(number)
            self.dragged.emit(number)


class _Slider(QSlider):
    """The wheel scrolls the panel unless the slider has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
