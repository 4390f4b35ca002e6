"""The panel of activations and losses, as a person uses it."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from playground.widgets.common.theme import theme
from playground.widgets.curve.panel import CurvePanel
from playground.widgets.curve.values import CurveChoice, CurveValues

CHOICES = (
    CurveChoice("activation", "sigmoid", "Sigmoid", "Activations"),
    CurveChoice("activation", "tanh", "Tanh", "Activations"),
    CurveChoice("loss", "mse", "Mean squared error", "Losses"),
    CurveChoice("loss", "cross_entropy", "Cross entropy", "Losses"),
    CurveChoice("formula", "", "Your own formula", "Formula"),
)
X = np.linspace(-6, 6, 1201)
TANH, SLOPE = np.tanh(X), 1 - np.tanh(X) ** 2


def tanh():
    return CurveValues("Tanh", "f(x) = tanh(x)", X, TANH, SLOPE, SLOPE < 0.02)


@pytest.fixture
def panel(qtbot):
    """A visible panel that shows tanh."""
    panel = CurvePanel()
    qtbot.addWidget(panel)
    panel.set_choices(CHOICES)
    panel.show_values({"kind": "activation", "name": "tanh"})
    panel.set_curve(tanh())
    panel.resize(340, 460)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def choose(panel, title):
    """Choose a curve by what the list calls it."""
    combo = panel.form.curve
    combo.setCurrentIndex(combo.findText(title))


def hover(panel, x):
    """Move the pointer over an x of the plot."""
    box = panel.plot.getPlotItem().getViewBox()
    scene = box.mapViewToScene(QPointF(x, sum(box.viewRange()[1]) / 2))
    at, none = QPointF(panel.plot.mapFromScene(scene)), Qt.MouseButton.NoButton
    surface = panel.plot.viewport()
    moved = QMouseEvent(QEvent.Type.MouseMove, at, surface.mapToGlobal(at), none, none, Qt.KeyboardModifier(0))
    QApplication.sendEvent(surface, moved)


def readout(panel):
    """x, f and the slope, as the panel tells them."""
    parts = panel.readout.text().replace("\N{MINUS SIGN}", "-").split("     ")
    return [float(part.split("=")[1]) for part in parts]


def test_function_and_derivative_are_drawn_as_they_came(panel):
    np.testing.assert_array_equal(panel.plot._value.yData, TANH)
    np.testing.assert_array_equal(panel.plot._slope.yData, SLOPE)
    assert panel.formula.text() == "f(x) = tanh(x)"


def test_saturated_stretches_are_shaded_and_explained(panel):
    edge = X[SLOPE >= 0.02].max()
    (left, first), (last, right) = panel.plot.spans
    assert (left, right) == (-6, 6)
    assert -first == pytest.approx(edge, abs=0.011)
    assert last == pytest.approx(edge, abs=0.011)
    assert "saturated" in panel.legend.text()
    panel.set_curve(CurveValues("x", "f(x) = x", X, X, np.ones_like(X), np.zeros_like(X, bool)))
    assert panel.plot.spans == []
    assert "saturated" not in panel.legend.text()


@pytest.mark.parametrize("place", [-3.0, 0.0, 2.5])
def test_the_tangent_follows_the_pointer_with_the_curve_s_own_slope(panel, place):
    hover(panel, place)
    x, value, slope = readout(panel)
    assert x == pytest.approx(place, abs=0.06)
    assert value == pytest.approx(np.tanh(x), abs=1e-3)
    assert slope == pytest.approx(1 - np.tanh(x) ** 2, abs=1e-3)
    ends_x, ends_y = panel.plot._tangent.getData()
    sample = panel.plot.sample()
    assert np.diff(ends_y) / np.diff(ends_x) == pytest.approx(SLOPE[sample])
    assert np.interp(X[sample], ends_x, ends_y) == pytest.approx(TANH[sample])


def test_arrow_keys_move_the_tangent_and_stop_at_the_ends(panel):
    hover(panel, 5.9)
    panel.plot.setFocus()
    before = readout(panel)[0]
    QTest.keyClick(panel.plot, Qt.Key.Key_Left)
    assert readout(panel)[0] == pytest.approx(before - 0.3, abs=0.011)
    for _ in range(3):
        QTest.keyClick(panel.plot, Qt.Key.Key_Right)
    assert readout(panel)[0] == 6


def test_another_curve_keeps_the_place_of_the_tangent(panel):
    hover(panel, 2.0)
    x = readout(panel)[0]
    panel.set_curve(CurveValues("x²", "f(x) = x²", X, X**2, 2 * X, np.zeros_like(X, bool)))
    assert readout(panel) == pytest.approx([x, x**2, 2 * x], rel=1e-3)


def test_a_curve_elsewhere_takes_the_tangent_along(panel):
    hover(panel, 2.0)
    moved = X + 100
    panel.set_curve(CurveValues("x", "f(x) = x", moved, moved, np.ones_like(X), np.zeros_like(X, bool)))
    assert 94 <= readout(panel)[0] <= 106


def test_where_the_function_has_no_value_there_is_no_tangent(panel):
    with np.errstate(invalid="ignore", divide="ignore"):
        roots = CurveValues("√x", "f(x) = √x", X, np.sqrt(X), 0.5 / np.sqrt(X), np.zeros_like(X, bool))
    panel.set_curve(roots)
    hover(panel, -3)
    assert panel.readout.text().count("—") == 2
    assert len(panel.plot._tangent.getData()[0] if panel.plot._tangent.getData()[0] is not None else ()) == 0
    hover(panel, 3)
    assert readout(panel)[1] == pytest.approx(np.sqrt(readout(panel)[0]), abs=1e-3)


def test_a_pole_is_not_crossed_by_a_line(panel):
    x = X + 0.005
    panel.set_curve(CurveValues("1/x", "f(x) = 1/x", x, 1 / x, -1 / x**2, np.zeros_like(X, bool)))
    gaps = np.flatnonzero(np.isnan(panel.plot._value.yData))
    assert len(gaps) == 1
    assert abs(x[gaps[0]]) < 0.02


def test_choosing_an_activation_tells_kind_and_name(panel, qtbot):
    with qtbot.waitSignal(panel.edited) as edit:
        choose(panel, "Sigmoid")
    assert edit.args == [{"kind": "activation", "name": "sigmoid"}]
    assert not panel.form.target.isVisible()
    assert not panel.form.formula.isVisible()


def test_a_loss_has_a_target_and_is_drawn_over_the_prediction(panel, qtbot):
    with qtbot.waitSignal(panel.edited) as edit:
        choose(panel, "Mean squared error")
    assert edit.args == [{"kind": "loss", "name": "mse", "target": 1.0}]
    assert panel.plot.axes["bottom"].labelText == "prediction"
    assert panel.form.target.isVisible()
    panel.form.target.setFocus()
    QTest.keyClicks(panel.form.target, "-2.5")
    with qtbot.waitSignal(panel.edited) as edit:
        QTest.keyClick(panel.form.target, Qt.Key.Key_Return)
    assert edit.args == [{"kind": "loss", "name": "mse", "target": -2.5}]


def test_cross_entropy_has_one_of_two_classes(panel, qtbot):
    panel.show_values({"kind": "loss", "name": "cross_entropy", "target": 1.0})
    assert panel.form.true_class.isVisible()
    assert not panel.form.target.isVisible()
    with qtbot.waitSignal(panel.edited) as edit:
        panel.form.true_class.setCurrentIndex(0)
    assert edit.args == [{"kind": "loss", "name": "cross_entropy", "target": 0.0}]


def test_one_s_own_formula_is_told_when_committed(panel, qtbot):
    with qtbot.waitSignal(panel.edited) as edit:
        choose(panel, "Your own formula")
    assert edit.args == [{"kind": "formula", "text": "x**3 - 3*x"}]
    assert panel.plot.axes["bottom"].labelText == "x"
    panel.form.formula.selectAll()
    QTest.keyClicks(panel.form.formula, "sin(x) / x")
    with qtbot.waitSignal(panel.edited) as edit:
        QTest.keyClick(panel.form.formula, Qt.Key.Key_Return)
    assert edit.args == [{"kind": "formula", "text": "sin(x) / x"}]


def test_an_empty_formula_is_refused_below_the_field(panel, qtbot):
    panel.show_values({"kind": "formula", "text": "sin(x)"})
    panel.form.formula.clear()
    with qtbot.assertNotEmitted(panel.edited):
        QTest.keyClick(panel.form.formula, Qt.Key.Key_Return)
    assert any("needed" in label.text() for label in panel.form.findChildren(QLabel))


def test_a_wrong_formula_is_told_below_the_field_and_the_curve_stays(panel):
    panel.show_values({"kind": "formula", "text": "import os"})
    panel.set_problem("The formula import os cannot be used: write one expression in x.")
    said = [label for label in panel.form.findChildren(QLabel) if "cannot be used" in label.text()]
    assert said[0].isVisible()
    assert panel.form.formula.property("wrong")
    np.testing.assert_array_equal(panel.plot._value.yData, TANH)
    panel.set_curve(tanh())
    assert not said[0].isVisible()
    assert not panel.form.formula.property("wrong")


def test_showing_values_is_silent(panel, qtbot):
    with qtbot.assertNotEmitted(panel.edited):
        panel.show_values({"kind": "loss", "name": "mse", "target": 0.5})
        panel.show_values({"kind": "formula", "text": "x"})
        panel.set_choices(CHOICES)
    assert panel.form.values() == {"kind": "formula", "text": "x"}


def test_headings_cannot_be_chosen(panel):
    combo = panel.form.curve
    headings = [combo.itemText(i) for i in range(combo.count()) if not combo.model().item(i).isEnabled()]
    assert headings == ["Activations", "Losses", "Formula"]
    combo.setFocus()
    choose(panel, "Tanh")
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert combo.currentText() == "Mean squared error"


def test_before_the_first_curve_it_says_what_will_come(qtbot):
    panel = CurvePanel()
    qtbot.addWidget(panel)
    panel.show()
    assert "once PyTorch is loaded" in panel.formula.text()
    hover(panel, 0)
    assert panel.readout.text() == ""


def test_show_code_is_in_the_corner(panel, qtbot):
    with qtbot.waitSignal(panel.code_requested):
        QTest.mouseClick(panel.findChild(QPushButton, "curve_show_code"), Qt.MouseButton.LeftButton)


def test_curves_follow_the_theme(panel):
    try:
        for choice in ("dark", "light"):
            theme.choose(choice)
            assert panel.plot._value.opts["pen"].color() == theme.color("train")
            assert theme.color("validation").name() in panel.legend.text()
            assert panel.plot.backgroundBrush().color() == theme.color("surface")
    finally:
        theme.choose("light")


def test_it_fits_a_narrow_dock(panel):
    assert panel.minimumSizeHint().width() <= 300
