"""The command line: what each command prints, and how it refuses bad input in one sentence."""

import hashlib
import json
import os
import pickle
import signal
from pathlib import Path

import pytest
import torch
from PIL import Image
from terminal import Terminal

from playground import cli
from playground.commands import reports
from playground.engine import document as documents
from playground.engine import presets
from playground.engine.training.control import Control
from playground.engine.training.events import Result
from playground.engine.training.job import training_job

SMALL = ["train", "linear-regression", "--device", "cpu", "--epochs", "2"]


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


def result_of(document: documents.Document) -> Result:
    job = training_job(document, Control())
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


def document_file(folder: Path, text: bytes) -> Path:
    path = folder / "mine.playground"
    path.write_bytes(text)
    return path


def test_version(terminal: Terminal) -> None:
    assert terminal("--version") == 0
    assert terminal.out == "torch-playground 0.1.0\n"


def test_help_names_every_command(terminal: Terminal) -> None:
    assert terminal("--help") == 0
    assert all(f"\n    {command} " in terminal.out for command in cli.COMMANDS)


def test_train_tells_start_epochs_and_done_as_json_lines(terminal: Terminal) -> None:
    assert terminal(*SMALL, "--seed", "7", "--json") == 0
    names = [event["event"] for event in terminal.events]
    assert names[0] == "start"
    assert names.count("epoch") == 2
    assert "step" in names
    assert names[-1] == "done"
    assert len({event["run"] for event in terminal.events}) == 1


def test_the_numbers_of_done_are_the_engines(terminal: Terminal) -> None:
    assert terminal(*SMALL, "--seed", "7", "--set", "lr=0.05", "--json") == 0
    document = presets.preset("linear-regression")
    for key, value in (("epochs", "2"), ("training.seed", "7"), ("lr", "0.05"), ("device", "cpu")):
        document = documents.set_text(document, key, value)
    result, done = result_of(document), terminal.events[-1]
    assert (done["train_loss"], done["test_loss"]) == (result.train.loss, result.test.loss)
    assert done["train_accuracy"] is None  # NaN is not JSON
    assert done["step"] == result.step
    assert done["samples_per_s"] > 0


def test_train_says_an_epoch_a_line_where_no_terminal_is(terminal: Terminal) -> None:
    assert terminal(*SMALL) == 0
    lines = terminal.out.splitlines()
    assert [line.split(":")[0] for line in lines if line.startswith("epoch")] == ["epoch 1/2", "epoch 2/2"]
    assert lines[-1].startswith("done after ")


def test_train_shows_a_bar_on_a_terminal(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "choose_report", lambda run, title, **_: reports.BarReport(run, title))
    monkeypatch.setattr("playground.commands.train.choose_report", reports.choose_report)
    assert terminal(*SMALL) == 0
    assert "epoch 2/2: train loss" in terminal.out


def test_ctrl_c_while_the_commands_are_loaded_is_no_traceback(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "parser", lambda: signal.raise_signal(signal.SIGINT))
    assert terminal(*SMALL) == 130
    assert terminal.err == ""


