"""What is said of safetensors files that are cut off or damaged: never the library's words."""

import json
import struct

import pytest
import safetensors.torch
import torch

from playground.engine.export.tensor_file import read_tensors
from playground.engine.problems import Problem

WHOLE = safetensors.torch.save({"a": torch.arange(64.0), "b": torch.ones(3, 3)}, {"text": "of mine"})
CUT_OFF = "it ends too early, as after a copy or download that was broken off"
DAMAGED = "its table of contents is damaged"


def packed(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def said(data, tmp_path):
    path = tmp_path / "x.safetensors"
    path.write_bytes(data)
    with pytest.raises(Problem) as caught:
        read_tensors(path, "weights-unreadable")
    assert caught.value.code == "weights-unreadable"
    return caught.value.fields["detail"]


def test_a_whole_file_gives_tensors_and_texts(tmp_path):
    (tmp_path / "x.safetensors").write_bytes(WHOLE)
    tensors, texts = read_tensors(tmp_path / "x.safetensors", "weights-unreadable")
    assert torch.equal(tensors["a"], torch.arange(64.0))
    assert texts == {"text": "of mine"}


@pytest.mark.parametrize("length", range(0, len(WHOLE), 7))
def test_wherever_it_is_cut_off_that_is_what_is_said(length, tmp_path):
    assert said(WHOLE[:length], tmp_path) == CUT_OFF


def test_too_much_is_said_too(tmp_path):
    assert said(WHOLE + b"more", tmp_path) == "it holds more than its table of contents tells of"


@pytest.mark.parametrize(
    "header",
    [
        b"{", b"[]", b"{}x", b'{"a": 1}', b"[" * 100_000,
        {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8, 9]}},
        {"a": {"dtype": "F31", "shape": [2], "data_offsets": [0, 8]}},
        {"a": {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}},
        {"a": {"dtype": "F32", "shape": [2**62, 2**62], "data_offsets": [0, 8]}},
        {"a": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}},
    ],
)  # fmt: skip
def test_a_header_that_makes_no_sense_is_damage(header, tmp_path):
    assert said(packed(header, bytes(8)), tmp_path) in (DAMAGED, "it holds more than its table of contents tells of")


def test_what_is_not_there_is_missing(tmp_path):
    with pytest.raises(Problem) as caught:
        read_tensors(tmp_path / "none.safetensors", "weights-unreadable")
    assert caught.value.code == "file-missing"
