"""Exports from the window: real files with real proofs, cancelled ones, failing ones, and the end of the program."""

import contextlib
import json
import re
import tempfile
from concurrent.futures import Future
from pathlib import Path

import pytest
import torch
from driving import LONG, SMALL, click, end_run, sentences, shown_program, start_over, train, wait_until
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog
from safetensors.torch import load_file

from playground.controllers.export_jobs import EXPORT, FITTING
from playground.controllers.model_card import JOB as CARD
from playground.engine.document import replace
from playground.engine.export.proof.proving import Measured, Prover
from playground.engine.network import custom
from playground.engine.network.sequence import layer, sequence
from playground.engine.network.spec import Custom, NetworkSpec, Source


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder in which the exports of this test keep what they need on the way."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def out(tmp_path):
    """The folder the files are to go to."""
    folder = tmp_path / "Ausgang 出"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def nothing_goes_on(program):
    """The window closed and no export under way afterwards."""
    yield
    program.export.cancel()
    wait_until(lambda: not program.jobs.is_running(EXPORT), "the export to end")
    program.export.hide()


def open_window(program, out, *formats):
    """The export window, with these formats ticked and nothing else."""
    program.window.actions_table["export"].trigger()
    view = program.export.view
    wait_until(lambda: not program.jobs.is_running(FITTING), "the formats that fit")
    view.show_settings()
    view.form.folder.setText(str(out))
    for name, box in view.form.formats.boxes.items():
        box.setChecked(name in formats)
    return view


def export(program, out, *formats):
    """Export with a click, and wait for the end."""
    view = open_window(program, out, *formats)
    click(program.window, "export_start")
    wait_until(lambda: not view.is_running, "the export to end")
    return view


def names(folder):
    """What lies in a folder, hidden things too."""
    return sorted(path.name for path in folder.iterdir())


