"""Programs under torchrun, where the playground cannot be imported: one process is the run, two agree with it.

Two processes add up each batch's gradients in another order than one, so that the losses differ by roundings, which
grow with the steps. Over the steps here they stay within 1e-5 of a loss (or of 1, where a loss is smaller).
"""

import gzip
import json
import math
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from playground.assets import resource
from playground.engine import presets
from playground.engine.data.spec import Points
from playground.engine.document import Document, replace
from playground.engine.network.sequence import layer, sequence
from playground.engine.scripts.processes import differences
from playground.engine.scripts.program import script
from playground.engine.spec import Args
from playground.engine.training.spec import LossSpec, OptimizerSpec, ScheduleSpec, TrainingSpec
from tests.engine.scripts.test_script import engine_run
from tests.engine.test_referee import MNIST_FILES

# Ten seconds each on two idle cores, most of them for `import torch`, and minutes on busy ones.
pytestmark = pytest.mark.timeout(600)

TOLERANCE = 1e-5
PROCESSES = (1, 2)


def moons(*layers, **training):
    """70 samples to train on: in batches of 16 the last has 6, and in batches of 23 it has 1."""
    first, last = layer("Linear", in_features=2, out_features=8), layer("Linear", in_features=8, out_features=2)
    network = sequence(first, layer("Tanh"), *layers, last)
    data = Points(name="moons", samples=90, test=30, validation=20, seed=3)
    asked = {"batch_size": 16, "epochs": 4, "device": "cpu", "seed": 5} | training
    return Document(title="moons", data=data, network=network, training=TrainingSpec(**asked))


def line(**training):
    network = sequence(layer("Linear", in_features=2, out_features=1))
    data = Points(name="plane", samples=53, test=9, seed=1)
    asked = TrainingSpec(batch_size=7, device="cpu", **training)
    return Document(title="plane", data=data, network=network, training=asked)


def frozen(node):
    return msgspec.structs.replace(node, frozen=True)


def log_softmax(document):
    return replace(document, "network", sequence(*document.network.layers, layer("LogSoftmax", dim=1)))


SAME = {
    "mean": moons(optimizer=OptimizerSpec(name="Adam", args=Args(lr=0.01))),
    "odd": moons(batch_size=9, optimizer=OptimizerSpec(args=Args(lr=0.5, momentum=0.9))),
    "one left": moons(batch_size=23, optimizer=OptimizerSpec(name="Adam", args=Args(lr=0.01))),
    "single": moons(batch_size=1, epochs=1, optimizer=OptimizerSpec(args=Args(lr=0.05))),
    "whole": moons(batch_size=500, epochs=12),
    "sum": moons(loss=LossSpec(reduction="sum"), optimizer=OptimizerSpec(args=Args(lr=0.01))),
    "sum, one left": moons(batch_size=23, loss=LossSpec(reduction="sum"), optimizer=OptimizerSpec(args=Args(lr=0.01))),
    "batchmean": log_softmax(moons(batch_size=9, loss=LossSpec(name="kl_div", reduction="batchmean"))),
    "kl mean": log_softmax(moons(batch_size=9, loss=LossSpec(name="kl_div"))),
    "bce": moons(batch_size=9, loss=LossSpec(name="bce_with_logits")),
    "lbfgs": moons(batch_size=9, epochs=1, optimizer=OptimizerSpec(name="LBFGS", args=Args(lr=0.3, max_iter=3))),
    "plateau": moons(
        batch_size=9,
        schedule=ScheduleSpec(name="ReduceLROnPlateau", args=Args(patience=0, threshold=0.5, factor=0.3)),
        optimizer=OptimizerSpec(args=Args(lr=0.5)),
    ),
    "regression": line(epochs=4, loss=LossSpec(name="mse"), optimizer=OptimizerSpec(args=Args(lr=0.1))),
    "frozen": moons(frozen(layer("Linear", in_features=8, out_features=8)), batch_size=9),
}
OTHER = {
    "batch norm": moons(layer("BatchNorm1d", num_features=8), batch_size=17),
    "dropout": moons(layer("Dropout", p=0.3), batch_size=9),
}
BROKEN = {"dropout, broken off": ("--steps", "20"), "dropout, resumed": ("--resume",)}  # an epoch has 8 steps
PRESETS = {"linear-regression": 50, "logistic-2d": 50, "spiral-mlp": 50, "mnist-mlp": 4}


@dataclass(frozen=True)
class Ran:
    """What came of every program, by its name, on each process."""

    found: dict[str, list[dict[str, object]]]

    def losses(self, name):
        return self.found[name][0]["losses"]


