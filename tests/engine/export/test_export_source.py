"""Everything that a user may name as a source of an export, and every name that leads nowhere."""

import json
import struct

import pytest

from playground.engine import document as documents
from playground.engine import presets
from playground.engine.document import replace
from playground.engine.export.model_file import save_model
from playground.engine.export.source import ExportSource, file_name, open_source, untrained
from playground.engine.export.spec import ExportSpec
from playground.engine.folders import data_folder
from playground.engine.network.builder import build
from playground.engine.problems import Problem
from playground.engine.training import checkpoint
from playground.engine.training.control import Control
from playground.engine.training.job import training_job

LINE = replace(presets.preset("linear-regression"), "training.epochs", 1)


@pytest.fixture
def trained():
    """A run of ten steps in the user's data folder."""
    folder = data_folder() / "runs" / "line 1"
    list(training_job(LINE, Control(), out=folder))
    return folder


def code_of(text):
    with pytest.raises(Problem) as caught:
        open_source(text)
    assert "\n" not in caught.value.sentence
    return caught.value.code


def test_a_preset_is_not_trained():
    assert open_source("lenet5") == ExportSource(presets.preset("lenet5"), None, "lenet5", 0)


def test_a_run_is_found_by_its_folder_and_by_its_name(trained):
    weights = checkpoint.weights_file(trained)
    expected = ExportSource(checkpoint.read(trained).document, weights, "line 1", 10)
    assert open_source(trained) == open_source(str(trained)) == open_source("line 1") == expected


def test_a_model_file_says_its_document_and_not_its_steps(tmp_path):
    path = tmp_path / "model é.safetensors"
    save_model(path, build(LINE.network), LINE)
    assert open_source(path) == ExportSource(LINE, path, "model é", None)


def test_the_index_of_a_checkpoint_names_its_run(trained):
    assert open_source(trained / "checkpoint.json") == open_source(trained)


def test_an_exported_folder_can_be_exported_again(tmp_path):
    folder = tmp_path / "exported"
    folder.mkdir()
    save_model(folder / "weights.safetensors", build(LINE.network), LINE)
    assert open_source(folder) == ExportSource(LINE, folder / "weights.safetensors", "exported", None)


def test_a_document_is_not_trained(tmp_path):
    path = tmp_path / "mine.playground"
    path.write_bytes(documents.encode(LINE))
    assert open_source(path) == untrained(LINE, "mine")


def test_a_name_that_leads_nowhere_is_one_sentence(tmp_path):
    assert code_of("no-such") == "export-source-unknown"
    assert code_of(tmp_path / "none.safetensors") == "export-source-unknown"
    assert code_of(tmp_path) == "model-unreadable"


def test_a_missing_weight_file_is_one_sentence(trained):
    checkpoint.weights_file(trained).unlink()
    assert code_of(trained) == "file-missing"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        b"not a safetensors file at all",
        struct.pack("<Q", 2**63) + b"{}",
        struct.pack("<Q", 2) + b"{}",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 40) + json.dumps({"__metadata__": {"format": "pt"}}).encode(),
    ],
)
def test_a_file_that_is_no_model_of_ours_is_one_sentence(tmp_path, content):
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    assert code_of(path) == "model-unreadable"


@pytest.mark.parametrize(
    ("name", "spec", "expected"),
    [
        ("lenet5", ExportSpec("onnx"), "lenet5.onnx"),
        ("lenet5", ExportSpec("folder"), "lenet5"),
        ("lenet5", ExportSpec("pt2", normalise=True, softmax=True), "lenet5-normalised-softmax.pt2"),
        ("../../etc: \n*", ExportSpec("state_dict"), "etc.pt"),
        ("...", ExportSpec("state_dict"), "model.pt"),
        ('my "best" net', ExportSpec("state_dict"), "my -best- net.pt"),
        ("ü" * 200, ExportSpec("state_dict"), "ü" * 80 + ".pt"),
    ],
)
def test_files_have_names_that_every_system_takes(name, spec, expected):
    assert file_name(name, spec) == expected
