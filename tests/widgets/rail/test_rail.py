"""The bar at the left: click or arrow to another workspace."""

import pytest
from PySide6.QtCore import Qt

from playground.widgets.common.theme import theme
from playground.widgets.rail.rail import Rail

ENTRIES = (("train", "Train", "chart-line"), ("digits", "Digits", "draw"), ("runs", "Runs", "restore"))


@pytest.fixture
def rail(qtbot):
    rail = Rail(ENTRIES)
    qtbot.addWidget(rail)
    rail.set_current("train")
    rail.resize(rail.width(), 500)
    rail.show()
    qtbot.waitExposed(rail)
    return rail


def test_a_click_asks_for_a_workspace_and_marks_it(qtbot, rail):
    with qtbot.waitSignal(rail.selected) as selected:
        qtbot.mouseClick(rail.buttons[1], Qt.MouseButton.LeftButton)
    assert selected.args == ["digits"]
    assert [button.isChecked() for button in rail.buttons] == [False, True, False]


def test_a_click_on_the_current_one_changes_nothing(qtbot, rail):
    with qtbot.assertNotEmitted(rail.selected):
        qtbot.mouseClick(rail.buttons[0], Qt.MouseButton.LeftButton)
    assert rail.buttons[0].isChecked()


def test_being_told_the_current_one_asks_for_nothing(qtbot, rail):
    with qtbot.assertNotEmitted(rail.selected):
        rail.set_current("runs")
    assert rail.current() == "runs"


def test_arrows_go_from_one_workspace_to_the_next(qtbot, rail):
    rail.activateWindow()
    rail.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(rail.buttons[0].hasFocus)
    with qtbot.waitSignal(rail.selected) as selected:
        qtbot.keyClick(rail.buttons[0], Qt.Key.Key_Down)
    assert selected.args == ["digits"]
    with qtbot.waitSignal(rail.selected) as selected:
        qtbot.keyClick(rail.buttons[1], Qt.Key.Key_Up)
    assert selected.args == ["train"]
    with qtbot.assertNotEmitted(rail.selected):
        qtbot.keyClick(rail.buttons[0], Qt.Key.Key_Up)
    assert rail.settings.hasFocus()


def test_the_settings_are_at_the_bottom_and_open_with_return(qtbot, rail):
    assert rail.settings.y() > max(button.y() for button in rail.buttons)
    with qtbot.waitSignal(rail.settings_requested):
        qtbot.keyClick(rail.settings, Qt.Key.Key_Return)


def test_the_current_one_is_marked_by_a_bar_and_not_by_colour_alone(rail):
    picture = rail.grab().toImage()
    edge = [picture.pixelColor(1, button.y() + 10).name() for button in rail.buttons]
    assert edge[0] == theme.color("accent").name()
    assert edge[1] == edge[2] == theme.color("rail").name()


def test_every_entry_has_a_name_and_a_tip(rail):
    for button in (*rail.buttons, rail.settings):
        assert button.objectName().startswith("rail_")
        assert button.accessibleName()
        assert button.toolTip()
