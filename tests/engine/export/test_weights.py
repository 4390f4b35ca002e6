"""Weights from anywhere: what is read bit for bit, and what is refused with a sentence before any of it runs."""

import pickle
import random
import subprocess
import sys
import zipfile

import pytest
import safetensors.torch
import torch
from torch import nn

from playground.engine.data.spec import Points
from playground.engine.document import Document
from playground.engine.export import preprocessing
from playground.engine.export.model_file import save_model
from playground.engine.export.preprocessing import Preprocessing
from playground.engine.export.reading.weights import read_weights
from playground.engine.network.builder import build
from playground.engine.network.sequence import layer, sequence
from playground.engine.problems import Problem
from playground.engine.spec import Args
from playground.engine.training.control import Control
from playground.engine.training.job import training_job
from playground.engine.training.spec import OptimizerSpec, TrainingSpec

DOCUMENT = Document(
    data=Points(samples=40, test=20),
    network=sequence(layer("Linear", in_features=2, out_features=2)),
    training=TrainingSpec(optimizer=OptimizerSpec(args=Args(lr=0.5)), batch_size=20, epochs=1, device="cpu"),
)
NET = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3))
STATE = NET.state_dict()
DIGITS = Preprocessing(input_shape=(1, 28, 28), mean=(0.5,), std=(0.5,), classes=tuple("0123456789"), output="logits")


def problem_of(path):
    with pytest.raises(Problem) as caught:
        read_weights(path)
    return caught.value


def code_of(path):
    """The problem's code; empty where there is none."""
    try:
        read_weights(path)
    except Problem as problem:
        return problem.code
    return ""


def same(found, wanted=STATE):
    return found.keys() == wanted.keys() and all(torch.equal(found[name], wanted[name]) for name in wanted)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "Gewichte ü.pt"


@pytest.mark.parametrize("is_zip", [True, False], ids=["zip", "legacy"])
def test_a_state_dict_is_read_in_its_order(path, is_zip):
    torch.save(STATE, path, _use_new_zipfile_serialization=is_zip)
    found = read_weights(path)
    assert same(found.tensors)
    assert list(found.tensors) == list(STATE)
    assert (found.kind, found.document, found.preprocessing, found.notes) == ("state_dict", None, None, ())
    assert found.in_order


@pytest.mark.parametrize("name", ["state_dict", "model", "model_state_dict", "net"])
def test_a_dictionary_with_one_under_a_usual_name_is_read_too(path, name):
    torch.save({"epoch": 3, "optimizer": {"lr": 0.1}, name: STATE}, path)
    assert same(read_weights(path).tensors)


@pytest.mark.parametrize(("prefix", "by"), [("module.", "DataParallel"), ("_orig_mod.", "torch.compile")])
def test_a_prefix_before_every_name_is_taken_off_and_said(path, prefix, by):
    torch.save({f"{prefix}{name}": tensor for name, tensor in STATE.items()}, path)
    found = read_weights(path)
    assert same(found.tensors)
    assert by in found.notes[0]
    torch.save({f"{prefix}0.weight": torch.zeros(1), "other": torch.zeros(1)}, path)
    assert list(read_weights(path).tensors) == [f"{prefix}0.weight", "other"]


def test_parameters_come_without_their_gradients(path):
    torch.save(dict(NET.named_parameters()), path)
    assert not any(tensor.requires_grad for tensor in read_weights(path).tensors.values())


def test_safetensors_of_others_are_read(tmp_path):
    path = tmp_path / "foreign.bin"
    path.write_bytes(safetensors.torch.save(STATE))
    found = read_weights(path)
    assert same(found.tensors)
    assert (found.kind, found.document, found.in_order) == ("safetensors", None, False)


def test_a_model_of_ours_comes_with_its_document(tmp_path):
    path = tmp_path / "model.safetensors"
    net = build(DOCUMENT.network)
    save_model(path, net, DOCUMENT)
    found = read_weights(path)
    assert (found.kind, found.document) == ("model", DOCUMENT)
    assert same(found.tensors, net.state_dict())


def test_a_checkpoint_comes_whole_by_its_folder_or_its_index(tmp_path):
    for _ in training_job(DOCUMENT, Control(), out=tmp_path):
        pass
    for path in (tmp_path, tmp_path / "checkpoint.json"):
        found = read_weights(path)
        assert (found.kind, found.document) == ("checkpoint", DOCUMENT)
        assert list(found.tensors) == ["0.bias", "0.weight"] or list(found.tensors) == ["0.weight", "0.bias"]
    weights = next(tmp_path.glob("*.safetensors"))
    flipped = bytearray(weights.read_bytes())
    flipped[-1] ^= 1
    weights.write_bytes(flipped)
    assert problem_of(tmp_path).code == "checkpoint-corrupt"


def test_preprocessing_comes_from_the_header_or_the_file_beside(path, tmp_path):
    torch.save(STATE, path)
    path.with_name(f"{path.name}.json").write_text(preprocessing.to_text(DIGITS))
    assert read_weights(path).preprocessing == DIGITS
    own = tmp_path / "own.safetensors"
    own.write_bytes(safetensors.torch.save(STATE, {preprocessing.KEY: preprocessing.to_text(DIGITS)}))
    assert read_weights(own).preprocessing == DIGITS
    path.with_name(f"{path.name}.json").write_text('{"mean": "many"}')
    assert "preprocessing" in problem_of(path).sentence


