"""The race: every recorded number is plain PyTorch's, racers end alone, and it stops at once."""

import threading
from functools import partial

import numpy as np
import pytest
import torch
from descent_races import ARGS, SMALL_RATE, assert_same_rows, plain_rows, race, racer, run, schedule, trace_of
from torch.optim import lr_scheduler

from playground.engine.descent.course_momentum import CourseMomentum
from playground.engine.descent.events import PathSteps, RaceDone, RacerEnded, RaceStarted
from playground.engine.descent.job import race_job
from playground.engine.descent.optimizers import entries, refusal
from playground.engine.descent.spec import COURSE_MOMENTUM, Bowl, Formula, Known
from playground.engine.descent.trace import Trace
from playground.engine.problems import Problem

RUNNING = [name for name in entries() if refusal(name) is None]
VARIANTS = [(name, args) for name in RUNNING for args in (SMALL_RATE.get(name, {"lr": 0.02}), *ARGS.get(name, []))]

SCHEDULES = {
    "ConstantLR": {"factor": 0.5, "total_iters": 4},
    "CosineAnnealingLR": {},
    "CosineAnnealingWarmRestarts": {"T_0": 5},
    "CyclicLR": {"base_lr": 0.001, "max_lr": 0.005, "step_size_up": 4},
    "ExponentialLR": {"gamma": 0.9},
    "LinearLR": {"start_factor": 0.1, "total_iters": 10},
    "MultiStepLR": {"milestones": (3, 9)},
    "OneCycleLR": {"max_lr": 0.01},
    "PolynomialLR": {"total_iters": 20, "power": 2.0},
    "ReduceLROnPlateau": {"patience": 0, "factor": 0.5, "threshold": 0.5},
    "StepLR": {"step_size": 5},
}
LENGTHS = {"CosineAnnealingLR": "T_max", "OneCycleLR": "total_steps"}


def optimizer_class(name):
    return CourseMomentum if name == COURSE_MOMENTUM else getattr(torch.optim, name)


def stopped_after(calls):
    """A stop that is asked for at the given call."""
    counter = iter(range(calls))
    return lambda: next(counter, None) is None


