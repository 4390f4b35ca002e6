"""Weights from elsewhere in the window: adopted where all of them fit, asked about where some do, refused else."""

from pathlib import Path

import pytest
import safetensors.torch
import torch
from driving import LONG, SMALL, answer_dialogs, click, sentences, start_over, wait_until
from torch import nn

from playground.engine.document import replace
from playground.engine.export.model_file import save_model
from playground.engine.folders import data_folder
from playground.engine.network.builder import build
from playground.engine.network.sequence import layer, sequence
from playground.engine.training.control import Control
from playground.engine.training.job import training_job

DEEP = replace(
    SMALL,
    "network",
    sequence(
        layer("Linear", in_features=2, out_features=8),
        layer("ReLU"),
        layer("Linear", in_features=8, out_features=2),
    ),
)


def net_of(document):
    torch.manual_seed(99)
    return build(document.network)


@pytest.fixture
def choose(program, monkeypatch):
    """Import a file through the menu."""
    program.run.document = None
    program.window.status.clearMessage()

    def run(path):
        answer_dialogs(monkeypatch, path)
        program.window.actions_table["import_weights"].trigger()
        return path

    return run


def said(program):
    return program.window.status.currentMessage()


def learned(program):
    return program.run.net_source()().state_dict()


def same(found, wanted):
    return found.keys() == wanted.keys() and all(torch.equal(found[name], wanted[name]) for name in wanted)


def asked(program):
    """Wait for the report, and give it."""
    wait_until(program.weights.dialog.isVisible, "the report")
    return program.weights.dialog


def test_weights_that_fit_are_what_the_run_has_learned(program, choose, tmp_path):
    start_over(program, DEEP)
    net = net_of(DEEP)
    torch.save({"epoch": 3, "model": nn.DataParallel(net).state_dict()}, tmp_path / "Gewichte ü.pt")
    choose(tmp_path / "Gewichte ü.pt")
    wait_until(lambda: program.run.document is not None, "the weights")
    assert same(learned(program), net.state_dict())
    assert program.session.document == DEEP
    assert program.run.state == "finished"
    assert said(program).startswith("Imported Gewichte ü.pt: All 4 tensors fit.")
    assert "DataParallel" in said(program)
    assert not program.weights.dialog.isVisible()
    assert program.run.history.epochs == []


def test_the_same_weights_twice_are_one_file(program, choose, tmp_path):
    start_over(program, DEEP)
    path = tmp_path / "a.safetensors"
    path.write_bytes(safetensors.torch.save(net_of(DEEP).state_dict()))
    for _ in range(2):
        program.run.document = None
        choose(path)
        wait_until(lambda: program.run.document is not None, "the weights")
    assert len(list((data_folder() / "imports").glob("a-*"))) == 1


def test_a_part_that_fits_is_used_after_a_question_and_the_rest_is_the_seed_s(program, choose, tmp_path):
    start_over(program, DEEP)
    state = net_of(DEEP).state_dict()
    state["2.weight"], state["2.bias"] = torch.zeros(5, 8), torch.zeros(5)
    torch.save(state, tmp_path / "other.pt")
    choose(tmp_path / "other.pt")
    dialog = asked(program)
    assert program.run.document is None
    assert dialog.lists.rows(0)[0] == ("2.weight", "2 \u00d7 8", "2.weight", "5 \u00d7 8")
    assert dialog.open_whole.isHidden()
    dialog.use.click()
    wait_until(lambda: program.run.document is not None, "the weights")
    torch.manual_seed(DEEP.training.seed)
    fresh, found = build(DEEP.network).state_dict(), learned(program)
    for name in fresh:
        assert torch.equal(found[name], (state if name.startswith("0") else fresh)[name])


def test_other_names_are_proposed_and_used(program, choose, tmp_path):
    start_over(program, DEEP)
    net = net_of(DEEP)
    names = {"0": "fc1", "2": "fc2"}
    torch.save({f"{names[k[0]]}{k[1:]}": tensor for k, tensor in net.state_dict().items()}, tmp_path / "names.pt")
    choose(tmp_path / "names.pt")
    dialog = asked(program)
    assert ("0.weight", "8 \u00d7 2", "fc1.weight", "8 \u00d7 2") in dialog.lists.rows(0)
    dialog.use.click()
    wait_until(lambda: program.run.document is not None, "the weights")
    assert same(learned(program), net.state_dict())


def test_cancel_leaves_everything_as_it_was(program, choose, tmp_path):
    torch.save({"0.weight": torch.zeros(2, 2)}, tmp_path / "half.pt")
    choose(tmp_path / "half.pt")
    asked(program).cancel.click()
    assert program.run.document is None
    assert sentences(program) == []


