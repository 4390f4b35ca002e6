"""The network panel over the document: presets, layers, shapes, and what does not fit."""

import pytest
from driving import SMALL, sentences, wait_until
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from playground.engine import presets
from playground.engine.document import replace
from playground.engine.network.sequence import layer, sequence


def choose(program, name):
    """Choose a preset as a click in the open list does."""
    combo = program.window.network.presets
    combo.setCurrentIndex(combo.findData(name))
    combo.activated.emit(combo.currentIndex())


def test_a_preset_is_one_step_of_undo(program):
    choose(program, "spiral-mlp")
    assert program.session.document == presets.preset("spiral-mlp")
    assert program.session.undo_stack.count() == 1
    undo, redo = (program.window.menus["edit"].actions()[index] for index in (0, 1))
    undo.trigger()
    assert program.session.document == SMALL
    assert program.window.network.presets.currentIndex() == -1
    redo.trigger()
    assert program.session.document == presets.preset("spiral-mlp")
    assert program.window.network.presets.currentData() == "spiral-mlp"


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_fits_its_data(program, name):
    choose(program, name)
    summary = program.window.network.summary
    wait_until(lambda: "fits" in summary.text(), f"{name} to be analysed")
    assert sentences(program) == []


def test_a_layer_that_does_not_fit_is_said_where_it_is(program):
    wrong = sequence(layer("Linear", in_features=3, out_features=2))
    program.session.push("network", wrong, "an edit")
    network = program.window.network
    wait_until(network.problem.isVisible, "the problem to be shown")
    assert "3" in network.problem.text()
    program.session.undo_stack.undo()
    wait_until(lambda: not network.problem.isVisible(), "the problem to go")


def test_a_network_with_too_few_outputs_is_warned_about(program):
    program.session.replace_document(replace(SMALL, "network", sequence(layer("Flatten"))), "an edit")
    program.session.push("network", sequence(layer("Linear", in_features=2, out_features=1)), "another")
    wait_until(lambda: "needs 2 outputs" in program.window.network.summary.text(), "the warning")


def test_a_network_without_layers_is_no_misfit(program):
    program.session.push("network", sequence(), "remove")
    wait_until(lambda: program.window.network.summary.text() == "no layers yet", "the analysis")


def test_return_in_the_list_of_presets_chooses(program, qtbot):
    combo = program.window.network.presets
    combo.setFocus()
    combo.setCurrentIndex(combo.findData("logistic-2d"))
    with qtbot.waitSignal(program.window.network.preset_chosen):
        QTest.keyClick(combo, Qt.Key.Key_Down)
    assert program.session.undo_stack.count() == 1
