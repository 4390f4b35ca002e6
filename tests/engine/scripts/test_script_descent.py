"""The program of a race is plain PyTorch, gives the engine's paths bit for bit, and runs no text of the user."""

import ast
import sys
from itertools import pairwise
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.engine.descent.events import PathSteps
from playground.engine.descent.job import race_job
from playground.engine.descent.optimizers import entries, refusal
from playground.engine.descent.spec import (
    COURSE_MOMENTUM,
    Bowl,
    DescentSpec,
    Formula,
    FunctionSpec,
    Known,
    Racer,
    Regression,
)
from playground.engine.descent.trace import Trace
from playground.engine.problems import Problem
from playground.engine.scripts.descent import script
from playground.engine.spec import Args
from playground.engine.training.spec import OptimizerSpec, ScheduleSpec


def racer(optimizer: str, schedule: ScheduleSpec | None = None, start: Any = None, **args: Any) -> Racer:
    return Racer(optimizer=OptimizerSpec(name=optimizer, args=Args(args)), schedule=schedule, start=start)


def program(spec: DescentSpec) -> dict[str, Any]:
    """What the program defines, without its pictures."""
    namespace: dict[str, Any] = {"__name__": "race"}
    exec(compile(script(spec), "race.py", "exec"), namespace)
    return namespace


def traces(spec: DescentSpec) -> list[Trace]:
    found = [Trace(spec.steps) for _ in spec.racers]
    for event in race_job(spec, lambda: False):
        if isinstance(event, PathSteps):
            found[event.racer].append(event)
    return found


def assert_same_paths(spec: DescentSpec) -> None:
    for (path, values), trace in zip(program(spec)["race"](), traces(spec), strict=True):
        assert np.array_equal(path.numpy(), trace.position)
        assert np.array_equal(np.array(values, np.float32), trace.value)


FUNCTIONS: list[FunctionSpec] = [
    *(Known(name=name) for name in ("himmelblau", "rosenbrock", "rastrigin", "ackley", "beale", "mccormick")),
    Bowl(condition=30.0),
    Formula(text="torch.sin(x) * y**2 + 0.1 * abs(x - y)"),
    Regression(),
    Regression(loss="l1", ridge=0.3),
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=repr)
def test_its_paths_are_the_engines_on_every_kind_of_function(function: FunctionSpec) -> None:
    racers = (racer("Adam", lr=0.1), racer("SGD", lr=0.001, momentum=0.9, nesterov=True))
    assert_same_paths(DescentSpec(function=function, start=(0.4, 0.3), racers=racers, steps=60))


@pytest.mark.parametrize("name", [name for name in entries() if refusal(name) is None])
def test_its_paths_are_the_engines_with_every_optimiser(name: str) -> None:
    assert_same_paths(DescentSpec(racers=(racer(name, lr=0.01), racer("Adam", lr=0.1)), steps=30))


SCHEDULES = [
    ScheduleSpec(name="StepLR", args=Args(step_size=5)),
    ScheduleSpec(name="ExponentialLR", args=Args(gamma=0.9)),
    ScheduleSpec(name="CosineAnnealingLR"),
    ScheduleSpec(name="OneCycleLR", args=Args(max_lr=0.1)),
    ScheduleSpec(name="ReduceLROnPlateau", args=Args(patience=1)),
    ScheduleSpec(name="LinearLR", args=Args(start_factor=0.1, total_iters=10)),
]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: schedule.name)
@pytest.mark.parametrize("others", [(), (racer("Adam", SCHEDULES[0], lr=0.1),)], ids=["alone", "with others"])
def test_its_paths_are_the_engines_with_every_schedule(schedule: ScheduleSpec, others: tuple[Racer, ...]) -> None:
    racers = (racer("SGD", schedule, lr=0.01, momentum=0.5), racer(COURSE_MOMENTUM, schedule, lr=0.002), *others)
    assert_same_paths(DescentSpec(racers=racers if others else racers[:1], steps=30))


def test_a_path_ends_where_its_numbers_do() -> None:
    spec = DescentSpec(racers=(racer("SGD", lr=1.0), racer("Adam", lr=0.1, start=(4.0, 0.0))), steps=40)
    assert_same_paths(spec)
    ended, whole = program(spec)["race"]()
    assert len(ended[1]) < 10
    assert len(whole[1]) == 41


class Canvas(ModuleType):
    """Stands for matplotlib: takes every call and writes it down."""

    def __init__(self, name: str = "matplotlib.pyplot") -> None:
        super().__init__(name)
        self.called: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*arguments: Any, **named: Any) -> Any:
            self.called.append((name, arguments, named))
            return (self, (self, self)) if name == "subplots" else ((), ()) if name.startswith("get_") else self

        return call


