"""The editor's panels and the document: what is asked for happens as one step of undo each."""

import pytest
from driving import SMALL, sentences, start_over, wait_until
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtGui import QGuiApplication

from playground.controllers.own_layers import OWN_LAYER
from playground.engine import presets
from playground.engine.document import replace
from playground.engine.network.analysis import analyse
from playground.engine.network.sequence import layer, sequence
from playground.engine.network.spec import Custom, NetworkSpec, Source, walk


@pytest.fixture
def edited(program):
    """The window with the small document and nothing to undo."""
    start_over(program)
    wait_until(lambda: answered(program), "the analysis of the document")
    return program


def answered(program):
    advice = program.network.advice
    return advice is not None and advice.question.document == program.session.document


def kinds(program):
    return [getattr(node, "kind", type(node).__name__) for node in walk(program.session.document.network.layers)]


def ids(program):
    return [node.id for node in program.session.document.network.layers]


def test_a_layer_that_is_added_fits_where_it_is_put_and_is_selected(edited):
    before = edited.session.document
    edited.window.network.insert_requested.emit("Linear", "", "layers", 1)
    network = edited.session.document.network
    assert len(network.layers) == len(SMALL.network.layers) + 1
    outputs = analyse(SMALL.network, (2,)).layers[0].output
    assert network.layers[1].args["in_features"] == outputs[-1]
    assert edited.window.layer_form.kind.text().startswith("Linear")
    edited.session.undo_stack.undo()
    assert edited.session.document == before


def test_a_preset_leaves_the_descent_room_as_it_is(edited):
    edited.session.push("descent.steps", 7, "steps")
    edited.editing.choose_preset("mnist-mlp")
    assert edited.session.document.training == presets.preset("mnist-mlp").training
    assert edited.session.document.descent.steps == 7


def test_python_that_is_pasted_becomes_layers(edited):
    edited.window.network.paste_requested.emit("nn.ReLU(), nn.Dropout(0.5)", "", "layers", 1)
    assert kinds(edited)[1:3] == ["ReLU", "Dropout"]


def test_text_that_is_no_code_is_one_notice_and_changes_nothing(edited):
    before = edited.session.document
    edited.window.network.paste_requested.emit("dear network, please", "", "layers", 0)
    assert edited.session.document == before
    assert edited.window.notice.messages()
    edited.window.notice.clear()


def test_what_is_copied_is_python_that_can_be_pasted_again(edited):
    first = edited.session.document.network.layers[0]
    edited.window.network.copy_requested.emit((first.id,))
    edited.window.network.paste_requested.emit(QGuiApplication.clipboard().text(), "", "layers", 0)
    pasted = edited.session.document.network.layers[0]
    assert (pasted.kind, pasted.args) == (first.kind, first.args)


def test_removing_duplicating_moving_switching_off_and_wrapping_are_a_step_of_undo_each(edited):
    panel, stack = edited.window.network, edited.session.undo_stack
    before = edited.session.document
    first = ids(edited)[0]
    for wish in (
        lambda: panel.duplicate_requested.emit((first,)),
        lambda: panel.move_requested.emit((first,), "", "layers", len(ids(edited))),
        lambda: panel.enabled_toggled.emit((first,), False),
        lambda: panel.frozen_toggled.emit((first,), True),
        lambda: panel.wrap_requested.emit((first,), "residual"),
        lambda: panel.remove_requested.emit((first,)),
    ):
        count = stack.count()
        wish()
        assert stack.count() == count + 1
    while stack.canUndo():
        stack.undo()
    assert edited.session.document == before


def test_a_new_block_is_selected_and_unfolded_so_that_the_keyboard_is_in_it(edited):
    panel = edited.window.network
    first = ids(edited)[0]
    panel.wrap_requested.emit((first,), "branches")
    block = edited.session.document.network.layers[0]
    index = panel.model.index_of(block.id)
    assert panel.tree.currentIndex().siblingAtColumn(0) == index
    assert panel.tree.isExpanded(index)
    panel.insert_requested.emit("Residual", "", "layers", 1)
    assert panel.tree.isExpanded(panel.model.index_of(ids(edited)[1]))


