"""`descend`: what it prints, and how it refuses bad input in one sentence."""

import json

import numpy as np
import pytest
import torch

from playground import cli
from playground.commands import descend, descend_reports
from playground.engine.descent.spec import Bowl, Formula, Known, Regression

QUICK = ("--optimizer", "SGD", "--lr", "0.01")


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

    def events(self, name: str) -> list[dict[str, object]]:
        return [event for event in map(json.loads, self.out.splitlines()) if event["event"] == name]


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


def plain_end(start: tuple[float, float], steps: int) -> list[float]:
    x = torch.tensor(start, requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=0.01)
    for _ in range(steps):
        optimizer.zero_grad()
        ((x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2).backward()
        optimizer.step()
    return x.tolist()


def test_every_start_ends_where_plain_pytorch_does(terminal: Terminal) -> None:
    assert terminal(*QUICK, "--steps", "40", "--start", "0,0", "--start", "-4,0", "--json") == 0
    assert terminal.events("start") == [
        {
            "event": "start",
            "function": "Himmelblau",
            "formula": "(x² + y − 11)² + (x + y² − 7)²",  # noqa: RUF001 (as people write it)
            "optimizer": "SGD",
            "args": {"lr": 0.01},
            "steps": 40,
            "starts": [[0.0, 0.0], [-4.0, 0.0]],
        }
    ]
    done = terminal.events("done")
    assert [event["start"] for event in done] == [[0.0, 0.0], [-4.0, 0.0]]
    assert [event["x"] for event in done] == [plain_end((0.0, 0.0), 40), plain_end((-4.0, 0.0), 40)]
    assert all(event["steps"] == 40 and event["seconds"] > 0 and not event["diverged"] for event in done)


@pytest.mark.parametrize(("steps", "every"), [(40, 1), (400, 2), (1001, 6)])
def test_at_most_200_steps_a_start_are_told(terminal: Terminal, steps: int, every: int) -> None:
    assert terminal(*QUICK, "--steps", str(steps), "--json") == 0
    told = terminal.events("step")
    assert [event["step"] for event in told] == list(range(every, steps + 1, every))
    assert len(told) <= 200
    assert set(told[0]) == {"event", "start", "step", "x", "f", "gradient", "learning_rate"}


def test_a_person_reads_a_line_a_start(terminal: Terminal) -> None:
    assert terminal(*QUICK, "--steps", "40", "--start", "0,0", "--start", "-4,0") == 0
    first, *ways = terminal.out.splitlines()
    assert first == "Himmelblau with SGD(lr=0.01), 40 steps"
    assert [way.split(":")[0] for way in ways] == [
        "from (0, 0) to (3.0000, 2.0000)",
        "from (-4, 0) to (-3.7793, -3.2832)",
    ]
    assert all("after 40 steps" in way for way in ways)


def test_where_it_takes_long_a_person_reads_how_far_it_is(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descend_reports, "PLAIN_SECONDS", 0.0)
    assert terminal(*QUICK, "--steps", "20") == 0
    assert "  step 20: f = " in terminal.out


def test_a_terminal_shows_a_bar(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descend, "choose_report", lambda spec, starts, **_: descend_reports.BarReport(spec, starts))
    assert terminal(*QUICK, "--steps", "20") == 0
    assert "from (-0.6, 0.4) to" in terminal.out


def test_a_start_that_diverges_is_told_and_the_others_are_made(terminal: Terminal) -> None:
    assert (
        terminal("--optimizer", "SGD", "--lr", "1e9", "--steps", "5", "--start", "0,0", "--start", "1,1", "--json") == 1
    )
    assert [event["code"] for event in terminal.events("error")] == ["descent-diverged"] * 2
    assert [event["diverged"] for event in terminal.events("done")] == [True, True]
    assert terminal.err == 2 * "SGD left the finite numbers at step 1; choose a smaller learning rate.\n"


def test_other_arguments_are_the_optimisers_own(terminal: Terminal) -> None:
    settings = ("momentum=0.9", "nesterov=True", "lr=5", "weight_decay=1e-3")
    sets = [word for setting in settings for word in ("--set", setting)]
    assert terminal(*QUICK, *sets, "--steps", "3", "--json") == 0
    args = {"lr": 0.01, "momentum": 0.9, "nesterov": True, "weight_decay": 1e-3}
    assert terminal.events("start")[0]["args"] == args


def test_lists_need_no_brackets(terminal: Terminal) -> None:
    assert terminal("--set", "betas=0.5,0.9", "--steps", "2", "--json") == 0
    assert terminal.events("start")[0]["args"] == {"betas": [0.5, 0.9]}
    assert terminal("--optimizer", "LBFGS", "--set", "line_search_fn=strong_wolfe", "--steps", "2", "--json") == 0
    assert terminal.events("start")[0]["args"] == {"line_search_fn": "strong_wolfe"}


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("Six-Hump-Camel", Known(name="six_hump_camel")),
        ("bowl", Bowl()),
        ("regression", Regression()),
        ("-x**2 + y", Formula(text="-x**2 + y")),
        ("x", Formula(text="x")),
    ],
)
def test_a_function_is_a_name_or_a_formula(text: str, function: object) -> None:
    arguments = cli.parser().parse_args(["descend", f"--function={text}"])
    assert arguments.function == function


