"""The generated program is plain PyTorch, gives the numbers of the engine, and runs no text of the user."""

import ast
import runpy
import subprocess
import sys

import pytest

from playground.engine import presets
from playground.engine.data.sets import load
from playground.engine.data.spec import Images, Points
from playground.engine.document import Document, replace
from playground.engine.network.sequence import layer, sequence
from playground.engine.network.spec import Layer, NetworkSpec
from playground.engine.problems import Problem
from playground.engine.scripts.program import script
from playground.engine.spec import Args
from playground.engine.training.run import TrainingRun
from playground.engine.training.spec import LossSpec, OptimizerSpec, ScheduleSpec, TrainingSpec


def moons(*layers, **training):
    """A short experiment on 2-D data, with a validation split."""
    network = sequence(
        layer("Linear", in_features=2, out_features=8),
        layer("Dropout", p=0.1),
        layer("Tanh"),
        layer("Linear", in_features=8, out_features=2),
        *layers,
    )
    asked = {"batch_size": 16, "epochs": 4, "device": "cpu", "seed": 5} | training
    data = Points(name="moons", samples=90, test=30, validation=20, seed=3)
    return Document(title="moons", data=data, network=network, training=TrainingSpec(**asked))


def engine_run(document):
    preparing = load(document.data)
    try:
        while True:
            next(preparing)
    except StopIteration as done:
        run = TrainingRun(document, done.value)
    while not run.done:
        run.step()
        if run.epoch_due:
            run.finish_epoch()
    run.take_events()
    return run


def program(document, tmp_path, monkeypatch, *options, form="sequential"):
    path = tmp_path / "program.py"
    path.write_text(script(document, form=form), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", [str(path), "--out", str(tmp_path / "weights.pt"), *options])
    return runpy.run_path(str(path), run_name="__main__")


EXPERIMENTS = {
    "plateau": moons(
        schedule=ScheduleSpec(name="ReduceLROnPlateau", args=Args(patience=0, threshold=0.5, factor=0.3)),
        optimizer=OptimizerSpec(name="SGD", args=Args(lr=0.5, momentum=0.9, nesterov=True)),
    ),
    "sum": moons(loss=LossSpec(reduction="sum"), optimizer=OptimizerSpec(args=Args(lr=0.01))),
    "cosine": moons(schedule=ScheduleSpec(name="CosineAnnealingLR")),
    "one cycle": moons(
        optimizer=OptimizerSpec(name="Adam", args=Args(lr=0.01, betas=(0.8, 0.99))),
        schedule=ScheduleSpec(name="OneCycleLR", args=Args(max_lr=0.1), every="step"),
    ),
    "milestones": moons(schedule=ScheduleSpec(name="MultiStepLR", args=Args(milestones=[1, 3]))),
    "lbfgs": moons(optimizer=OptimizerSpec(name="LBFGS", args=Args(lr=0.5, max_iter=4))),
    "kl": moons(layer("LogSoftmax", dim=1), loss=LossSpec(name="kl_div", reduction="batchmean")),
    "bce": moons(loss=LossSpec(name="bce_with_logits")),
    "l1": moons(loss=LossSpec(name="l1"), deterministic=True),
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_whole_run_of_the_program_is_a_whole_run_of_the_engine(name, tmp_path, monkeypatch):
    import torch

    run = engine_run(EXPERIMENTS[name])
    ran = program(EXPERIMENTS[name], tmp_path, monkeypatch)
    torch.use_deterministic_algorithms(False)
    assert ran["losses"] == run.history.step_series("loss").tolist()
    last = run.history.epochs[-1]
    assert (ran["test_loss"], ran["test_accuracy"]) == (last.test.loss, last.test.accuracy)
    assert (ran["validation_loss"], ran["validation_accuracy"]) == (last.validation.loss, last.validation.accuracy)
    weights, engine_weights = torch.load(tmp_path / "weights.pt", weights_only=True), run.net.state_dict()
    assert list(weights) == list(engine_weights)
    assert all(torch.equal(weights[key], engine_weights[key]) for key in weights)


def test_the_program_with_a_class_computes_the_same_numbers(tmp_path, monkeypatch):
    import torch

    run = engine_run(EXPERIMENTS["sum"])
    ran = program(EXPERIMENTS["sum"], tmp_path, monkeypatch, form="class")
    assert ran["losses"] == run.history.step_series("loss").tolist()
    weights, engine_weights = torch.load(tmp_path / "weights.pt", weights_only=True), run.net.state_dict()
    assert "linear1.weight" in weights
    assert all(map(torch.equal, weights.values(), engine_weights.values()))
    assert len(weights) == len(engine_weights)


def test_it_stops_after_the_steps_asked_for(tmp_path, monkeypatch, capsys):
    ran = program(EXPERIMENTS["sum"], tmp_path, monkeypatch, "--steps", "7")
    assert len(ran["losses"]) == 7
    assert "7 steps" in capsys.readouterr().out


def test_it_prints_a_line_an_epoch(tmp_path, monkeypatch, capsys):
    ran = program(EXPERIMENTS["bce"], tmp_path, monkeypatch)
    printed = capsys.readouterr().out
    assert f"epoch 4: loss {ran['losses'][-1]:.4f}, validation loss {ran['validation_loss']:.4f}" in printed


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_gives_a_program_without_the_playground(name):
    text = script(presets.preset(name))
    modules = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports(text)}
    ours = {"torch", "torch.distributed", "torch.nn.functional", "torchvision"}
    assert modules <= {"argparse", "math", "os", "sys"} | ours
    assert max(map(len, text.splitlines())) <= 120
    assert "\n\n\n\n" not in text


def imports(text):
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]


