"""The samples panel: gallery, mistakes, pages, points."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QToolButton

from playground.widgets.common.theme import theme
from playground.widgets.samples.page import ImagePage
from playground.widgets.samples.panel import SamplesPanel

TOTAL = 500
CLASSES = tuple("0123456789")


@pytest.fixture
def panel(qtbot):
    """A visible panel whose requests are answered with images of one brightness, every fifth told wrongly."""
    panel = SamplesPanel()
    qtbot.addWidget(panel)
    panel.page_requested.connect(lambda _, chosen, first, count: answer(panel, chosen, first, count))
    panel.resize(600, 260)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.set_mistakes(100)
    panel.set_ranges((0, 255), (-0.4242, 2.8215))
    panel.request_page()
    return panel


def answer(panel, chosen, first, count):
    """What a controller would do."""
    numbers = np.arange(TOTAL)
    numbers = numbers[numbers % 5 == 0] if chosen == "mistakes" else numbers
    page = numbers[first : first + count]
    images = np.broadcast_to((page % 256)[:, None, None], (len(page), 28, 28)).astype(np.uint8)
    labels = tuple(CLASSES[i % 10] for i in page)
    predictions = tuple(CLASSES[(i + 1) % 10 if i % 5 == 0 else i % 10] for i in page)
    scores = np.tile(np.linspace(0.0, 0.2, 10), (len(page), 1))
    panel.set_position(first, len(numbers))
    panel.set_images(images, labels, predictions, scores, indices=page, classes=CLASSES)


def wheel(gallery, notches):
    """Turn the wheel over the gallery."""
    at, none = QPointF(20, 20), Qt.MouseButton.NoButton
    event = QWheelEvent(
        at,
        QPointF(gallery.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        none,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(gallery, event)


def test_an_empty_panel_invites_to_load_data(qtbot):
    panel = SamplesPanel()
    qtbot.addWidget(panel)
    panel.show()
    with qtbot.waitSignal(panel.action_requested):
        QTest.mouseClick(panel.invitation.button, Qt.MouseButton.LeftButton)


def test_the_gallery_fills_the_width_in_rows(panel):
    gallery = panel.gallery
    last = gallery.tile_rect(gallery._tiling.columns - 1)
    assert abs(gallery.width() - 1 - last.right()) <= 1
    assert gallery._tiling.rows >= 2
    assert gallery.shown == gallery.capacity == panel.page_size


def test_tiles_show_their_images(panel):
    picture = panel.gallery.grab().toImage()
    ratio = picture.devicePixelRatio()
    for i in (1, 7):
        place = panel.gallery.tile_rect(i).center() * ratio
        assert picture.pixelColor(place).red() == i


def test_a_mistake_has_a_frame_and_says_what_was_taken_for_what(panel):
    assert panel.gallery.page.caption(0) == "0 → 1"
    assert panel.gallery.page.caption(1) == "1"
    picture = panel.gallery.grab().toImage()
    frame = QColor(theme.color("bad"))
    corners = [picture.pixelColor(panel.gallery.tile_rect(i).topLeft() + QPoint(0, 9)) for i in (0, 1)]
    assert [corner == frame for corner in corners] == [True, False]


def test_only_mistakes_on_request(panel):
    combo = panel.findChild(QComboBox, "samples_filter")
    assert combo.itemText(1) == "Mistakes (100)"
    combo.setCurrentIndex(1)
    assert all(panel.gallery.page.is_mistake(i) for i in range(len(panel.gallery.page)))
    assert "of 100" in panel.footer.position.text()


def test_without_predictions_there_is_nothing_to_filter(panel):
    panel.set_mistakes(None)
    assert not panel.filter.isEnabled()
    assert panel.chosen_filter == "all"


def test_buttons_turn_pages(panel):
    size = panel.page_size
    following = panel.findChild(QToolButton, "samples_next")
    QTest.mouseClick(following, Qt.MouseButton.LeftButton)
    assert panel.gallery.page.index(0) == size
    assert panel.footer.position.text() == f"{size + 1} to {2 * size} of 500"
    QTest.mouseClick(panel.footer.previous, Qt.MouseButton.LeftButton)
    assert panel.gallery.page.index(0) == 0
    assert not panel.footer.previous.isEnabled()


@pytest.mark.parametrize("width", [272, 320, 400, 520, 560, 600, 900])
def test_the_place_of_a_page_is_never_cut_off(panel, width):
    panel.resize(width, 260)
    panel.set_position(59_900, 60_000)
    QApplication.processEvents()
    position = panel.footer.position
    assert position.isVisible()
    assert position.width() >= position.fontMetrics().horizontalAdvance(position.text())
    assert "59,901" in position.text()
    assert "of 60,000" in position.toolTip()


def test_the_wheel_turns_pages_and_stops_at_the_ends(panel):
    wheel(panel.gallery, 1)
    assert panel.gallery.page.index(0) == 0
    for _ in range(TOTAL):
        wheel(panel.gallery, -1)
    assert panel.gallery.page.index(len(panel.gallery.page) - 1) == TOTAL - 1
    assert not panel.footer.next.isEnabled()


def test_another_split_starts_at_its_first_sample(panel, qtbot):
    panel.turn(1)
    with qtbot.waitSignal(panel.page_requested) as asked:
        panel.split.setCurrentIndex(2)
    assert asked.args == ["test", "all", 0, panel.page_size]


def test_a_larger_panel_asks_for_more(panel):
    before = panel.page_size
    panel.resize(900, 500)
    QApplication.processEvents()
    assert panel.page_size > before
    assert panel.gallery.shown == panel.page_size


def test_clicks_and_arrows_select(panel, qtbot):
    with qtbot.waitSignal(panel.sample_selected) as chosen:
        QTest.mouseClick(panel.gallery, Qt.MouseButton.LeftButton, pos=panel.gallery.tile_rect(3).center())
    assert chosen.args == [3]
    with qtbot.waitSignal(panel.sample_selected) as chosen:
        QTest.keyClick(panel.gallery, Qt.Key.Key_Right)
    assert chosen.args == [4]


def test_an_image_tells_its_number_its_label_and_the_likeliest_classes(panel):
    assert panel.gallery.describe(5).splitlines() == ["image 5: 5 → 6", "9   20.0 %", "8   17.8 %", "7   15.6 %"]


def test_the_range_can_be_switched(panel, qtbot):
    assert panel.footer.ranges.text() == "raw 0…255 · as the net sees it \N{MINUS SIGN}0.4242…2.821"
    with qtbot.waitSignal(panel.range_chosen) as chosen:
        panel.footer.range.setCurrentIndex(3)
    assert chosen.args == ["standard"]


def test_no_mistakes_is_said(panel):
    panel.filter.setCurrentIndex(1)
    panel.set_images(np.zeros((0, 28, 28), np.uint8), ())
    assert "No mistakes" in panel.invitation.sentence.text()
    assert panel.invitation.isVisible()


def test_floats_are_shown_between_the_ends_of_their_range():
    images = np.array([[[-1.0, 0.0, 1.0, np.nan]]], np.float32)
    picture = ImagePage(images, ("0",), shown_range=(-1, 1)).pictures()[0]
    assert [picture.pixelColor(x, 0).red() for x in range(4)] == [0, 128, 255, 0]


def test_colour_images_keep_their_channels():
    images = np.array([[[[10, 20, 30], [40, 50, 60]]]], np.uint8)
    picture = ImagePage(images, ("0",)).pictures()[0]
    assert picture.pixelColor(1, 0).getRgb()[:3] == (40, 50, 60)


def test_points_have_a_marker_for_each_class_and_a_ring_for_each_mistake(panel):
    points = np.random.default_rng(0).normal(size=(30, 2))
    labels = tuple("abc"[i % 3] for i in range(30))
    predictions = ("a",) * 30
    panel.set_points(points, labels, predictions)
    assert panel.scatter.isVisible()
    assert panel.scatter.mistakes == 20
    assert len({item.opts["symbol"] for item in panel.scatter._classes}) == 3
    panel.set_decision(np.zeros((10, 10, 3), np.uint8), (-1, -1, 2, 2))
    assert panel.scatter._decision.isVisible()


def test_a_regression_shows_its_line_and_the_gallery_comes_back(panel):
    x = np.linspace(-1, 1, 20)
    panel.set_curve(x, 2 * x, x, 1.9 * x)
    np.testing.assert_array_equal(panel.scatter._line.yData, 1.9 * x)
    panel.request_page()
    assert panel.gallery.isVisible()


def test_every_control_has_a_name_and_a_tool_tip(panel):
    for control in (panel.split, panel.filter, panel.footer.range, panel.footer.previous, panel.footer.next):
        assert control.objectName().startswith("samples_")
        assert control.accessibleName()
        assert control.toolTip()
