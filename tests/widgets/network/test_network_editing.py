"""The network panel around the tree: palette, repairs, hints, templates, small windows, large networks."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from playground.widgets.network import examples
from playground.widgets.network.panel import NetworkPanel
from playground.widgets.network.rows import Hint, NodeRow, Repair


@pytest.fixture
def panel(qtbot):
    panel = NetworkPanel()
    qtbot.addWidget(panel)
    panel.set_palette_entries(examples.PALETTE)
    panel.resize(360, 620)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def button(panel, name):
    return panel.findChild(QPushButton, name)


def test_a_layer_is_added_behind_the_selected_one_by_keyboard_alone(qtbot, panel, rows):
    panel.set_rows(rows, "1")
    panel.select_layer("c1")
    qtbot.keyClick(panel.tree, Qt.Key.Key_Insert)
    assert panel.focusWidget() is panel.palette_list.search
    qtbot.keyClicks(panel.palette_list.search, "gelu")
    with qtbot.waitSignal(panel.insert_requested) as inserted:
        qtbot.keyClick(panel.palette_list.search, Qt.Key.Key_Return)
    assert inserted.args == ["GELU", "res", "body", 1]
    qtbot.keyClick(panel.palette_list.search, Qt.Key.Key_Escape)
    assert not panel.palette_list.isVisible()
    assert panel.focusWidget() is panel.tree


def test_the_palette_stands_beside_the_tree_where_there_is_room(qtbot, panel, rows):
    panel.set_rows(rows, "1")
    panel.open_palette()
    qtbot.waitUntil(lambda: panel.palette_list.geometry().bottom() < panel.tree.geometry().top())
    panel.resize(800, 620)
    qtbot.waitUntil(lambda: panel.palette_list.geometry().right() < panel.tree.geometry().left())


def test_repairs_say_what_they_change_and_are_chosen_by_number(qtbot, panel):
    panel.set_rows(examples.lenet(wrong=True), "1")
    panel.set_repairs([Repair("Set in_features to 400.", -46_080, 0), Repair("Insert Flatten.", 0, None, 1_310_000)])
    assert panel.problem.isVisible()
    texts = " ".join(label.text() for label in panel.doctor.findChildren(type(panel.problem)) if label.isVisible())
    assert "\N{MINUS SIGN}46.1 k parameters" in texts
    assert "1.31 M FLOPs a sample in all" in texts
    with qtbot.waitSignal(panel.repair_chosen) as chosen:
        qtbot.mouseClick(button(panel, "repair_1"), Qt.MouseButton.LeftButton)
    assert chosen.args == [1]


def test_nothing_wrong_takes_no_room(panel, rows):
    panel.set_rows(examples.lenet(wrong=True), "1")
    panel.set_repairs(examples.REPAIRS)
    assert panel.doctor.isVisible()
    panel.set_rows(rows, "1")
    panel.set_repairs(())
    assert not panel.doctor.isVisible()


def test_hints_can_be_mended_or_shown_at_their_layer(qtbot, panel, rows):
    panel.set_rows(rows, "1")
    panel.set_hints([Hint("z", "No ReLU here.", "Remove it"), Hint("a", "Only said.")])
    assert not button(panel, "hint_1").isVisible()
    with qtbot.waitSignal(panel.fix_chosen) as fixed:
        qtbot.mouseClick(button(panel, "hint_0"), Qt.MouseButton.LeftButton)
    assert fixed.args == [0]
    with qtbot.waitSignal(panel.layer_selected) as selected:
        panel.doctor.layer_requested.emit("z")
    assert selected.args == ["z"]


def test_many_hints_show_three_until_more_is_pressed(panel, rows):
    panel.set_rows(rows, "1")
    panel.set_hints([Hint("a", f"Hint {number}.") for number in range(5)])
    assert button(panel, "hint_3") is None
    assert button(panel, "more_hints").text() == "2 more hints"
    button(panel, "more_hints").click()
    assert button(panel, "hint_4") is not None


def test_a_small_panel_keeps_a_tree_to_see_while_repairs_scroll(panel):
    panel.resize(360, 360)
    panel.set_rows(examples.lenet(wrong=True), "1")
    panel.set_repairs(examples.REPAIRS)
    panel.set_hints(examples.HINTS)
    assert panel.height() == 360
    assert panel.tree.viewport().height() >= 60
    assert panel.doctor.height() <= 150


def test_a_template_is_chosen_by_name(qtbot, panel):
    panel.set_templates([("vgg11", "VGG-11", "Eight convolutions.")])
    action = next(each for each in panel.templates.actions() if each.objectName() == "template_vgg11")
    with qtbot.waitSignal(panel.template_chosen) as chosen:
        action.trigger()
    assert chosen.args == ["vgg11"]


def test_a_block_with_indented_names_drops_the_bars_before_the_names(panel):
    panel.set_rows(examples.resnet(), "3 \u00d7 224 \u00d7 224")
    panel.tree.expandAll()
    header = panel.tree.header()
    assert header.length() <= panel.tree.viewport().width()
    assert header.sectionSize(0) >= 140


def test_two_hundred_layers_follow_an_edit_at_once(panel):
    def network(edited):
        return [
            NodeRow(f"n{each}", f"Linear {edited if each == 90 else 8} → 8", "Linear", "8", 72) for each in range(200)
        ]

    panel.set_rows(network(8), "8")
    panel.select_layer("n90")
    before = time.perf_counter()
    for size in range(10):
        panel.set_rows(network(size), "8")
        panel.tree.viewport().repaint()
    each = (time.perf_counter() - before) / 10
    assert each < 0.1  # a keystroke's budget; a few milliseconds on a quiet machine
