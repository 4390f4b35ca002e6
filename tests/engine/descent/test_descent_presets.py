"""The presets do what their titles say."""

from functools import cache

import numpy as np
import pytest
from descent_races import run

from playground.engine.descent import presets
from playground.engine.descent.facts import facts
from playground.engine.descent.spec import COURSE_MOMENTUM, DescentSpec
from playground.engine.problems import Problem

FINITE = [name for name in presets.names() if name not in ("himmelblau-adam", "warm-up")]


@cache
def raced(name):
    return run(presets.preset(name))


def rate_of(racer):
    return racer.optimizer.args["lr"]


def test_the_first_preset_is_what_a_document_begins_with():
    assert presets.names()[0] == "race"
    assert presets.preset("race") == DescentSpec()


def test_an_unknown_preset_is_refused_with_those_there_are():
    with pytest.raises(Problem, match="the presets are race, himmelblau-adam, momentum") as caught:
        presets.preset("himmelblow")
    assert caught.value.code == "preset-unknown"


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_has_a_title_of_its_own(name):
    titles = [presets.title(other) for other in presets.names()]
    assert titles.count(presets.title(name)) == 1
    assert len(presets.title(name)) <= 80


@pytest.mark.parametrize("name", FINITE)
def test_every_racer_makes_all_its_steps(name):
    traces, ends = raced(name)
    assert [(end.steps, end.problem) for end in ends] == [(presets.preset(name).steps, None)] * len(traces)


def test_the_courses_run_is_the_issues():
    spec = presets.preset("himmelblau-adam")
    assert [racer.start for racer in spec.racers] == [(0, 0), (1, 0), (-4, 0), (4, 0), (-1, 1)]
    assert {(racer.optimizer.name, rate_of(racer)) for racer in spec.racers} == {("Adam", 1e-3)}
    assert spec.steps == 20_000


def test_the_race_reaches_one_minimum_with_every_optimiser():
    assert all(trace.first_below(1e-6) is not None for trace in raced("race")[0])


def test_momentum_as_the_course_writes_it_goes_the_way_of_sgd_and_faster_than_without():
    (course, sgd, plain), _ = raced("momentum")
    assert presets.preset("momentum").racers[0].optimizer.name == COURSE_MOMENTUM
    assert course.position.tobytes() == sgd.position.tobytes()
    assert np.array_equal(course.state["z"][1:], sgd.state["momentum_buffer"][1:])
    assert course.first_below(1e-6) < 150
    assert plain.first_below(1e-6) is None


def test_only_the_largest_rate_diverges():
    (slow, fast, wild), _ = raced("rates")
    assert fast.first_below(1e-6) is not None
    assert 0.5 > slow.value[-1] > fast.value[-1]
    assert wild.value[-1] > 1e4 * wild.value[0]
    assert [rate_of(racer) > 2 / 10 for racer in presets.preset("rates").racers] == [False, False, True]


def test_the_rate_settles_only_under_a_schedule():
    (constant, *scheduled), _ = raced("schedules")
    assert constant.value[-50:].min() > 1
    assert [trace.first_below(1e-6) is not None for trace in scheduled] == [True] * 5
    assert len({racer.schedule for racer in presets.preset("schedules").racers}) == 6


def test_without_a_warm_up_the_first_step_goes_wild():
    (_, trace), (end, warmed) = raced("warm-up")
    assert end.problem.code == "descent-diverged"
    assert (warmed.steps, warmed.problem) == (300, None)
    assert trace.first_below(1e-6) is not None


def test_lbfgs_is_there_in_a_few_steps():
    (lbfgs, *others), _ = raced("rosenbrock")
    assert lbfgs.first_below(1e-6) <= 15
    assert all((trace.first_below(1e-6) or 10_000) > 500 for trace in others)
    assert all(trace.value[-1] < trace.value[0] / 100 for trace in others)


def test_every_racer_finds_the_ridge_line():
    spec = presets.preset("regression-ridge")
    points = np.array(spec.function.points)
    x = np.stack([points[:, 0], np.ones(len(points))], axis=1)
    normal = x.T @ x / len(x) + spec.function.ridge * np.eye(2)
    w, b = np.linalg.solve(normal, x.T @ points[:, 1] / len(x))
    for trace in raced("regression-ridge")[0]:
        assert trace.position[-1] == pytest.approx([w, b], abs=2e-3)
    assert facts(spec.function).minima[0].x == pytest.approx(w)