def test_a_branch_is_added_and_removed_with_a_step_of_undo_each(edited):
    panel, form, stack = edited.window.network, edited.window.layer_form, edited.session.undo_stack
    panel.wrap_requested.emit((ids(edited)[0],), "branches")
    block, before, count = ids(edited)[0], edited.session.document, stack.count()
    panel.select_layer(block)
    form.branches.add.click()
    panel.branch_requested.emit(block, 0)
    assert [len(row) for row in edited.session.document.network.layers[0].branches] == [0, 1, 0]
    assert form.kind.text().startswith("Branches")
    form.branches.remove.click()
    panel.branch_removed.emit(block, 0)
    assert edited.session.document == before
    assert stack.count() == count + 4
    panel.branch_removed.emit(block, 0)  # the only one
    assert edited.session.document == before
    assert "remove the whole block" in sentences(edited)[-1]
    edited.window.notice.clear()


def test_an_argument_of_several_selected_layers_of_a_kind_is_one_step_of_undo(edited):
    stack, tree, form = edited.session.undo_stack, edited.window.network.tree, edited.window.layer_form
    three = sequence(*(layer("Linear", in_features=2, out_features=2) for _ in range(3)), layer("ReLU"))
    edited.session.push("network", three, "three layers")
    before, count = edited.session.document, stack.count()
    tree.select("linear3")
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for other in ("linear1", "relu1"):
        tree.selectionModel().select(tree.layers.index_of(other), flags)
    assert "2 \u00d7 Linear" in form.together.text()
    for features in (5, 6):
        form.args_edited.emit("linear3", {"in_features": 2, "out_features": features})
    assert [node.args.get("out_features") for node in edited.session.document.network.layers] == [6, 2, 6, None]
    assert stack.count() == count + 1
    form.init_edited.emit(form._details.together, "zeros")
    assert [node.init for node in edited.session.document.network.layers[:3]] == ["zeros", "default", "zeros"]
    stack.undo()
    stack.undo()
    assert edited.session.document == before
    tree.select("linear2")
    assert not form.together.isVisible()
    form.args_edited.emit("linear2", {"in_features": 2, "out_features": 9})
    assert [node.args.get("out_features") for node in edited.session.document.network.layers[:3]] == [2, 9, 2]


def test_dragging_an_argument_is_one_step_of_undo(edited):
    count, node = edited.session.undo_stack.count(), edited.session.document.network.layers[0]
    for features in (9, 10, 11):
        edited.window.layer_form.args_edited.emit(node.id, {**node.args, "out_features": features})
    assert edited.session.undo_stack.count() == count + 1
    assert edited.session.document.network.layers[0].args["out_features"] == 11


def test_a_misfit_is_told_with_repairs_and_one_click_mends_it(edited):
    node = edited.session.document.network.layers[0]
    edited.window.layer_form.args_edited.emit(node.id, {**node.args, "out_features": 31})
    wait_until(lambda: answered(edited) and edited.network.advice.repairs, "repairs")
    assert edited.network.analysis.output == (31,)
    edited.window.network.repair_chosen.emit(0)
    wait_until(lambda: answered(edited) and not edited.network.advice.repairs, "a network that fits")
    assert edited.network.analysis.output == analyse(SMALL.network, (2,)).output
    edited.session.undo_stack.undo()
    assert edited.session.document.network.layers[0].args["out_features"] == 31


def test_a_template_brings_its_network_and_leaves_data_and_training(edited):
    before = edited.session.document
    edited.window.network.template_chosen.emit("resnet18")
    assert edited.session.document.network != before.network
    assert (edited.session.document.data, edited.session.document.training) == (before.data, before.training)


def test_the_palette_offers_own_layers_and_they_can_be_added_twice(edited):
    edited.window.network.own_requested.emit()
    own = edited.session.document.network.layers[-1]
    assert isinstance(own, Custom)
    assert edited.window.layer_form.kind.text().startswith("MyLayer1")
    assert edited.window.layer_form.source.text.toPlainText() == OWN_LAYER.format(name="MyLayer1")
    edited.window.network.insert_requested.emit(own.name, "", "layers", 0)
    assert isinstance(edited.session.document.network.layers[0], Custom)


