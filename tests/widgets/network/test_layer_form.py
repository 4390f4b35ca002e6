"""The form of the selected layer: fields from its signature, its numbers, and how its weights begin."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QScrollArea

from playground.widgets.common.arguments import Argument
from playground.widgets.network.details import Facts, LayerDetails, SourceText
from playground.widgets.network.layer_form import LayerFormPanel

ARGUMENTS = (
    Argument("out_channels", ("int",), required=True, minimum=1, doc="Number of channels it gives."),
    Argument("stride", ("int", "pair"), 1, minimum=1),
    Argument("bias", ("bool",), True),
)
CONV = LayerDetails(
    id="conv",
    kind="Conv2d",
    path="layers[0]",
    arguments=ARGUMENTS,
    values={"out_channels": 16},
    init="default",
    formula="N = (14 - 5 + 0)/1 + 1 = 10",
    facts=Facts("16 \u00d7 10 \u00d7 10", 1_600, 2_400, 16, 480_000, 14, 1_638_400, 256, ("3",)),
)
OWN = LayerDetails("own", "Mine", source=SourceText("Mine", "class Mine: ...", trusted=False))


@pytest.fixture
def form(qtbot):
    form = LayerFormPanel()
    qtbot.addWidget(form)
    form.resize(360, 900)
    form.show()
    qtbot.waitExposed(form)
    return form


def type_into(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_without_a_layer_it_invites_and_still_draws_weights(qtbot, form):
    assert form.invitation.isVisible()
    assert not form.state.isVisible()
    with qtbot.waitSignal(form.new_weights_requested):
        qtbot.mouseClick(form.weights.new, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(form.same_weights_requested):
        qtbot.mouseClick(form.weights.same, Qt.MouseButton.LeftButton)


def test_an_edited_argument_comes_with_the_others_that_are_not_default(qtbot, form):
    form.set_details(CONV)
    assert form.arguments.editor("stride").placeholderText() == "1"
    with qtbot.waitSignal(form.args_edited) as edited:
        type_into(qtbot, form.arguments.editor("stride"), "2, 1")
    assert edited.args == ["conv", {"out_channels": 16, "stride": (2, 1)}]


def test_a_size_of_zero_is_refused_at_its_field(qtbot, form):
    form.set_details(CONV)
    with qtbot.assertNotEmitted(form.args_edited):
        type_into(qtbot, form.arguments.editor("out_channels"), "0")
    assert form.arguments.editor("out_channels").is_wrong()


def test_a_tip_tells_what_an_argument_does(form):
    form.set_details(CONV)
    assert form.arguments.editor("out_channels").toolTip() == "Number of channels it gives. (out_channels)"


def test_showing_another_layer_reports_no_edit(form):
    form.set_details(CONV)
    form.arguments.editor("stride").setFocus()
    signals = (form.args_edited, form.enabled_toggled, form.frozen_toggled, form.init_edited, form.times_edited)
    seen = []
    for signal in signals:
        signal.connect(lambda *values: seen.append(values))
    form.set_details(replace(CONV, id="two", values={"out_channels": 8}, enabled=False, frozen=True, init="zeros"))
    form.set_details(None)
    assert seen == []


def test_an_answer_of_the_analysis_leaves_the_field_that_is_being_edited(form):
    form.set_details(CONV)
    editor = form.arguments.editor("stride")
    form.set_details(replace(CONV, formula="N = 5"))
    assert form.arguments.editor("stride") is editor


def test_the_numbers_of_a_layer_are_shown(form):
    form.set_details(CONV)
    assert form.facts.formula.text() == CONV.formula
    names = ("output", "values", "parameters", "flops", "field", "memory", "names")
    assert [form.facts.text(name) for name in names] == [
        "N \u00d7 16 \u00d7 10 \u00d7 10", "1,600", "2,416 = 2,400 weights + 16 biases", "480,000", "14 \u00d7 14",
        "1.56 MiB for a batch of 256", "3",
    ]  # fmt: skip
    form.set_details(replace(CONV, facts=replace(CONV.facts, flops=None)))
    assert form.facts.text("flops") == "not counted"


def test_numbers_that_nobody_knows_yet_are_left_out(form):
    form.set_details(replace(CONV, facts=replace(CONV.facts, output="", values=0, weights=0, biases=0, memory=0)))
    assert {form.facts.text(name) for name in ("output", "values", "parameters", "flops", "memory")} == {"\N{EN DASH}"}


def test_a_layer_without_biases_has_no_sum(form):
    form.set_details(replace(CONV, facts=replace(CONV.facts, weights=1, biases=0)))
    assert form.facts.text("parameters") == "1 (no biases)"


def test_the_smallest_form_cuts_nothing_off(qtbot, form):
    form.set_details(CONV)
    form.resize(form.minimumSizeHint())
    area = form.findChild(QScrollArea, "layer_form_area")
    qtbot.waitUntil(lambda: area.widget().width() <= area.viewport().width())
    for part in (form.arguments.editor("stride"), form.weights.new, form.weights.seed, form.facts):
        right = part.mapTo(area.viewport(), QPoint(part.width(), 0)).x()
        assert part.width() >= 80
        assert right <= area.viewport().width()


def test_switches_are_wishes_for_the_shown_layer(qtbot, form):
    form.set_details(CONV)
    with qtbot.waitSignal(form.enabled_toggled) as toggled:
        form.enabled.click()
    assert toggled.args == [("conv",), False]
    with qtbot.waitSignal(form.frozen_toggled) as frozen:
        form.frozen.click()
    assert frozen.args == [("conv",), True]


def test_several_layers_of_a_kind_are_changed_together_and_it_is_said(qtbot, form):
    form.set_details(replace(CONV, together=("conv", "two", "three")))
    assert form.together.text().startswith("3 \u00d7 Conv2d are selected")
    with qtbot.waitSignal(form.frozen_toggled) as frozen:
        form.frozen.click()
    assert frozen.args == [("conv", "two", "three"), True]
    form.set_details(CONV)
    assert not form.together.isVisible()


def test_zeros_say_why_they_fail(qtbot, form):
    form.set_details(CONV)
    with qtbot.waitSignal(form.init_edited) as edited:
        form.weights.init.setCurrentIndex(form.weights.init.findData("zeros"))
    assert edited.args == [("conv",), "zeros"]
    assert "copies of each other" in form.weights.hint.text()
    with qtbot.waitSignal(form.init_for_all_requested) as for_all:
        qtbot.mouseClick(form.weights.for_all, Qt.MouseButton.LeftButton)
    assert for_all.args == ["zeros"]


def test_a_repeat_has_a_number_of_times(qtbot, form):
    form.set_details(LayerDetails("rep", "Repeat", times=3))
    assert form.repeats.isVisible()
    assert not form.weights.init.isVisible()
    with qtbot.waitSignal(form.times_edited) as edited:
        form.times.stepUp()
    assert edited.args == ["rep", 4]


def test_a_block_of_branches_gets_one_more_and_one_less(qtbot, form):
    form.set_details(LayerDetails("fork", "Branches", branches=2))
    with qtbot.waitSignal(form.branch_requested) as added:
        qtbot.mouseClick(form.branches.add, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(form.branch_removed) as removed:
        qtbot.mouseClick(form.branches.remove, Qt.MouseButton.LeftButton)
    assert (added.args, removed.args) == (["fork", 2], ["fork", 1])
    form.set_details(LayerDetails("fork", "Branches", branches=1))
    assert not form.branches.remove.isEnabled()
    form.set_details(CONV)
    assert not form.branches.isVisible()


def test_another_seed_is_a_wish(qtbot, form):
    form.set_seed(3)
    with qtbot.waitSignal(form.seed_edited) as edited:
        type_into(qtbot, form.weights.seed, "7")
    assert edited.args == [7]


def test_foreign_code_waits_for_trust(qtbot, form):
    form.set_details(OWN)
    assert form.source.text.toPlainText() == "class Mine: ..."
    with qtbot.waitSignal(form.trust_requested) as trusted:
        qtbot.mouseClick(form.source.trust, Qt.MouseButton.LeftButton)
    assert trusted.args == ["Mine"]


def test_a_changed_text_cannot_be_trusted_before_it_is_used(qtbot, form):
    form.set_details(OWN)
    form.source.text.setPlainText("class Mine: pass")
    assert not form.source.trust.isEnabled()
    with qtbot.waitSignal(form.source_edited) as edited:
        qtbot.mouseClick(form.source.apply, Qt.MouseButton.LeftButton)
    assert edited.args == ["Mine", "class Mine: pass"]


def test_the_keyboard_stays_with_the_text_when_it_is_trusted(form):
    form.set_details(OWN)
    form.source.trust.setFocus()
    form.set_details(replace(OWN, source=replace(OWN.source, trusted=True)))
    assert form.focusWidget() is form.source.text


def test_the_text_is_indented_used_and_left_by_keyboard(qtbot, form):
    form.set_details(replace(OWN, source=replace(OWN.source, trusted=True)))
    text = form.source.text
    text.setFocus()
    qtbot.keyClick(text, Qt.Key.Key_Tab)
    assert text.toPlainText().startswith("    class")
    with qtbot.waitSignal(form.source_edited):
        qtbot.keyClick(text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(text, Qt.Key.Key_Escape)
    assert form.focusWidget() is form.source.apply


def test_the_keyboard_begins_at_the_first_argument(form):
    form.set_details(CONV)
    form.begin()
    assert form.focusWidget() is form.arguments.editor("out_channels")
