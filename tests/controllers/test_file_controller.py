"""Documents and models in files: what is opened, what is saved, and what bad files leave as it was."""

import errno
import json
import os

import pytest
from driving import SMALL, answer_dialogs, click, sentences, start_over, train, wait_until
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton
from safetensors.torch import load_file

from playground.engine import document as documents
from playground.engine import presets
from playground.engine.document import replace

OTHER = replace(replace(SMALL, "title", "Another"), "training.epochs", 5)


def write(path, document):
    path.write_bytes(documents.encode(document))
    return path


def edit(program, epochs=9):
    """An edit that is not saved."""
    program.session.push("training.epochs", epochs, "an edit")


def answer_question(monkeypatch, answer):
    """Answer "Save first?", and count how often it is asked."""
    asked = []
    monkeypatch.setattr(QMessageBox, "question", lambda *_: asked.append(1) or answer)
    return asked


def trigger(program, name):
    program.window.actions_table[name].trigger()


def test_save_as_asks_for_a_file_and_the_title_says_what_is_saved(program, tmp_path, monkeypatch):
    edit(program)
    assert program.window.isWindowModified()
    assert "[*]" in program.window.windowTitle()
    answer_dialogs(monkeypatch, tmp_path / "mine")
    trigger(program, "save")
    saved = tmp_path / "mine.playground"
    assert documents.decode(saved.read_bytes()) == program.session.document
    assert not program.window.isWindowModified()
    assert program.window.windowTitle().startswith("mine.playground")
    edit(program, 11)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: pytest.fail("the file is known by now"))
    trigger(program, "save")
    assert documents.decode(saved.read_bytes()).training.epochs == 11
    assert documents.decode((tmp_path / "mine.playground.bak").read_bytes()).training.epochs == 9


def test_a_dialog_given_up_changes_nothing(program, tmp_path, monkeypatch):
    edit(program)
    answer_dialogs(monkeypatch, "")
    for action in ("save", "save_as", "open", "open_model"):
        trigger(program, action)
    assert program.window.isWindowModified()
    assert list(tmp_path.iterdir()) == []
    assert sentences(program) == []


def test_open_shows_the_document_everywhere(program, tmp_path, monkeypatch):
    answer_dialogs(monkeypatch, write(tmp_path / "other.playground", OTHER))
    trigger(program, "open")
    assert program.session.document == OTHER
    assert program.window.training.form.run.epochs.value() == 5
    assert program.window.windowTitle().startswith("other.playground")
    assert not program.session.undo_stack.canUndo()


@pytest.mark.parametrize(
    ("answer", "stays", "written"),
    [("Cancel", True, False), ("Discard", False, False), ("Save", False, True)],
)
def test_unsaved_edits_are_asked_about_before_another_document(program, tmp_path, monkeypatch, answer, stays, written):
    edit(program)
    edited = program.session.document
    asked = answer_question(monkeypatch, getattr(QMessageBox.StandardButton, answer))
    answer_dialogs(monkeypatch, tmp_path / "kept.playground")
    program.files.open_path(write(tmp_path / "other.playground", OTHER))
    assert asked == [1]
    assert program.session.document == (edited if stays else OTHER)
    assert (tmp_path / "kept.playground").exists() == written


def test_new_begins_with_the_first_preset(program):
    trigger(program, "new")
    assert program.session.document == presets.preset("mnist-mlp")
    assert program.session.path is None