def test_our_own_model_of_another_network_is_opened_whole_when_asked(program, choose, tmp_path):
    net = net_of(DEEP)
    save_model(tmp_path / "deep.safetensors", net, DEEP)
    choose(tmp_path / "deep.safetensors")
    dialog = asked(program)
    assert not dialog.use.isEnabled()
    dialog.open_whole.click()
    wait_until(lambda: program.run.document is not None, "the model")
    assert program.session.document == DEEP
    assert same(learned(program), net.state_dict())
    program.session.undo_stack.undo()
    assert program.session.document == SMALL


def test_a_checkpoint_is_called_after_its_run(program, choose, tmp_path):
    list(training_job(replace(SMALL, "training.epochs", 1), Control(), out=tmp_path / "my run"))
    start_over(program, SMALL)
    choose(tmp_path / "my run" / "checkpoint.json")
    wait_until(lambda: program.run.document is not None, "the weights")
    assert said(program).startswith("Imported my run: ")
    start_over(program, DEEP)
    choose(tmp_path / "my run" / "checkpoint.json")
    assert "my run" in asked(program).heading.text()
    program.weights.dialog.cancel.click()


def test_where_nothing_fits_a_sentence_says_so(program, choose, tmp_path):
    torch.save({"conv.weight": torch.zeros(3, 1, 5, 5)}, tmp_path / "foreign.pt")
    choose(tmp_path / "foreign.pt")
    wait_until(lambda: sentences(program) != [], "the notice")
    assert sentences(program) == [
        f"{tmp_path / 'foreign.pt'} does not fit this network: no tensor of the file (1) fits one of the network (2) "
        "by name and shape."
    ]
    assert program.run.document is None


@pytest.mark.parametrize("name", ["bad.pt", "bad.safetensors", "missing.pt"])
def test_a_bad_file_is_one_notice(program, choose, tmp_path, name):
    path = tmp_path / name
    if not name.startswith("missing"):
        path.write_bytes(b"\xff" * 500)
    choose(path)
    wait_until(lambda: sentences(program) != [], "the notice")
    assert len(sentences(program)) == 1
    assert name in sentences(program)[0]


def test_a_whole_pickle_is_refused(program, choose, tmp_path):
    torch.save(nn.Linear(2, 2), tmp_path / "whole.pt")
    choose(tmp_path / "whole.pt")
    wait_until(lambda: sentences(program) != [], "the notice")
    assert "loading those could run a program" in sentences(program)[0]


def test_the_notice_of_a_refused_file_goes_when_another_is_tried(program, choose, tmp_path):
    (tmp_path / "bad.pt").write_bytes(b"no")
    program.window.notice.show_message("Something else.")
    choose(tmp_path / "bad.pt")
    wait_until(lambda: len(sentences(program)) == 2, "the notice")
    torch.save(net_of(SMALL).state_dict(), tmp_path / "good.pt")
    choose(tmp_path / "good.pt")
    wait_until(lambda: program.run.document is not None, "the weights")
    assert sentences(program) == ["Something else."]


def test_nothing_is_imported_while_a_run_is_active(program, choose, tmp_path):
    start_over(program, LONG)
    click(program.window, "training_primary")
    wait_until(lambda: program.run.state == "running", "the run")
    torch.save(net_of(LONG).state_dict(), tmp_path / "weights.pt")
    choose(tmp_path / "weights.pt")
    assert said(program) == "Stop the run before you import weights."


def test_a_network_edited_meanwhile_is_not_given_weights_of_another(program, choose, tmp_path):
    torch.save({"0.weight": torch.ones(2, 2)}, tmp_path / "half.pt")
    choose(tmp_path / "half.pt")
    dialog = asked(program)
    program.session.push("network", DEEP.network, "an edit")
    dialog.use.click()
    wait_until(lambda: "changed meanwhile" in said(program), "the sentence")
    assert program.run.document is None


def test_a_file_dropped_on_the_window_is_imported(program, choose, tmp_path):  # noqa: ARG001  # at rest
    net = net_of(SMALL)
    torch.save(net.state_dict(), tmp_path / "dropped.pt")
    program.window.file_dropped.emit(str(tmp_path / "dropped.pt"))
    wait_until(lambda: program.run.document is not None, "the weights")
    assert same(learned(program), net.state_dict())


def test_a_full_disk_is_one_notice_and_nothing_is_adopted(program, choose, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    torch.save(net_of(SMALL).state_dict(), tmp_path / "weights.pt")
    monkeypatch.setattr(Path, "replace", full)
    choose(tmp_path / "weights.pt")
    wait_until(lambda: sentences(program) != [], "the notice")
    assert "the disk is full" in sentences(program)[0]
    assert program.run.document is None