def test_ctrl_c_keeps_what_was_learned_and_resume_goes_on(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a run"
    with monkeypatch.context() as pressed:
        pressed.setattr(reports.PlainReport, "steps", lambda *_: signal.raise_signal(signal.SIGINT))
        assert terminal(*SMALL, "--out", folder) == 130
    assert f"what was learned is in {folder}" in terminal.err
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert terminal(*SMALL, "--out", folder, "--resume", "--json") == 0
    start, done = terminal.events[0], terminal.events[-1]
    assert 0 < start["first_step"] < done["step"]
    assert done["epoch"] == 2


def test_a_run_that_diverges_fails_with_1(terminal: Terminal) -> None:
    assert terminal(*SMALL, "--set", "lr=1e30", "--json") == 1
    error = terminal.events[-1]
    assert (error["event"], error["code"]) == ("error", "loss-not-finite")
    assert error["message"] == terminal.err.strip()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["train", "mnist-mpl"], "mnist-mpl is neither a preset nor a file"),
        (["train", "nothing.playground"], "nothing.playground does not exist"),
        (["train"], "required: DOC|PRESET"),
        (["train", "mnist-mlp", "--set", "epohcs=3"], "did you mean training.epochs?"),
        (["train", "mnist-mlp", "--set", "epochs=three"], "epochs=three does not fit"),
        (["train", "mnist-mlp", "--epochs", "0"], "training.epochs=0 does not fit"),
        (["train", "mnist-mlp", "--set", "epochs"], "'epochs' is not of the form key=value"),
        (["train", "mnist-mlp", "--resume"], "--resume needs --out DIR"),
        (["train", "mnist-mlp", "--epoch", "3"], "unrecognized arguments: --epoch 3"),
        (["summary", "lenet5", "--input", "1,0,28"], "'1,0,28' is not a shape"),
        (["summary", "lenet5", "--input", "3,28,28"], "layers[0] (Conv2d)"),
        (["script", "lenet5", "--out", "/no/such/folder/net.py"], "was not saved: the folder does not exist"),
        (["trian", "mnist-mlp"], "did you mean train?"),
        (["nothing.playground"], "nothing.playground does not exist"),
        (["--frobnicate"], "torch-playground --help"),
    ],
)
def test_bad_input_is_one_sentence_and_2(terminal: Terminal, arguments: list[str], said: str) -> None:
    assert terminal(*arguments) == 2
    assert said in terminal.err
    assert len(terminal.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text[:200], "is not a playground document"),
        (lambda text: text[:0], "is not a playground document"),
        (lambda text: text.replace(b'"format": 1', b'"format": 9'), "written by a newer playground (format 9"),
        (lambda text: text.replace(b'"epochs": 3', b'"epochs": "many"'), "the field training.epochs is wrong"),
    ],
)
def test_a_broken_document_is_refused(terminal: Terminal, tmp_path: Path, change, said: str) -> None:
    path = document_file(tmp_path, change(documents.encode(presets.preset("mnist-mlp"))))
    assert terminal("train", path) == 2
    assert said in terminal.err
    assert str(path) in terminal.err


