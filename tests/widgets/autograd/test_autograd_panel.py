"""The panel: what its buttons ask for, and what a turn, a node and a message show."""

import math
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from playground.widgets.autograd import examples
from playground.widgets.autograd.panel import AutogradPanel
from playground.widgets.autograd.rule_text import rule_line
from playground.widgets.autograd.values import GradientRowValues, GraphValues, SideRowValues, WayValues

STEP = examples.SOFTMAX_STEP


@pytest.fixture
def panel(qtbot):
    panel = AutogradPanel()
    qtbot.addWidget(panel)
    panel.resize(960, 640)
    panel.show()
    qtbot.waitExposed(panel)
    panel.set_graph(examples.SOFTMAX)
    return panel


def click(qtbot, panel, name):
    qtbot.mouseClick(panel.findChild(QAbstractButton, f"autograd_{name}"), Qt.MouseButton.LeftButton)


def write(qtbot, panel, name, text):
    field = panel.findChild(QLineEdit, f"autograd_{name}")
    field.setFocus()
    field.clear()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.parametrize("name", ["step", "gradcheck", "apply"])
def test_a_button_asks_for_what_it_says(qtbot, panel, name):
    with qtbot.waitSignal(getattr(panel, f"{name}_requested")):
        click(qtbot, panel, name)


@pytest.mark.parametrize("name", ["back", "reset"])
def test_back_and_start_over_wait_for_a_turn(qtbot, panel, name):
    assert not panel.findChild(QAbstractButton, f"autograd_{name}").isEnabled()
    panel.set_step(STEP)
    with qtbot.waitSignal(getattr(panel, f"{name}_requested")):
        click(qtbot, panel, name)


def test_after_the_last_turn_there_is_none_to_make(panel):
    panel.set_step(examples.LEAF_STEP)
    assert not panel.stepper.step.isEnabled()
    assert not panel.stepper.run.isEnabled()
    panel.set_step(None)
    assert panel.stepper.step.isEnabled()


def test_a_run_tells_its_bound_and_whether_nan_stops_it(qtbot, panel):
    panel.stepper.options.open()
    with qtbot.waitSignal(panel.run_requested) as told:
        click(qtbot, panel, "run")
    assert told.args == [None, True]
    write(qtbot, panel, "bound", "1e3")
    panel.stepper.not_finite.set_value(False)
    with qtbot.waitSignal(panel.run_requested) as told:
        click(qtbot, panel, "run")
    assert told.args == [1000.0, False]


def test_a_bound_that_is_no_number_is_refused_and_nothing_runs(qtbot, panel):
    panel.stepper.options.open()
    write(qtbot, panel, "bound", "huge")
    assert "huge" in panel.stepper.problem.text()
    with qtbot.assertNotEmitted(panel.run_requested):
        click(qtbot, panel, "run")
    write(qtbot, panel, "bound", "2")
    assert panel.stepper.problem.isHidden()


def test_only_an_output_of_several_numbers_asks_for_a_gradient(qtbot, panel):
    assert not panel.stepper.gradient.isVisible()
    panel.set_graph(examples.NET)
    assert panel.stepper.gradient.isVisible()
    assert panel.stepper.gradient.placeholderText() == "torch.ones(256, 10)"
    with qtbot.waitSignal(panel.gradient_entered) as told:
        write(qtbot, panel, "gradient", "torch.randn(256, 10)")
    assert told.args == ["torch.randn(256, 10)"]


def test_a_gradient_that_does_not_fit_is_marked_with_the_sentence(panel):
    panel.set_graph(examples.NET)
    panel.stepper.set_problem("gradient", "The gradient has shape (3,), the output (256, 10).")
    assert panel.stepper.gradient.property("wrong")
    assert panel.stepper.problem.isVisible()
    panel.stepper.set_problem("gradient", "")
    assert not panel.stepper.gradient.property("wrong")
    assert panel.stepper.problem.isHidden()


def test_a_turn_shows_rule_referee_tables_and_chain(panel):
    panel.set_step(STEP)
    page = panel.pages.step
    assert page.title.text() == "Turn 4 of 5: softmax"
    assert page.rule.text() == ("SoftmaxBackward0: ∂/∂x = y (g - Σ g y) = 0.2447 · (-4.086 - (-1)) = -0.7553  at [1]")
    assert repr(STEP.rule.gradient) in page.referee.text()
    assert [table.texts() for table in page.tables()] == [
        [["0.000", "-4.086", "0.000"]],
        [["0.09003", "-0.7553", "0.6652"]],
    ]
    assert "softmax's Jacobian" in page.chain.text()
    assert page.gathered.isHidden()


def test_a_rule_that_is_not_written_here_says_so():
    rule = replace(STEP.rule, operation="FftBackward0", formula="", numbers="", value=math.nan)
    assert rule_line(rule) == "FftBackward0: PyTorch's own rule, for which no formula is here."


