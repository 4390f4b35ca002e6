"""The explained step: labels, formulas and numbers, all of which can be copied."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from playground.widgets.descent.examples import CURVATURE, LINES
from playground.widgets.descent.step_panel import StepPanel
from playground.widgets.descent.values import ExplanationLine


@pytest.fixture
def panel(qtbot):
    panel = StepPanel()
    qtbot.addWidget(panel)
    panel.resize(340, 560)
    panel.show()
    return panel


def test_an_empty_panel_invites_to_step(qtbot, panel):
    assert panel.invitation.isVisibleTo(panel)
    assert not panel.rows.isVisibleTo(panel)
    with qtbot.waitSignal(panel.step_requested):
        qtbot.mouseClick(panel.invitation.button, Qt.MouseButton.LeftButton)


def test_every_line_shows_label_formula_and_numbers(panel):
    panel.set_explanation("Adam, step 31", LINES)
    assert panel.title.text() == "Adam, step 31"
    assert panel.rows.text(0) == ("point", "", ("-0.2104", "1.184"))
    assert panel.rows.text(1) == ("f", "", ("131.2",))
    label, formula, values = panel.rows.text(3)
    assert (label, values) == ("exp_avg m", ("-9.871", "-17.02"))
    assert formula == LINES[3].formula
    assert not panel.invitation.isVisibleTo(panel)


def test_the_step_itself_is_bold_and_has_its_signs(panel):
    panel.set_explanation("Adam, step 31", LINES)
    assert panel.rows.text(len(LINES) - 1)[2] == ("+0.1233", "+0.1272")
    bold = {label.text() for label in panel.rows.findChildren(QLabel) if label.font().bold()} - {""}
    assert bold == {"step", "+0.1233", "+0.1272"}


def test_counts_are_whole_and_zero_has_no_sign(panel):
    lines = (ExplanationLine("inner steps", "n_iter", (4.0,), is_count=True), ExplanationLine("step", "", (-0.0, 0.0)))
    panel.set_explanation("LBFGS, step 1", lines)
    assert panel.rows.text(0)[2] == ("4",)
    assert panel.rows.text(1)[2] == ("0.000", "0.000")


def test_a_shorter_explanation_leaves_nothing_of_the_longer_one(panel):
    panel.set_explanation("Adam, step 31", LINES)
    panel.set_explanation("SGD, step 1", (ExplanationLine("step", "-0.1 · g", (0.5, -0.25)),))
    shown = [label.text() for label in panel.rows.findChildren(QLabel) if label.isVisibleTo(panel)]
    assert shown == ["x", "y", "step", "0.5000", "-0.2500", "-0.1 · g"]


def test_the_columns_carry_the_names_of_the_coordinates(panel):
    panel.set_explanation("SGD, step 1", LINES, ("w", "b"))
    shown = [label.text() for label in panel.rows.findChildren(QLabel) if label.isVisibleTo(panel)]
    assert shown[:2] == ["w", "b"]


def test_all_numbers_are_copied_with_all_their_digits(qtbot, panel):
    panel.set_explanation("SGD, step 1", (ExplanationLine("f", "", (1 / 3,)), ExplanationLine("g", "2 x", (0.1, 2e-9))))
    qtbot.mouseClick(panel.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "f\t\t0.3333333333333333\ng\t2 x\t0.1\t2e-09"


def test_every_number_shown_can_be_selected(panel):
    panel.set_explanation("Adam, step 31", LINES)
    panel.set_curvature(*CURVATURE)
    selectable = Qt.TextInteractionFlag.TextSelectableByMouse
    shown = [label for part in (panel.rows, panel.curvature) for label in part.findChildren(QLabel)]
    assert all(label.textInteractionFlags() & selectable for label in [*shown, panel.answer])


def test_the_curvature_stands_below_and_goes_again(panel):
    panel.set_explanation("Adam, step 31", LINES)
    panel.set_curvature("A saddle region.", (-27.1, 43.9), 2 / 43.9)
    assert panel.answer.text() == "A saddle region."
    assert panel.curvature.text(0)[2] == ("-27.10", "43.90")
    assert panel.curvature.text(1)[2] == ("0.04556",)
    panel.set_curvature("The function has no second derivative here.")
    assert not any(label.isVisibleTo(panel) for label in panel.curvature.findChildren(QLabel))
    panel.set_curvature("")
    assert not panel.question.isVisibleTo(panel)
    panel.clear()
    assert panel.invitation.isVisibleTo(panel)


def test_the_switches_tell_what_to_draw(qtbot, panel):
    with qtbot.waitSignal(panel.arrows_toggled, check_params_cb=bool):
        panel.arrows.click()
    with qtbot.waitSignal(panel.ellipse_toggled, check_params_cb=bool):
        panel.ellipse.click()


def test_long_formulas_wrap_in_a_narrow_panel(qtbot, panel):
    long = " + ".join(["0.9 · (-9.41, -16.43)"] * 6)
    panel.set_explanation("Adam, step 31", (ExplanationLine("m", long, (-9.871, -17.02)),))
    assert panel.minimumSizeHint().width() <= 300
    panel.resize(300, 560)
    formula = next(label for label in panel.rows.findChildren(QLabel) if label.text() == long)
    qtbot.waitUntil(lambda: formula.height() >= 2 * formula.fontMetrics().height())
    assert formula.width() < 300
    assert formula.toolTip() == long