def test_cuda_without_cuda_is_refused(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    assert terminal("train", "linear-regression", "--device", "cuda") == 2
    assert terminal.err.startswith("This machine has no cuda; choose cpu")


def test_a_checkpoint_that_is_a_program_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    planted = tmp_path / "planted"

    class Evil:
        def __reduce__(self) -> tuple[object, ...]:
            return os.mkdir, (str(planted),)

    folder = tmp_path / "run"
    assert terminal(*SMALL, "--out", folder) == 0
    index = json.loads((folder / "checkpoint.json").read_bytes())
    bad = pickle.dumps(Evil(), protocol=2)
    (folder / index["state"]).write_bytes(bad)
    index["state_sha256"] = hashlib.sha256(bad).hexdigest()
    (folder / "checkpoint.json").write_text(json.dumps(index))
    assert terminal(*SMALL, "--out", folder, "--resume") == 2
    assert "was refused" in terminal.err
    assert not planted.exists()


def test_a_fault_of_ours_is_a_sentence_and_its_traceback_a_file(
    terminal: Terminal, fresh_user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_name: str) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(presets, "preset", broken)
    assert terminal("summary", "lenet5") == 1
    assert "summary failed: RuntimeError: planted" in terminal.err
    assert "Traceback" not in terminal.err
    assert "in broken" in (fresh_user / "data" / "last-error.txt").read_text()


def test_summary_counts_what_torch_counts(terminal: Terminal) -> None:
    from playground.engine.network.builder import build

    net = build(presets.preset("lenet5").network)
    assert terminal("summary", "lenet5", "--json") == 0
    layers = [event for event in terminal.events if event["event"] == "layer"]
    assert [layer["params"] for layer in layers] == [sum(p.numel() for p in layer.parameters()) for layer in net]
    shape = torch.zeros(1, 1, 28, 28)
    for layer, module in zip(layers, net, strict=True):
        shape = module(shape)
        assert layer["shape"] == list(shape.shape[1:])
    assert terminal.events[-1]["params"] == sum(p.numel() for p in net.parameters())


def test_summary_shows_a_row_a_layer(terminal: Terminal) -> None:
    assert terminal("summary", "lenet5") == 0
    assert "Linear 400 → 120" in terminal.out
    assert "61,706" in terminal.out


def test_summary_of_blocks_tells_every_node_and_totals(terminal: Terminal, tmp_path: Path) -> None:
    from playground.engine.document import encode, replace
    from playground.engine.network.templates import template

    document = replace(presets.preset("lenet5"), "network", template("resnet18-28").network)
    (tmp_path / "resnet.playground").write_bytes(encode(document))
    assert terminal("summary", tmp_path / "resnet.playground", "--json") == 0
    nodes = {event["path"]: event for event in terminal.events if event["event"] == "layer"}
    assert nodes["layers[3]"]["kind"] == "Repeat"
    assert nodes["layers[4].shortcut[0]"]["flops"] == 2 * 14 * 14 * 16 * 32
    done = terminal.events[-1]
    tops = [node for path, node in nodes.items() if "." not in path]
    assert done["params"] == sum(node["params"] for node in tops) == 701_178
    assert done["flops"] == sum(node["flops"] or 0 for node in tops)
    assert terminal("summary", tmp_path / "resnet.playground") == 0
    assert "shortcut: Conv2d 16 → 32" in terminal.out
    assert "not counted" in terminal.out


def test_summary_of_a_misfit_tells_the_sentence_the_layer_and_the_repairs(terminal: Terminal, tmp_path: Path) -> None:
    from playground.engine.document import encode, replace
    from playground.engine.network.sequence import branches, layer, sequence

    wrong = branches((layer("Linear", in_features=400, out_features=10),))
    document = replace(presets.preset("lenet5"), "network", sequence(layer("Flatten"), wrong))
    (tmp_path / "wrong.playground").write_bytes(encode(document))
    assert terminal("summary", tmp_path / "wrong.playground", "--json") == 2
    problem = next(event for event in terminal.events if event["event"] == "problem")
    assert (problem["index"], problem["path"], problem["node"]) == (1, "layers[1].branches[0][0]", "linear1")
    assert "it expects 400 features, gets 1 x 28 x 28 = 784" in problem["message"]
    repairs = [event for event in terminal.events if event["event"] == "repair"]
    assert 1 <= len(repairs) <= 3
    assert repairs[0]["node"] == "linear1"
    assert "784" in repairs[0]["message"]
    assert repairs[0]["params_change"] == (784 - 400) * 10
    assert terminal.events[-1]["event"] == "error"


def test_script_prints_and_writes_the_same_program(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal("script", "spiral-mlp") == 0
    printed = terminal.out
    compile(printed, "spiral.py", "exec")
    assert terminal("script", "spiral-mlp", "--out", tmp_path / "spiral.py") == 0
    assert (tmp_path / "spiral.py").read_text() == printed


def test_script_writes_the_network_in_the_form_asked_for(terminal: Terminal) -> None:
    assert terminal("script", "spiral-mlp", "--form", "class") == 0
    assert "class Net(nn.Module):" in terminal.out
    assert "x = self.linear1(x)" in terminal.out
    compile(terminal.out, "spiral.py", "exec")
    assert terminal("script", "spiral-mlp", "--form", "sequential") == 0
    assert "net = nn.Sequential(" in terminal.out
    assert "class Net" not in terminal.out
    assert terminal("script", "spiral-mlp", "--form", "table") == 2


def test_predict_answers_every_image_it_can_read(terminal: Terminal, tmp_path: Path) -> None:
    from playground.engine.export.model_file import save_model
    from playground.engine.network.builder import build

    document = presets.preset("mnist-mlp")
    net = build(document.network)
    model = tmp_path / "model.safetensors"
    save_model(model, net, document)
    digit = Image.new("L", (60, 60), 255)
    digit.paste(0, (25, 10, 35, 50))
    digit.save(tmp_path / "one.png")
    (tmp_path / "broken.png").write_bytes(b"not a picture")
    assert terminal("predict", tmp_path / "broken.png", tmp_path / "one.png", "--model", model, "--json") == 2
    error, answer = terminal.events
    assert (error["event"], error["code"]) == ("error", "image-unreadable")
    assert answer["file"] == str(tmp_path / "one.png")
    assert sum(answer["probabilities"]) == pytest.approx(1.0, abs=1e-6)  # float32 sums of ten
    assert answer["digit"] == answer["probabilities"].index(max(answer["probabilities"]))


def test_predict_takes_the_folder_of_a_run(terminal: Terminal, tmp_path: Path) -> None:
    digit = Image.new("L", (60, 60), 255)
    digit.paste(0, (25, 10, 35, 50))
    digit.save(tmp_path / "one.png")
    assert terminal("predict", tmp_path / "one.png", "--model", tmp_path) == 2
    assert "holds neither checkpoint.json" in terminal.err