BROKEN = {
    "broken": (b'{"format": 1, "training": {"epochs": "many"}}', "training.epochs"),
    "truncated": (documents.encode(SMALL)[:200], "is not a playground document"),
    "newer": (b'{"format": 99}', "newer playground"),
    "no text": (bytes(range(256)), "is not a playground document"),
    "empty": (b"", "is not a playground document"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_bad_document_is_one_notice_and_nothing_changes(program, tmp_path, kind):
    content, expected = BROKEN[kind]
    path = tmp_path / "bad.playground"
    path.write_bytes(content)
    program.files.open_path(path)
    (sentence,) = sentences(program)
    assert expected in sentence
    assert "bad.playground" in sentence
    assert program.session.document == SMALL
    assert program.session.path is None
    assert path not in program.settings.recent_files


def test_a_document_that_is_not_there_is_one_notice(program, tmp_path):
    program.files.open_path(tmp_path / "gone.playground")
    assert sentences(program) == [f"{tmp_path / 'gone.playground'} does not exist; check the name."]


def test_the_version_before_a_damaged_document_is_offered(program, tmp_path):
    path = tmp_path / "mine.playground"
    program.session.save(path)
    edit(program)
    program.session.save(path)
    path.write_bytes(path.read_bytes()[:100])
    program.files.open_path(path)
    assert len(sentences(program)) == 1
    click(program.window, "notice_action_backup")
    assert program.session.document == SMALL
    assert program.session.path == path
    assert sentences(program) == []


def test_a_full_disk_leaves_the_old_file_and_the_edit(program, tmp_path, monkeypatch):
    path = tmp_path / "mine.playground"
    program.session.save(path)
    old = path.read_bytes()
    edit(program)

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    trigger(program, "save")
    (sentence,) = sentences(program)
    assert "was not saved: the disk is full" in sentence
    assert path.read_bytes() == old
    assert program.window.isWindowModified()
    assert [each.name for each in tmp_path.iterdir()] == ["mine.playground"]


def test_save_as_that_fails_leaves_the_document_under_its_name(program, tmp_path, monkeypatch):
    path = tmp_path / "mine.playground"
    program.session.save(path)
    edit(program)
    answer_dialogs(monkeypatch, tmp_path / "missing folder" / "other.playground")
    trigger(program, "save_as")
    assert "was not saved: the folder does not exist" in sentences(program)[0]
    assert program.session.path == path
    assert program.window.windowTitle().startswith("mine.playground")
    assert program.window.isWindowModified()


def test_recent_files_are_in_the_menu_newest_first(program, tmp_path):
    names = ["eins & zwei.playground", "drei.playground"]
    for name in names:
        program.files.open_path(write(tmp_path / name, OTHER))
    start_over(program)
    actions = program.window.recent_menu.actions()
    assert [action.text().replace("&&", "&") for action in actions][:2] == names[::-1]
    actions[1].trigger()
    assert program.session.path == tmp_path / names[0]


@pytest.mark.parametrize(
    "name",
    ["Übung mit Leerzeichen.playground", "数字を描く.playground", "n" * 200 + ".playground", 'it\'s "so".playground'],
    ids=["umlaut", "japanese", "long", "quotes"],
)
def test_names_of_every_kind_work(program, tmp_path, monkeypatch, name):
    answer_dialogs(monkeypatch, tmp_path / name)
    edit(program)
    trigger(program, "save_as")
    assert sentences(program) == []
    kept = program.session.document
    start_over(program)
    trigger(program, "open")
    assert program.session.document == kept


def test_the_model_is_saved_and_opened_with_its_document(program, tmp_path, monkeypatch):
    train(program)
    answer_dialogs(monkeypatch, tmp_path / "model")
    trigger(program, "save_model")
    path = tmp_path / "model.safetensors"
    wait_until(path.exists, "the model to be saved")
    start_over(program, OTHER)
    answer_dialogs(monkeypatch, path)
    trigger(program, "open_model")
    wait_until(lambda: program.session.document == SMALL, "the model to be opened")
    net = program.run.net_source()()
    assert {name: value.tolist() for name, value in net.state_dict().items()} == {
        name: value.tolist() for name, value in load_file(path).items()
    }
    assert sentences(program) == []
    assert program.window.loss.table()[0].values.size == 0


def test_a_file_that_is_no_model_is_one_notice(program, tmp_path):
    path = tmp_path / "bad.safetensors"
    path.write_bytes(json.dumps({"no": "model"}).encode())
    program.files.open_path(path)
    wait_until(lambda: sentences(program) != [], "the notice")
    assert len(sentences(program)) == 1
    assert "is not a model of the playground" in sentences(program)[0]
    assert program.session.document == SMALL


def test_no_model_is_saved_before_there_is_one(shown_cold, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: pytest.fail("there is nothing to save"))
    trigger(shown_cold, "save_model")
    assert "press Train first" in shown_cold.window.status.currentMessage()


@pytest.fixture
def shown_cold(program):
    """The program as it is before any run."""
    program.run.document = None
    return program


def test_the_notice_s_button_is_named(program, tmp_path):
    path = tmp_path / "mine.playground"
    for _ in range(2):
        program.session.save(path)
    path.write_bytes(b"{")
    program.files.open_path(path)
    found = program.window.findChild(QPushButton, "notice_action_backup")
    assert found.text() == "Open the version before"
    assert found.accessibleName()