def test_an_own_layer_has_a_field_for_each_argument_of_its_class(edited):
    edited.window.network.own_requested.emit()
    own, form = edited.session.document.network.layers[-1], edited.window.layer_form
    text = OWN_LAYER.format(name=own.name).replace("(self):", "(self, scale=2.0):").replace("return x", "return 2 * x")
    form.source_edited.emit(own.name, text)
    assert form.arguments.editor("scale").placeholderText() == "2"
    form.args_edited.emit(own.id, {"scale": 3.0})
    assert dict(edited.session.document.network.layers[-1].args) == {"scale": 3.0}
    wait_until(lambda: answered(edited) and edited.network.analysis.problem is None, "the layer to be built")


def test_an_edit_during_a_run_keeps_the_weights_of_layers_that_still_match(edited):
    edited.training.step_batch()
    wait_until(lambda: edited.run.state == "paused", "the first step")
    said = []
    edited.swap.told.connect(said.append)
    edited.window.network.insert_requested.emit("Identity", "", "layers", 1)
    wait_until(lambda: bool(said), "the run to take the network")
    assert said == ["The run goes on: 1 of 1 layers keep their weights."]
    assert edited.run.document.network == edited.session.document.network
    edited.training.step_batch()
    wait_until(lambda: len(edited.run.history) == 2, "the second step")
    edited.run.stop()
    wait_until(lambda: edited.run.state == "finished", "the end of the run")
    edited.swap.told.disconnect(said.append)


def test_what_begins_anew_is_named_and_marked_until_the_next_run(edited):
    edited.training.step_batch()
    wait_until(lambda: edited.run.state == "paused", "the first step")
    said, model = [], edited.window.network.model
    edited.swap.told.connect(said.append)
    edited.window.network.insert_requested.emit("Linear", "", "layers", 0)
    new = edited.session.document.network.layers[0]
    fits = {**new.args, "out_features": 2}
    edited.window.layer_form.args_edited.emit(new.id, fits)
    wait_until(lambda: "anew" in said[-1] if said else False, "the run to take the network")
    assert said[-1] == "The run goes on: 1 of 2 layers keep their weights; anew: layers[0] (Linear)."
    assert [row.id for row in model.rows() if row.fresh] == [new.id]
    edited.run.stop()
    wait_until(lambda: edited.run.state == "finished", "the end of the run")
    edited.training.step_batch()
    wait_until(lambda: edited.run.state == "paused", "another run")
    assert not [row.id for row in model.rows() if row.fresh]
    edited.swap.told.disconnect(said.append)


def test_code_that_came_with_a_document_waits_for_trust_and_then_works_in_every_panel(edited):
    text = OWN_LAYER.format(name="Foreign")
    layers = (Custom(id="own", name="Foreign"), *SMALL.network.layers)
    spec = NetworkSpec(layers=layers, sources=(Source(name="Foreign", text=text),))
    edited.session.start_over(replace(SMALL, "network", spec))
    edited.window.workspaces.switch("network")
    edited.window.network.select_layer("own")
    summary, message = edited.window.network.summary, edited.window.layer.invitation.sentence
    wait_until(lambda: "waits until its code is trusted" in summary.text(), "the analysis")
    wait_until(lambda: "trust it" in message.text(), "the layer panel")
    edited.window.layer_form.trust_requested.emit("Foreign")
    wait_until(lambda: "fits" in summary.text(), "the analysis of what is trusted")
    wait_until(lambda: "trust it" not in message.text() or not message.isVisible(), "the layer to be looked into")
    edited.window.workspaces.switch("train")


def test_new_weights_are_another_seed_and_the_same_weights_are_the_same_seed(edited):
    seed = edited.session.document.training.seed
    edited.window.layer_form.same_weights_requested.emit()
    wait_until(lambda: edited.run.state == "paused", "a run that waits")
    assert edited.session.document.training.seed == seed
    assert len(edited.run.history) == 0
    edited.window.layer_form.new_weights_requested.emit()
    assert edited.session.document.training.seed != seed
    wait_until(lambda: edited.run.state == "paused", "another run that waits")
    edited.run.stop()
    wait_until(lambda: edited.run.state == "finished", "the end of the run")


def test_every_preset_shows_its_tree(edited):
    for name in presets.names():
        edited.editing.choose_preset(name)
        rows = edited.window.network.model.rowCount()
        assert rows == len(presets.preset(name).network.layers) + 1  # and the input
