"""Model files: what goes in comes out; what is damaged, foreign or malicious is refused with a sentence."""

import json
import pickle
import struct

import pytest
import safetensors.torch
import torch

from playground.engine.document import Document, encode
from playground.engine.export.model_file import load_model, save_model
from playground.engine.network.builder import build
from playground.engine.network.spec import Layer, NetworkSpec
from playground.engine.problems import Problem
from playground.engine.spec import Args

DOCUMENT = Document(
    title="Zwei Schichten ü",
    network=NetworkSpec(
        layers=(
            Layer(id="1", kind="Linear", args=Args(in_features=4, out_features=3)),
            Layer(id="2", kind="BatchNorm1d", args=Args(num_features=3)),
        )
    ),
)


def problem_of(path):
    with pytest.raises(Problem) as caught:
        load_model(path)
    return caught.value


@pytest.fixture
def saved(tmp_path):
    """A model file and the net it was written from."""
    net = build(DOCUMENT.network)
    net(torch.randn(8, 4))
    path = tmp_path / "model.safetensors"
    save_model(path, net, DOCUMENT)
    return path, net


def test_weights_buffers_and_document_come_back_bit_for_bit(saved):
    path, net = saved
    document, loaded = load_model(path)
    assert document == DOCUMENT
    assert not loaded.training
    assert loaded.state_dict().keys() == net.state_dict().keys()
    for name, tensor in net.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor)


def test_loading_draws_nothing_from_the_generator_that_a_run_may_be_using(saved):
    before = torch.get_rng_state()
    load_model(saved[0])
    assert torch.equal(torch.get_rng_state(), before)


def test_a_file_cut_anywhere_in_its_header_or_data_is_refused(saved):
    path, _ = saved
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        assert problem_of(path).code == "model-unreadable"


def test_a_pickle_is_refused_and_its_code_never_runs(tmp_path):
    planted = tmp_path / "planted"

    class Trap:
        def __reduce__(self):
            return planted.touch, ()

    for write in (lambda path: path.write_bytes(pickle.dumps(Trap())), lambda path: torch.save(Trap(), path)):
        path = tmp_path / "model.safetensors"
        write(path)
        assert problem_of(path).code == "model-unreadable"
        assert not planted.exists()


def test_weights_of_another_network_do_not_fit(tmp_path):
    path = tmp_path / "model.safetensors"
    for tensors in ({}, {"0.weight": torch.zeros(9, 9)}):
        path.write_bytes(safetensors.torch.save(tensors, {"document": encode(DOCUMENT).decode()}))
        problem = problem_of(path)
        assert problem.code == "checkpoint-mismatch"
        assert "0." in problem.sentence


def test_a_safetensors_file_without_a_document_is_refused(tmp_path):
    path = tmp_path / "foreign.safetensors"
    path.write_bytes(safetensors.torch.save({"weight": torch.zeros(2)}))
    assert "names no document" in problem_of(path).sentence


def test_a_model_from_a_newer_playground_says_so(tmp_path):
    path = tmp_path / "newer.safetensors"
    path.write_bytes(safetensors.torch.save({}, {"document": json.dumps({"format": 99})}))
    assert problem_of(path).code == "document-newer"


def test_a_header_that_claims_a_huge_length_is_refused(tmp_path):
    path = tmp_path / "huge.safetensors"
    path.write_bytes(struct.pack("<Q", 2**62) + b"{}")
    assert problem_of(path).code == "model-unreadable"


def test_a_missing_file_and_a_folder_get_their_own_sentences(tmp_path):
    assert problem_of(tmp_path / "none.safetensors").code == "file-missing"
    assert problem_of(tmp_path).code == "model-unreadable"


def test_saving_into_a_folder_that_is_not_there_is_a_problem(tmp_path):
    with pytest.raises(Problem) as caught:
        save_model(tmp_path / "none" / "model.safetensors", build(DOCUMENT.network), DOCUMENT)
    assert caught.value.code == "file-unwritable"
