"""What a user sees and clicks in the network panel."""

import pytest
from PySide6.QtCore import Qt

from playground.widgets.network.model import Column
from playground.widgets.network.panel import NetworkPanel
from playground.widgets.network.rows import NodeRow

ROWS = (
    NodeRow("conv", "Conv2d 1 → 6", "Conv2d", "6 x 28 x 28", 156, 0.1),
    NodeRow("flat", "Flatten", "Flatten", "4704"),
    NodeRow("fc", "Linear 4704 → 10", "Linear", "10", 47_050, 0.9),
)


@pytest.fixture
def panel(qtbot):
    panel = NetworkPanel()
    qtbot.addWidget(panel)
    panel.set_presets([("", "MNIST", ""), ("lenet5", "LeNet-5", "LeCun 1998."), ("mlp", "MLP", "Two layers.")])
    panel.resize(400, 480)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def click_row(qtbot, panel, name):
    place = panel.tree.visualRect(panel.model.index_of(name)).center()
    qtbot.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_an_empty_panel_invites(panel):
    invitation = panel.findChild(type(panel.problem), "network_invitation")
    assert invitation.isVisible()
    panel.set_rows(ROWS, "1 x 28 x 28")
    assert not invitation.isVisible()
    assert panel.tree.isVisible()


def test_choosing_a_preset_asks_for_it(qtbot, panel):
    panel.presets.setFocus()
    with qtbot.waitSignal(panel.preset_chosen) as chosen:
        qtbot.keyClick(panel.presets, Qt.Key.Key_Down)
    assert chosen.args == ["lenet5"]


def test_showing_the_current_preset_asks_for_nothing(qtbot, panel):
    with qtbot.assertNotEmitted(panel.preset_chosen):
        panel.set_current_preset("mlp")
    assert panel.presets.currentText() == "MLP"
    assert panel.presets.toolTip() == "Two layers."
    panel.set_current_preset("")
    assert panel.presets.currentIndex() == -1


def test_a_heading_cannot_be_chosen(panel):
    assert not panel.presets.model().item(0).isEnabled()


def test_clicking_a_layer_selects_it_once(qtbot, panel):
    panel.set_rows(ROWS, "1 x 28 x 28")
    with qtbot.waitSignal(panel.layer_selected) as selected:
        click_row(qtbot, panel, "fc")
    assert selected.args == ["fc"]
    with qtbot.assertNotEmitted(panel.layer_selected):
        click_row(qtbot, panel, "fc")


def test_the_selection_stays_at_its_layer(qtbot, panel):
    panel.set_rows(ROWS, "1 x 28 x 28")
    click_row(qtbot, panel, "fc")
    with qtbot.assertNotEmitted(panel.layer_selected):
        panel.set_rows((NodeRow("new", "ReLU"), *ROWS[1:]), "1 x 28 x 28")
    assert panel.model.row_at(panel.tree.currentIndex()).id == "fc"


def test_what_was_unfolded_stays_unfolded(panel):
    block = NodeRow("block", "Residual", children=ROWS)
    panel.set_rows((block,), "1 x 28 x 28")
    panel.tree.expand(panel.model.index_of("block"))
    panel.set_rows((NodeRow("block", "Residual", children=ROWS[1:]), NodeRow("x", "ReLU")), "1 x 28 x 28")
    assert panel.tree.isExpanded(panel.model.index_of("block"))


def test_from_the_sentence_one_gets_to_its_layer(qtbot, panel):
    panel.set_rows((ROWS[0], NodeRow("fc", "Linear", problem="layers[1] does not fit.")), "1 x 28 x 28")
    with qtbot.waitSignal(panel.layer_selected) as selected:
        qtbot.mouseClick(panel.doctor.show_layer, Qt.MouseButton.LeftButton)
    assert selected.args == ["fc"]
    assert not panel.doctor.show_layer.isVisible()  # one is there


def test_all_rows_are_equally_high_whatever_signs_they_have(panel):
    signs = ({}, {"problem": "It does not fit."}, {"frozen": True}, {"enabled": False}, {"fresh": True})
    for sign in signs:
        panel.set_rows((NodeRow("a", "ReLU", "ReLU", **sign),), "1 x 28 x 28")
        index = panel.model.index_of("a")
        assert panel.tree.rowHeight(index) == 24


def test_the_sentence_of_a_problem_stands_below_the_tree(panel):
    panel.set_rows((ROWS[0], NodeRow("fc", "Linear", problem="layers[1] does not fit."), ROWS[1]), "1 x 28 x 28")
    assert panel.problem.isVisible()
    assert "layers[1] does not fit." in panel.problem.text()
    panel.set_rows(ROWS, "1 x 28 x 28")
    assert not panel.problem.isVisible()


def test_the_sum_has_a_tone(panel):
    panel.set_summary("61,706 parameters · fits MNIST", "good")
    assert panel.summary.text() == "61,706 parameters · fits MNIST"
    assert panel.summary.property("tone") == "good"


def test_all_columns_fit_a_narrow_panel(panel):
    panel.set_rows(ROWS, "1 x 28 x 28")
    header = panel.tree.header()
    assert header.length() <= panel.tree.viewport().width()
    assert header.sectionSize(Column.LAYER) >= 100


def test_a_very_narrow_panel_keeps_the_names_and_drops_the_bars(panel):
    panel.set_rows(ROWS, "1 x 28 x 28")
    panel.resize(300, 480)
    assert panel.tree.isColumnHidden(Column.SHARE)
    panel.resize(400, 480)
    assert not panel.tree.isColumnHidden(Column.SHARE)