def test_a_formula_is_gone_down(terminal: Terminal) -> None:
    assert terminal("--function", "-cos(x) + y**2", *QUICK, "--set", "lr=1", "--steps", "900", "--json") == 0
    done = terminal.events("done")[0]
    assert np.allclose(done["x"], [0.0, 0.0], atol=1e-3)
    assert done["f"] == pytest.approx(-1.0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--function", "x +"], "The formula x + cannot be used"),
        (["--function", "__import__('os')"], "cannot be used"),
        (["--function", "himelblau"], "did you mean himmelblau"),
        (["--function", "x" * 501], "1 to 500 characters"),
        (["--function", "1 + 1"], "so there is nothing to go down"),
        (["--function", "log(x - 9)"], "f has no finite value there"),
        (["--optimizer", "Muon"], "Muon cannot go down a function of two numbers"),
        (["--optimizer", "Adan"], "did you mean Ada"),
        (["--lr", "-1"], "Adam: lr must be at least 0, not -1"),
        (["--lr", "nan"], "'nan' is not a finite number"),
        (["--lr", "fast"], "'fast' is not a finite number"),
        (["--set", "lr"], "'lr' is not of the form key=value"),
        (["--set", "lr=NaN"], "lr is not a finite number"),
        (["--set", "betas=1"], "betas must be"),
        (["--set", "momentum=0.9"], "it has no argument momentum"),
        (["--start", "99,0"], "The start (99, 0) does not fit"),
        (["--start", "-1,0", "--start", "0,99"], "The start (0, 99) does not fit"),
        (["--start", "nan,0"], "both numbers have to be finite"),
        (["--start", "1"], "'1' is not of the form X,Y"),
        (["--start", "--json"], "expected one argument"),
        (["--steps", "0"], "from 1 to 1,000,000"),
        (["--steps", "many"], "from 1 to 1,000,000"),
    ],
)
def test_bad_input_is_one_sentence_and_2(terminal: Terminal, arguments: list[str], said: str) -> None:
    assert terminal(*arguments) == 2
    assert said in terminal.err
    assert len(terminal.err.splitlines()) == 1
    assert terminal.out == ""


def test_basins_are_shown_instead_where_they_are_asked_for(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.commands.descend_basins.run", lambda arguments: arguments.basins)
    assert terminal("--basins", "64") == 64


def test_ctrl_c_is_130(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(descend_reports.PlainReport, "steps", interrupted)
    assert terminal(*QUICK, "--steps", "20") == 130
