"""A whole export gets its name, an earlier one makes room, and nothing else ever does."""

from functools import partial
from pathlib import Path

import pytest

from playground.engine.export.events import Proof
from playground.engine.export.proof.placing import extended, put, remove, workplace
from playground.engine.problems import Problem


def proof(path):
    return Proof(
        **dict.fromkeys(("sha256", "detail", "data", "runtime"), ""),
        format="folder",
        path=str(path),
        size=1,
        passed=True,
        notes=(),
        samples=3,
        batches=(),
        tolerance=1e-5,
        versions={},
        **dict.fromkeys(("accuracy_net", "accuracy_export", "latency_1", "latency_64")),
    )


def put_folder(path, text):
    with workplace(path.parent) as place:
        made = place / "model"
        made.mkdir()
        (made / "model.py").write_text(text)
        put(made, path, proof(path))


def put_file(path, text, beside=""):
    with workplace(path.parent) as place:
        made = place / "model.pt"
        made.write_text(text)
        if beside:
            (place / "model.pt.json").write_text(beside)
        put(made, path, proof(path))


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_takes_the_place_of_an_earlier_export(tmp_path):
    for text in ("first", "second"):
        put_folder(tmp_path / "net", text)
    assert (tmp_path / "net" / "model.py").read_text() == "second"
    assert names(tmp_path) == ["net", "net.proof.json"]


def test_a_file_takes_the_place_of_a_folder_and_a_folder_that_of_a_file(tmp_path):
    put_folder(tmp_path / "net", "first")
    put_file(tmp_path / "net", "second", beside="about")
    assert (tmp_path / "net").read_text() == "second"
    assert (tmp_path / "net.json").read_text() == "about"
    put_folder(tmp_path / "net", "third")
    assert (tmp_path / "net" / "model.py").read_text() == "third"


def test_a_rename_that_fails_brings_the_earlier_export_back(tmp_path, monkeypatch):
    put_folder(tmp_path / "net", "first")
    replace = Path.replace

    def fails(path, target):
        if Path(target).name == "net":
            raise PermissionError(1, "not allowed")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(Problem, match="you may not write there"):
        put_folder(tmp_path / "net", "second")
    assert (tmp_path / "net" / "model.py").read_text() == "first"
    assert names(tmp_path) == ["net", "net.proof.json"]


def test_a_folder_with_other_things_is_refused(tmp_path):
    (tmp_path / "net").mkdir()
    with pytest.raises(Problem, match="other things"):
        put_folder(tmp_path / "net", "first")
    assert names(tmp_path) == ["net"]


def test_the_workplace_goes_whatever_happens_in_it(tmp_path):
    def work():
        with workplace(tmp_path) as place:
            (place / "inner").mkdir()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["net.onnx", "n" * 250, "n" * 255, "ü" * 127, "n" * 248 + ".pt"])
def test_an_ending_always_fits_and_no_two_files_share_a_proof(tmp_path, name):
    path = tmp_path / name
    endings = [path, extended(path, ".failed"), extended(path, ".proof.json")]
    endings.append(extended(endings[1], ".proof.json"))
    for each in endings:
        each.touch()
    assert len(names(tmp_path)) == 4
    assert endings[3].name.endswith(".proof.json")


def test_an_export_is_removed_with_all_that_came_with_it(tmp_path):
    for make in (put_folder, put_file, partial(put_file, beside="about")):
        make(tmp_path / "net", text="text")
        remove(proof(tmp_path / "net"))
        assert names(tmp_path) == []
