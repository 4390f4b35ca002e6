"""The palette finds a layer by a few letters and asks for it by Enter, double-click or drag."""

import pytest
from PySide6.QtCore import Qt

from playground.widgets.network.model import KIND_MIME
from playground.widgets.network.palette import Palette
from playground.widgets.network.rows import PaletteEntry

ENTRIES = (
    PaletteEntry("ConvTranspose2d", "convolution"),
    PaletteEntry("Conv2d", "convolution", "Applies a 2D convolution."),
    PaletteEntry("MaxPool2d", "pooling"),
    PaletteEntry("ReLU", "activation"),
    PaletteEntry("custom:Mine", "own", "My layer.", "Mine"),
)


@pytest.fixture
def palette(qtbot):
    palette = Palette()
    qtbot.addWidget(palette)
    palette.set_entries(ENTRIES)
    palette.show()
    qtbot.waitExposed(palette)
    palette.begin()
    return palette


def shown(palette):
    return [item.text(0) for item in palette._shown()]


def test_letters_narrow_the_list_and_enter_adds_the_best(qtbot, palette):
    qtbot.keyClicks(palette.search, "conv2")
    assert shown(palette) == ["Conv2d"]
    with qtbot.waitSignal(palette.chosen) as chosen:
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert chosen.args == ["Conv2d"]


def test_a_group_is_found_by_its_name(qtbot, palette):
    qtbot.keyClicks(palette.search, "pooling")
    assert shown(palette) == ["MaxPool2d"]


def test_arrows_in_the_search_walk_over_what_is_shown(qtbot, palette):
    qtbot.keyClicks(palette.search, "conv")
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    with qtbot.waitSignal(palette.chosen) as chosen:
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert chosen.args == ["Conv2d"]


def test_nothing_found_adds_nothing(qtbot, palette):
    qtbot.keyClicks(palette.search, "transformer")
    with qtbot.assertNotEmitted(palette.chosen):
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)


def test_a_double_click_adds_and_a_heading_does_not(qtbot, palette):
    mine = palette._shown()[-1]
    place = palette.list.visualItemRect(mine).center()
    qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(palette.chosen) as chosen:
        qtbot.mouseDClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == ["custom:Mine"]
    heading = palette.list.visualItemRect(palette.list.topLevelItem(0)).center()
    with qtbot.assertNotEmitted(palette.chosen):
        qtbot.mouseDClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=heading)


def test_what_is_dragged_out_is_the_kind_and_stays_in_the_palette(palette):
    mime = palette.list.mimeData([palette._shown()[0]])
    assert bytes(mime.data(KIND_MIME).data()) == b"ConvTranspose2d"
    assert palette.list.supportedDropActions() == Qt.DropAction.CopyAction


def test_escape_and_writing_ones_own_layer_are_wishes(qtbot, palette):
    with qtbot.waitSignal(palette.dismissed):
        qtbot.keyClick(palette.search, Qt.Key.Key_Escape)
    with qtbot.waitSignal(palette.own_requested):
        qtbot.mouseClick(palette.own, Qt.MouseButton.LeftButton)
