"""The table of a path holds every number of it, to the last bit."""

import csv
import io

import numpy as np
import pytest

from playground.engine.descent.events import PathSteps
from playground.engine.descent.job import race_job
from playground.engine.descent.spec import DescentSpec, Racer
from playground.engine.descent.table import path_table
from playground.engine.descent.trace import Trace
from playground.engine.spec import Args
from playground.engine.training.spec import OptimizerSpec, ScheduleSpec


def path(steps: int = 20) -> Trace:
    trace = Trace(steps)
    optimizer = OptimizerSpec(name="Adam", args=Args(lr=0.1))
    racer = Racer(optimizer=optimizer, schedule=ScheduleSpec(name="ExponentialLR", args=Args(gamma=0.9)))
    for event in race_job(DescentSpec(racers=(racer,), steps=steps), lambda: False):
        if isinstance(event, PathSteps):
            trace.append(event)
    return trace


def read(text: str) -> dict[str, list[str]]:
    headings, *rows = csv.reader(io.StringIO(text))
    return dict(zip(headings, map(list, zip(*rows, strict=True)), strict=True))


def test_every_number_comes_back_to_the_last_bit() -> None:
    trace = path()
    columns = read(path_table(trace))
    assert columns["step"] == [str(step) for step in range(21)]
    for name, values in (
        ("x", trace.position[:, 0]),
        ("y", trace.position[:, 1]),
        ("f", trace.value),
        ("grad_x", trace.gradient[:, 0]),
        ("grad_y", trace.gradient[:, 1]),
    ):
        assert np.array_equal(np.array(columns[name], np.float32), values)
    assert [float(text) for text in columns["lr"]] == trace.rate.tolist()


def test_what_the_optimiser_keeps_stands_under_its_own_names() -> None:
    trace = path()
    columns = read(path_table(trace))
    for name in ("exp_avg", "exp_avg_sq"):
        for index, axis in enumerate("xy"):
            assert columns[f"{name}_{axis}"][0] == ""
            written = np.array(columns[f"{name}_{axis}"][1:], np.float32)
            assert np.array_equal(written, trace.state[name][1:, index])
    assert columns["optimizer_step"][1:] == [f"{step}.0" for step in range(1, 21)]


def test_the_coordinates_have_the_functions_names() -> None:
    headings = path_table(path(1), ("w", "b")).splitlines()[0]
    assert headings.startswith("step,w,b,f,grad_w,grad_b,lr,")
    assert "exp_avg_b" in headings


@pytest.mark.parametrize("steps", [1, 7])
def test_it_has_a_line_a_row_and_one_of_headings(steps: int) -> None:
    text = path_table(path(steps))
    assert text.endswith("\n")
    assert len(text.splitlines()) == steps + 2


def test_an_empty_path_has_headings_only() -> None:
    assert path_table(Trace(5)) == "step,x,y,f,grad_x,grad_y,lr\n"