def test_a_leaf_shows_what_is_added_to_what(panel):
    panel.set_step(examples.LEAF_STEP)
    assert panel.pages.step.gathered.text() == "w.grad: [1, 1, 1] + [0.09003, -0.7553, 0.6652] = [1.09, 0.2447, 1.665]"
    assert panel.pages.step.rule.isHidden()


def test_a_first_gradient_is_added_to_none(panel):
    first = replace(examples.LEAF_STEP.accumulated[0], before=None)
    panel.set_step(replace(examples.LEAF_STEP, accumulated=(first,)))
    assert panel.pages.step.gathered.text().startswith("w.grad: None, becomes ")


def test_a_gradient_on_several_ways_says_that_it_is_a_sum(panel):
    panel.set_step(replace(STEP, paths=3, product=-2.0))
    assert panel.pages.step.chain.text().endswith("= -2.000  (one of 3 ways, whose products are summed)")


def test_a_click_on_a_number_asks_for_its_rule(qtbot, panel):
    panel.set_step(STEP)
    table = panel.pages.step.tables()[1]
    with qtbot.waitSignal(panel.element_requested) as told:
        qtbot.mouseClick(table, Qt.MouseButton.LeftButton, pos=QPoint(table.sizeHint().width() - 5, 10))
    assert told.args == [0, (2,)]


def test_the_table_out_says_where_it_goes_and_what_was_summed(panel):
    out = replace(STEP.outgoing[0], summed_from=(4, 3))
    panel.set_step(replace(STEP, outgoing=(out,)))
    labels = [label.text() for label in panel.pages.step.findChildren(type(panel.pages.step.title))]
    assert "out to w (input 0) · 3 numbers, summed from 4 \u00d7 3" in labels


def test_a_selected_node_shows_its_facts_and_its_saved_tensors_on_demand(qtbot, panel):
    with qtbot.waitSignal(panel.node_selected):
        panel.view.setFocus()
        qtbot.keyClick(panel.view, Qt.Key.Key_Left)
    panel.select_node(3)
    assert "SoftmaxBackward0" in panel.pages.node.facts.text()
    with qtbot.waitSignal(panel.saved_requested) as told:
        click(qtbot, panel, "saved")
    assert told.args == [3]
    panel.set_saved(3, examples.SAVED)
    assert panel.pages.node.saved_texts() == ["dim: 0", "result (p): [0.09003, 0.2447, 0.6652]"]


def test_saved_tensors_of_a_node_no_longer_selected_are_not_shown(panel):
    panel.select_node(3)
    panel.select_node(1)
    panel.set_saved(3, examples.SAVED)
    assert panel.pages.node.saved_texts() == []


def test_a_node_that_saved_nothing_says_so(panel):
    panel.select_node(0)
    panel.set_saved(0, ())
    assert panel.pages.node.saved_texts() == ["It saved nothing: its rule needs only g."]


def test_a_leaf_saves_nothing_and_starts_nothing(panel):
    panel.select_node(4)
    assert panel.pages.node.saved_button.isHidden()
    assert panel.pages.node.start_button.isHidden()


def test_freed_saved_tensors_cannot_be_asked_for(panel):
    nodes = tuple(replace(node, is_freed=True) for node in examples.SOFTMAX.nodes)
    panel.set_graph(replace(examples.SOFTMAX, title="M", nodes=nodes))
    panel.select_node(3)
    assert not panel.pages.node.saved_button.isEnabled()
    assert "retain_graph=True" in panel.pages.node.facts.text()


def test_backward_can_start_at_the_selected_node(qtbot, panel):
    panel.select_node(2)
    panel.pages.tabs.setCurrentIndex(1)
    with qtbot.waitSignal(panel.start_requested) as told:
        click(qtbot, panel, "start_here")
    assert told.args == [2]


def test_all_modules_are_collapsed_or_opened_with_one_click(qtbot, panel):
    assert not panel.findChild(QAbstractButton, "autograd_collapse").isEnabled()
    panel.set_graph(examples.NET)
    with qtbot.waitSignal(panel.collapse_requested) as told:
        click(qtbot, panel, "collapse")
    assert told.args == [frozenset({"fc", "block"})]
    with qtbot.waitSignal(panel.collapse_requested) as told:
        click(qtbot, panel, "expand")
    assert told.args == [frozenset()]


def test_a_search_counts_and_return_walks(qtbot, panel):
    field = panel.search.field
    qtbot.keyClicks(field, "backward0")
    assert panel.search.count.text() == "4"
    with qtbot.waitSignal(panel.node_selected) as told:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told.args == [3]
    assert panel.search.count.text() == "1 of 4"
    qtbot.keyClicks(field, "x")
    assert panel.search.count.text() == "none"
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert panel.search.count.isHidden()


