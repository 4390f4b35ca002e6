"""What a file is, told from its bytes: every kind torch writes, under whatever name it goes."""

import io
import pickle
import random
import zipfile

import pytest
import safetensors.torch
import torch
from torch import nn

from playground.engine.export.reading.kinds import kind_of, member
from playground.engine.problems import Problem

NET = nn.Sequential(nn.Linear(3, 2), nn.ReLU())


def written(write):
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue()


def archive(*names):
    """A zip archive with members as `torch.export.save` names them, which takes seconds to import."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(f"net/{name}", "hello")
    return buffer.getvalue()


def exported():
    return archive("models/model.json", "data/weights/weight_0", "extra/note", "archive_format", "version")


def onnx_bytes():
    import onnx
    from onnx import helper

    graph = helper.make_graph([], "nothing", [], [])
    return onnx.ModelProto(ir_version=10, producer_name="test", graph=graph).SerializeToString()


FILES = {
    "safetensors": lambda: safetensors.torch.save(NET.state_dict()),
    "state_dict": lambda: written(lambda file: torch.save(NET.state_dict(), file)),
    "pickle": lambda: pickle.dumps({"a": 1}),
    "pt2": exported,
    "torchscript": lambda: torch.jit.trace(NET, torch.zeros(1, 3)).save_to_buffer(),
    "onnx": onnx_bytes,
    "empty": lambda: b"",
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("name", ["model.pt", "model.bin", "no suffix"])
def test_the_bytes_say_what_it_is_whatever_it_is_called(tmp_path, kind, name):
    path = tmp_path / name
    path.write_bytes(FILES[kind]())
    assert kind_of(path) == kind


def test_what_torch_saved_before_zip_archives_is_known_too(tmp_path):
    path = tmp_path / "old.pt"
    torch.save(NET.state_dict(), path, _use_new_zipfile_serialization=False)
    assert kind_of(path) == "state_dict"


def test_folders_are_told_by_what_lies_in_them(tmp_path):
    assert kind_of(tmp_path) == "unknown"
    (tmp_path / "weights.safetensors").touch()
    assert kind_of(tmp_path) == "folder"
    (tmp_path / "checkpoint.json").touch()
    assert kind_of(tmp_path) == kind_of(tmp_path / "checkpoint.json") == "checkpoint"


def test_a_damaged_file_is_what_its_suffix_says(tmp_path):
    draws = random.Random(0)
    for suffix, kind in ((".safetensors", "safetensors"), (".onnx", "onnx"), (".pt", "unknown"), ("", "unknown")):
        path = tmp_path / f"noise{suffix}"
        path.write_bytes(b"\xff" + draws.randbytes(1_000))
        assert kind_of(path) == kind


def test_archives_of_others_are_unknown(tmp_path):
    path = tmp_path / "letter.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert kind_of(path) == "unknown"


def test_an_archive_that_claims_an_endless_table_of_contents_is_unknown(tmp_path):
    path = tmp_path / "bomb.pt"
    whole = bytearray(written(lambda file: torch.save(NET.state_dict(), file)))
    end = whole.rfind(b"PK\x06\x06")  # torch writes the long form
    whole[end + 40 : end + 48] = (2**40).to_bytes(8, "little")
    path.write_bytes(whole)
    assert kind_of(path) == "unknown"


def test_a_member_is_read_by_its_name_and_no_larger_than_asked(tmp_path):
    path = tmp_path / "net.pt2"
    path.write_bytes(exported())
    assert member(path, "extra/note") == b"hello"
    assert member(path, "extra/note", limit=4) is None
    assert member(path, "extra/other") is None


def test_a_file_that_is_not_there_is_a_problem(tmp_path):
    with pytest.raises(Problem) as caught:
        kind_of(tmp_path / "none.pt")
    assert caught.value.code == "file-missing"
