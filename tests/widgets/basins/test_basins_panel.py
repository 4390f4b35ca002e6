"""The basins panel, as a person uses it."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QSlider, QToolButton

from playground.widgets.basins.panel import BasinsPanel
from playground.widgets.basins.values import DIVERGED, NOT_ARRIVED, BasinsValues
from playground.widgets.common.arguments import Argument
from playground.widgets.common.choices import Choice
from playground.widgets.common.theme import theme

RATE = Argument("lr", ("float",), 0.001)
CHOICES = (
    Choice("Adam", (RATE, Argument("amsgrad", ("bool",), False))),
    Choice("LBFGS", (RATE,), refused="LBFGS looks at all starts at once."),
    Choice("SGD", (RATE, Argument("momentum", ("float",), 0.0))),
)
MINIMA = ((3.0, 2.0, ""), (-3.8, -3.3, ""))
SENTENCE = "Adam, rate 0.1"


def values(side=64, is_final=True):
    """Left half to the first minimum in 40 steps, right half to the second in 400, corners to none."""
    labels = np.zeros((side, side), np.int16)
    labels[:, side // 2 :] = 1
    steps = np.full((side, side), 40, np.int32)
    steps[:, side // 2 :] = 400
    labels[0, 0], labels[0, -1] = NOT_ARRIVED, DIVERGED
    return BasinsValues((-6, 6, -6, 6), labels, steps, MINIMA, (0.31, 0.69), 500, 1.1, is_final, SENTENCE)


@pytest.fixture
def panel(qtbot):
    """A visible panel with a picture."""
    panel = empty(qtbot)
    panel.set_picture(values())
    qtbot.waitUntil(lambda: panel.picture.isVisible() and panel.picture.width() > 100)
    return panel


def empty(qtbot):
    panel = BasinsPanel()
    qtbot.addWidget(panel)
    panel.set_choices(CHOICES)
    panel.show_values({"name": "Adam", "args": {"lr": 0.1}}, 256, 500)
    panel.resize(340, 620)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def primary(panel):
    return panel.findChild(QPushButton, "basins_primary")


def pixel(panel, x, y):
    """The picture's pixel of a point of the domain."""
    return panel.picture.pixel_of(x, y).toPoint()


def read(panel, x, y):
    """What the panel says with the pointer there."""
    at, none = pixel(panel, x, y).toPointF(), Qt.MouseButton.NoButton
    moved = QMouseEvent(QEvent.Type.MouseMove, at, panel.picture.mapToGlobal(at), none, none, Qt.KeyboardModifier(0))
    QApplication.sendEvent(panel.picture, moved)
    return panel.readout.said()


def test_an_empty_panel_invites_to_compute(qtbot):
    panel = empty(qtbot)
    assert "which minimum each start reaches" in panel.invitation.sentence.text()
    assert not primary(panel).isVisible()
    assert panel.image() is None
    with qtbot.waitSignal(panel.compute_requested):
        QTest.mouseClick(panel.invitation.button, Qt.MouseButton.LeftButton)


def test_a_picture_on_the_way_can_be_cancelled_and_a_finished_one_computed_again(panel, qtbot):
    panel.set_running(True)
    panel.set_picture(values(is_final=False))
    assert panel.progress.text().endswith("…")
    assert primary(panel).text() == "Cancel"
    with qtbot.waitSignal(panel.cancel_requested):
        QTest.mouseClick(primary(panel), Qt.MouseButton.LeftButton)
    panel.set_running(False)
    panel.set_picture(values())
    assert panel.progress.text() == "64 × 64, 1.1 s"  # noqa: RUF001
    with qtbot.waitSignal(panel.compute_requested):
        QTest.mouseClick(primary(panel), Qt.MouseButton.LeftButton)


def test_the_first_computation_can_be_cancelled_before_it_shows_anything(qtbot):
    panel = empty(qtbot)
    panel.set_running(True)
    assert not panel.invitation.button.isVisible()
    with qtbot.waitSignal(panel.cancel_requested):
        QTest.mouseClick(primary(panel), Qt.MouseButton.LeftButton)


def test_the_picture_shows_row_0_at_the_bottom(panel):
    area, shown = panel.picture.area(), panel.picture.grab().toImage()
    bottom_left = shown.pixelColor(area.left() + 1, area.bottom() - 2)
    top_left = shown.pixelColor(area.left() + 2, area.top() + 3)
    image = panel.image()
    assert [bottom_left.red(), bottom_left.green(), bottom_left.blue()] == image[0, 0, :3].tolist()
    assert [top_left.red(), top_left.green(), top_left.blue()] == image[-1, 0, :3].tolist()


