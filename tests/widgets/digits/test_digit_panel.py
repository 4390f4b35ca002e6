"""The digit panel: what it asks for and how it shows the answer."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from playground.widgets.digits.panel import DigitPanel

ANSWER = np.array([0.001, 0.001, 0.004, 0.974, 0.0, 0.012, 0.0, 0.003, 0.004, 0.001])


@pytest.fixture
def panel(qtbot):
    """A visible panel as wide as a column."""
    panel = DigitPanel()
    qtbot.addWidget(panel)
    panel.resize(300, 540)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def draw(panel):
    """Draw a short stroke in the middle."""
    middle = panel.canvas.square().center().toPoint()
    QTest.mousePress(panel.canvas, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(panel.canvas, middle + QPoint(20, 20))
    QTest.mouseRelease(panel.canvas, Qt.MouseButton.LeftButton, pos=middle + QPoint(20, 20))


def test_it_fits_a_narrow_column_and_a_small_window(panel):
    assert panel.width() == 300
    assert panel.minimumSizeHint().width() <= 300
    assert panel.minimumSizeHint().height() <= 520


def test_a_stroke_is_told_and_can_be_undone(panel, qtbot):
    undo = panel.findChild(QPushButton, "digit_undo")
    assert not undo.isEnabled()
    with qtbot.waitSignals([panel.ink_changed, panel.stroke_finished]):
        draw(panel)
    assert undo.isEnabled()
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert panel.canvas.is_blank
    assert not undo.isEnabled()


def test_an_answer_has_digit_confidence_and_latency(panel):
    panel.show_prediction(ANSWER, "3", 0.62)
    assert panel.answer.text() == "3"
    assert panel.confidence.text() == "97.4 % · 0.6 ms"
    np.testing.assert_array_equal(panel.bars.values, ANSWER)
    assert "3 97.4 %" in panel.bars.accessibleName()


def test_bars_glide_to_their_values(panel, qtbot):
    panel.show_prediction(ANSWER, "3", 0.6)
    qtbot.waitUntil(lambda: np.allclose(panel.bars._drawn, ANSWER))


def test_the_input_is_shown_pixel_for_pixel(panel):
    pixels = np.linspace(-0.42, 2.82, 784).reshape(28, 28)
    panel.show_input(pixels)
    image = panel.input.image
    assert (image.width(), image.height()) == (28, 28)
    assert image.pixelColor(0, 0).red() == 0
    assert image.pixelColor(27, 27).red() == 255
    shown = panel.input.grab().toImage()
    assert shown.pixelColor(0, 0) == shown.pixelColor(2, 2)


def test_clear_wipes_pad_and_answer(panel):
    draw(panel)
    panel.show_prediction(ANSWER, "3", 0.6)
    QTest.mouseClick(panel.wipe, Qt.MouseButton.LeftButton)
    assert panel.canvas.is_blank
    assert panel.answer.text() == ""
    assert panel.bars.values is None


def test_the_models_are_offered_by_title_and_chosen_by_key(panel, qtbot):
    panel.set_models([("training", "in training"), ("shipped", "shipped")])
    with qtbot.waitSignal(panel.model_chosen) as chosen:
        panel.model.setCurrentIndex(1)
    assert chosen.args == ["shipped"]
    with qtbot.assertNotEmitted(panel.model_chosen):
        panel.set_models([("shipped", "shipped"), ("mine", "mine")])
    assert panel.model.currentData() == "shipped"


def test_a_message_gives_way_to_the_next_answer(panel):
    panel.show_message("The model takes 32 x 32 images: choose another one.")
    assert panel.message.isVisible()
    panel.show_prediction(ANSWER, "3", 0.6)
    assert not panel.message.isVisible()


def test_other_classes_have_their_names(panel):
    panel.set_labels(("cat", "dog"))
    panel.show_prediction(np.array([0.25, 0.75]), "dog", 1.0)
    assert panel.bars.accessibleName() == "cat 25.0 %, dog 75.0 %"


def test_the_answer_stands_beside_the_pad_where_it_is_wide(panel):
    assert panel.bars.y() > panel.canvas.y() + panel.canvas.height() // 2
    panel.resize(900, 500)
    QApplication.processEvents()
    assert panel.bars.x() > panel.canvas.geometry().right()


def test_the_brush_slider_sets_the_brush(panel):
    panel.brush.setValue(14)
    assert panel.canvas.brush == pytest.approx(0.14)


def test_every_control_has_a_name_and_a_tool_tip(panel):
    for control in (panel.undo, panel.wipe, panel.brush, panel.model, panel.canvas, panel.bars, panel.input):
        assert control.objectName().startswith("digit_")
        assert control.accessibleName()
        assert control.toolTip()
