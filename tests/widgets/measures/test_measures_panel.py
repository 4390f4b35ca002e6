"""The measures of a race, as a person uses them."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QToolButton

from playground.widgets.common.theme import RACERS, theme
from playground.widgets.measures.panel import MeasuresPanel

STEPS = np.arange(201)
ADAM = (100 * np.exp(-STEPS / 10)).astype(np.float32)
SGD = (100 * np.exp(-STEPS / 40)).astype(np.float32)


@pytest.fixture
def panel(qtbot):
    """A visible panel with two racers of 200 steps."""
    panel = MeasuresPanel()
    qtbot.addWidget(panel)
    panel.resize(520, 420)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.set_racers(("Adam lr 0.1", "SGD lr 0.01"))
    for racer, values in enumerate((ADAM, SGD)):
        panel.set_columns(racer, {"value": values, "gradient_norm": 2 * values, "distance": values / 100})
    drawn(qtbot, panel)
    return panel


def drawn(qtbot, panel):
    """Wait until everything pending is drawn."""
    qtbot.waitUntil(lambda: not panel._dirty)


def press(panel, part):
    """Click a control of the header."""
    QTest.mouseClick(panel.findChild(QToolButton, f"measures_{part}"), Qt.MouseButton.LeftButton)


def choose(panel, value):
    """Choose a quantity."""
    combo = panel.findChild(QComboBox, "measures_quantity")
    combo.setCurrentIndex(combo.findData(value))


def pixel(panel, step, share=0.3):
    """The viewport's pixel of a step, `share` of the way down the plot."""
    plot = panel.view.plot_rect()
    return QPoint(round(panel.view.pixel_at(step)), round(plot.top() + share * plot.height()))


def hover(panel, step):
    """Move the pointer over a step of the plot, without a button."""
    at, none = QPointF(pixel(panel, step)), Qt.MouseButton.NoButton
    surface = panel.view.viewport()
    moved = QMouseEvent(QEvent.Type.MouseMove, at, surface.mapToGlobal(at), none, none, Qt.KeyboardModifier(0))
    QApplication.sendEvent(surface, moved)


def test_an_empty_panel_invites_to_run(qtbot):
    panel = MeasuresPanel()
    qtbot.addWidget(panel)
    panel.show()
    assert "Run the race" in panel.invitation.sentence.text()
    with qtbot.waitSignal(panel.action_requested):
        QTest.mouseClick(panel.invitation.button, Qt.MouseButton.LeftButton)


def test_a_race_is_drawn_on_a_log_axis_that_says_so(panel):
    assert panel.view.isVisible()
    assert panel.view.x_range[0] < 0
    assert panel.view.x_range[1] > 200
    low, high = panel.view.y_range
    assert low < np.log10(ADAM[-1]) < 2 < high
    assert "log scale" in panel.view.axes["left"].labelText
    np.testing.assert_allclose(panel.view._curves[0].yData, np.log10(ADAM.astype(float)))


def test_every_racer_has_its_colour_and_its_name_in_the_legend(panel):
    assert [curve.opts["pen"].color().name() for curve in panel.view._curves] == list(RACERS[:2])
    assert panel.legend.accessibleName() == "Adam lr 0.1, SGD lr 0.01"
    assert RACERS[1] in panel.legend.text()


def test_linear_draws_the_values_themselves(panel, qtbot):
    press(panel, "log")
    drawn(qtbot, panel)
    np.testing.assert_array_equal(panel.view._curves[1].yData, SGD)
    assert panel.view.y_range[1] > 100


def test_another_quantity_names_panel_and_axis(panel, qtbot):
    choose(panel, "gradient_norm")
    press(panel, "log")
    drawn(qtbot, panel)
    np.testing.assert_array_equal(panel.view._curves[0].yData, 2 * ADAM)
    assert panel.title_label.text() == "gradient norm against step"
    assert panel.view.axes["left"].labelText == "gradient norm"


