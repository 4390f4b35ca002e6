"""Two coordinates in one place."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from playground.widgets.common.fields import FloatField
from playground.widgets.common.theme import GRID
from playground.widgets.descent.values import Point


class PointField(QWidget):
    """A point of the plane.

    Signals
    -------
    edited : another point was committed, as (x, y).
    refused : why a text does not fit; empty once it does.
    """

    edited = Signal(object)
    refused = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = QLabel("x"), QLabel("y")
        self.fields = FloatField(0.0, required=True), FloatField(0.0, required=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        for label, field, axis in zip(self._names, self.fields, "xy", strict=True):
            label.setProperty("muted", True)
            label.setBuddy(field)
            field.setObjectName(f"{name}_{axis}")
            field.setMinimumWidth(5 * GRID)
            field.set_value(0.0)
            field.edited.connect(self._report)
            field.refused.connect(self._refuse)
            row.addWidget(label)
            row.addWidget(field, 1)
        row.insertSpacing(2, GRID // 2)
        self.setFocusProxy(self.fields[0])

    def value(self) -> Point:
        """The point."""
        x, y = (field.value() for field in self.fields)
        return float(x), float(y)  # type: ignore[arg-type]

    @Slot(object)
    def set_value(self, point: Point) -> None:
        """Show a point without reporting it."""
        for field, coordinate in zip(self.fields, point, strict=True):
            field.set_value(float(coordinate))

    def set_names(self, names: tuple[str, str]) -> None:
        """What the coordinates are called."""
        for label, field, name in zip(self._names, self.fields, names, strict=True):
            label.setText(name)
            field.setAccessibleName(name)

    @Slot(object)
    def _report(self, _value: object) -> None:
        self.edited.emit(self.value())

    @Slot(str)
    def _refuse(self, sentence: str) -> None:
        if sentence or not any(field.is_wrong() for field in self.fields):
            self.refused.emit(sentence)
