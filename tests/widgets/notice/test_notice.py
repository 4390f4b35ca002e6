"""One line for what happened: the newest in front, the others counted, the details on request."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from playground.widgets.notice.notice import MOST, Notice


@pytest.fixture
def notice(qtbot):
    notice = Notice()
    qtbot.addWidget(notice)
    return notice


def test_it_takes_no_room_until_something_happens(notice):
    assert notice.isHidden()
    notice.show_message("It was saved.", "good")
    assert notice.isVisible()
    assert notice.sentence.text() == "It was saved."


def test_details_unfold_and_can_be_selected(qtbot, notice):
    notice.show_message("It failed.", "bad", "Traceback: x")
    assert not notice.details.isVisible()
    qtbot.mouseClick(notice.details_button, Qt.MouseButton.LeftButton)
    assert notice.details.isVisible()
    assert notice.details.toPlainText() == "Traceback: x"
    notice.show_message("Something else.", "info")
    assert not notice.details.isVisible()
    assert not notice.details_button.isVisible()


def test_the_newest_stands_in_front_and_the_others_are_counted(qtbot, notice):
    for sentence in ("one", "two", "three"):
        notice.show_message(sentence)
    assert notice.sentence.text() == "three"
    assert notice.more.text() == "2 more"
    qtbot.mouseClick(notice.close_button, Qt.MouseButton.LeftButton)
    assert notice.sentence.text() == "two"
    qtbot.keyClick(notice, Qt.Key.Key_Escape)
    assert notice.sentence.text() == "one"
    assert not notice.more.isVisible()
    notice.close_message()
    assert notice.isHidden()


def test_the_same_message_again_is_not_another_one(notice):
    notice.show_message("one")
    notice.show_message("two")
    notice.show_message("one")
    assert [message.sentence for message in notice.messages()] == ["two", "one"]


def test_a_flood_is_bounded(notice):
    for number in range(3 * MOST):
        notice.show_message(f"fault {number}")
    assert len(notice.messages()) == MOST
    assert notice.sentence.text() == f"fault {3 * MOST - 1}"


def test_an_action_says_its_key_and_closes_its_message(qtbot, notice):
    notice.show_message("It is damaged.", "warning", "", [("backup", "Open the one before")])
    with qtbot.waitSignal(notice.action) as action:
        qtbot.mouseClick(notice.findChild(QPushButton, "notice_action_backup"), Qt.MouseButton.LeftButton)
    assert action.args == ["backup"]
    assert notice.isHidden()


def test_a_sentence_is_text_and_never_markup(notice):
    notice.show_message("<b>loud</b>")
    assert notice.sentence.textFormat() == Qt.TextFormat.PlainText


def test_the_tone_is_an_icon_too(notice):
    pictures = set()
    for tone in ("info", "good", "warning", "bad"):
        notice.show_message(tone, tone)
        image = notice._icon.pixmap().toImage()
        shape = bytes(image.pixelColor(x, y).alpha() > 128 for x in range(image.width()) for y in range(image.height()))
        pictures.add(shape)
    assert len(pictures) == 4


def test_a_message_that_is_no_longer_so_is_withdrawn_wherever_it_stands(notice):
    for sentence in ("one", "two", "three"):
        notice.show_message(sentence)
    notice.withdraw("two")
    assert [message.sentence for message in notice.messages()] == ["one", "three"]
    assert notice.sentence.text() == "three"
    notice.withdraw("three")
    assert notice.sentence.text() == "one"
    notice.withdraw("one")
    assert notice.isHidden()