@pytest.mark.parametrize(("name", "args"), VARIANTS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_row_is_plain_pytorchs(name, args):
    assert_same_rows(trace_of(name, **args), plain_rows(partial(optimizer_class(name), **args), 30))


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules_move_on_after_every_step(name):
    keywords = SCHEDULES[name]
    lengths = {LENGTHS[name]: 30} if name in LENGTHS else {}
    rows = plain_rows(
        partial(torch.optim.SGD, lr=0.005, momentum=0.5),
        30,
        scheduler_of=lambda optimizer: getattr(lr_scheduler, name)(optimizer, **keywords, **lengths),
    )
    trace = trace_of("SGD", lr=0.005, momentum=0.5, schedule=schedule(name, **keywords))
    cycled = trace.state.pop("momentum", None)
    assert np.array_equal(trace.position, np.array([row[0] for row in rows], np.float32))
    assert trace.rate.tolist() == [row[3] for row in rows]
    assert len(set(trace.rate)) > 1
    assert (cycled is not None) == (name in ("CyclicLR", "OneCycleLR"))


def test_every_schedule_of_the_catalogue_is_tried():
    from playground.engine.network import catalogue

    assert set(SCHEDULES) == set(catalogue.schedulers())


@pytest.mark.parametrize(("name", "column"), [("SGD", "momentum"), ("Adam", "beta1")])
def test_a_momentum_that_a_schedule_moves_is_recorded(name, column):
    args = {"lr": 0.001, "momentum": 0.9} if name == "SGD" else {"lr": 0.001}
    trace = trace_of(name, schedule=schedule("OneCycleLR", max_lr=0.01), **args)
    assert trace.state[column][0] == np.float32(0.95)
    assert trace.state[column].min() == np.float32(0.85)


def test_starts_come_before_the_first_step_of_anyone():
    events = list(race_job(race(racer("SGD", lr=0.01), racer("Adam", lr=0.1)), lambda: False))
    assert isinstance(events[0], RaceStarted)
    assert [(event.racer, event.first, len(event.value)) for event in events[1:3]] == [(0, 0, 1), (1, 0, 1)]
    assert isinstance(events[-1], RaceDone)


def test_racers_share_the_time_and_have_their_own_starts():
    spec = race(racer("SGD", lr=0.001), racer("SGD", lr=0.001, start=(1.0, 0.0)), steps=600)
    (first, second), ends = run(spec)
    assert first.position[0].tolist() == [np.float32(-0.6), np.float32(0.4)]
    assert second.position[0].tolist() == [1.0, 0.0]
    assert [(end.steps, end.problem) for end in ends] == [(600, None), (600, None)]
    turns = [event.racer for event in race_job(spec, lambda: False) if isinstance(event, PathSteps)]
    assert turns[:6] == [0, 1, 0, 1, 0, 1]


def test_a_racer_that_diverges_ends_alone():
    (wild, calm), (end, other) = run(race(racer("SGD", lr=1e9), racer("SGD", lr=0.005)))
    assert end.problem.code == "descent-diverged"
    assert end.problem.sentence == ("SGD (racer 1) left the finite numbers at step 1; choose a smaller learning rate.")
    assert end.steps == wild.count - 1 == 0
    assert (other.steps, other.problem, calm.count) == (30, None, 31)


def test_all_rows_of_a_diverging_racer_are_finite():
    traces, (end,) = run(race(racer("SGD", lr=0.3), function=Bowl(condition=100.0), start=(1.0, 1.0), steps=500))
    rows = traces[0]
    assert end.steps == rows.count - 1 < 500
    assert end.problem.fields["step"] == rows.count
    for column in (rows.position, rows.value, rows.gradient):
        assert np.isfinite(column).all()
    assert rows.value[-1] > 1e30


@pytest.mark.parametrize("name", RUNNING)
@pytest.mark.parametrize("rate", [0.0, 1e9, 1e30])
def test_no_rate_breaks_a_race(name, rate):
    (trace,), (end,) = run(race(racer(name, lr=rate), steps=4))
    assert np.isfinite(trace.position).all()
    assert end.problem is None or end.problem.code == "descent-diverged"


@pytest.mark.parametrize("name", [name for name in RUNNING if name not in ("Rprop", "LBFGS")])
def test_rate_0_stands_still(name):
    trace = trace_of(name, steps=3, lr=0.0)
    assert (trace.position == trace.position[0]).all()


def test_an_argument_python_cannot_compute_with_ends_the_racer():
    _, (end,) = run(race(racer("ASGD", lr=0.001, lambd=1.0, alpha=5e5)))
    assert end.problem.code == "descent-diverged"
    assert end.problem.details


def test_a_schedule_that_leads_to_no_rate_ends_the_racer():
    _, (end,) = run(race(racer("SGD", lr=1e-30, schedule=schedule("ExponentialLR", gamma=1e30))))
    assert end.problem.code == "schedule-argument"
    assert end.steps < 30


@pytest.mark.parametrize(
    ("wrong", "code", "words"),
    [
        (racer("Adan"), "optimizer-unknown", "Adan (racer 2); did you mean Ada"),
        (racer("Muon", lr=0.1), "descent-refused", "Muon (racer 2) cannot go down"),
        (racer("SGD", lr=-1.0), "optimizer-argument", "SGD (racer 2): lr must be at least 0"),
        (racer("SGD", momentun=0.9), "optimizer-argument", "did you mean momentum?"),
        (
            racer("SGD", lr=0.1, schedule=schedule("StepLR")),
            "schedule-argument",
            "StepLR (racer 2): step_size is missing",
        ),
        (racer("SGD", lr=0.1, schedule=schedule("StepLr")), "schedule-unknown", "did you mean StepLR?"),
        (racer("SGD", lr=0.1, start=(99.0, 0.0)), "descent-start", "The start (99, 0) does not fit"),
        (racer("SGD", lr=0.1, start=(float("nan"), 0.0)), "descent-start", "finite"),
    ],
)
def test_bad_input_is_one_sentence_before_anything_is_told(wrong, code, words):
    job = race_job(race(racer("SGD", lr=0.01), wrong), lambda: False)
    with pytest.raises(Problem) as caught:
        next(job)
    assert caught.value.code == code
    assert words in caught.value.sentence
    assert caught.value.fields["racer"] == 1
    assert "\n" not in caught.value.sentence


def test_a_single_racer_needs_no_number():
    with pytest.raises(Problem, match=r"^SGD: lr must be at least 0"):
        next(race_job(race(racer("SGD", lr=-1.0)), lambda: False))


@pytest.mark.parametrize(
    ("text", "start", "words"),
    [
        ("log(x) + y", (-1.0, 0.0), "f has no finite value there"),
        ("sqrt(x**2 + y**2)", (0.0, 0.0), "f has no finite gradient there"),
    ],
)
def test_a_start_without_f_or_gradient_is_refused(text, start, words):
    with pytest.raises(Problem, match=words) as caught:
        next(race_job(race(racer("SGD", lr=0.1), function=Formula(text=text), start=start), lambda: False))
    assert caught.value.code == "descent-start"


def test_a_constant_is_nothing_to_go_down():
    with pytest.raises(Problem) as caught:
        next(race_job(race(racer("SGD", lr=0.1), function=Formula(text="2 + 1")), lambda: False))
    assert caught.value.code == "function-constant"


def test_a_start_without_a_slope_is_none_to_refuse():
    (trace,), _ = run(race(racer("SGD", lr=0.1), function=Known(name="saddle"), start=(0.0, 0.0)))
    assert not trace.position.any()


@pytest.mark.parametrize("calls", [0, 1, 7])
def test_stopping_ends_it_after_the_step_under_way(calls):
    events = list(race_job(race(racer("SGD", lr=1e-4), steps=100_000), stopped_after(calls)))
    rows = sum(len(event.value) for event in events if isinstance(event, PathSteps))
    assert rows <= calls + 1
    assert not any(isinstance(event, RaceDone | RacerEnded) for event in events)


def test_a_race_without_racers_is_over_at_once():
    events = list(race_job(race(), lambda: False))
    assert [type(event) for event in events] == [RaceStarted, RaceDone]


def test_the_number_of_threads_stays():
    before = torch.get_num_threads()
    seen = [torch.get_num_threads() for _ in race_job(race(racer("Adam", lr=0.1)), lambda: False)]
    assert set(seen) == {before}


def test_another_default_dtype_changes_nothing():
    expected = trace_of("Adam", lr=0.1)
    torch.set_default_dtype(torch.float64)
    try:
        trace = trace_of("Adam", lr=0.1)
    finally:
        torch.set_default_dtype(torch.float32)
    assert np.array_equal(trace.position, expected.position)


def test_two_races_at_once_do_not_disturb_each_other():
    expected = trace_of("Adam", steps=200, lr=0.1)
    found = []
    threads = [threading.Thread(target=lambda: found.append(trace_of("Adam", steps=200, lr=0.1))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(trace.position, expected.position) for trace in found)
    assert len(found) == 2


@pytest.mark.parametrize("name", ["rosenbrock", "beale", "rastrigin", "saddle"])
def test_other_functions_are_gone_down_too(name):
    spec = race(racer("Adam", lr=0.01), function=Known(name=name), start=(-1.2, 0.9), steps=60)
    (trace,), _ = run(spec)
    assert trace.value[-1] < trace.value[0]


def test_blocks_keep_their_numbers_when_later_ones_come():
    blocks = list(race_job(race(racer("Adam", lr=0.1), steps=400), lambda: False))[1:-2]
    assert len(blocks) > 2
    trace = Trace(400)
    for block in blocks:
        trace.append(block)
    assert_same_rows(trace, plain_rows(partial(torch.optim.Adam, lr=0.1), 400))
