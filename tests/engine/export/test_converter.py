"""What the converter's child answers: reference outputs of the plain net, and every failure as a sentence."""

import errno
import json
import os
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
import safetensors.torch
import torch

from playground.engine import document as documents
from playground.engine import presets
from playground.engine.data.spec import Points
from playground.engine.document import Document
from playground.engine.export.proof import converter_child
from playground.engine.export.proof.converter import Answer, Question, as_answer
from playground.engine.export.proof.samples import samples_of
from playground.engine.export.spec import ExportSpec
from playground.engine.network.builder import build
from playground.engine.network.custom import trust
from playground.engine.network.sequence import layer, sequence
from playground.engine.network.spec import Custom, Source
from playground.engine.problems import Problem

MNIST = presets.preset("mnist-mlp")


def asked(document, path, ask="reference", weights=None, **spec):
    """The answer of a child, as the parent reads it."""
    question = Question(ask, documents.encode(document).decode(), weights, ExportSpec("pt2", **spec), str(path))
    answer = converter_child.answer(json.loads(json.dumps(msgspec.to_builtins(question))))
    return msgspec.convert(json.loads(json.dumps(answer)), Answer)


def of_points(*layers):
    return Document(data=Points(samples=20, test=10), network=sequence(*layers))


def test_the_reference_is_what_plain_torch_computes_on_the_test_set(tmp_path):
    compared = asked(MNIST, tmp_path / "reference").compared
    torch.manual_seed(MNIST.training.seed)
    net = build(MNIST.network).eval()
    found = safetensors.torch.load_file(tmp_path / "reference")
    samples = samples_of(MNIST.data)
    assert (compared.data, compared.samples, compared.notes) == ("MNIST, the first of 10,000 test samples", 1_000, ())
    assert torch.equal(found["inputs"], samples.inputs)
    assert torch.equal(found["targets"], samples.targets)
    with torch.no_grad():
        for batch in (1, 2, 1_000):
            assert torch.equal(found[f"outputs-{batch}"], net(samples.inputs[:batch]))


def test_with_normalisation_inside_pixels_enter_and_with_softmax_probabilities_leave(tmp_path):
    plain, inside = tmp_path / "plain", tmp_path / "inside"
    asked(MNIST, plain)
    asked(MNIST, inside, normalise=True, softmax=True)
    plain, inside = safetensors.torch.load_file(plain), safetensors.torch.load_file(inside)
    assert torch.equal(inside["inputs"], samples_of(MNIST.data).pixels)
    assert torch.equal(inside["outputs-2"], plain["outputs-2"].softmax(dim=1))


def test_values_have_no_classes_to_count(tmp_path):
    asked(presets.preset("linear-regression"), tmp_path / "reference")
    assert "targets" not in safetensors.torch.load_file(tmp_path / "reference")


def test_a_batch_that_the_net_itself_refuses_is_left_out_and_told(tmp_path):
    document = of_points(
        layer("Linear", in_features=2, out_features=2), layer("BatchNorm1d", num_features=2, track_running_stats=False)
    )
    compared = asked(document, tmp_path / "reference").compared
    assert compared.notes == ("the net itself takes no batch of 1",)
    assert "outputs-1" not in safetensors.torch.load_file(tmp_path / "reference")


def test_outputs_that_are_not_finite_are_told(tmp_path, monkeypatch):
    def broken(network):
        net = build(network)
        torch.nn.init.constant_(net[-1].bias, torch.inf)
        return net

    monkeypatch.setattr(converter_child, "build", broken)
    document = of_points(layer("Linear", in_features=2, out_features=2, bias=True))
    assert asked(document, tmp_path / "reference").compared.notes == (
        "some outputs of the net itself are not finite numbers",
    )


def test_a_net_that_draws_random_numbers_is_told(tmp_path):
    own = Source(
        name="Noise", text="class Noise(nn.Module):\n    def forward(self, x):\n        return torch.randn_like(x)\n"
    )
    trust(own)
    document = of_points(Custom(id="own", name="Noise"), layer("Linear", in_features=2, out_features=2))
    network = msgspec.structs.replace(document.network, sources=(own,))
    document = msgspec.structs.replace(document, network=network)
    (note,) = asked(document, tmp_path / "reference").compared.notes
    assert "draws random numbers" in note


def test_a_net_that_does_not_take_its_data_is_one_sentence(tmp_path):
    code, _, _ = asked(of_points(layer("Linear", in_features=3, out_features=2)), tmp_path / "reference").problem
    assert code in ("layer-misfit", "export-misfit")
    assert list(tmp_path.iterdir()) == []


def failing(monkeypatch, error):
    def write(*_):
        raise error

    monkeypatch.setattr(converter_child, "write", write)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_a_disk_that_takes_nothing_is_said(tmp_path, monkeypatch, number):
    failing(monkeypatch, OSError(number, os.strerror(number)))
    code, fields, _ = asked(MNIST, tmp_path / "model.pt2", "convert").problem
    assert code == "file-unwritable"
    assert fields["detail"] in ("the disk is full", "you may not write there", "the folder is read-only")


def test_a_full_disk_is_recognised_where_a_library_does_not_name_it(tmp_path, monkeypatch):
    failing(monkeypatch, RuntimeError("[enforce fail at inline_container.cc:603] . PytorchStreamWriter failed"))
    monkeypatch.setattr(converter_child.shutil, "disk_usage", lambda _: SimpleNamespace(free=100))
    code, fields, _ = asked(MNIST, tmp_path / "model.pt2", "convert").problem
    assert (code, fields["detail"]) == ("file-unwritable", "the disk is full")


def test_what_nobody_foresaw_is_one_sentence_with_the_traceback_kept(tmp_path, monkeypatch):
    failing(monkeypatch, KeyError("operator\nmore lines"))
    code, fields, details = asked(MNIST, tmp_path / "model.pt2", "convert").problem
    assert code == "export-failed"
    assert "\n" not in Problem(code, **fields).sentence
    assert "Traceback" in details


def test_any_problem_crosses_to_the_parent():
    problem = Problem("file-missing", path=Path("a"), shape=(1, 2), node=None, known={"x": Path("b")}, details="d")
    code, fields, details = json.loads(json.dumps(msgspec.to_builtins(as_answer(problem).problem)))
    assert (code, details) == ("file-missing", "d")
    assert fields == {"path": "a", "shape": [1, 2], "node": None, "known": {"x": "b"}}
