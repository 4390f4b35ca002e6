"""`descend --basins`: what it prints, and how it refuses bad input in one sentence."""

import json

import pytest

from playground import cli
from playground.engine.descent.basins_job import basins_job
from playground.engine.descent.spec import BasinsSpec, Known
from playground.engine.spec import Args
from playground.engine.training.spec import OptimizerSpec


class Terminal:
    """Runs a command in this process and keeps what it said."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *arguments: str) -> int:
        try:
            code = cli.main(["descend", *arguments])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        self.out, self.err = self._capsys.readouterr()
        return code


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


def test_json_tells_start_pictures_and_done_with_the_engines_shares(terminal: Terminal) -> None:
    assert terminal("--basins", "66", "--lr", "0.1", "--steps", "150", "--device", "cpu", "--json") == 0
    start, *pictures, done = [json.loads(line) for line in terminal.out.splitlines()]
    assert start == {
        "event": "start",
        "function": "Himmelblau",
        "domain": [-6.0, 6.0, -6.0, 6.0],
        "optimizer": "Adam",
        "args": {"lr": 0.1},
        "side": 66,
        "steps": 150,
    }
    assert pictures
    assert {event["event"] for event in pictures} == {"picture"}
    spec = BasinsSpec(optimizer=OptimizerSpec(name="Adam", args=Args(lr=0.1)), side=66, steps=150)
    picture = list(basins_job(Known(), spec, lambda: False))[-1]
    assert done["event"] == "done"
    assert [minimum["share"] for minimum in done["minima"]] == list(picture.shares)
    assert [(minimum["x"], minimum["y"]) for minimum in done["minima"]] == [(m.x, m.y) for m in picture.minima]
    assert done["not_arrived"] + done["diverged"] + sum(picture.shares) == pytest.approx(1)
    assert done["seconds"] > 0


def test_a_person_reads_the_shares_largest_first(terminal: Terminal) -> None:
    assert terminal("--basins", "16", "--lr", "0.02", "--optimizer", "SGD", "--steps", "80", "--device", "cpu") == 0
    lines = terminal.out.splitlines()
    assert lines[0] == "Himmelblau with SGD(lr=0.02), 16 x 16 starts, 80 steps"
    shares = [float(line.split("%")[0]) for line in lines[1:-1] if "reach" in line]
    assert len(shares) == 4
    assert shares == sorted(shares, reverse=True)
    assert "diverged" in terminal.out
    assert lines[-1].startswith("done after ")


def test_many_minima_are_summed_up(terminal: Terminal) -> None:
    assert terminal("--basins", "32", "--function", "rastrigin", "--lr", "0.01", "--steps", "5", "--device", "cpu") == 0
    assert "101 other minima" in terminal.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--basins", "8"], "16 to 1,024"),
        (["--basins", "many"], "whole number"),
        (["--basins", "64", "--start", "1,2"], "leave out --start"),
        (["--basins", "64", "--steps", "1000000"], "at most 100,000 steps"),
        (["--basins", "64", "--optimizer", "LBFGS"], "LBFGS cannot show basins"),
        (["--basins", "64", "--optimizer", "Adafactor"], "Adafactor cannot show basins"),
        (["--basins", "64", "--optimizer", "SGD", "--lr", "-1"], "SGD"),
        (["--basins", "64", "--function", "x +"], "x +"),
        (["--basins", "64", "--function", "__import__('os')"], "__import__"),
        (["--basins", "64", "--device", "cuda:99"], "cuda:99"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(terminal: Terminal, arguments: list[str], said: str) -> None:
    assert terminal(*arguments) == 2
    assert said in terminal.err
    assert len(terminal.err.splitlines()) == 1
    assert terminal.out == ""
