"""The table of actions: names, menus, keys and mnemonics that do not collide, and nothing that does nothing."""

from collections import Counter

import pytest
from PySide6.QtCore import SIGNAL
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenuBar

from playground.actions import MENUS, TABLE, Actions


@pytest.fixture
def bar(qtbot):
    """A menu bar made from the table."""
    bar = QMenuBar()
    qtbot.addWidget(bar)
    return bar


def twice(values):
    return [value for value, count in Counter(values).items() if count > 1]


def test_every_entry_is_in_a_menu_under_a_name_of_its_own():
    assert twice(entry.name for entry in TABLE) == []
    assert {entry.menu for entry in TABLE} <= {name for name, _ in MENUS}


def test_no_key_means_two_things(bar):
    keys = [action.shortcut().toString() for action in Actions(bar).all()]
    assert twice(key for key in keys if key) == []


def test_every_key_is_one_that_can_be_pressed(bar):
    actions = Actions(bar)
    for entry in TABLE:
        if entry.keys is not None:
            assert not actions[entry.name].shortcut().isEmpty(), entry.name


def test_saving_and_opening_have_the_platform_s_keys(bar):
    actions = Actions(bar)
    assert actions["save"].shortcut() == QKeySequence(QKeySequence.StandardKey.Save)
    assert actions["open"].shortcut() == QKeySequence(QKeySequence.StandardKey.Open)


def test_the_letters_of_a_menu_are_unique(bar):
    for menu in Actions(bar).fill(bar).values():
        texts = [action.text() for action in menu.actions() if not action.isSeparator()]
        letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
        assert twice(letters) == [], menu.title()


def test_an_entry_nobody_listens_to_would_be_seen(bar):
    action = Actions(bar)["new"]
    assert action.receivers(SIGNAL("triggered(bool)")) == 0
    action.triggered.connect(bar.hide)
    assert action.receivers(SIGNAL("triggered(bool)")) == 1
