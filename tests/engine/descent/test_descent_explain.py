"""An explained step is the step that was made: its formulas give the recorded numbers."""

import numpy as np
import pytest
from descent_races import START, race, racer, run, schedule, trace_of
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.engine.descent.explain import EXPLAINED, explain
from playground.engine.descent.explain_sheet import number, power
from playground.engine.descent.optimizers import entries, refusal
from playground.engine.descent.spec import COURSE_MOMENTUM, Bowl

EPS = float(np.finfo(np.float32).eps)
STEPS = 10

share = st.floats(0.0, 0.95)
small = st.floats(0.0, 0.1)
eps = st.sampled_from([1e-8, 1e-3, 0.1])
flag = st.booleans()
betas = st.tuples(share, st.floats(0.0, 0.999))

ADAM = {"lr": st.floats(0.0, 0.5), "betas": betas, "eps": eps, "weight_decay": small, "maximize": flag}
ARGUMENTS = {
    COURSE_MOMENTUM: {"lr": st.floats(0.0, 0.02), "momentum": share},
    "SGD": {"lr": st.floats(0.0, 0.02), "momentum": share, "dampening": share, "weight_decay": small, "maximize": flag},
    "ASGD": {
        "lr": st.floats(0.0, 0.02),
        "lambd": small,
        "alpha": share,
        "t0": st.sampled_from([1.0, 4.0, 1e6]),
        "weight_decay": small,
        "maximize": flag,
    },
    "Rprop": {
        "lr": st.floats(1e-4, 0.5),
        "etas": st.tuples(st.floats(0.2, 0.9), st.floats(1.1, 2.0)),
        "maximize": flag,
    },
    "LBFGS": {"lr": st.floats(0.0, 1.0), "max_iter": st.sampled_from([1, 3])},
    "Adam": {**ADAM, "amsgrad": flag, "decoupled_weight_decay": flag},
    "AdamW": {**ADAM, "amsgrad": flag},
    "Adamax": ADAM,
    "NAdam": {**ADAM, "momentum_decay": small, "decoupled_weight_decay": flag},
    "RAdam": {**ADAM, "betas": st.tuples(share, st.floats(0.3, 0.999)), "decoupled_weight_decay": flag},
    "RMSprop": {
        "lr": st.floats(0.0, 0.1),
        "alpha": st.floats(0.0, 0.99),
        "eps": eps,
        "weight_decay": small,
        "momentum": share,
        "maximize": flag,
    },
    "Adagrad": {
        "lr": st.floats(0.0, 1.0),
        "lr_decay": share,
        "initial_accumulator_value": share,
        "eps": eps,
        "weight_decay": small,
        "maximize": flag,
    },
    "Adadelta": {"lr": st.floats(0.0, 2.0), "rho": share, "eps": eps, "weight_decay": small, "maximize": flag},
    "Adafactor": {
        "lr": st.floats(0.0, 1.0),
        "beta2_decay": st.floats(-1.0, -0.1),
        "eps": st.sampled_from([(None, 1e-3), (0.1, 0.01)]),
        "d": st.floats(1.0, 2.0),
        "weight_decay": small,
        "maximize": flag,
    },
}


def raced(one):
    (trace,), _ = run(race(one, function=Bowl(condition=10.0), start=(-2.5, 1.5), steps=STEPS))
    return trace


def values(explanation, label):
    """The last line of that label."""
    return np.array([line.values for line in explanation.lines if line.label == label][-1])


def assert_explained(one, trace):
    """Every line that names something recorded holds what the next row has, to the rounding of float32."""
    for step in range(1, trace.count):
        told = explain(one.optimizer, trace, step)
        before, after = trace.position[step - 1].astype(np.float64), trace.position[step].astype(np.float64)
        made = values(told, "step")
        tolerance = 4 * EPS * (np.abs(before) + np.abs(after)) + 2e-5 * np.abs(made).max()
        assert (np.abs(before + made - after) <= tolerance).all(), (step, before + made, after)
        assert np.allclose(values(told, "new point"), after, rtol=1e-5, atol=2e-5 * (1 + np.abs(made).max()))
        assert told.arrows["step"] == tuple((trace.position[step] - trace.position[step - 1]).tolist())
        assert told.arrows["gradient"] == tuple((-trace.gradient[step - 1]).tolist())
        labels = {line.label for line in told.lines} - {"step"}  # which is our own word here, not torch's counter
        for name in labels & trace.state.keys():
            column = trace.state[name]
            scale = np.nanmax(np.abs(column[: step + 1]))
            assert np.allclose(values(told, name), column[step], rtol=2e-5, atol=4e-6 * scale), (step, name)


def explained(name):
    @given(st.fixed_dictionaries(ARGUMENTS[name]))
    @settings(max_examples=15, deadline=None)
    def check(args):
        one = racer(name, **args)
        assert_explained(one, raced(one))

    return check


@pytest.mark.parametrize("name", ARGUMENTS)
def test_the_formulas_give_the_step_that_was_made(name):
    explained(name)()


def test_every_optimiser_that_runs_is_explained():
    assert set(EXPLAINED) == set(ARGUMENTS) == {name for name in entries() if refusal(name) is None}