def test_layers_are_written_as_a_person_would():
    text = script(presets.preset("lenet5"))
    assert "    nn.Conv2d(1, 6, 5, padding=2),\n    nn.ReLU(),\n    nn.MaxPool2d(2),\n" in text
    assert "torch.optim.Adam(net.parameters(), lr=0.001)" in text
    assert "nn.init" not in text
    assert script(presets.preset("mnist-logistic-3")).count("nn.init.normal_(net[") == 3


def test_threads_and_determinism_are_written_down_when_asked_for():
    document = replace(presets.preset("two-conv"), "training.deterministic", True)
    text = script(document, threads=2)
    assert "torch.set_num_threads(2)" in text
    assert "torch.use_deterministic_algorithms(True)" in text
    assert text.count("set_num_threads") == 1
    assert "    torch.set_num_threads(max(1, os.cpu_count()" in script(document)  # under torchrun alone


EVIL = '"""\nraise SystemExit("ran")\n"""\'); raise SystemExit("ran") #\\'


def test_texts_of_the_user_stay_texts():
    document = replace(presets.preset("lenet5"), "title", EVIL)
    document = replace(document, "data", Images(folder=EVIL))
    tree = ast.parse(script(document))
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert constants.count(EVIL) == 2
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Raise)]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("network", NetworkSpec(), "network-empty"),
        ("network", NetworkSpec(layers=(Layer(id="1", kind=EVIL),)), "layer-unknown"),
        ("network", NetworkSpec(layers=(Layer(id="1", kind="ReLU", args=Args({EVIL: 1})),)), "layer-argument"),
        ("training.optimizer", OptimizerSpec(name=EVIL), "optimizer-unknown"),
        ("training.optimizer", OptimizerSpec(args=Args({EVIL: 1})), "optimizer-argument"),
        ("training.optimizer", OptimizerSpec(args=Args(lr="abc")), "optimizer-argument"),
        ("training.optimizer", OptimizerSpec(args=Args(beta=0.9)), "optimizer-argument"),
        ("training.schedule", ScheduleSpec(name="StepLR", args=Args(step_size="x")), "schedule-argument"),
        ("training.schedule", ScheduleSpec(name="StepLR"), "schedule-argument"),
        ("training.optimizer", OptimizerSpec(args=Args({"lambda": 1})), "optimizer-argument"),
        ("training.schedule", ScheduleSpec(name=EVIL), "schedule-unknown"),
        ("training.schedule", ScheduleSpec(name="StepLR", args=Args({EVIL: 1})), "schedule-argument"),
        ("data", Points(samples=10, validation=10), "data-split"),
    ],
)
def test_what_could_become_code_is_refused(path, value, code):
    with pytest.raises(Problem) as caught:
        script(replace(presets.preset("logistic-2d"), path, value))
    assert caught.value.code == code


def test_it_is_written_without_torch():
    code = (
        "import sys; from playground.engine.presets import preset\n"
        "from playground.engine.scripts.program import script\n"
        "script(preset('digit-cnn')); script(preset('spiral-mlp')); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