def run_all(folder, processes):
    programs = {name: (document, ()) for name, document in (SAME | OTHER).items()}
    programs |= {name: (OTHER["dropout"], (*options, "--out", "broken.pt")) for name, options in BROKEN.items()}
    for name, steps in PRESETS.items():
        programs[name] = replace(presets.preset(name), "training.device", "cpu"), ("--steps", str(steps))
    for name, (document, options) in programs.items():
        (folder / f"{name}.py").write_text(script(document), encoding="utf-8")
        (folder / f"{name}.options").write_text("\n".join(("--out", f"{name}.pt", *options)))
    torchrun(processes, folder)
    ranks = range(processes)
    return Ran(
        {name: [json.loads((folder / f"{name}.{rank}.json").read_text()) for rank in ranks] for name in programs}
    )


def torchrun(processes, folder):
    """In a session of its own, so that nothing of it stays where it does not end."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--local-addr=127.0.0.1"]
    command += [f"--nproc-per-node={processes}", str(Path(__file__).with_name("torchrun_child.py")), "."]
    loopback = {"GLOO_SOCKET_IFNAME": "lo"} if sys.platform == "linux" else {}
    child = subprocess.Popen(
        command, cwd=folder, env=os.environ | loopback, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        _, said = child.communicate(timeout=280)
    except BaseException:
        os.killpg(child.pid, signal.SIGKILL)
        raise
    assert child.returncode == 0, said


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A folder for each number of processes, with MNIST as torchvision leaves it."""
    made = {processes: tmp_path_factory.mktemp(f"processes-{processes}") for processes in PROCESSES}
    for folder in made.values():
        raw = folder / "data" / "MNIST" / "raw"
        raw.mkdir(parents=True)
        for name in MNIST_FILES:
            (raw / name).write_bytes(gzip.decompress(resource("mnist", f"{name}.gz").read_bytes()))
    return made


@pytest.fixture(scope="module")
def alone(folders):
    return run_all(folders[1], 1)


@pytest.fixture(scope="module")
def pair(folders):
    return run_all(folders[2], 2)


def apart(losses, others):
    """The largest distance of two losses of the same step, relative where they are larger than 1."""
    return max(abs(one - other) / max(1, abs(other)) for one, other in zip(losses, others, strict=True))


@pytest.mark.parametrize("name", [*SAME, *OTHER])
def test_one_process_is_the_run_bit_for_bit(alone, name):
    run = engine_run((SAME | OTHER)[name])
    assert alone.losses(name) == run.history.step_series("loss").tolist()
    last = run.history.epochs[-1]
    assert alone.found[name][0]["test_loss"] == last.test.loss


@pytest.mark.parametrize("name", SAME)
def test_two_processes_agree_with_one_over_a_whole_run(alone, pair, name):
    first, second = pair.found[name]
    assert differences(SAME[name]) == ()
    assert apart(first["losses"], alone.losses(name)) < TOLERANCE
    for key in ("test_loss", "test_accuracy", "validation_loss"):
        if first[key] is not None:
            assert first[key] == pytest.approx(alone.found[name][0][key], abs=TOLERANCE)
    assert (first["losses"], first["weights"]) == (second["losses"], second["weights"])


@pytest.mark.parametrize("name", PRESETS)
def test_two_processes_agree_with_one_over_a_preset_s_first_steps(alone, pair, name):
    assert len(pair.losses(name)) == PRESETS[name]
    assert apart(pair.losses(name), alone.losses(name)) < TOLERANCE


@pytest.mark.parametrize(("name", "kind"), [("batch norm", "BatchNorm1d"), ("dropout", "Dropout")])
def test_where_two_processes_differ_the_program_says_why(alone, pair, name, kind):
    first, second = pair.found[name]
    told = first["printed"].splitlines()[0]
    assert told.startswith("With several processes the losses are not those of one, for")
    assert f"{kind} {'sees' if kind == 'BatchNorm1d' else 'draws'}" in told
    assert "several processes" not in alone.found[name][0]["printed"]
    assert apart(first["losses"], alone.losses(name)) > TOLERANCE
    assert all(map(math.isfinite, first["losses"]))
    assert (first["losses"], first["weights"]) == (second["losses"], second["weights"])


@pytest.mark.parametrize("name", [*SAME, *OTHER])
def test_only_the_first_process_speaks(pair, name):
    first, second = pair.found[name]
    assert "epoch 1: loss" in first["printed"]
    assert second["printed"] == ""


def test_two_processes_go_on_from_their_checkpoint_bit_for_bit(pair):
    assert len(pair.losses("dropout, broken off")) == 20
    assert pair.losses("dropout, resumed") == pair.losses("dropout")
    assert pair.found["dropout, resumed"][0]["weights"] == pair.found["dropout"][0]["weights"]
