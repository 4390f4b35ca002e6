"""Drawing on the pad with real mouse events."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.widgets.digits.canvas import DigitCanvas
from playground.widgets.digits.marks import INK_SIDE


@pytest.fixture
def canvas(qtbot):
    """A visible pad, wider than high."""
    canvas = DigitCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(260, 200)
    with qtbot.waitExposed(canvas):
        canvas.show()
    return canvas


def draw(canvas, places, button=Qt.MouseButton.LeftButton):
    """Draw through places given as fractions of the pad."""
    square = canvas.square()
    points = [(square.topLeft() + QPointF(x * square.width(), y * square.height())).toPoint() for x, y in places]
    QTest.mousePress(canvas, button, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(canvas, point)
        QApplication.processEvents()
    QTest.mouseRelease(canvas, button, pos=points[-1])


def test_a_new_pad_is_blank(canvas):
    assert canvas.is_blank
    assert canvas.ink().shape == (INK_SIDE, INK_SIDE)
    assert canvas.ink().dtype == np.float32
    assert not canvas.ink().any()


def test_a_click_leaves_a_round_dot_of_the_brush_width(canvas):
    canvas.brush = 0.2
    draw(canvas, [(0.5, 0.5)])
    ink = canvas.ink()
    assert ink.max() == 1.0
    assert ink.sum() == pytest.approx(np.pi * (0.1 * INK_SIDE) ** 2, rel=0.03)


def test_a_line_lands_where_it_was_drawn(canvas):
    draw(canvas, [(0.2, 0.5), (0.4, 0.5), (0.6, 0.5), (0.8, 0.5)])
    ink = canvas.ink()
    rows, columns = np.nonzero(ink > 0.5)
    half = canvas.brush * INK_SIDE / 2
    assert rows.mean() == pytest.approx(140, abs=2)
    assert columns.min() == pytest.approx(56 - half, abs=3)
    assert columns.max() == pytest.approx(224 + half, abs=3)


def test_corners_are_rounded(canvas):
    canvas.brush = 0.02
    draw(canvas, [(0.2, 0.8), (0.5, 0.2), (0.8, 0.8)])
    rows, _ = np.nonzero(canvas.ink() > 0.5)
    assert rows.min() > 0.3 * INK_SIDE


def test_ink_is_told_while_drawing_and_at_the_end(canvas):
    heard, ended = [], []
    canvas.ink_changed.connect(heard.append)
    canvas.stroke_finished.connect(ended.append)
    draw(canvas, [(0.2, 0.2), (0.5, 0.5), (0.8, 0.8)])
    assert len(heard) >= 2
    assert len(ended) == 1
    np.testing.assert_array_equal(ended[0], canvas.ink())
    np.testing.assert_array_equal(heard[-1], ended[0])
    assert heard[0].sum() < heard[-1].sum()


def test_many_touches_in_one_turn_are_told_once(canvas, qtbot):
    heard = []
    canvas.ink_changed.connect(heard.append)
    for step in range(50):
        canvas._begin(QPointF(40, 40), 1.0, False)
        canvas._go_on(QPointF(40 + step, 60), 1.0)
    assert not heard
    qtbot.waitUntil(lambda: len(heard) == 1)


def test_undo_takes_one_stroke_back_and_redo_brings_it_again(canvas):
    draw(canvas, [(0.2, 0.2), (0.8, 0.2)])
    one = canvas.ink()
    draw(canvas, [(0.2, 0.8), (0.8, 0.8)])
    two = canvas.ink()
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(canvas.ink(), one)
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    np.testing.assert_array_equal(canvas.ink(), two)
    canvas.undo()
    canvas.undo()
    canvas.undo()
    assert not canvas.ink().any()


def test_clearing_can_be_undone(canvas):
    draw(canvas, [(0.2, 0.2), (0.8, 0.2)])
    before = canvas.ink()
    canvas.clear()
    assert canvas.is_blank
    assert not canvas.ink().any()
    canvas.undo()
    np.testing.assert_array_equal(canvas.ink(), before)


def test_the_right_button_erases(canvas):
    draw(canvas, [(0.1, 0.5), (0.9, 0.5)])
    before = canvas.ink().sum()
    draw(canvas, [(0.5, 0.4), (0.5, 0.6)], Qt.MouseButton.RightButton)
    assert canvas.ink().sum() < before
    assert canvas.ink()[140, 140] == 0


def test_strokes_keep_their_shape_at_any_size(canvas):
    draw(canvas, [(0.2, 0.2), (0.5, 0.7), (0.8, 0.3)])
    before = canvas.ink()
    canvas.resize(500, 480)
    QApplication.processEvents()
    np.testing.assert_array_equal(canvas.ink(), before)
    middle = canvas.square().center().toPoint()
    draw(canvas, [(0.5, 0.5)])
    assert canvas.grab().toImage().pixelColor(middle).lightness() > 200


def test_a_laid_image_becomes_the_ink(canvas):
    image = np.zeros((28, 28), np.float32)
    image[10:18, 10:18] = 1.0
    canvas.set_ink_image(image)
    assert canvas.ink()[140, 140] == 1.0
    assert canvas.ink()[20, 20] == 0.0
    canvas.undo()
    assert canvas.is_blank


def test_a_dropped_file_is_named(canvas, qtbot, tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "eine 7.png"))])
    event = QDropEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    with qtbot.waitSignal(canvas.image_dropped) as dropped:
        canvas.dropEvent(event)
    assert dropped.args == [str(tmp_path / "eine 7.png")]


def test_a_pasted_image_arrives_as_bytes(canvas, qtbot):
    image = QImage(5, 3, QImage.Format.Format_ARGB32)
    image.fill(QColor(10, 20, 30))
    image.setPixelColor(4, 2, QColor(0, 0, 0, 0))
    QGuiApplication.clipboard().setImage(image)
    canvas.setFocus()
    with qtbot.waitSignal(canvas.image_pasted) as pasted:
        QTest.keyClick(canvas, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    pixels = pasted.args[0]
    assert pixels.shape == (3, 5, 3)
    assert pixels[0, 0].tolist() == [10, 20, 30]
    assert pixels[2, 4].tolist() == [255, 255, 255]


def test_pressure_widens_the_brush(canvas):
    inks = []
    for strength in (0.4, 1.6):
        canvas._begin(QPointF(60, 60), strength, False)
        canvas._go_on(QPointF(160, 60), strength)
        canvas._end()
        inks.append(canvas.ink().sum())
        canvas.clear()
    assert inks[1] > 2 * inks[0]


def test_only_the_square_is_the_pad(canvas):
    square = canvas.square()
    assert square.width() == square.height() == 200
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert canvas.ink()[:, 30:].sum() == 0