def test_a_growing_race_is_followed(panel, qtbot):
    longer = np.concatenate([ADAM, ADAM, ADAM])
    panel.set_columns(0, {"value": longer})
    drawn(qtbot, panel)
    assert panel.view.x_range[1] > 600


def test_a_click_chooses_the_step(panel, qtbot):
    with qtbot.waitSignal(panel.step_chosen) as chosen:
        QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=pixel(panel, 120))
    assert abs(chosen.args[0] - 120) <= 1


def test_dragging_the_dashed_line_chooses_the_steps_on_the_way(panel, qtbot):
    panel.set_step(50)
    drawn(qtbot, panel)
    found, surface = [], panel.view.viewport()
    panel.step_chosen.connect(found.append)
    QTest.mouseMove(surface, pixel(panel, 50))
    QTest.mousePress(surface, Qt.MouseButton.LeftButton, pos=pixel(panel, 50))
    for step in range(55, 101, 5):
        QTest.mouseMove(surface, pixel(panel, step))
        qtbot.wait(1)
    QTest.mouseRelease(surface, Qt.MouseButton.LeftButton, pos=pixel(panel, 100))
    assert found == sorted(found)
    assert abs(found[-1] - 100) <= 1
    assert panel.view.cursor_line.value() == found[-1]


def test_the_line_follows_the_playback_without_answering(panel, qtbot):
    with qtbot.assertNotEmitted(panel.step_chosen):
        panel.set_step(85)
        drawn(qtbot, panel)
    assert panel.view.cursor_line.value() == 85


def test_a_step_said_before_its_values_holds_once_they_come(qtbot):
    panel = MeasuresPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.set_racers(("SGD",))
    panel.set_step(7)
    panel.set_columns(0, {"value": SGD})
    drawn(qtbot, panel)
    assert panel.view.cursor_line.value() == 7


def test_the_pointer_reads_every_racer_at_that_step(panel):
    hover(panel, 100)
    step = int(panel.readout.accessibleName().split(",")[0].removeprefix("step "))
    assert abs(step - 100) <= 1
    assert panel.readout.isVisible()
    assert f"Adam lr 0.1 {ADAM[step]:.4g}"[:16] in panel.readout.accessibleName()
    assert f"SGD lr 0.01 {SGD[step]:.4g}" in panel.readout.accessibleName()
    QApplication.sendEvent(panel.view.viewport(), QEvent(QEvent.Type.Leave))
    assert not panel.readout.isVisible()


def test_the_readout_stays_inside_the_plot(panel):
    for step in (0, 200):
        hover(panel, step)
        assert panel.readout.isVisible()
        assert panel.view.viewport().rect().contains(panel.readout.geometry())


def test_the_table_says_when_f_became_small_and_where_playback_stands(panel, qtbot):
    QTest.mouseClick(panel.fold.button, Qt.MouseButton.LeftButton)
    panel.set_step(10)
    drawn(qtbot, panel)
    assert panel.racers.isVisible()
    assert panel.racers.text_at(0, 2) == str(int(np.flatnonzero(ADAM < 1e-6)[0]))
    assert panel.racers.text_at(1, 2) == "—"
    assert panel.racers.text_at(0, 1) == f"{ADAM[10]:.2f}"
    choose(panel, "gradient_norm")
    drawn(qtbot, panel)
    assert panel.racers.text_at(0, 1) == f"{2 * ADAM[10]:.2f}"


def test_a_function_with_a_negative_minimum_is_counted_from_it(panel, qtbot):
    panel.set_racers(("Adam", "SGD"))
    for racer, values in enumerate((ADAM, SGD)):
        panel.set_columns(racer, {"value": values.astype(float) - 1.5})
    QTest.mouseClick(panel.fold.button, Qt.MouseButton.LeftButton)
    drawn(qtbot, panel)
    assert panel.remark.isVisible()
    panel.set_least(-1.5)
    drawn(qtbot, panel)
    assert not panel.remark.isVisible()
    assert panel.racers.text_at(0, 2) == str(int(np.flatnonzero(ADAM < 1e-6)[0]))
    assert "f above -1.5" in panel.view.axes["left"].labelText


