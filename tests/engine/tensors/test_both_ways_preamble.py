"""A saved transcript makes what its cells found ready made, and nothing that they make themselves."""

import subprocess
import sys
from pathlib import Path

import pytest

from playground.engine.data.spec import Points
from playground.engine.document import Document
from playground.engine.network.sequence import layer, sequence
from playground.engine.tensors.both_ways.preamble import preamble
from playground.engine.tensors.console.console import Console
from playground.engine.training.spec import TrainingSpec

DOCUMENT = Document(
    data=Points(samples=40, test=10),
    network=sequence(layer("Linear", in_features=2, out_features=2)),
    training=TrainingSpec(batch_size=8, device="cpu"),
)


def makes(script: str) -> set[str]:
    """Which objects the preamble makes."""
    lines = preamble(script, DOCUMENT).splitlines()
    words = ("net =", "optimizer =", "loss_fn =", "train_db =", "x, y =")
    return {word.split(" =")[0] for word in words if any(line.strip().startswith(word) for line in lines)}


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("a = 1\nprint(a)", set()),
        ("net(x)", {"net", "train_db", "x, y"}),
        ("net = nn.Linear(2, 2)\nx = torch.ones(1, 2)\nnet(x)", set()),
        ("net = nn.Sequential(*net)", {"net"}),
        ("for x, y in train_loader:\n    pass", {"train_db"}),
        ("def f(x, net):\n    return net(x)", set()),
        ("optimizer.param_groups[0]['lr'] = 1", {"net", "optimizer"}),
        ("[x for x in range(3)]", set()),
        ("x += 1", {"train_db", "x, y"}),
        ("loss_fn(", set()),
        ("loss_fn", {"loss_fn"}),
    ],
)
def test_what_is_used_before_it_is_set_is_made(script: str, wanted: set[str]) -> None:
    assert makes(script) == wanted


def test_a_transcript_with_the_objects_of_a_run_runs_alone(tmp_path: Path) -> None:
    console = Console(lambda: DOCUMENT, is_shared=False, remembers=False)
    with console.opened():
        console.run_cell("out = train_db[0][0]; out.shape")
    console.transcript.echo("net.append(nn.ReLU())")
    console.transcript.echo("optimizer.param_groups[0]['lr'] = 0.25")
    file = tmp_path / "transcript.py"
    tail = "\nloss_fn(net(x), y).backward(); optimizer.step(); print(net[1], len(train_db), x.shape)\n"
    file.write_text(console.transcript.script())
    alone = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=False, timeout=100)
    assert (alone.returncode, alone.stderr) == (0, "")
    console.transcript.echo(tail.strip())
    file.write_text(console.transcript.script())
    ran = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=False, timeout=100)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "ReLU() 40 torch.Size([8, 2])\n", "")
