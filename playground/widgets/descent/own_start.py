"""A racer's own start, or the race's."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from playground.widgets.common.fields import CheckField
from playground.widgets.common.theme import GRID
from playground.widgets.descent.point_field import PointField
from playground.widgets.descent.values import Point


class OwnStart(QWidget):
    """A check box and a point; switched on, the point begins where the race does.

    Signals
    -------
    edited : another start was committed, or None for the race's.
    refused : why a text does not fit; empty once it does.
    """

    edited = Signal(object)
    refused = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._race: Point = (0.0, 0.0)
        self.check = CheckField()
        self.check.setObjectName(f"{name}_own")
        self.check.setAccessibleName(self.tr("Own start"))
        self.point = PointField(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        row.addWidget(self.check)
        row.addWidget(self.point, 1)
        self.setFocusProxy(self.check)
        self.check.edited.connect(self._switch)
        self.point.edited.connect(self.edited)
        self.point.refused.connect(self.refused)
        self.set_value(None)

    def value(self) -> Point | None:
        """The racer's own start, or None."""
        return self.point.value() if self.check.value() else None

    @Slot(object)
    def set_value(self, start: Point | None) -> None:
        """Show a start, or the race's for None, without reporting it."""
        self.check.set_value(start is not None)
        self.point.setEnabled(start is not None)
        self.point.set_value(start or self._race)

    def set_race_start(self, start: Point) -> None:
        """Where the others begin."""
        self._race = start
        if not self.check.value():
            self.point.set_value(start)

    @Slot(object)
    def _switch(self, own: bool) -> None:
        self.set_value(self._race if own else None)
        self.edited.emit(self.value())
