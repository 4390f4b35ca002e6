"""The loss and accuracy panels, as a person uses them."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from playground.widgets.common.theme import theme
from playground.widgets.plots.panel import AccuracyPlot, LossPlot

LOSSES = 2.0 * np.exp(-np.arange(400) / 100) + 0.1


@pytest.fixture
def panel(qtbot):
    """A visible loss panel with 400 steps and two validation points."""
    panel = LossPlot()
    qtbot.addWidget(panel)
    panel.resize(700, 400)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.append_steps(0, LOSSES)
    panel.append_point("validation", 200, 0.5)
    panel.append_point("validation", 400, 0.3)
    drawn(qtbot, panel)
    return panel


def drawn(qtbot, panel):
    """Wait until everything pending is drawn."""
    qtbot.waitUntil(lambda: not panel._dirty)


def press(panel, part):
    """Click a control with the mouse."""
    button = panel.findChild(QToolButton, f"{panel.objectName()}_{part}")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def wheel(view, notches):
    """Turn the wheel over the middle of the plot."""
    at = view.plot_rect().center()
    place = QPointF(view.viewport().mapToGlobal(at.toPoint()))
    turn, none = QPoint(0, 120 * notches), Qt.MouseButton.NoButton
    event = QWheelEvent(
        at, place, QPoint(), turn, none, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(view.viewport(), event)


def test_an_empty_panel_invites_to_train(qtbot):
    panel = LossPlot()
    qtbot.addWidget(panel)
    panel.show()
    assert "Press Train" in panel.invitation.sentence.text()
    with qtbot.waitSignal(panel.action_requested):
        QTest.mouseClick(panel.invitation.button, Qt.MouseButton.LeftButton)


def test_the_whole_run_is_in_view(panel):
    low, high = panel.view.x_range
    assert low < 0
    assert high > 400
    bottom, top = panel.view.y_range
    assert bottom < LOSSES.min()
    assert top > LOSSES.max()


def test_the_view_follows_the_run(panel, qtbot):
    panel.append_steps(400, np.full(600, 0.1))
    drawn(qtbot, panel)
    assert panel.view.x_range[1] > 999


def test_the_wheel_zooms_the_steps_and_ends_following_until_fit(panel, qtbot):
    wheel(panel.view, 3)
    low, high = panel.view.x_range
    assert high - low < 300
    panel.append_steps(400, np.full(600, 0.1))
    drawn(qtbot, panel)
    assert panel.view.x_range == pytest.approx((low, high))
    press(panel, "fit")
    drawn(qtbot, panel)
    assert panel.view.x_range[1] > 999


def test_values_fit_what_the_zoom_shows(panel, qtbot):
    panel.view.show_steps(300, 399)
    panel._changed()
    drawn(qtbot, panel)
    assert panel.view.y_range[1] < 0.6


def test_dragging_pans(panel, qtbot):
    before, surface = panel.view.x_range, panel.view.viewport()
    middle = panel.view.plot_rect().center().toPoint()
    QTest.mousePress(surface, Qt.MouseButton.LeftButton, pos=middle)
    for moved in range(0, 90, 10):
        QTest.mouseMove(surface, middle + QPoint(moved, 0))
        qtbot.wait(1)
    QTest.mouseRelease(surface, Qt.MouseButton.LeftButton, pos=middle + QPoint(80, 0))
    assert panel.view.x_range[0] < before[0] - 10


def test_keys_pan_and_zoom(panel):
    low, high = panel.view.x_range
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_Right)
    assert panel.view.x_range[0] > low
    QTest.keyClick(panel.view, Qt.Key.Key_Plus)
    zoomed = panel.view.x_range
    assert zoomed[1] - zoomed[0] < high - low


def test_the_pointer_reads_step_and_all_series(panel):
    panel.controls.slider.setValue(0)
    place = QPointF(panel.view.pixel_at(250), panel.view.plot_rect().center().y())
    QTest.mouseMove(panel.view.viewport(), place.toPoint())
    panel._read_at(place)
    step = int(panel.crosshair.heading.removeprefix("step "))
    assert abs(step - 250) <= 1
    readings = {reading.name: reading.text for reading in panel.crosshair.readings}
    assert readings == {"train": f"{LOSSES[step]:.4f}", "validation": "0.5000"}
    assert panel.crosshair.isVisible()
    QApplication.sendEvent(panel.view.viewport(), QEvent(QEvent.Type.Leave))
    assert not panel.crosshair.isVisible()


def test_a_smoothed_curve_never_hides_what_was_recorded(panel):
    assert panel.controls.smoothing == pytest.approx(0.9)
    panel._read_at(QPointF(panel.view.pixel_at(10), panel.view.plot_rect().center().y()))
    assert [reading.name for reading in panel.crosshair.readings][:2] == ["train, smoothed", "train, as recorded"]
    assert panel.view._raw.isVisible()
    assert len(panel.view._raw.xData) == len(panel.view._smooth.xData) > 300


def test_log_draws_exponents_and_says_so(panel, qtbot):
    press(panel, "log")
    drawn(qtbot, panel)
    bottom, top = panel.view.y_range
    assert bottom == pytest.approx(np.log10(LOSSES.min()), abs=0.2)
    assert top == pytest.approx(np.log10(LOSSES.max()), abs=0.2)
    assert "log scale" in panel.view.axes["left"].labelText


def test_zero_and_negative_values_leave_gaps_on_a_log_axis(panel, qtbot):
    panel.append_steps(400, np.array([0.0, -1.0, np.nan, np.inf, 0.2]))
    press(panel, "log")
    drawn(qtbot, panel)
    assert all(np.isfinite(panel.view.y_range))


def test_the_legend_has_the_latest_values(panel, qtbot):
    panel.controls.slider.setValue(0)
    drawn(qtbot, panel)
    texts = {reading.name: reading.text for reading in panel.legend.readings}
    assert texts == {"train": f"{LOSSES[-1]:.4f}", "validation": "0.3000"}


def test_the_table_is_the_data(panel):
    columns = {column.name: column.values for column in panel.table()}
    assert list(columns) == ["step", "train", "train smoothed", "validation", "test"]
    np.testing.assert_array_equal(columns["step"], np.arange(401))
    np.testing.assert_array_equal(columns["train"], [*LOSSES, np.nan])
    assert columns["validation"][200] == 0.5
    assert columns["validation"][400] == 0.3
    assert np.isnan(columns["validation"]).sum() == 399
    assert np.isnan(columns["test"]).all()


def test_a_resumed_run_replaces_what_it_repeats(panel):
    panel.append_steps(300, np.full(10, 7.0))
    columns = {column.name: column.values for column in panel.table()}
    np.testing.assert_array_equal(columns["train"], [*LOSSES[:300], *[7.0] * 10])
    assert columns["validation"][200] == 0.5
    assert np.nansum(columns["validation"]) == 0.5


def test_a_run_may_start_late(qtbot):
    panel = LossPlot()
    qtbot.addWidget(panel)
    panel.append_steps(1_000, np.ones(5))
    panel.append_steps(1_007, np.ones(1))
    np.testing.assert_array_equal(panel.table()[0].values, np.arange(1_000, 1_008))
    np.testing.assert_array_equal(np.isnan(panel.table()[1].values), [0, 0, 0, 0, 0, 1, 1, 0])


def test_clear_brings_the_invitation_back(panel, qtbot):
    panel.clear()
    drawn(qtbot, panel)
    assert panel.invitation.isVisible()
    assert panel.table()[0].values.size == 0


def test_linked_panels_show_the_same_steps(panel, qtbot):
    other = AccuracyPlot()
    qtbot.addWidget(other)
    other.resize(700, 300)
    other.show()
    panel.link_x(other)
    other.append_steps(0, np.linspace(0, 1, 400))
    drawn(qtbot, other)
    wheel(panel.view, 4)
    assert other.view.x_range == pytest.approx(panel.view.x_range)
    press(other, "fit")
    drawn(qtbot, panel)
    assert panel.view.x_range[1] > 399


def test_a_plot_that_is_slow_to_draw_leaves_the_cores_to_the_run(panel, qtbot):
    panel.view.paint_seconds = 0.05
    panel.append_steps(400, np.ones(10))
    at_rest = panel._frame.interval()
    drawn(qtbot, panel)
    panel.set_live(True)
    panel.view.paint_seconds = 0.05
    panel.append_steps(410, np.ones(10))
    assert at_rest == 16
    assert panel._frame.interval() >= 800
    drawn(qtbot, panel)
    assert panel.view.x_range[1] > 419


def test_nothing_is_drawn_while_hidden(panel, qtbot):
    panel.hide()
    panel.append_steps(400, np.ones(10))
    assert not panel._frame.isActive()
    panel.show()
    drawn(qtbot, panel)
    assert panel.view.x_range[1] > 409


def test_the_picture_is_twice_as_fine_as_the_screen(panel):
    image = panel.image()
    assert image.width() > 1.9 * panel.view.width()
    assert len({image.pixel(x, image.height() // 2) for x in range(image.width())}) > 3


def test_save_asks_for_picture_and_table(panel, qtbot):
    picture, table = panel.controls.more.menu().actions()[:2]
    with qtbot.waitSignal(panel.save_image_requested):
        picture.trigger()
    with qtbot.waitSignal(panel.save_table_requested):
        table.trigger()


def test_curves_follow_the_theme(panel):
    try:
        for choice in ("dark", "light"):
            theme.choose(choice)
            assert panel.view._smooth.opts["pen"].color() == theme.color("train")
            assert panel.view.backgroundBrush().color() == theme.color("surface")
    finally:
        theme.choose("light")


def test_accuracy_is_told_in_per_cent(qtbot):
    panel = AccuracyPlot()
    qtbot.addWidget(panel)
    panel.resize(700, 300)
    panel.show()
    panel.append_steps(0, np.array([0.1, 0.9873]))
    panel.controls.slider.setValue(0)
    drawn(qtbot, panel)
    assert panel.legend.readings[0].text == "98.73 %"
    assert panel.view.axes["left"].tickStrings([0.5], 1.0, 0.5) == ["50 %"]


def test_every_control_has_a_name_and_a_tool_tip(panel):
    for control in [*panel.findChildren(QToolButton), panel.controls.slider]:
        if control.objectName().startswith("loss_plot"):
            assert control.accessibleName()
            assert control.toolTip()


def test_a_narrow_panel_folds_the_slider_away(qtbot, panel):
    panel.resize(700, 300)
    assert panel.controls.slider.isVisibleTo(panel)
    narrow = panel.minimumSizeHint().width()
    assert narrow < 400
    panel.resize(narrow, 300)
    assert not panel.controls.slider.isVisibleTo(panel)
    drawn(qtbot, panel)
    assert panel.controls.more.geometry().right() <= panel.controls.width()