def test_the_drawing_is_saved_from_the_menu(panel):
    save = panel.findChild(QAbstractButton, "autograd_save")
    asked = []
    panel.save_requested.connect(asked.append)
    for action in save.menu().actions():
        action.trigger()
    assert asked == ["svg", "png"]


def test_nodes_that_are_left_out_are_told_and_forgotten(panel):
    panel.set_graph(examples.NET)
    assert panel.message.text().startswith("12 nodes farther from the output are not drawn")
    panel.set_graph(examples.SOFTMAX)
    assert panel.message.isHidden()


def test_a_refusal_stays_when_the_graph_is_drawn_anew(panel):
    panel.show_message("Backward went through this graph before.")
    panel.set_graph(replace(examples.SOFTMAX, positions={i: (4.0 - i, 1.0) for i in range(5)}))
    assert panel.message.isVisible()


@pytest.mark.parametrize("nothing", [None, GraphValues("", (), (), {})])
def test_without_a_graph_the_panel_invites(qtbot, panel, nothing):
    panel.set_graph(nothing)
    assert panel.invitation.isVisible()
    assert not panel.view.isVisible()
    assert not panel.search.isVisible()
    with qtbot.waitSignal(panel.example_requested):
        qtbot.mouseClick(panel.invitation.button, Qt.MouseButton.LeftButton)


def test_the_legend_explains_the_kinds_that_are_there(panel):
    assert panel.legend.accessibleName() == "Kinds: leaf, intermediate, output"
    panel.set_graph(examples.NET)
    assert panel.legend.accessibleName() == "Kinds: leaf, intermediate, output, module, no gradient"


def test_the_quiet_line_is_there_only_with_words(panel):
    panel.set_state("equals .backward() bit for bit")
    assert panel.state.isVisible()
    panel.set_state("")
    assert not panel.state.isVisible()


# What .grad holds, and backwards side by side


ROWS = (
    GradientRowValues(
        4, "w", "[0.9, 2]", "[0.09, -0.7]", "[1, 2]", "", has_value_changed=True, has_gradient_changed=True
    ),
    GradientRowValues(3, "p", "[0.1, 0.2]", is_leaf=False),
)


def test_gradients_are_shown_before_and_now_and_none_is_a_word(panel):
    panel.set_gradients(ROWS)
    texts = panel.pages.gradients.table.texts()
    assert texts[0] == ["w", "None", "[0.09, -0.7]", "[1, 2]", "[0.9, 2]"]
    assert texts[1] == ["p  (no leaf)", "", "None", "", "[0.1, 0.2]"]
    assert panel.view.items_of_nodes()[4].gradient == ".grad [0.09, -0.7]"


def test_zero_grad_and_a_step_need_a_gradient(qtbot, panel):
    panel.show_gradients()
    assert not panel.pages.gradients.zero.isEnabled()
    panel.set_gradients(ROWS)
    with qtbot.waitSignal(panel.zero_requested):
        click(qtbot, panel, "zero")
    with qtbot.waitSignal(panel.optimizer_step_requested):
        click(qtbot, panel, "take_step")


def test_a_tensor_that_is_no_leaf_says_why_it_has_no_gradient_and_can_keep_it(qtbot, panel):
    panel.set_gradients(ROWS)
    panel.view.node_selected.emit(3)
    assert "no leaf" in panel.pages.node.gradient.text()
    with qtbot.waitSignal(panel.retain_requested) as told:
        click(qtbot, panel, "retain")
    assert told.args == ["p"]
    panel.set_gradients((replace(ROWS[1], retains=True),))
    assert "leaves its gradient here" in panel.pages.node.gradient.text()
    assert not panel.pages.node.retain_button.isEnabled()


def test_two_backwards_have_a_switch_and_a_page_side_by_side(qtbot, panel):
    assert not panel.pages.switch.isVisible()
    ways = (WayValues(0, "L"), WayValues(3, "p", (3,), "torch.ones(3)"))
    panel.set_ways(ways, (SideRowValues(4, "w", ("[0.09, …]", "[0, 0, 0]")),), 3)
    assert panel.pages.side.table.texts() == [["w", "[0.09, …]", "[0, 0, 0]"]]
    assert panel.stepper.gradient.value() == "torch.ones(3)"
    with qtbot.waitSignal(panel.start_requested) as told:
        click(qtbot, panel, "way_0")
    assert told.args == [0]
    panel.set_ways(ways[:1], (), 0)
    assert not panel.pages.switch.isVisible()


def test_the_run_s_loss_waits_for_a_run(qtbot, panel):
    panel.set_graph(None)
    button = panel.findChild(QAbstractButton, "autograd_run_loss")
    assert not button.isEnabled()
    panel.set_run_ready(ready=True)
    with qtbot.waitSignal(panel.run_loss_requested):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