def test_the_folder_of_an_exported_script_is_read_without_running_it(tmp_path):
    (tmp_path / "weights.safetensors").write_bytes(safetensors.torch.save(STATE))
    (tmp_path / "preprocessing.json").write_text(preprocessing.to_text(DIGITS))
    (tmp_path / "model.py").write_text("raise SystemExit('never')")
    found = read_weights(tmp_path)
    assert same(found.tensors)
    assert (found.kind, found.preprocessing) == ("folder", DIGITS)


TRAP = """
import pickle, sys, torch
from pathlib import Path

from playground.engine.export.reading.weights import read_weights
from playground.engine.problems import Problem

folder = Path(sys.argv[1])

class Trap:
    def __reduce__(self):
        return exec, (f"open({str(folder / 'planted')!r}, 'w').close()",)

def refused(name, write):
    path = folder / name
    with path.open("wb") as file:
        write(file)
    try:
        read_weights(path)
    except Problem as problem:
        assert problem.code == "weights-unsafe", (name, problem.code, problem.sentence)
    else:
        raise SystemExit(f"{name} was read")
    assert not (folder / "planted").exists(), name

for suffix in ("pt", "pth", "safetensors", "onnx", "bin"):
    refused(f"zip.{suffix}", lambda file: torch.save({"0.weight": torch.zeros(2), "trap": Trap()}, file))
    refused(f"legacy.{suffix}", lambda file: torch.save(Trap(), file, _use_new_zipfile_serialization=False))
    refused(f"plain.{suffix}", lambda file: pickle.dump(Trap(), file))
refused("whole.pt", lambda file: torch.save(torch.nn.Linear(2, 2), file))
torch.load(folder / "zip.pt", weights_only=False)
assert (folder / "planted").exists(), "the trap does not work"
"""


def test_the_code_of_a_pickle_never_runs(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", TRAP, str(tmp_path)], check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.filterwarnings("ignore")
def test_programs_are_refused_with_what_to_do_instead(path):
    torch.jit.trace(NET.eval(), torch.zeros(2, 4)).save(path)
    assert problem_of(path).code == "weights-program"
    assert "TorchScript" in problem_of(path).sentence
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("net/models/model.json", "{}")
    assert problem_of(path).code == "weights-program"
    assert "torch.export" in problem_of(path).sentence
    path.write_bytes(b"\x08\x0a\x12\x07pytorch")
    assert problem_of(path).code == "weights-onnx"


def test_a_file_cut_anywhere_or_with_any_byte_changed_is_one_problem_or_whole(path):
    torch.save(STATE, path)
    whole, draws = path.read_bytes(), random.Random(0)
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        assert problem_of(path).code in ("weights-unreadable", "weights-unsafe")
    for _ in range(200):
        flipped = bytearray(whole)
        flipped[draws.randrange(len(whole))] ^= 1 << draws.randrange(8)
        path.write_bytes(flipped)
        assert code_of(path) in ("", "weights-unreadable", "weights-unsafe", "weights-program")


NOISE = random.Random(1).randbytes(5_000)


@pytest.mark.parametrize("content", [b"", b"\x00", NOISE, b"PK\x03\x04" + NOISE, b"\x80\x02" + NOISE, b"\x08\x07" * 50])
@pytest.mark.parametrize("name", ["a.pt", "a.pth", "a.safetensors", "a"])
def test_bytes_without_meaning_are_one_problem(tmp_path, content, name):
    (tmp_path / name).write_bytes(content)
    assert problem_of(tmp_path / name).code in ("weights-unreadable", "weights-unsafe")


def test_a_file_beyond_all_size_is_refused_before_it_is_read(path):
    with path.open("wb") as file:
        file.write(b"\x20" + bytes(7) + b"{")
        file.truncate(2**34 + 1)
    assert problem_of(path).code == "file-too-large"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "saved",
    [
        {},
        {"epoch": 3},
        [torch.zeros(2)],
        torch.zeros(2),
        {3: torch.zeros(2)},
        {"huge": torch.zeros(1).expand(2**40)},
        {"sparse": torch.eye(3).to_sparse()},
        {"nowhere": torch.zeros(3, device="meta")},
    ],
    ids=["empty", "no tensors", "list", "tensor", "numbers", "expanded", "sparse", "meta"],
)
def test_what_holds_no_plain_tensors_by_name_is_refused(path, saved):
    torch.save(saved, path)
    assert problem_of(path).code == "weights-unreadable"


def test_a_missing_file_a_strange_folder_and_a_pickle_get_their_own_sentences(path, tmp_path):
    assert problem_of(path).code == "file-missing"
    assert "neither checkpoint.json" in problem_of(tmp_path).sentence
    path.write_bytes(pickle.dumps({"a": 1}))
    assert problem_of(path).code == "weights-unsafe"
