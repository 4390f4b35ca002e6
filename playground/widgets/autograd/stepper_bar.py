"""The buttons that go through backward, and what stops a run."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.widgets.common.fields import CheckField, FloatField, TextField, set_wrong
from playground.widgets.common.flow import FlowLayout
from playground.widgets.common.fold import Fold
from playground.widgets.common.theme import GRID
from playground.widgets.common.wrapped_label import WrappedLabel


class StepperBar(QWidget):
    """Back, step, run and gradcheck in a line; the gradient to start with and what stops a run fold away.

    Signals
    -------
    step_requested, back_requested, reset_requested, gradcheck_requested, apply_requested : a button was pressed.
    run_requested : the magnitude to stop beyond (float or None), and whether to stop at a NaN or infinity.
    gradient_entered : an expression for the gradient to start with; empty for ones, which only a scalar needs not.
    """

    step_requested = Signal()
    back_requested = Signal()
    run_requested = Signal(object, bool)
    reset_requested = Signal()
    gradcheck_requested = Signal()
    apply_requested = Signal()
    gradient_entered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = self._button("back", self.tr("<  Back"), self.tr("Take the last turn back."))
        self.step = self._button("step", self.tr("Step backward  >"), self.tr("Let the next node have its turn."))
        self.step.setProperty("primary", True)
        self.run = self._button(
            "run", self.tr("Run to the leaves"), self.tr("Go on until every leaf has its gradient.")
        )
        self.check = self._button(
            "gradcheck",
            self.tr("gradcheck"),
            self.tr("Compare backward with finite differences in float64 (torch.autograd.gradcheck)."),
        )
        self.reset = self._button("reset", self.tr("Start over"), self.tr("Take all turns back."), link=True)
        self.apply = self._button(
            "apply", self.tr("Add to .grad"), self.tr("Do what backward() does: add the gradients to .grad."), link=True
        )
        self.bound = FloatField(None, minimum=0.0)
        self.not_finite = CheckField(self.tr("stop where a NaN or infinity is born"))
        self.gradient = TextField()
        self.gradient_label = QLabel(self.tr("Gradient to start with"))
        self.problem = WrappedLabel()
        self.options = Fold(
            "autograd_options",
            self.tr("Options"),
            self.tr("What stops a run, and the gradient to start with."),
            apart=True,
        )
        self._set_up()
        self._fill()
        self._connect()
        self.set_progress(0, 0)
        self.set_wanted(None)

    def set_progress(self, position: int, total: int) -> None:
        """How many nodes had their turn; a total of 0 means that no backward can begin yet."""
        self.back.setEnabled(position > 0)
        self.reset.setEnabled(position > 0)
        ready = total == 0 or position < total
        self.step.setEnabled(ready)
        self.run.setEnabled(ready)

    def set_wanted(self, shape: tuple[int, ...] | None, chosen: str = "") -> None:
        """The shape of the gradient that has to be chosen, and the code of the one that is; None for one number."""
        for part in (self.gradient, self.gradient_label):
            part.setVisible(shape is not None)
        if shape is not None:
            self.gradient.setPlaceholderText(f"torch.ones({', '.join(map(str, shape))})")
            self.gradient.set_value(chosen)
        if shape is not None and not chosen:
            self.options.open()

    def set_problem(self, field: str, sentence: str) -> None:
        """Say why the gradient (or the bound) does not fit; an empty sentence takes it back."""
        set_wrong(self.gradient if field == "gradient" else self.bound, bool(sentence))
        self._refuse(sentence)

    def _button(self, name: str, text: str, tip: str, *, link: bool = False) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"autograd_{name}")
        button.setToolTip(tip)
        button.setAccessibleName(tip.rstrip("."))
        button.setProperty("link", link)
        return button

    def _set_up(self) -> None:
        self.bound.setObjectName("autograd_bound")
        self.bound.setPlaceholderText(self.tr("never"))
        self.bound.setToolTip(self.tr("Stop after a node that gives a gradient of larger magnitude; empty for never."))
        self.bound.setAccessibleName(self.tr("Stop where |g| exceeds"))
        self.bound.setFixedWidth(10 * GRID)
        self.not_finite.setObjectName("autograd_not_finite")
        self.not_finite.set_value(True)
        self.not_finite.setToolTip(self.tr("Stop after a node that makes a NaN or an infinity of finite gradients."))
        self.gradient.setObjectName("autograd_gradient")
        self.gradient.setAccessibleName(self.tr("Gradient to start with"))
        self.gradient.setToolTip(
            self.tr(
                "backward(gradient=…): an expression of the output's shape, whose product with the Jacobian is taken."
            )
        )
        self.problem.setProperty("tone", "bad")
        self.problem.setObjectName("autograd_problem")
        self.problem.hide()

    def _fill(self) -> None:
        buttons = FlowLayout()
        for part in (self.back, self.step, self.run, self.check, self.options.button, self.reset, self.apply):
            buttons.addWidget(part)
        stop = QLabel(self.tr("Stop where |g| exceeds"))
        stop.setBuddy(self.bound)
        content = QWidget()
        lines = QVBoxLayout(content)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GRID // 2)
        lines.addLayout(_row(stop, self.bound, self.not_finite))
        asked = QHBoxLayout()
        asked.setSpacing(GRID)
        asked.addWidget(self.gradient_label)
        asked.addWidget(self.gradient, 1)
        lines.addLayout(asked)
        lines.addWidget(self.problem)
        self.options.set_content(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addLayout(buttons)
        column.addWidget(self.options)

    def _connect(self) -> None:
        for button, signal in (
            (self.back, self.back_requested),
            (self.step, self.step_requested),
            (self.check, self.gradcheck_requested),
            (self.reset, self.reset_requested),
            (self.apply, self.apply_requested),
        ):
            button.clicked.connect(signal)
        self.run.clicked.connect(self._run)
        self.bound.refused.connect(self._refuse)
        self.gradient.edited.connect(self._enter)

    @Slot()
    def _run(self) -> None:
        if not self.bound.is_wrong():
            self.run_requested.emit(self.bound.value(), self.not_finite.value())

    @Slot(object)
    def _enter(self, text: object) -> None:
        self.gradient_entered.emit(str(text))

    @Slot(str)
    def _refuse(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        if sentence:
            self.options.open()


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GRID)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return row
