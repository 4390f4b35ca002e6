"""The panel that explains one step of one optimiser in numbers, and why it may diverge."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.widgets.common.fields import CheckField
from playground.widgets.common.icon_button import IconButton
from playground.widgets.common.invitation import Invitation
from playground.widgets.common.panel import Panel
from playground.widgets.common.scrolled import scrolled
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.common.wrapped_label import WrappedLabel
from playground.widgets.descent.step_rows import StepRows
from playground.widgets.descent.values import ExplanationLine


class StepPanel(Panel):
    """Label, formula and numbers of every part of a step; below, the curvature where it begins.

    Signals
    -------
    arrows_toggled, ellipse_toggled : whether the views draw the step's arrows and the local quadratic's ellipse.
    step_requested : the empty panel's button was pressed.
    """

    arrows_toggled = Signal(bool)
    ellipse_toggled = Signal(bool)
    step_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("This step"), "descent_step", parent=parent)
        self._lines: tuple[ExplanationLine, ...] = ()
        self.title = QLabel()
        self.copy = IconButton(
            "step_copy",
            "content-copy",
            self.tr("Copy all numbers of this step with all their digits, ready for a table."),
            self.tr("Copy all numbers of this step"),
        )
        self.invitation = Invitation(
            "descent_step",
            self.tr("Press play or step: every number of the step and the formula behind it appear here."),
            self.tr("Step"),
            self.tr("Make one step and explain it."),
        )
        self.rows = StepRows("step_rows")
        self.question = QLabel()
        self.answer = WrappedLabel("muted")
        self.curvature = StepRows("step_curvature")
        self.arrows = CheckField(self.tr("Arrows"))
        self.ellipse = CheckField(self.tr("Ellipse"))
        self._set_up()
        self._fill()
        self._connect()
        self.clear()

    def set_explanation(
        self, title: str, lines: tuple[ExplanationLine, ...], names: tuple[str, str] = ("x", "y")
    ) -> None:
        """Show a step, such as "Adam, step 31"; `names` are the two coordinates."""
        self._lines = lines
        self.title.setText(title)
        self.rows.set_names(names)
        self.rows.set_lines(lines)
        self._show_parts()

    def set_curvature(
        self,
        text: str,
        eigenvalues: tuple[float, float] | None = None,
        stable_rate: float | None = None,
        *,
        diverges: bool = False,
    ) -> None:
        """What the Hessian says about the rate, in a sentence, with its numbers; an empty text shows nothing."""
        self.question.setText(self.tr("Why does it diverge?") if diverges else self.tr("Curvature"))
        self.answer.setText(text)
        lines = []
        if eigenvalues is not None:
            lines.append(ExplanationLine(self.tr("Eigenvalues"), "", eigenvalues))
        if stable_rate is not None:
            lines.append(ExplanationLine(self.tr("Stable rate 2/λ"), "", (stable_rate,)))
        self.curvature.set_lines(lines)
        self._show_parts()

    @Slot()
    def clear(self) -> None:
        """Show the invitation."""
        self.set_explanation("", ())
        self.set_curvature("")

    def _set_up(self) -> None:
        self.title.setProperty("muted", True)
        self.title.setFont(tabular(self.title.font()))
        self.title.setObjectName("step_title")
        self.question.setProperty("heading", True)
        self.answer.setObjectName("step_answer")
        self.arrows.setObjectName("step_arrows")
        self.arrows.setToolTip(self.tr("Draw the negative gradient, the momentum and the step in the views."))
        self.ellipse.setObjectName("step_ellipse")
        self.ellipse.setToolTip(self.tr("Draw a level line of the quadratic that fits the function at this point."))

    def _fill(self) -> None:
        self.header.addWidget(self.title)
        self.header.addWidget(self.copy)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, GRID, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.rows)
        column.addSpacing(GRID)
        for part in (self.question, self.answer, self.curvature):
            column.addWidget(part)
        column.addStretch(1)
        self._area = scrolled("step_area", content)
        switches = QHBoxLayout()
        switches.setSpacing(2 * GRID)
        switches.addWidget(self.arrows)
        switches.addWidget(self.ellipse)
        switches.addStretch(1)
        self.body.addWidget(self.invitation, 1)
        self.body.addWidget(self._area, 1)
        self.body.addLayout(switches)

    def _connect(self) -> None:
        self.copy.clicked.connect(self._copy)
        self.invitation.accepted.connect(self.step_requested)
        self.arrows.toggled.connect(self.arrows_toggled)
        self.ellipse.toggled.connect(self.ellipse_toggled)

    def _show_parts(self) -> None:
        explained, curved = bool(self._lines), bool(self.answer.text())
        self.invitation.setVisible(not explained and not curved)
        self._area.setVisible(explained or curved)
        self.rows.setVisible(explained)
        self.copy.setVisible(explained)
        for part in (self.question, self.answer, self.curvature):
            part.setVisible(curved)

    @Slot()
    def _copy(self) -> None:
        rows = ("\t".join((line.label, line.formula, *map(repr, line.values))) for line in self._lines)
        QGuiApplication.clipboard().setText("\n".join(rows))