def test_the_pointer_reads_start_minimum_and_steps(panel):
    assert panel.readout.said() == SENTENCE
    assert read(panel, -3, 1).endswith("→ (3, 2), 40 steps")
    assert read(panel, 3, 1).endswith("→ (−3.8, −3.3), 400 steps")  # noqa: RUF001
    assert "not arrived in 40 steps" in read(panel, -5.95, -5.95)
    assert "diverged, 400 steps" in read(panel, 5.95, -5.95)
    QApplication.sendEvent(panel.picture, QEvent(QEvent.Type.Leave))
    assert panel.readout.said() == SENTENCE


def test_the_pointer_beside_the_picture_reads_nothing(panel):
    assert read(panel, 7.5, 0) == SENTENCE
    assert panel.picture.cell_at(QPoint(2, 2).toPointF()) is None


def test_a_click_chooses_exactly_the_start_of_that_cell(panel, qtbot):
    with qtbot.waitSignal(panel.start_chosen) as chosen:
        QTest.mouseClick(panel.picture, Qt.MouseButton.LeftButton, pos=pixel(panel, 1.0, -2.0))
    x, y = chosen.args
    assert abs(x - 1) < 0.15
    assert abs(y + 2) < 0.15
    centres = -6 + 12 * (np.arange(64) + 0.5) / 64
    assert np.abs(centres - x).min() < 1e-12
    assert np.abs(centres - y).min() < 1e-12


def test_minima_and_start_are_marked(panel):
    before = panel.picture.grab().toImage()
    at = pixel(panel, *MINIMA[0][:2])
    cross = [at + QPoint(across, up) for across in (-1, 0, 1) for up in (-1, 0, 1)]  # it may lie between pixels too
    assert max(before.pixelColor(place).lightness() for place in cross) > 250
    ring = [pixel(panel, -3, 3) + QPoint(across, 0) for across in range(3, 9)]
    assert max(before.pixelColor(place).lightness() for place in ring) < 200
    panel.set_start(-3, 3)
    after = panel.picture.grab().toImage()
    assert max(after.pixelColor(place).lightness() for place in ring) > 200


def test_the_legend_has_minima_by_share_then_what_did_not_arrive(panel):
    legend = panel.findChild(QLabel, "basins_legend")
    names = legend.accessibleName().split(", ")
    assert legend.accessibleName().startswith("(−3.8, −3.3) 69 %, (3, 2) 31 %")  # noqa: RUF001
    assert names[-2:] == ["not arrived < 0.1 %", "diverged < 0.1 %"]


def test_many_minima_are_told_together(panel):
    minima = tuple((float(i), 0.0, "") for i in range(20))
    labels, steps = np.zeros((64, 64), np.int16), np.ones((64, 64), np.int32)
    shares = (0.05,) * 20
    panel.set_picture(BasinsValues((-6, 6, -6, 6), labels, steps, minima, shares, 9, 0.2, is_final=True))
    assert panel.legend.accessibleName().endswith("14 more 70 %")


def test_dragging_the_slider_tells_every_rate_on_the_way(panel):
    told, committed = [], []
    panel.dragged.connect(lambda path, value: told.append((path, value)))
    panel.edited.connect(lambda *edit: committed.append(edit))
    slider = panel.findChild(QSlider, "basins_rate_slider")
    slider.setFocus()
    for _ in range(3):
        QTest.keyClick(slider, Qt.Key.Key_PageUp)
    assert [path for path, _ in told] == ["optimizer"] * 3
    rates = [value["args"]["lr"] for _, value in told]
    assert rates == [0.158, 0.251, 0.398]
    assert told[-1][1] == {"name": "Adam", "args": {"lr": 0.398}}
    assert panel.form.rate.field.value() == 0.398
    assert committed == []


def test_a_rate_in_the_field_moves_the_slider(panel, qtbot):
    number = panel.form.rate.field.number
    number.setFocus()
    number.selectAll()
    QTest.keyClicks(number, "1e-3")
    with qtbot.waitSignal(panel.edited) as edit, qtbot.assertNotEmitted(panel.dragged):
        QTest.keyClick(number, Qt.Key.Key_Return)
    assert edit.args == ["optimizer", {"name": "Adam", "args": {"lr": 0.001}}]
    assert panel.form.rate.slider.value() == -150


@pytest.mark.parametrize(("rate", "place"), [(1e9, 50), (0.0, -250), (1e-12, -250)])
def test_a_rate_beyond_the_slider_is_kept(panel, qtbot, rate, place):
    with qtbot.assertNotEmitted(panel.edited), qtbot.assertNotEmitted(panel.dragged):
        panel.show_values({"name": "Adam", "args": {"lr": rate}}, 256, 500)
    assert panel.form.rate.value() == rate
    assert panel.form.rate.slider.value() == place


