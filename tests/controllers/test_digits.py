"""The digit pad over the models: the shipped one from the first start on, the run's when it is chosen."""

import math

import numpy as np
import pytest
from driving import SMALL, sentences, start_over, train, wait_until
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from playground.engine.data.spec import Images
from playground.engine.document import replace
from playground.engine.network.sequence import layer, sequence
from playground.engine.training.spec import TrainingSpec

DIGITS = replace(
    replace(
        replace(SMALL, "data", Images()),
        "network",
        sequence(layer("Flatten"), layer("Linear", in_features=784, out_features=10)),
    ),
    "training",
    TrainingSpec(batch_size=1_000, epochs=1, device="cpu"),
)


@pytest.fixture
def pad(program):
    """The pad, wiped, answered by the shipped model."""
    panel = program.window.digits
    panel.model.setCurrentIndex(0)
    panel.clear()
    return panel


def draw_one(panel):
    """An upright stroke, slightly slanted."""
    square = panel.canvas.square()
    points = [
        square.topLeft() + QPointF(0.54 - 0.06 * t, 0.2 + 0.6 * t) * square.width() for t in np.linspace(0, 1, 12)
    ]
    pressed = [point.toPoint() for point in points]
    QTest.mousePress(panel.canvas, Qt.MouseButton.LeftButton, pos=pressed[0])
    for point in pressed[1:]:
        QTest.mouseMove(panel.canvas, point)
    QTest.mouseRelease(panel.canvas, Qt.MouseButton.LeftButton, pos=pressed[-1])


def drop(widget, path):
    """Drop a file on a widget, as the window system does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    middle = QPointF(widget.rect().center())
    actions, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    widget.dropEvent(QDropEvent(middle, actions, data, button, Qt.KeyboardModifier.NoModifier))


def picture_of_zero(path):
    """A dark ring on light paper, as a photograph of a written zero is."""
    y, x = np.mgrid[:96, :96] - 47.5
    ring = np.abs(np.hypot(x / 0.75, y) - 32) < 5
    Image.fromarray(np.where(ring, 30, 225).astype(np.uint8)).save(path)
    return path


def test_the_shipped_model_reads_a_drawing_before_any_training(pad, program):
    assert program.run.document is None
    draw_one(pad)
    wait_until(lambda: pad.answer.text() == "1", "the drawing to be read as 1")
    assert math.isclose(pad.bars.values.sum(), 1, abs_tol=1e-4)
    assert pad.confidence.text().endswith(" ms")
    assert pad.input.isVisible()


def test_a_wiped_pad_has_no_answer(pad):
    draw_one(pad)
    wait_until(lambda: pad.answer.text() == "1", "the answer")
    pad.wipe.click()
    wait_until(lambda: pad.answer.text() == "", "the answer to go")


def test_the_net_of_the_run_answers_when_it_is_chosen(program, pad):
    train(program, DIGITS)
    assert [pad.model.itemText(index) for index in range(pad.model.count())] == [
        "shipped: digit-cnn",
        "trained: Two clouds",
    ]
    draw_one(pad)
    wait_until(lambda: pad.answer.text() == "1", "the shipped model's answer")
    before = pad.bars.values.copy()
    pad.model.setCurrentIndex(1)
    draw_one(pad)
    wait_until(lambda: not np.allclose(pad.bars.values, before), "the other model's answer")
    assert sentences(program) == []
    pad.clear()


def test_a_run_on_other_data_is_not_offered(program, pad):
    train(program, SMALL)
    assert pad.model.count() == 1
    assert pad.model.currentText() == "shipped: digit-cnn"


def test_a_picture_dropped_on_the_pad_is_read(pad, tmp_path):
    drop(pad.canvas, picture_of_zero(tmp_path / "null.png"))
    wait_until(lambda: pad.answer.text() == "0" and not pad.canvas.is_blank, "the picture to be read as 0")


def test_a_picture_dropped_on_the_window_is_read_too(program, pad, tmp_path):
    drop(program.window, picture_of_zero(tmp_path / "Ziffer nüll.png"))
    wait_until(lambda: pad.answer.text() == "0" and not pad.canvas.is_blank, "the picture to be read as 0")


@pytest.mark.parametrize("content", [b"", b"GIF89a and no more", bytes(range(256)) * 20])
def test_what_is_no_picture_is_one_notice(program, pad, tmp_path, content):
    path = tmp_path / "bad.png"
    path.write_bytes(content)
    drop(pad.canvas, path)
    wait_until(lambda: sentences(program) != [], "the notice")
    assert len(sentences(program)) == 1
    assert "cannot be read as an image" in sentences(program)[0]
    assert pad.canvas.is_blank
    draw_one(pad)
    wait_until(lambda: pad.answer.text() == "1", "the pad to answer as before")


def test_a_document_dropped_on_the_pad_is_opened(program, pad, tmp_path):
    program.session.save(tmp_path / "mine.playground")
    start_over(program, DIGITS)
    drop(pad.canvas, tmp_path / "mine.playground")
    assert program.session.document == SMALL
    assert sentences(program) == []