def children():
    """The processes this one has started and that still run."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):
            found |= set((task / "children").read_text().split())
    return found


def test_a_trained_net_leaves_in_two_formats_each_with_its_proof(program, out, temporary):
    train(program)
    click(program.window, "training_export")
    assert program.export.view.isVisible()
    assert "30 steps" in program.export.view.form.source_line.text()
    view = export(program, out, "safetensors", "onnx")
    assert view.summary() == "2 of 2 passed"
    assert names(out) == [
        "two-clouds.onnx", "two-clouds.onnx.proof.json", "two-clouds.safetensors", "two-clouds.safetensors.proof.json",
    ]  # fmt: skip
    trained = program.run.net_source()().state_dict()
    weights = load_file(out / "two-clouds.safetensors")
    assert all(torch.equal(weights[name], tensor) for name, tensor in trained.items())
    shown = view.proofs.cards["onnx"].proof
    written = json.loads((out / "two-clouds.onnx.proof.json").read_text(encoding="utf-8"))
    assert (shown.path, shown.sha256, shown.size) == (written["path"], written["sha256"], written["size"])
    assert [one.batch for one in shown.batches] == [one["batch"] for one in written["batches"]]
    assert "2 of 2 passed" in program.window.status.currentMessage()
    assert names(temporary) == []


def test_a_window_opened_anew_shows_the_settings(program, out):
    train(program)
    view = export(program, out, "state_dict")
    assert view.shows_proofs
    view.close()
    click(program.window, "training_export")
    assert not view.shows_proofs


def test_the_net_of_a_run_under_way_leaves_as_it_is_and_the_run_goes_on(program, out):
    start_over(program, LONG)
    click(program.window, "training_primary")
    wait_until(lambda: program.run.history.next_step > 0, "a step")
    view = export(program, out, "state_dict")
    assert view.summary() == "1 of 1 passed"
    assert program.run.state == "running"
    before = program.run.history.next_step
    wait_until(lambda: program.run.history.next_step > before, "another step")
    assert not any("not trained" in note for note in view.proofs.cards["state_dict"].proof.notes)


def test_a_net_that_was_not_trained_leaves_too_and_its_proof_says_so(program, out):
    start_over(program, replace(SMALL, "title", "Untouched"))
    program.export.hide()
    view = open_window(program, out, "state_dict")
    view.form.source.set_value("document")
    view.form.source.edited.emit("document")
    assert "ot trained yet" in view.form.source_line.text()
    click(program.window, "export_start")
    wait_until(lambda: not view.is_running, "the export to end")
    assert "untouched.pt" in names(out)
    assert any("not trained yet" in note for note in view.proofs.cards["state_dict"].proof.notes)


def test_a_failed_proof_says_what_differs_and_keeps_the_file_under_another_name(program, out, monkeypatch):
    wrong = Measured(("at batch 2 the outputs differ by up to 0.31",), "torch", {}, ((1, 0.0), (2, 0.31)), 1e-5)
    monkeypatch.setattr(Prover, "prove", lambda *_: wrong)
    train(program)
    view = export(program, out, "state_dict")
    card = view.proofs.cards["state_dict"]
    assert card.stage == "failed"
    assert "differ by up to 0.31" in card.detail.text()
    assert card.path.text() == str(out / "two-clouds.pt.failed")
    assert "two-clouds.pt.failed" in names(out)
    assert "two-clouds.pt" not in names(out)
    assert view.summary() == "0 of 1 passed · 1 failed"


def test_a_cancelled_export_leaves_nothing(program, out, temporary):
    train(program)
    before = children()
    view = open_window(program, out, "safetensors", "onnx")
    click(program.window, "export_start")
    wait_until(lambda: view.proofs.cards["safetensors"].stage != "waiting", "the export to begin")
    click(program.window, "export_cancel")
    wait_until(lambda: not view.is_running, "the export to end")
    assert "cancelled" in {card.stage for card in view.proofs.cards.values()}
    assert [name for name in names(out) if "onnx" in name or name.startswith(".")] == []
    assert names(temporary) == []
    assert children() <= before
    assert "cancelled" in program.window.status.currentMessage()


def test_an_export_that_waits_for_its_run_can_be_cancelled_too(program, out, monkeypatch):
    train(program)
    monkeypatch.setattr(program.run, "between_steps", lambda _: Future())
    view = open_window(program, out, "safetensors")
    click(program.window, "export_start")
    click(program.window, "export_cancel")
    wait_until(lambda: not view.is_running, "the export to end")
    assert names(out) == []
    assert view.proofs.cards["safetensors"].stage == "cancelled"


def test_an_export_that_cannot_be_made_is_one_sentence_in_the_window(program, out):
    train(program)
    (out / "two-clouds.pt").mkdir()
    (out / "two-clouds.pt" / "other").touch()
    view = export(program, out, "state_dict")
    assert "two-clouds.pt" in view.message.text()
    assert view.proofs.cards["state_dict"].verdict() == "not made"
    assert names(out) == ["two-clouds.pt"]
    assert sentences(program) == []


def test_a_problem_is_a_notice_where_the_window_was_closed_meanwhile(program, out):
    train(program)
    (out / "two-clouds.pt").mkdir()
    (out / "two-clouds.pt" / "other").touch()
    view = open_window(program, out, "state_dict")
    click(program.window, "export_start")
    view.close()
    wait_until(lambda: not view.is_running, "the export to end")
    (said,) = sentences(program)
    assert "two-clouds.pt" in said
    program.window.actions_table["export"].trigger()
    assert sentences(program) == []


def test_the_status_bar_tells_of_an_export_whose_window_is_closed_and_opens_it_again(program, out):
    train(program)
    view = open_window(program, out, "safetensors", "onnx")
    click(program.window, "export_start")
    sign = program.window.work
    assert sign.isHidden()
    view.close()
    wait_until(lambda: re.fullmatch(r"Exporting \S+… \d+ %", sign.text()), "the sign")
    assert sign.isVisible()
    wait_until(lambda: sign.text().startswith("Exporting ONNX…"), "the second format")
    click(program.window, "status_work")
    assert view.isVisible()
    assert view.shows_proofs
    assert sign.isHidden()
    view.close()
    wait_until(lambda: not view.is_running, "the export to end")
    assert sign.isHidden()
    assert "2 of 2 passed" in program.window.status.currentMessage()


def test_the_status_bar_tells_of_a_card_too(program, out):
    train(program)
    view = open_window(program, out, "safetensors")
    view.close()
    told = []
    program.export.under_way.connect(told.append)
    program.export.card.write("run", out / "card.html")
    wait_until(lambda: not program.jobs.is_running(CARD), "the card")
    assert told[0] == "Writing the model card… 0 %"
    assert told[-1] == ""
    assert program.window.work.isHidden()


def test_no_second_export_begins_while_one_is_under_way(program, out):
    train(program)
    view = open_window(program, out, "safetensors")
    wish = view.form.wish()
    program.export.export(wish)
    cards = view.proofs.cards
    assert not view.export.isEnabled()
    program.export.export(wish)
    assert view.proofs.cards is cards


def test_what_will_be_written_and_replaced_is_said_beforehand(program, out):
    train(program)
    view = open_window(program, out, "safetensors", "state_dict")
    (out / "mine.pt").touch()
    view.form.name.setText("mine")
    said = view.form.target_line.text()
    assert "mine.safetensors, mine.pt" in said
    assert "replaced: mine.pt." in said


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("name", "", "name"), ("folder", "", "whole path"), ("folder", "here", "whole path"),
        ("folder", "/no such folder", "no such folder"), ("folder", "/" + "x" * 5000, "no such folder"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_and_nothing_can_be_pressed(program, out, field, text, said):
    view = open_window(program, out, "safetensors")
    getattr(view.form, field).setText(text)
    assert said in view.line.text()
    assert not view.export.isEnabled()
    getattr(view.form, field).setText(str(out) if field == "folder" else "name")
    assert view.export.isEnabled()


def test_without_a_format_nothing_can_be_pressed(program, out):
    view = open_window(program, out)
    assert "format" in view.line.text()
    assert not view.export.isEnabled()


def test_what_the_net_does_not_allow_says_why(program, out):
    network = sequence(layer("Linear", in_features=2, out_features=2), layer("Softmax", dim=1))
    start_over(program, replace(SMALL, "network", network))
    program.export.hide()
    view = open_window(program, out, "onnx")
    view.form.source.set_value("document")
    view.form.source.edited.emit("document")
    wait_until(lambda: not view.form.softmax.isEnabled(), "softmax to be refused")
    assert "Softmax" in view.form.inside_line.text()
    program.session.push("network", SMALL.network, "an edit")
    wait_until(view.form.softmax.isEnabled, "softmax to be allowed again")


def test_a_layer_of_ones_own_has_to_be_trusted_first(program, out):
    text = "from torch import nn\n\n\nclass Own(nn.Module):\n    def forward(self, x):\n        return x\n"
    source = Source(name="Own", text=text)
    network = NetworkSpec(layers=(Custom(id="own", name="Own"), *SMALL.network.layers), sources=(source,))
    start_over(program, replace(SMALL, "network", network))
    program.export.hide()
    view = open_window(program, out, "safetensors")
    view.form.source.set_value("document")
    view.form.source.edited.emit("document")
    wait_until(lambda: "trust" in view.line.text(), "the refusal")
    assert not view.export.isEnabled()
    custom.trust(source)
    program.editing.trusted.emit()
    wait_until(view.export.isEnabled, "the layer to be trusted")


def test_the_folder_is_asked_for_and_shown(program, out, monkeypatch):
    shown = []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(out))
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()) or True)
    view = open_window(program, Path("/elsewhere"), "safetensors")
    click(program.window, "export_browse")
    assert view.form.folder.text() == str(out)
    view.folder_requested.emit(str(out / "net.onnx"))
    assert shown == [str(out)]
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: False)
    view.folder_requested.emit(str(out / "net.onnx"))
    assert str(out) in view.message.text()


def test_the_model_card_tells_of_the_run_and_of_the_exports_made_here(program, out, monkeypatch):
    train(program)
    view = open_window(program, out, "state_dict")
    view.form.name.setText("two-clouds")
    click(program.window, "export_start")
    wait_until(lambda: not view.is_running, "the export to end")
    assert view.summary() == "1 of 1 passed", view.message.text()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out / "card"), ""))
    click(program.window, "export_card")
    wait_until(lambda: not program.jobs.is_running(CARD), "the card")
    text = (out / "card.html").read_text(encoding="utf-8")
    assert view.card.line.text() == str(out / "card.html")
    assert "Two clouds" in text
    assert "two-clouds.pt" in text
    assert "card.html" in program.window.status.currentMessage()


def test_the_card_is_one_command_away(program, out, monkeypatch):
    train(program)
    program.export.hide()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out / "run.html"), ""))
    program.window.actions_table["model_card"].trigger()
    wait_until(lambda: not program.jobs.is_running(CARD), "the card")
    assert program.export.view.isVisible()
    assert "Two clouds" in (out / "run.html").read_text(encoding="utf-8")


def test_the_card_of_another_run_does_not_tell_of_the_exports_before(program, out):
    train(program)
    export(program, out, "state_dict")
    start_over(program, replace(SMALL, "title", "Another"))
    program.export.card.write("document", out / "card.html")
    wait_until(lambda: not program.jobs.is_running(CARD), "the card")
    text = (out / "card.html").read_text(encoding="utf-8")
    assert "Another" in text
    assert "two-clouds.pt" not in text


def test_a_cancelled_card_leaves_no_file_and_one_that_cannot_be_written_says_why(program, out):
    train(program)
    program.window.actions_table["export"].trigger()
    program.export.card.write("run", out / "card.html")
    click(program.window, "export_card")
    wait_until(lambda: not program.jobs.is_running(CARD), "the card to end")
    assert names(out) == []
    (out / "card.html").mkdir()
    program.export.card.write("run", out / "card.html")
    wait_until(lambda: not program.jobs.is_running(CARD), "the card to end")
    assert "card.html" in program.export.view.message.text()
    assert names(out) == ["card.html"]


def test_closing_the_program_ends_the_export_and_leaves_nothing(tmp_path, out, temporary):
    before = children()
    with shown_program(tmp_path / "user") as program:
        start_over(program)
        view = open_window(program, out, "onnx")
        click(program.window, "export_start")
        wait_until(lambda: view.proofs.cards["onnx"].stage != "waiting", "the export to begin")
        end_run(program)
    assert names(out) == []
    assert names(temporary) == []
    assert children() <= before
