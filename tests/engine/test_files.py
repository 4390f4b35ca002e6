"""Files that are replaced as a whole or not at all, whatever happens on the way."""

import errno
import os
import stat
from pathlib import Path

import pytest

from playground.engine.files import backup_of, make_folder, read_bytes, reason, sweep, write_atomic
from playground.engine.problems import Problem

OPERATIONS = ((os, "fsync"), (os, "link"), (Path, "replace"), (Path, "open"), (Path, "unlink"))
OLD, NEW = b"old" * 1_000, b"new" * 2_000


def code_of(action):
    with pytest.raises(Problem) as caught:
        action()
    assert "\n" not in caught.value.sentence
    return caught.value.code


def at_call(number, act):
    """Have `act` take the place of the file operation of that number, for as long as the patches stay."""
    done = 0

    def counted(operation):
        def instead(*arguments, **named):
            nonlocal done
            done += 1
            if done == number:
                act()
            return operation(*arguments, **named)

        return instead

    return [(where, name, counted(getattr(where, name))) for where, name in OPERATIONS]


@pytest.mark.parametrize("backup", [False, True])
def test_a_kill_at_any_moment_leaves_the_old_file_or_the_new_one(tmp_path, backup):
    number, over, found = 0, False, []
    while not over:
        number += 1
        path = tmp_path / str(number) / "a.txt"
        path.parent.mkdir()
        path.write_bytes(OLD)
        child = os.fork()
        if child == 0:
            for where, name, operation in at_call(number, lambda: os._exit(9)):
                setattr(where, name, operation)
            try:
                write_atomic(path, NEW, backup=backup)
            finally:
                os._exit(0)
        over = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        found.append(path.read_bytes())
        kept = backup_of(path).read_bytes() if backup_of(path).exists() else OLD
        assert kept == OLD
        sweep(path.parent)
        assert {file.name for file in path.parent.iterdir()} <= {"a.txt", "a.txt.bak"}
    assert (found[0], found[-1]) == (OLD, NEW)
    assert found == sorted(found, key=lambda data: data == NEW)
    assert number > 3


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS])
@pytest.mark.parametrize("backup", [False, True])
def test_an_error_at_any_operation_leaves_the_old_file_or_the_new_one_and_nothing_else(tmp_path, number, backup):
    def fail():
        raise OSError(number, os.strerror(number))

    for call in range(1, 12):
        path = tmp_path / str(call) / "a.txt"
        path.parent.mkdir()
        path.write_bytes(OLD)
        with pytest.MonkeyPatch.context() as patch:
            for where, name, operation in at_call(call, fail):
                patch.setattr(where, name, operation)
            try:
                write_atomic(path, NEW, backup=backup)
                told = None
            except Problem as problem:
                told = problem
        assert path.read_bytes() == (NEW if told is None else OLD)  # a failed save never says that it saved
        assert told is None or told.code == "file-unwritable"
        assert not backup_of(path).exists() or backup_of(path).read_bytes() == OLD
        assert len(list(path.parent.glob("*.playground-tmp"))) <= 1  # one, where removing it is what failed


def test_the_version_before_stays_as_the_backup(tmp_path):
    path = tmp_path / "a.txt"
    for data in (b"1", b"2", b"3"):
        write_atomic(path, data, backup=True)
    assert (path.read_bytes(), backup_of(path).read_bytes()) == (b"3", b"2")
    write_atomic(path, b"4")
    assert backup_of(path).read_bytes() == b"2"


def test_a_disk_without_links_keeps_the_backup_as_a_copy(tmp_path, monkeypatch):
    def no_links(*_):
        raise OSError(errno.EPERM, "no links")

    monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "a.txt"
    path.write_bytes(OLD)
    write_atomic(path, NEW, backup=True)
    assert (path.read_bytes(), backup_of(path).read_bytes()) == (NEW, OLD)


def test_a_file_keeps_its_permissions_and_a_new_one_has_the_usual_ones(tmp_path):
    path, usual = tmp_path / "a.txt", tmp_path / "usual.txt"
    usual.write_bytes(b"")
    write_atomic(path, b"1")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)
    path.chmod(0o640)
    write_atomic(path, b"2", backup=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    "name",
    [
        "Läufe und 図.txt",
        "a b  c",
        "-rf",
        "$(true)",
        "'\"\\",
        "a" * 250,
        "図" * 80,
        "😀" * 60,
        ".hidden",
        "line\nbreak",
    ],
)
def test_names_of_all_kinds_work(tmp_path, name):
    folder = tmp_path / name
    make_folder(folder)
    write_atomic(folder / name, OLD)
    write_atomic(folder / name, NEW, backup=True)
    assert read_bytes(folder / name) == NEW
    assert read_bytes(backup_of(folder / name)) == OLD


@pytest.mark.parametrize(
    ("name", "words"), [("a" * 300, "too long"), ("nowhere/a", "does not exist"), ("a\0b", "null")]
)
def test_where_nothing_can_be_written_one_sentence_says_why(tmp_path, name, words):
    with pytest.raises(Problem, match=words) as caught:
        write_atomic(tmp_path / name, b"")
    assert caught.value.code == "file-unwritable"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_not_written_over(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(Problem, match="a folder has that name"):
        write_atomic(tmp_path / "a", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_making_a_folder_under_a_file_is_one_sentence(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    assert code_of(lambda: make_folder(tmp_path / "a" / "b")) == "file-unwritable"
    make_folder(tmp_path / "x" / "y")
    make_folder(tmp_path / "x" / "y")
    assert (tmp_path / "x" / "y").is_dir()


def test_reading_what_is_not_there_is_a_folder_or_too_large_is_one_sentence(tmp_path):
    (tmp_path / "large").write_bytes(b"12345")
    assert code_of(lambda: read_bytes(tmp_path / "none")) == "file-missing"
    assert code_of(lambda: read_bytes(tmp_path)) == "file-unreadable"
    assert code_of(lambda: read_bytes(tmp_path / "a\0b")) == "file-unreadable"
    assert code_of(lambda: read_bytes(tmp_path / "large", 4)) == "file-too-large"
    assert read_bytes(tmp_path / "large", 5) == b"12345"


def test_sweeping_removes_only_what_a_crash_left(tmp_path):
    for name in ("a.txt", "a.txt.bak", "a.txt.0123.playground-tmp", "other-tmp"):
        (tmp_path / name).write_bytes(b"")
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "a.txt.bak", "other-tmp"]
    sweep(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (OSError(errno.EMFILE, "Too many open files"), "too many open files"),
        (ValueError("two\nlines."), "two lines"),
        (ValueError(), "valueerror"),
    ],
)
def test_reasons_are_plain_words_on_one_line(error, words):
    assert reason(error) == words
