"""What is to be said beside the name of a function: the base of all such pages, and the quadratic bowl's."""

from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.widgets.common.field_grid import FieldGrid
from playground.widgets.common.theme import GRID
from playground.widgets.descent.log_slider import LogSlider
from playground.widgets.descent.values import Plain


class FunctionPage(QWidget):
    """Base of the pages. Each shows a function as the document writes it, and says what it is to become.

    Signals
    -------
    edited, dragged : the function, after a committed edit or in the middle of a drag.
    drag_ended : what was dragged was let go.
    """

    edited = Signal(object)
    dragged = Signal(object)
    drag_ended = Signal()

    kind = ""
    first = ""  # the field for whatever is wrong with the function as a whole

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(GRID)
        self.grid = FieldGrid(f"function_{self.kind}", columns=1)

    def value(self) -> Plain:
        """The function as the document writes it."""
        raise NotImplementedError

    def show_value(self, function: Plain) -> None:
        """Show a function without reporting it."""
        raise NotImplementedError

    def set_problem(self, field: str, sentence: str) -> None:
        """Say at a field what is wrong; at the first one if there is none of that name."""
        self.grid.set_problem(self.first if self.grid.editor(field) is None else field, sentence)

    @Slot()
    @Slot(object)
    @Slot(float)
    def _report(self, _value: object = None) -> None:
        self.edited.emit(self.value())

    @Slot(object)
    @Slot(float)
    def _report_drag(self, _value: object = None) -> None:
        self.dragged.emit(self.value())

    def _follow(self, slider: LogSlider, field: str) -> None:
        slider.edited.connect(self._report)
        slider.dragged.connect(self._report_drag)
        slider.drag_ended.connect(self.drag_ended)
        slider.refused.connect(partial(self.set_problem, field))


class BowlPage(FunctionPage):
    """The condition number of the quadratic bowl."""

    kind = "bowl"
    first = "condition"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.condition = LogSlider("bowl_condition", 1.0, 1e6, least=1.0, most=1e6)
        tip = self.tr("The condition number κ: the larger eigenvalue of the Hessian over the smaller one, which is 1.")
        self.grid.add("condition", self.tr("Condition"), self.condition, tip)
        self.column.addWidget(self.grid)
        self._follow(self.condition, "condition")

    def value(self) -> Plain:
        return {"kind": self.kind, "condition": self.condition.value()}

    def show_value(self, function: Plain) -> None:
        self.condition.set_value(function.get("condition", 10.0))