@pytest.mark.parametrize("function", [Known(), Known(name="saddle"), Regression(), Formula(text="x**2 + sqrt(y + 2)")])
def test_run_as_a_program_it_prints_the_ends_and_draws_every_path(
    function: FunctionSpec, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    canvas = Canvas()
    monkeypatch.setitem(sys.modules, "matplotlib", ModuleType("matplotlib"))
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", canvas)
    monkeypatch.setattr(sys.modules["matplotlib"], "pyplot", canvas, raising=False)
    spec = DescentSpec(function=function, start=(0.5, 0.5), steps=12)
    exec(compile(script(spec), "race.py", "exec"), {"__name__": "__main__"})
    printed = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in printed] == ["Adam lr 0.1", "SGD lr 0.01", "SGD lr 0.002, momentum 0.9"]
    assert all(line.endswith("after 12 steps") for line in printed)
    names = [name for name, _, _ in canvas.called]
    assert names.count("plot") == 6
    assert names[-1] == "show"
    (height,) = [arguments[2] for name, arguments, _ in canvas.called if name == "contourf"]
    assert height.shape == (200, 200)
    assert height.isfinite().any()


def test_it_reads_as_a_person_would_write_it() -> None:
    text = script(DescentSpec(racers=(racer("Adam", ScheduleSpec(name="CosineAnnealingLR"), lr=0.1, amsgrad=True),)))
    assert "def f(x, y):\n    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2\n" in text
    assert "lambda point: torch.optim.Adam([point], lr=0.1, amsgrad=True),\n" in text
    assert "lambda optimizer: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=STEPS),\n" in text
    assert "            optimizer.step()\n" in text
    assert "CourseMomentum" not in text
    assert max(map(len, text.splitlines())) <= 120
    blank = [not line for line in text.splitlines()]
    assert not any(one and two and three for (one, two), (_, three) in pairwise(pairwise(blank)))


def test_it_needs_only_torch_and_for_its_pictures_matplotlib() -> None:
    tree = ast.parse(script(DescentSpec()))
    found = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert found == ["torch", "matplotlib.pyplot"]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        (DescentSpec(racers=(racer("Adan"),)), "optimizer-unknown"),
        (DescentSpec(racers=(racer("Muon"),)), "descent-refused"),
        (DescentSpec(racers=(racer("Adam", **{"lr=0.1); print(1": 2}),)), "optimizer-argument"),
        (DescentSpec(racers=(racer("Adam", ScheduleSpec(name="StairLR")),)), "schedule-unknown"),
        (DescentSpec(racers=(racer("Adam", ScheduleSpec(name="StepLR", args=Args({"a b": 2}))),)), "schedule-argument"),
        (DescentSpec(function=Formula(text="__import__('os').getcwd()")), "formula-wrong"),
        (DescentSpec(start=(99.0, 0.0)), "descent-start"),
    ],
)
def test_what_cannot_be_run_is_not_written_down(spec: DescentSpec, code: str) -> None:
    with pytest.raises(Problem) as raised:
        script(spec)
    assert raised.value.code == code


EVIL = st.text(alphabet="xy+-*/()., \n'\"#:;=_\\0123456789", min_size=1, max_size=60)
CALLS = st.sampled_from(["raise SystemExit", "print(1)", "__import__('os')", "x\nimport os", "exec('1')", '"""', "x"])


@settings(max_examples=150)
@given(text=st.one_of(EVIL, st.tuples(CALLS, EVIL).map("".join), st.tuples(EVIL, CALLS).map("".join)))
def test_no_formula_smuggles_code_into_the_program(text: str) -> None:
    try:
        written = script(DescentSpec(function=Formula(text=text), start=(1.0, 1.0)))
    except Problem as problem:
        if problem.code != "formula-wrong":
            raise
        return
    assert shape_of(written) == shape_of(script(DescentSpec(function=Formula(text="x"), start=(1.0, 1.0))))


@settings(max_examples=60)
@given(text=st.one_of(EVIL, CALLS))
def test_no_argument_smuggles_code_into_the_program(text: str) -> None:
    written = script(DescentSpec(racers=(racer("Adam", lr=0.1, betas=text),)))
    tree = ast.parse(written)
    assert text in [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert shape_of(written) == shape_of(script(DescentSpec(racers=(racer("Adam", lr=0.1, betas="b"),))))


def shape_of(text: str) -> str:
    """The program without its constants and without what f returns."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == "f":
            assert [type(statement) for statement in node.body] == [ast.Return]
            assert not [part for part in ast.walk(node) if isinstance(part, ast.Lambda | ast.NamedExpr | ast.Await)]
            node.body = [ast.Pass()]
        if isinstance(node, ast.Constant):
            node.value = None
    return ast.dump(tree)