def test_zero_leaves_a_gap_on_the_log_axis_and_a_remark(panel, qtbot):
    assert not panel.remark.isVisible()
    panel.set_columns(0, {"value": np.zeros(300)})
    drawn(qtbot, panel)
    assert panel.remark.isVisible()
    assert np.isfinite(panel.view.y_range).all()
    press(panel, "log")
    drawn(qtbot, panel)
    assert not panel.remark.isVisible()


def test_a_racer_that_diverges_does_not_spoil_the_axis(panel, qtbot):
    wild = np.append(100 * 4.0 ** np.arange(60), np.inf).astype(np.float32)
    panel.set_columns(1, {"value": wild})
    drawn(qtbot, panel)
    assert panel.view.y_range[1] < 6
    press(panel, "log")
    drawn(qtbot, panel)
    assert panel.view.y_range[1] < 1_000


def test_a_million_steps_are_drawn_with_two_values_a_pixel(panel, qtbot):
    panel.set_racers(("long",))
    panel.set_columns(0, {"value": np.linspace(1, 0.1, 1_000_000, dtype=np.float32)})
    drawn(qtbot, panel)
    assert len(panel.view._curves[0].xData) < 4 * panel.view.width()
    assert panel.view.x_range[1] > 999_999


def test_the_wheel_zooms_the_steps_until_fit(panel, qtbot):
    at = panel.view.plot_rect().center()
    place, none = QPointF(panel.view.viewport().mapToGlobal(at.toPoint())), Qt.MouseButton.NoButton
    no_keys, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    turned = QWheelEvent(at, place, QPoint(), QPoint(0, 360), none, no_keys, phase, False)
    QApplication.sendEvent(panel.view.viewport(), turned)
    assert panel.view.x_range[1] < 190
    press(panel, "fit")
    drawn(qtbot, panel)
    assert panel.view.x_range[1] > 200


def test_nothing_is_drawn_while_hidden(panel, qtbot):
    panel.hide()
    panel.set_columns(0, {"value": np.ones(900)})
    assert not panel._frame.isActive()
    panel.show()
    drawn(qtbot, panel)
    assert panel.view.x_range[1] > 899


def test_clear_brings_the_invitation_back(panel, qtbot):
    panel.clear()
    drawn(qtbot, panel)
    assert panel.invitation.isVisible()
    assert panel.table()[0].values.size == 0


def test_twelve_racers_can_all_be_told_apart(panel, qtbot):
    panel.set_racers([f"racer {i}" for i in range(12)])
    for i in range(12):
        panel.set_columns(i, {"value": SGD * (i + 1)})
    drawn(qtbot, panel)
    pens = [(curve.opts["pen"].color().name(), curve.opts["pen"].style()) for curve in panel.view._curves]
    assert len(set(pens)) == 12


def test_save_asks_for_picture_and_table(panel, qtbot):
    picture, numbers = panel.controls.more.menu().actions()
    with qtbot.waitSignal(panel.save_image_requested):
        picture.trigger()
    with qtbot.waitSignal(panel.save_table_requested):
        numbers.trigger()
    image = panel.image()
    assert image.width() > 1.9 * panel.view.width()
    assert len({image.pixel(x, image.height() // 2) for x in range(image.width())}) > 3
    assert panel.table()[1].values[0] == 100


def test_plot_and_table_follow_the_theme(panel):
    try:
        for choice in ("dark", "light"):
            theme.choose(choice)
            assert panel.view.backgroundBrush().color() == theme.color("surface")
            assert theme.color("surface").name() in panel.readout.styleSheet()
    finally:
        theme.choose("light")


def test_it_fits_a_narrow_dock(panel, qtbot):
    panel.resize(300, 400)
    qtbot.waitUntil(lambda: panel.width() == 300)
    assert panel.minimumSizeHint().width() <= 300


def test_every_control_has_a_name_and_a_tool_tip(panel):
    controls = [*panel.controls.findChildren(QToolButton), panel.quantity, panel.fold.button]
    assert all(control.accessibleName() and control.toolTip() for control in controls)
