"""The learning rate: a number in any notation, and two buttons that change it by a factor."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from playground.widgets.common.fields import FloatField
from playground.widgets.common.icon_button import IconButton
from playground.widgets.common.theme import GRID

FACTOR = 1.25


class LearningRateField(QWidget):
    """A positive number; Up and Down, or the buttons, multiply and divide it by 1.25.

    Signals
    -------
    edited : a new rate was committed.
    refused : why the text does not fit; empty once it does.
    """

    edited = Signal(object)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = FloatField(0.01, minimum=0.0, required=True)
        self.number.set_value(0.01)
        self.number.edited.connect(self.edited)
        self.number.refused.connect(self.refused)
        self.number.setMinimumWidth(48)
        self.number.setToolTip(self.tr("The learning rate (lr), plain or as 1e-3; it can change while a run goes on."))
        self.smaller = _button("smaller", "minus", self.tr("Divide the learning rate (lr) by 1.25."))
        self.larger = _button("larger", "plus", self.tr("Multiply the learning rate (lr) by 1.25."))
        self.smaller.clicked.connect(self._lower)
        self.larger.clicked.connect(self._raise)
        self._assemble()

    def value(self) -> float:
        """The rate."""
        return float(self.number.value())  # type: ignore[arg-type]

    @Slot(object)
    def set_value(self, value: object) -> None:
        """Show a rate without reporting it."""
        self.number.set_value(value)

    def _assemble(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self.number, self.smaller, self.larger):
            layout.addWidget(part)
        self.number.setObjectName("learning_rate_number")
        self.number.setAccessibleName(self.tr("Learning rate"))
        self.setFocusProxy(self.number)

    @Slot()
    def _lower(self) -> None:
        self._scale(1 / FACTOR)

    @Slot()
    def _raise(self) -> None:
        self._scale(FACTOR)

    def _scale(self, factor: float) -> None:
        # Four digits keep the number short; 1.25 * 0.8 would otherwise print as 1.0000000000000002.
        rate = float(f"{self.value() * factor:.4g}")
        if rate != self.value():
            self.set_value(rate)
            self.edited.emit(rate)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Up:
            self._raise()
        elif event.key() == Qt.Key.Key_Down:
            self._lower()
        else:
            super().keyPressEvent(event)


def _button(name: str, icon: str, tip: str) -> IconButton:
    button = IconButton(f"learning_rate_{name}", icon, tip)
    button.setFixedSize(2 * GRID + 4, 3 * GRID)
    button.setIconSize(QSize(12, 12))
    button.setAutoRepeat(True)
    return button
