"""The open document: edits, undo, files, and what a crash leaves behind."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from playground import session as sessions
from playground.engine import document as documents
from playground.engine.document import Document
from playground.engine.files import backup_of
from playground.engine.problems import Problem
from playground.engine.training.spec import TrainingSpec
from playground.session import Session, autosave_file, left_behind, recover

pytestmark = pytest.mark.usefixtures("qapp")
EPOCHS = "training.epochs"


@pytest.fixture
def session():
    session = Session(Document())
    yield session
    session.close()
    session.forget_autosave()


def epochs(session):
    return session.document.training.epochs


def written(path, **training):
    path.write_bytes(documents.encode(Document(title=path.stem, training=TrainingSpec(**training))))
    return path


def test_an_edit_is_told_and_can_be_taken_back_and_made_again(session, qtbot):
    with qtbot.waitSignal(session.changed, check_params_cb=lambda path: path == EPOCHS):
        session.push(EPOCHS, 7, "change of the epochs")
    assert (epochs(session), session.is_saved, session.undo_stack.undoText()) == (7, False, "change of the epochs")
    with qtbot.waitSignal(session.changed, check_params_cb=lambda path: path == EPOCHS):
        session.undo_stack.undo()
    assert (epochs(session), session.is_saved) == (3, True)
    session.undo_stack.redo()
    assert epochs(session) == 7


def test_the_same_value_again_is_no_edit(session, qtbot):
    with qtbot.assertNotEmitted(session.changed):
        session.push(EPOCHS, 3, "nothing")
        session.replace_document(session.document, "nothing")
    assert session.undo_stack.count() == 0
    assert session.is_saved


def test_a_drag_is_one_step_of_undo(session):
    for value in range(4, 20):
        session.push(EPOCHS, value, "drag", merge_key="drag 1")
    assert (session.undo_stack.count(), epochs(session)) == (1, 19)
    session.undo_stack.undo()
    assert epochs(session) == 3


def test_a_drag_that_ends_where_it_began_leaves_nothing_to_undo(session):
    for value in (4, 5, 3):
        session.push(EPOCHS, value, "drag", merge_key="drag 1")
    assert (session.undo_stack.count(), epochs(session), session.is_saved) == (0, 3, True)


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [(EPOCHS, 9, ""), (EPOCHS, 9, "drag 2"), ("training.batch_size", 9, "drag 1")],
)
def test_edits_of_another_field_or_another_drag_are_steps_of_their_own(session, path, value, key):
    session.push(EPOCHS, 8, "drag", merge_key="drag 1")
    session.push(path, value, "another", merge_key=key)
    assert session.undo_stack.count() == 2


def test_an_edit_after_saving_does_not_melt_into_the_saved_one(session, tmp_path):
    session.push(EPOCHS, 8, "drag", merge_key="drag 1")
    session.save(tmp_path / "a.playground")
    session.push(EPOCHS, 9, "drag", merge_key="drag 1")
    assert not session.is_saved
    session.undo_stack.undo()
    assert (epochs(session), session.is_saved) == (8, True)


def test_exchanging_the_whole_document_is_one_edit(session, qtbot):
    other = Document(title="another", training=TrainingSpec(epochs=9))
    with qtbot.waitSignal(session.changed, check_params_cb=lambda path: path == ""):
        session.replace_document(other, "preset")
    assert session.document == other
    session.undo_stack.undo()
    assert session.document == Document()


def test_saving_and_opening_bring_the_same_document(session, tmp_path, qtbot):
    path = tmp_path / "Läufe und 図" / "mein erster.playground"
    path.parent.mkdir()
    session.push(EPOCHS, 7, "edit")
    with qtbot.waitSignal(session.file_changed):
        session.save(path)
    assert (session.path, session.is_saved) == (path, True)
    saved = session.document
    session.start_over(Document())
    with qtbot.waitSignals([session.changed, session.file_changed]):
        session.open(path)
    assert (session.document, session.path, session.is_saved) == (saved, path, True)
    assert session.undo_stack.count() == 0


def test_the_version_before_stays_as_a_backup(session, tmp_path):
    path = tmp_path / "a.playground"
    for value in (7, 8):
        session.push(EPOCHS, value, "edit")
        session.save(path)
    assert documents.decode(backup_of(path).read_bytes()).training.epochs == 7
    assert documents.decode(path.read_bytes()).training.epochs == 8


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"format": 99}', b'{"format": 1, "title": 3}', b"\xff\xfe", b"[" * 5000]
)
def test_a_broken_file_leaves_everything_as_it_was(session, tmp_path, content, qtbot):
    path = tmp_path / "broken.playground"
    path.write_bytes(content)
    session.push(EPOCHS, 7, "edit")
    before = session.document
    with qtbot.assertNotEmitted(session.changed), pytest.raises(Problem, match="broken"):
        session.open(path)
    assert (session.document, session.path, session.undo_stack.count()) == (before, None, 1)


def full_disk(monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)


def test_a_full_disk_leaves_the_old_file_and_the_unsaved_state(session, tmp_path, monkeypatch):
    path = tmp_path / "a.playground"
    session.save(path)
    before = path.read_bytes()
    session.push(EPOCHS, 7, "edit")
    full_disk(monkeypatch)
    with pytest.raises(Problem, match="the disk is full"):
        session.save(path)
    assert path.read_bytes() == before
    assert not session.is_saved
    with pytest.raises(Problem, match="the disk is full"):
        session.save(tmp_path / "b.playground")
    assert (session.path, session.is_saved, session.holder) == (path, False, None)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.playground"]


def test_unsaved_edits_are_kept_after_a_while(session, qtbot):
    session._autosave.setInterval(1)
    session.push(EPOCHS, 7, "edit")
    qtbot.waitUntil(autosave_file().exists)
    assert documents.decode(autosave_file().read_bytes()) == session.document
    assert left_behind() == []


@pytest.mark.parametrize("given_up", ["save", "undo", "start over", "forget"])
def test_what_is_saved_or_given_up_is_not_kept_any_longer(session, tmp_path, given_up):
    session.push(EPOCHS, 7, "edit")
    session.autosave()
    assert autosave_file().exists()
    if given_up == "save":
        session.save(tmp_path / "a.playground")
    elif given_up == "start over":
        session.start_over(Document())
    elif given_up == "forget":
        session.forget_autosave()
    else:
        session.undo_stack.undo()
        session.autosave()
    assert not autosave_file().exists()


CRASH = """
import os
from PySide6.QtCore import QCoreApplication
from playground.engine.document import Document
from playground.session import Session
application = QCoreApplication([])
session = Session(Document())
session.push("training.epochs", 7, "edit")
session.autosave()
os._exit(1)
"""


def test_what_a_crash_leaves_behind_is_found_and_brought_back(session):
    root = Path(__file__).resolve().parents[1]
    assert subprocess.run([sys.executable, "-c", CRASH], check=False, cwd=root).returncode == 1
    (path,) = left_behind()
    session.replace_document(recover(path), "recovery")
    assert (epochs(session), session.is_saved) == (7, False)
    assert left_behind() == []
    assert documents.decode(autosave_file().read_bytes()).training.epochs == 7  # another crash would not lose it


def test_what_an_earlier_process_of_the_same_number_left_is_found(session):
    session.push(EPOCHS, 7, "edit")
    session.autosave()
    earlier = autosave_file().with_name(f"{os.getpid()}-earlier.playground")
    written(earlier, epochs=5)
    assert left_behind() == [earlier]


@pytest.mark.parametrize("name", ["no number", "9" * 30, "0x12", ""])
def test_strange_names_among_what_was_left_do_no_harm(name):
    folder = autosave_file().parent
    folder.mkdir(parents=True)
    written(folder / f"{name}-a.playground")
    assert len(left_behind()) == 1


def test_the_newest_of_what_was_left_comes_first():
    folder = autosave_file().parent
    folder.mkdir(parents=True)
    for age, name in enumerate(["x1-a", "x2-a", "x3-a"]):
        os.utime(written(folder / f"{name}.playground"), (1e9 - age, 1e9 - age))
    assert [path.stem for path in left_behind()] == ["x1-a", "x2-a", "x3-a"]


def test_a_broken_autosave_is_one_sentence_and_stays():
    autosave_file().parent.mkdir(parents=True)
    broken = autosave_file().with_name("x-a.playground")
    broken.write_bytes(b"{")
    with pytest.raises(Problem, match="not a playground document"):
        recover(broken)
    assert broken.exists()


def test_a_second_window_says_who_holds_the_file_and_cannot_save_there(session, tmp_path):
    path, other = written(tmp_path / "a.playground"), Session(Document())
    session.open(path)
    other.open(path)
    assert (session.holder, other.holder) == (None, os.getpid())
    other.push(EPOCHS, 9, "edit")
    with pytest.raises(Problem) as caught:
        other.save(path)
    assert caught.value.code == "document-held"
    assert not other.is_saved
    other.save(tmp_path / "b.playground")
    assert other.holder is None
    session.close()
    other.save(path)
    other.close()


def test_where_nothing_can_be_locked_documents_can_still_be_opened(session, tmp_path, monkeypatch):
    blocked = tmp_path / "a file, no folder"
    blocked.write_bytes(b"")
    monkeypatch.setattr(sessions, "data_folder", lambda: blocked)
    session.open(written(tmp_path / "a.playground", epochs=5))
    assert (epochs(session), session.holder) == (5, None)
    session.push(EPOCHS, 6, "edit")
    with pytest.raises(Problem) as caught:
        session.autosave()
    assert caught.value.code == "file-unwritable"
    session.save(tmp_path / "a.playground")


def test_a_closed_session_holds_no_edits_that_the_collector_could_delete_twice(session):
    session.push("title", "Another", "title")
    session.close()
    assert session.undo_stack.count() == 0