@given(lr=st.floats(0.0, 0.02), momentum=st.floats(0.05, 0.95), decay=small, maximize=flag)
@settings(max_examples=15, deadline=None)
def test_nesterovs_momentum_is_explained(lr, momentum, decay, maximize):
    one = racer("SGD", lr=lr, momentum=momentum, weight_decay=decay, nesterov=True, maximize=maximize)
    assert_explained(one, raced(one))


@pytest.mark.parametrize("momentum", [0.0, 0.6])
def test_the_centred_root_is_explained(momentum):
    # A quickly changing gradient: v - a² of a constant one is all rounding.
    one = racer("RMSprop", lr=0.3, alpha=0.6, eps=0.1, momentum=momentum, centered=True)
    assert_explained(one, raced(one))


@pytest.mark.parametrize("name", ["SGD", "Adam", "NAdam", "RMSprop"])
def test_a_schedule_that_moves_rate_and_momentum_is_explained(name):
    momentum = {"momentum": 0.9} if name in ("SGD", "RMSprop") else {}
    one = racer(name, lr=0.001, schedule=schedule("OneCycleLR", max_lr=0.02), **momentum)
    assert_explained(one, raced(one))


def test_adam_reads_like_the_paper():
    told = explain(racer("Adam", lr=0.1).optimizer, trace_of("Adam", lr=0.1), 12)
    assert [(line.label, line.formula) for line in told.lines] == [
        ("point", "x"),
        ("gradient", "g"),
        ("exp_avg before", "m"),
        ("exp_avg", "m = 0.9 · m + 0.1 · g"),
        ("exp_avg_sq before", "v"),
        ("exp_avg_sq", "v = 0.999 · v + 0.001 · g²"),
        ("bias correction", "m̂ = m / (1 - 0.9¹²)"),
        ("bias correction", "v̂ = v / (1 - 0.999¹²)"),
        ("step", "Δx = -0.1 · m̂ / (√v̂ + 1e-8)"),
        ("new point", "x = x + Δx"),
    ]
    assert all(len(line.values) == 2 for line in told.lines)


def test_the_first_step_begins_with_nothing():
    told = explain(racer("SGD", lr=0.01, momentum=0.9).optimizer, trace_of("SGD", lr=0.01, momentum=0.9), 1)
    assert told.lines[2].formula == "b = g in the first step"
    assert told.arrows["momentum"] == (0.0, 0.0)


def test_at_step_0_there_is_only_the_gradient():
    told = explain(racer("Adam", lr=0.1).optimizer, trace_of("Adam", lr=0.1), 0)
    assert [line.label for line in told.lines] == ["point", "gradient"]
    assert told.lines[0].values == pytest.approx(START)
    assert set(told.arrows) == {"gradient"}


def test_gradient_and_momentum_add_up_to_the_course_s_step():
    trace = trace_of(COURSE_MOMENTUM, lr=0.002, momentum=0.9)
    arrows = explain(racer(COURSE_MOMENTUM, lr=0.002, momentum=0.9).optimizer, trace, 20).arrows
    both = 0.002 * (np.array(arrows["gradient"]) + np.array(arrows["momentum"]))
    assert both == pytest.approx(np.array(arrows["step"]), rel=1e-3)


@pytest.mark.parametrize(
    ("name", "has"), [("Adam", True), ("RMSprop", False), ("Adagrad", False), ("LBFGS", False), ("NAdam", True)]
)
def test_only_what_has_momentum_has_its_arrow(name, has):
    arrows = explain(racer(name, lr=0.01).optimizer, trace_of(name, steps=3, lr=0.01), 2).arrows
    assert ("momentum" in arrows) == has


@pytest.mark.parametrize("step", [-1, 4])
def test_a_step_that_is_not_recorded_is_refused(step):
    with pytest.raises(IndexError, match="of 4 rows"):
        explain(racer("Adam", lr=0.1).optimizer, trace_of("Adam", steps=3, lr=0.1), step)


def test_lbfgs_tells_its_inner_steps():
    args = {"lr": 1.0, "max_iter": 4, "line_search_fn": "strong_wolfe"}
    trace = trace_of("LBFGS", steps=3, **args)
    told = explain(racer("LBFGS", **args).optimizer, trace, 1)
    assert values(told, "inner steps").tolist() == [trace.state["n_iter"][1]] == [2.0]
    assert values(told, "evaluations of f").tolist() == [trace.state["func_evals"][1]]
    assert told.lines[-2].formula == "Δx = the sum of 2 inner steps t · d"


@given(st.fixed_dictionaries({"lr": st.floats(0.01, 0.9)}))
@settings(max_examples=10, deadline=None)
def test_one_inner_step_of_lbfgs_is_its_length_times_its_direction(args):
    one = racer("LBFGS", max_iter=1, **args)
    trace = raced(one)
    for step in range(1, 6):
        told = explain(one.optimizer, trace, step)
        if values(told, "inner steps")[0]:
            length, direction = values(told, "its length"), values(told, "last direction")
            assert length * direction == pytest.approx(values(told, "step"), abs=1e-5)


@pytest.mark.parametrize(
    ("value", "text"), [(0.001, "0.001"), (1 - 0.999, "0.001"), (1e-8, "1e-8"), (1e9, "1e9"), (12.3456, "12.35")]
)
def test_numbers_have_four_figures(value, text):
    assert number(value) == text


def test_powers_stand_high():
    assert power(0.9, 120) == "0.9¹²⁰"
