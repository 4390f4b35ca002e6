"""Which exports this user made is remembered by what is in them, beside other windows that remember too."""

import hashlib
import threading

import msgspec
import pytest

from playground.engine.export import ledger
from playground.engine.export.events import Proof
from playground.engine.folders import data_folder
from playground.engine.problems import Problem


def proof(sha256, *, passed=True):
    return Proof(
        **dict.fromkeys(("path", "detail", "data", "runtime"), ""),
        format="pt2",
        sha256=sha256,
        size=1,
        passed=passed,
        notes=(),
        samples=3,
        batches=(),
        tolerance=1e-5,
        versions={},
        **dict.fromkeys(("accuracy_net", "accuracy_export", "latency_1", "latency_64")),
    )


def test_what_was_noted_is_known_and_nothing_else():
    assert not ledger.knows("a")
    ledger.note(proof("a"), "lenet5")
    ledger.note(proof("a"), "lenet5")
    assert ledger.knows("a")
    assert not ledger.knows("b")


def test_a_failed_proof_is_not_noted():
    ledger.note(proof("a", passed=False), "lenet5")
    assert not ledger.knows("a")


def test_many_windows_note_at_once():
    threads = [threading.Thread(target=ledger.note, args=(proof(str(i)), "net")) for i in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(ledger.knows(str(i)) for i in range(20))


def test_a_damaged_history_knows_nothing_and_refuses_notes_in_one_sentence():
    data_folder().mkdir(parents=True)
    (data_folder() / ledger.FILE).write_bytes(b"no database" * 1_000)
    assert not ledger.knows("a")
    with pytest.raises(Problem) as caught:
        ledger.note(proof("a"), "net")
    assert caught.value.code == "file-unwritable"


def test_the_digest_of_a_file_is_its_sha256(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(b"weights" * 300_000)
    assert ledger.digest(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_digest_of_a_folder_changes_with_every_name_and_every_byte(tmp_path):
    folder = tmp_path / "net"
    (folder / "inner").mkdir(parents=True)
    (folder / "model.py").write_text("a")
    (folder / "inner" / "weights").write_text("b")
    digests = [ledger.digest(folder)]
    (folder / "inner" / "weights").write_text("c")
    digests.append(ledger.digest(folder))
    (folder / "inner" / "weights").rename(folder / "weights")
    digests.append(ledger.digest(folder))
    (folder / "empty").touch()
    digests.append(ledger.digest(folder))
    assert len(set(digests)) == 4


def test_a_proof_survives_its_json():
    kept = msgspec.structs.replace(proof("a"), notes=("é",), accuracy_net=0.5)
    assert msgspec.json.decode(msgspec.json.encode(kept), type=Proof) == kept