def test_a_negative_rate_is_refused_below_the_field(panel, qtbot):
    number = panel.form.rate.field.number
    number.selectAll()
    QTest.keyClicks(number, "-1")
    with qtbot.assertNotEmitted(panel.edited):
        QTest.keyClick(number, Qt.Key.Key_Return)
    assert any("least that fits" in label.text() for label in panel.form.grid.findChildren(QLabel))


def test_a_refused_optimiser_is_there_but_cannot_be_chosen(panel):
    combo = panel.form.name
    place = combo.findText("LBFGS")
    assert not combo.model().item(place).isEnabled()
    assert combo.itemData(place, Qt.ItemDataRole.ToolTipRole) == "LBFGS looks at all starts at once."
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert combo.currentText() == "SGD"


def test_another_optimiser_brings_its_own_arguments_and_remembers_the_old_ones(panel, qtbot):
    with qtbot.waitSignal(panel.edited) as edit:
        panel.form.name.setCurrentIndex(2)
    assert edit.args == ["optimizer", {"name": "SGD", "args": {"lr": 0.001}}]
    QTest.mouseClick(panel.form.fold.button, Qt.MouseButton.LeftButton)
    momentum = panel.form.arguments.editor("momentum")
    assert momentum.isVisible()
    momentum.setFocus()
    QTest.keyClicks(momentum, "0.9")
    with qtbot.waitSignal(panel.edited) as edit:
        QTest.keyClick(momentum, Qt.Key.Key_Return)
    assert edit.args[1] == {"name": "SGD", "args": {"lr": 0.001, "momentum": 0.9}}
    with qtbot.waitSignal(panel.edited) as edit:
        panel.form.name.setCurrentIndex(0)
    assert edit.args[1] == {"name": "Adam", "args": {"lr": 0.1}}


def test_starts_and_steps_are_edited_by_their_paths(panel, qtbot):
    with qtbot.waitSignal(panel.edited) as edit:
        panel.form.side.setCurrentIndex(4)
    assert edit.args == ["side", 1024]
    with qtbot.waitSignal(panel.edited) as edit:
        panel.form.steps.setValue(2_000)
    assert edit.args == ["steps", 2_000]


def test_a_problem_stands_in_the_panel_and_the_picture_stays(panel):
    panel.show_message("LBFGS cannot show basins: all starts are one.")
    assert panel.message.isVisible()
    assert "LBFGS cannot show basins" in panel.message.text()
    assert panel.picture.isVisible()
    panel.show_message("")
    assert not panel.message.isVisible()


def test_the_underlay_is_offered_once_there_is_a_picture(panel, qtbot):
    with qtbot.waitSignal(panel.underlay_toggled) as toggled:
        QTest.mouseClick(panel.underlay, Qt.MouseButton.LeftButton, pos=QPoint(8, panel.underlay.height() // 2))
    assert toggled.args == [True]
    panel.clear()
    assert not panel.underlay.isEnabled()
    assert panel.invitation.isVisible()


def test_save_asks_for_the_picture(panel, qtbot):
    with qtbot.waitSignal(panel.save_image_requested):
        panel.findChild(QToolButton, "basins_save").menu().actions()[0].trigger()
    saved = panel.saved_picture()
    assert saved.width() > 1.9 * panel.picture.width()
    across = {saved.pixel(x, saved.height() // 3) for x in range(saved.width())}
    assert len(across) > 3


def test_the_line_below_never_takes_a_second_line(panel):
    height = panel.readout.height()
    panel.readout.say("word " * 100)
    assert panel.readout.height() == height
    assert panel.readout.text().endswith("…")
    assert panel.readout.toolTip() == "word " * 100


def test_the_theme_recolours_what_did_not_arrive(panel):
    try:
        theme.choose("dark")
        dark = panel.image()[0, 0].tolist()
        theme.choose("light")
        assert panel.image()[0, 0].tolist() != dark
    finally:
        theme.choose("light")


def test_it_fits_a_narrow_dock(panel):
    assert panel.minimumSizeHint().width() <= 300


def test_every_control_has_a_name_and_a_tool_tip(panel):
    form = panel.form
    controls = [panel.save, panel.underlay, primary(panel), form.name, form.rate.slider, form.side, form.steps]
    assert all(control.accessibleName() and control.toolTip() for control in controls)


def test_a_picture_that_was_cancelled_says_that_it_stopped(panel):
    panel.set_running(True)
    panel.set_picture(values(is_final=False))
    assert panel.progress.text().endswith(" s …")
    panel.set_running(False)
    assert panel.progress.text().endswith(" s, stopped")
    panel.set_picture(values(is_final=True))
    assert panel.progress.text().endswith(" s")
