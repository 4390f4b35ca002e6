"""`export`: what it prints, what it leaves, and how it refuses bad input in one sentence."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import torch
from terminal import Terminal

from playground.commands import export, export_reports, export_table
from playground.engine.export.events import BatchProof, Exported, ExportEvent, Exporting, NotExported, Proof
from playground.engine.export.job import Workshop, export_job
from playground.engine.export.spec import FORMATS
from playground.engine.problems import Problem


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setattr(export, "export_job", partial(export_job, workshop=workshop))
    return Terminal(capsys, "export")


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    """Children that serve all tests of this module."""
    with Workshop() as children:
        yield children


def followed(workshop: Workshop, at: Callable[[ExportEvent], None]) -> Callable[..., Iterator[ExportEvent]]:
    """The job, with a call for each event before the next is asked for."""

    def job(*arguments: Any) -> Iterator[ExportEvent]:
        for event in export_job(*arguments, workshop=workshop):
            at(event)
            yield event

    return job


def test_a_format_is_exported_and_told_in_a_table(terminal: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "net.pt"
    assert terminal("spiral-mlp", "--format", "state_dict", "--out", out) == 0
    headings, row, _, compared, note = terminal.out.splitlines()
    assert headings.split()[:4] == ["format", "proof", "difference", "accuracy"]
    assert row.split()[:3] == ["state_dict", "passed", "0"]
    assert row.endswith(str(out))
    assert compared == "Compared with the net on 600 samples (Spirals, test set), on one core."
    assert note == "Note: the net is not trained yet."
    assert torch.load(out, weights_only=True)
    assert terminal.err == ""


def test_a_folder_that_is_not_there_is_said_of_the_file_without_an_empty_table(
    terminal: Terminal, tmp_path: Path
) -> None:
    out = tmp_path / "none" / "net.pt"
    assert terminal("spiral-mlp", "--format", "state_dict", "--out", out) == 2
    assert terminal.out == ""
    assert f"{out} was not saved: the folder does not exist" in terminal.err
    (tmp_path / "taken").touch()
    assert terminal("spiral-mlp", "--all", "--out", tmp_path / "taken") == 2
    assert "a file has that name" in terminal.err


def test_every_line_of_json_is_an_event(terminal: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "net.safetensors"
    assert terminal("spiral-mlp", "--format", "safetensors", "--out", out, "--json") == 0
    assert [event["event"] for event in terminal.events] == ["start", "step", "step", "step", "done"]
    assert terminal.events[0] == {"event": "start", "source": "spiral-mlp", "steps": 0, "formats": ["safetensors"]}
    assert [event["stage"] for event in terminal.events[1:4]] == ["reading", "converting", "proving"]
    done = terminal.events[-1]
    assert done["passed"] is True
    assert done["largest_difference"] == 0.0
    assert done["batches"] == [[1, 0.0], [2, 0.0], [600, 0.0]]
    assert json.loads((tmp_path / "net.safetensors.proof.json").read_text())["sha256"] == done["sha256"]


def test_all_formats_go_into_a_folder_of_their_own(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def job(*arguments: Any) -> Iterator[ExportEvent]:
        asked.extend(arguments[:3])
        yield NotExported("pt2", Problem("export-failed", format="torch.export", detail="it decides by values"))
        yield Exported(a_proof(tmp_path))

    monkeypatch.setattr(export, "export_job", job)
    assert terminal("lenet5", "--all", "--softmax") == 0
    assert [spec.format for spec in asked[1]] == list(FORMATS)
    assert all(spec.softmax and not spec.normalise for spec in asked[1])
    assert asked[2] == Path("lenet5-softmax-exports")
    assert "torch.export        not made: torch.export cannot hold this net: it decides by values." in terminal.out
    assert "97.00 % -> 96.00 %" in terminal.out
    assert "1.2e-05" in terminal.out


def test_a_failed_proof_ends_with_1_and_says_what_differs(
    terminal: Terminal, workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def alter(event: ExportEvent) -> None:
        if isinstance(event, Exporting) and event.stage == "proving":
            (path,) = tmp_path.glob(".*/model.pt")
            weights = torch.load(path, weights_only=True)
            list(weights.values())[-1][0] += 1.0
            torch.save(weights, path)

    monkeypatch.setattr(export, "export_job", followed(workshop, alter))
    for json_too in ([], ["--json"]):
        assert terminal("spiral-mlp", "--format", "state_dict", "--out", tmp_path / "net.pt", *json_too) == 1
        assert "net.pt.failed does not compute what the net computes: at batch 1 the outputs differ" in terminal.err
        assert (tmp_path / "net.pt.failed").exists()
        assert not (tmp_path / "net.pt").exists()
    done, error = terminal.events[-2:]
    assert done["passed"] is False
    assert done["largest_difference"] == pytest.approx(1.0, abs=1e-5)
    assert (error["event"], error["code"]) == ("error", "export-unproved")


def test_what_cannot_be_made_ends_with_a_sentence(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal("spiral-mlp", "--format", "state_dict", "--softmax", "--out", tmp_path / "net.pt") == 2
    assert "choose ONNX, torch.export or the script with weights" in terminal.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "SOURCE is missing"),
        (["lenet5"], "--format is missing"),
        (["lenet5", "--format", "tflite"], "invalid choice: 'tflite'"),
        (["lenet5", "--format", "onnx", "--all"], "not allowed with"),
        (["lenet5", "--all", "--table", "t.md"], "--table FILE.md needs --all, and neither SOURCE nor --out"),
        (["--format", "onnx", "--table", "t.md"], "--table FILE.md needs --all"),
        (["no-such-run", "--format", "onnx"], "neither a run, a checkpoint, a model file, a document nor a preset"),
        (["missing/run", "--format", "onnx"], "neither a run"),
        (["lenet5", "--format", "onnx", "--out", "none/here/net.onnx"], "the folder does not exist"),
    ],
)
def test_bad_input_is_one_sentence(terminal: Terminal, arguments: list[str], sentence: str) -> None:
    assert terminal(*arguments) == 2
    assert sentence in terminal.err
    assert terminal.err.count("\n") == 1
    assert "Traceback" not in terminal.err


def test_a_terminal_gets_a_bar_above_which_the_table_grows(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "choose_report", lambda *asked, **_: export_reports.BarReport(*asked))
    assert terminal("spiral-mlp", "--format", "state_dict", "--out", tmp_path / "net.pt") == 0
    assert "state_dict          passed" in terminal.out


def test_the_table_has_a_row_for_every_preset_and_template_in_every_format(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def job(source: Any, specs: Any, folder: Path, *_: Any) -> Iterator[ExportEvent]:
        seen.append(source.name)
        for spec in specs:
            if spec.format == "pt2":
                yield NotExported("pt2", Problem("export-failed", format="torch.export", detail="a | b"))
            else:
                yield Exported(a_proof(folder))

    monkeypatch.setattr(export_table, "export_job", job)
    table = tmp_path / "EXPORTS.md"
    assert terminal("--all", "--table", table) == 0
    text = table.read_text(encoding="utf-8")
    assert f"`torch-playground export --all --table {table}`" in text
    assert f"torch {torch.__version__}" in text
    assert f"onnxruntime {metadata.version('onnxruntime')}" in text
    assert {"lenet5", "digit-cnn", "vgg16", "resnet18-28", "googlenet-style-32"} <= set(seen)
    assert len(seen) == len(set(seen))
    rows = [line for line in text.splitlines() if line.startswith("| lenet5 ")]
    assert len(rows) == len(FORMATS)
    assert "| lenet5 | torch.export | not made |  |  |  |  | torch.export cannot hold this net: a \\| b. |" in rows
    told = "MNIST, test set, N = 1,000; rounding: the outputs reach 5, so 5e-05 may differ |"
    assert f"| lenet5 | ONNX | passed | 1.2e-05 | 1.5 MB | 0.120 | 1,234 | {told}" in text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order_and_leaves_nothing(
    terminal: Terminal, workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    def interrupt(event: ExportEvent) -> None:
        if isinstance(event, Exporting) and event.stage == "converting":
            os.kill(os.getpid(), number)

    monkeypatch.setattr(export, "export_job", followed(workshop, interrupt))
    assert terminal("spiral-mlp", "--format", "state_dict", "--out", tmp_path / "net.pt") == 128 + number
    assert list(tmp_path.iterdir()) == []


def a_proof(folder: Path) -> Proof:
    path = folder / "net.onnx"
    path.touch()
    (folder / "net.onnx.proof.json").touch()
    return Proof(
        format="onnx",
        path=str(path),
        sha256="0",
        size=1_500_000,
        passed=True,
        detail="",
        notes=(),
        data="MNIST, test set",
        samples=1_000,
        batches=(BatchProof(1, 1.2e-5),),
        tolerance=5e-5,
        accuracy_net=0.97,
        accuracy_export=0.96,
        latency_1=0.12,
        latency_64=1_234.4,
        runtime="onnxruntime",
        versions={},
    )
