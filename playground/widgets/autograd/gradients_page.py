"""What `.grad` holds: at every leaf and at tensors with a name, now and before it changed last."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from playground.widgets.autograd.text_table import Cell, TextTable
from playground.widgets.autograd.values import GradientRowValues
from playground.widgets.common.theme import GRID
from playground.widgets.common.wrapped_label import WrappedLabel


class GradientsPage(QWidget):
    """A row a tensor, and two buttons that run the PyTorch lines that their tool tips tell.

    Signals
    -------
    zero_requested, step_requested : a button was pressed.
    node_chosen : the id of the node whose row was clicked.
    """

    zero_requested = Signal()
    step_requested = Signal()
    node_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[GradientRowValues, ...] = ()
        self.note = WrappedLabel("muted")
        self.note.setObjectName("autograd_gradients_note")
        self.table = TextTable("autograd_gradients", self.tr("Gradients before and now"))
        self.table.set_headings(
            [self.tr("tensor"), self.tr(".grad before"), self.tr(".grad now"), self.tr("value before"),
             self.tr("value now")]
        )  # fmt: skip
        self.zero = self._button(
            "zero", self.tr("zero_grad()"), self.tr("Set every .grad to None, as zero_grad() does before each step.")
        )
        self.step = self._button(
            "take_step",
            self.tr("Take a step"),
            self.tr("Change the leaves by their gradients: optimizer.step() where they belong to an optimiser."),
        )
        row = QHBoxLayout()
        row.setSpacing(GRID)
        for button in (self.zero, self.step):
            row.addWidget(button)
        row.addWidget(self.note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        self.zero.clicked.connect(self.zero_requested)
        self.step.clicked.connect(self.step_requested)
        self.table.row_clicked.connect(self._choose)
        self.set_rows(())

    def set_rows(self, rows: tuple[GradientRowValues, ...]) -> None:
        """Show these."""
        self._rows = rows
        self.table.set_rows([self._cells(row) for row in rows])
        has_some = any(row.gradient for row in rows)
        self.zero.setEnabled(has_some)
        self.step.setEnabled(has_some)
        self.note.setText(self._note(has_some=has_some))

    def _cells(self, row: GradientRowValues) -> list[Cell]:
        name = row.name if row.is_leaf else self.tr("{name}  (no leaf)").format(name=row.name)
        return [
            (name, False),
            ((row.gradient_before or self.tr("None")) if row.has_gradient_changed else "", False),
            (row.gradient or self.tr("None"), row.has_gradient_changed),
            (row.value_before if row.has_value_changed else "", False),
            (row.value, row.has_value_changed),
        ]

    def _note(self, *, has_some: bool) -> str:
        if has_some:
            return self.tr("Another backward() adds to what .grad holds; zero_grad() makes it None, not zero.")
        return self.tr("None is not zero: an optimiser passes over a tensor that has no gradient.")

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"autograd_{name}")
        button.setToolTip(tip)
        button.setAccessibleName(tip.rstrip("."))
        return button

    @Slot(int)
    def _choose(self, row: int) -> None:
        self.node_chosen.emit(self._rows[row].node)
