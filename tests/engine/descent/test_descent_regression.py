"""The surface of a linear regression: its closed forms against torch's solvers, its domain and remarks."""

import math
from itertools import combinations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.engine.descent import facts, regression
from playground.engine.descent.functions import build
from playground.engine.descent.regression import LEAST_ABSOLUTE, LEAST_SQUARES, RIDGE
from playground.engine.descent.spec import Regression

NUMBERS = st.floats(-50, 50, width=32)
LISTS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=12).map(tuple)
SPREAD = LISTS.filter(lambda points: max(x for x, _ in points) - min(x for x, _ in points) > 0.1)
RIDGES = st.floats(1e-3, 100)
DEFAULT = Regression()


def columns(spec):
    return torch.tensor(spec.points, dtype=torch.float64).T


def place(spec, label):
    return next(mark for mark in regression.solutions(spec) if mark.label == label)


def gradient(spec, mark):
    """The plain objective's gradient at a mark, by autograd."""
    w, b = torch.tensor([mark.x, mark.y], dtype=torch.float64).requires_grad_()
    x, y = columns(spec)
    objective = ((w * x + b - y) ** 2).mean() + spec.ridge * (w**2 + b**2)
    return torch.stack(torch.autograd.grad(objective, (w, b)))


@settings(max_examples=60)
@given(SPREAD)
def test_least_squares_is_what_torchs_solver_finds(points):
    spec = Regression(points=points)
    x, y = columns(spec)
    wanted = torch.linalg.lstsq(torch.stack([x, torch.ones_like(x)], dim=1), y.unsqueeze(1)).solution.flatten()
    mark = place(spec, LEAST_SQUARES)
    # Both lose as many of the 16 digits as the points' spread is smaller than their distance from 0.
    torch.testing.assert_close(torch.tensor([mark.x, mark.y], dtype=torch.float64), wanted, rtol=1e-7, atol=1e-7)
    assert regression.minima(spec) == (mark,)


@settings(max_examples=60)
@given(LISTS, RIDGES)
def test_at_the_ridge_solution_the_gradient_vanishes(points, ridge):
    spec = Regression(points=points, ridge=ridge)
    mark = place(spec, RIDGE)
    x, y = columns(spec)
    scale = 1 + (x.square().mean() + ridge + 1) * (abs(mark.x) + abs(mark.y)) + y.abs().max() * (1 + x.abs().max())
    assert gradient(spec, mark).abs().max() <= 1e-11 * scale
    assert regression.minima(spec) == (mark,)


@settings(max_examples=40)
@given(SPREAD)
def test_least_absolute_is_the_best_line_through_two_points(points):
    spec = Regression(points=points, loss="l1")
    mark = place(spec, LEAST_ABSOLUTE)
    lines = [((d - b) / (c - a), a, b) for (a, b), (c, d) in combinations(points, 2) if a != c]
    best = min(regression.objective(spec, w, b - w * a) for w, a, b in lines)
    assert mark.value == pytest.approx(best, rel=1e-7, abs=1e-7)


@settings(max_examples=40)
@given(LISTS, RIDGES)
def test_least_absolute_with_a_ridge_is_lower_than_all_around_it(points, ridge):
    spec = Regression(points=points, loss="l1", ridge=ridge)
    mark = place(spec, LEAST_ABSOLUTE)
    for size in (1e-4, 1e-2, 1.0):
        for turn in range(16):
            w, b = mark.x + size * math.cos(turn * math.pi / 8), mark.y + size * math.sin(turn * math.pi / 8)
            assert regression.objective(spec, w, b) >= mark.value * (1 - 1e-9) - 1e-12


@pytest.mark.parametrize("loss", ["mse", "l1"])
@pytest.mark.parametrize("ridge", [0.0, 0.25])
def test_the_function_is_the_mean_loss_plus_the_ridge(loss, ridge):
    spec = Regression(points=DEFAULT.points, loss=loss, ridge=ridge)
    x, y = torch.tensor(DEFAULT.points).T
    plain = {"mse": torch.nn.functional.mse_loss, "l1": torch.nn.functional.l1_loss}[loss]
    w, b = point = torch.tensor([0.7, -0.3])
    wanted = plain(w * x + b, y) + (ridge * (w**2 + b**2) if ridge else 0)
    assert build(spec)(point).equal(wanted)
    assert regression.objective(spec, w.item(), b.item()) == pytest.approx(wanted.item(), rel=1e-6)


def test_in_float64_the_points_keep_their_digits():
    value = build(Regression(points=((0.1, 0.3),)))(torch.tensor([3.0, 0.0], dtype=torch.float64))
    assert value.item() == pytest.approx((0.1 * 3.0 - 0.3) ** 2, abs=1e-32)


@settings(max_examples=60)
@given(LISTS, st.sampled_from(["mse", "l1"]), st.sampled_from([0.0, 0.1, 10.0]))
def test_the_domain_has_room_around_the_origin_and_every_solution(points, loss, ridge):
    spec = Regression(points=points, loss=loss, ridge=ridge)
    left, right, bottom, top = facts.domain(spec)
    for w, b in [(0.0, 0.0), (-0.6, 0.4), *((mark.x, mark.y) for mark in regression.solutions(spec))]:
        assert left + (right - left) / 10 < w < right - (right - left) / 10
        assert bottom + (top - bottom) / 10 < b < top - (top - bottom) / 10


@pytest.mark.parametrize("points", [((2.0, 3.0),), ((2.0, 3.0), (2.0, 1.0), (2.0, 5.0))])
@pytest.mark.parametrize("loss", ["mse", "l1"])
def test_one_x_leaves_the_line_open_and_a_ridge_picks_one(points, loss):
    spec, ridged = (Regression(points=points, loss=loss, ridge=ridge) for ridge in (0.0, 1e-3))
    assert regression.is_singular(spec)
    assert regression.solutions(spec) == regression.minima(spec) == ()
    remark = regression.singular_remark(spec)
    assert remark.code == "regression-singular"
    assert "only 2·w + b is fixed; a ridge above 0 picks one of them, near w = 1.2, b = 0.6" in remark.sentence
    helped = regression.minima(ridged)[0]
    # The ridge of a thousandth pulls it as little towards 0.
    assert (helped.x, helped.y) == pytest.approx((1.2, 0.6), rel=0.01)
    assert f"the ridge picks w = {helped.x:.4g}, b = {helped.y:.4g}" in regression.singular_remark(ridged).sentence


def test_a_smaller_ridge_leads_to_the_shortest_of_all_best_lines():
    points = ((2.0, 3.0), (2.0, 1.0))
    ridge = regression.ridge_solution(Regression(points=points, ridge=1e-9))
    x, y = columns(Regression(points=points))
    shortest = torch.linalg.pinv(torch.stack([x, torch.ones_like(x)], dim=1)) @ y
    assert regression.least_squares(Regression(points=points)) == pytest.approx(tuple(shortest.tolist()))
    assert ridge == pytest.approx(tuple(shortest.tolist()), rel=1e-6)


def test_points_with_different_x_have_nothing_to_remark():
    assert regression.singular_remark(DEFAULT) is None


def test_enormous_points_leave_a_plain_domain():
    spec = Regression(points=((1e300, 1e300), (-1e300, 1.0), (3.0, 1e308)))
    assert all(math.isfinite(bound) for bound in facts.domain(spec))


def test_the_formula_says_loss_and_ridge():
    assert facts.formula_text(DEFAULT) == "mean of (w·x + b \N{MINUS SIGN} y)²"
    penalised = Regression(points=DEFAULT.points, loss="l1", ridge=0.5)
    assert facts.formula_text(penalised) == "mean of |w·x + b \N{MINUS SIGN} y| + 0.5·(w² + b²)"
