"""Surfaces and points against plain torch: values, gradients, marks, remarks and refusals."""

import math

import numpy as np
import pytest
import torch

from playground.engine.descent.formula_minima import find_minima
from playground.engine.descent.functions import build
from playground.engine.descent.point import point_facts
from playground.engine.descent.spec import Bowl, Formula, Known, Regression
from playground.engine.descent.surface import marks, surface
from playground.engine.problems import Problem

SPECS = [
    Known(),
    Known(name="ackley"),
    Bowl(),
    Formula(text="x**3 - y*x"),
    Regression(),
    Regression(loss="l1", ridge=1),
]


def found(text, domain=(-6.0, 6.0, -6.0, 6.0)):
    return find_minima(Formula(text=text, domain=domain))


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_heights_and_slopes_are_those_of_single_points(spec):
    shown = surface(spec, side=33)
    function = build(spec)
    assert shown.value.shape == (33, 33)
    assert shown.gradient.shape == (21, 21, 2)
    for row, column in [(0, 0), (3, 17), (32, 5)]:
        point = torch.tensor([shown.x[column], shown.y[row]], dtype=torch.float64)
        assert shown.value[row, column] == function(point).item()
    for row, column in [(0, 0), (4, 13), (20, 20)]:
        point = torch.tensor([shown.gradient_x[column], shown.gradient_y[row]], dtype=torch.float64)
        slope = torch.autograd.functional.jacobian(function, point)
        assert shown.gradient[row, column].tolist() == slope.tolist()


def test_a_surface_says_what_it_shows():
    shown = surface(Known())
    assert (shown.title, shown.names, shown.logarithmic) == ("Himmelblau", ("x", "y"), True)
    assert shown.value.shape == (161, 161)
    assert (shown.x[0], shown.x[-1], shown.y[0], shown.y[-1]) == (-6, 6, -6, 6)
    assert len(shown.marks) == 4
    assert shown.remark is None


def test_a_regression_of_many_points_is_the_same_in_blocks():
    spec = Regression(points=tuple((k / 100, math.sin(k)) for k in range(1000)))
    shown = surface(spec, side=65)
    point = torch.tensor([shown.x[40], shown.y[50]], dtype=torch.float64)
    assert shown.value[50, 40] == build(spec)(point).item()
    assert [mark.label for mark in shown.marks] == ["least squares"]


def test_a_regressions_marks_are_both_solutions():
    assert [mark.label for mark in marks(Regression(ridge=0.5))] == ["least squares", "ridge"]
    labels = [mark.label for mark in marks(Regression(loss="l1", ridge=0.5))]
    assert labels == ["least squares", "ridge", "least absolute"]


@pytest.mark.parametrize("text", ["3", "x - x + 1", "sin(x)**2 + cos(x)**2", "floor(x/100 + 0.5)"])
def test_a_constant_is_refused(text):
    with pytest.raises(Problem, match="everywhere in sight") as caught:
        surface(Formula(text=text))
    assert caught.value.code == "function-constant"


@pytest.mark.parametrize("text", ["log(-1 - x**2)", "1/(x - x)", "sqrt(-abs(x) - 1) + y"])
def test_a_function_without_any_value_is_refused(text):
    with pytest.raises(Problem) as caught:
        surface(Formula(text=text))
    assert caught.value.code == "function-nowhere-finite"


@pytest.mark.parametrize(("text", "share"), [("log(x) + y**2", "50%"), ("x + 1/y", "less than 1%")])
def test_places_without_a_value_stay_empty_and_are_told(text, share):
    shown = surface(Formula(text=text))
    assert np.isnan(shown.value).any()
    assert not np.isinf(shown.value).any()
    assert not np.isinf(shown.gradient).any()
    assert shown.remark.code == "function-not-finite"
    assert shown.remark.fields["share"] == share


def test_a_singular_regression_stands_with_a_remark():
    shown = surface(Regression(points=((1.0, 2.0), (1.0, 3.0))))
    assert shown.remark.code == "regression-singular"
    assert shown.marks == ()


@pytest.mark.parametrize(("text", "code"), [("sinn(x)", "formula-wrong"), ("", "formula-wrong")])
def test_a_wrong_formula_is_refused(text, code):
    with pytest.raises(Problem) as caught:
        surface(Formula(text=text))
    assert caught.value.code == code


def test_an_empty_area_is_refused():
    with pytest.raises(Problem, match="its area is empty"):
        surface(Formula(text="x", domain=(1.0, -1.0, 0.0, 1.0)))


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("(x - 1)**2 + (y + 2)**2", [(1, -2)]),
        ("abs(x - 0.3) + 2*abs(y - 1.7)", [(0.3, 1.7)]),
        ("sqrt(x**2 + (y - 1)**2)", [(0, 1)]),
        ("sqrt(abs(x - 1)) + y**2", [(1, 0)]),
        ("max(abs(x), abs(y - 1))", [(0, 1)]),
        ("(x**2 + y**2)**4", [(0, 0)]),
        ("(x**2 - 4)**2 + y**2", [(-2, 0), (2, 0)]),
        ("1e6 + x**2 + y**2", [(0, 0)]),
        ("relu(x)", []),
        ("x**2", []),
        ("(x - 2*y)**2", []),
        ("abs(3*x + y)", []),
        ("(y - x**2)**2", []),
        ("1e5*x**2 + y**2", [(0, 0)]),
        ("x - y", []),
        ("x*y", []),
        ("1/x", []),
        ("log(abs(x)) + y**2", []),
        ("floor(x)", []),
        ("x**3 + y**2", []),
    ],
)
def test_a_formulas_isolated_minima_are_found_and_nothing_else(text, places):
    marked = found(text)
    assert len(marked) == len(places)
    for place in places:
        # Where the value is flat to its eighth digit, the place is known to as few.
        assert min(math.dist(place, (mark.x, mark.y)) for mark in marked) < 1e-4


def test_minima_of_a_formula_are_inside_its_area():
    assert found("(x - 1)**2 + y**2", (1.5, 3.0, -1.0, 1.0)) == ()
    assert len(found("cos(x) + cos(y)", (0.0, 12.0, 0.0, 12.0))) == 4


@pytest.mark.parametrize(
    "spec",
    [Known(), Known(name="rastrigin"), Bowl(condition=25), Regression(ridge=0.2), Formula(text="x**2*y + y**4")],
    ids=str,
)
@pytest.mark.parametrize("place", [(0.4, -0.3), (1.7, 2.2)])
def test_a_points_curvature_is_torchs_hessian(spec, place):
    facts = point_facts(spec, *place)
    point = torch.tensor(place, dtype=torch.float64)
    hessian = torch.autograd.functional.hessian(build(spec), point)
    values = torch.linalg.eigvalsh(hessian)
    assert facts.value == build(spec)(point).item()
    assert facts.gradient == tuple(torch.autograd.functional.jacobian(build(spec), point).tolist())
    torch.testing.assert_close(torch.tensor(facts.hessian, dtype=torch.float64), hessian, rtol=1e-12, atol=1e-12)
    assert facts.eigenvalues == pytest.approx(tuple(values.tolist()), rel=1e-12)
    for value, vector in zip(facts.eigenvalues, facts.eigenvectors, strict=True):
        turned = hessian @ torch.tensor(vector, dtype=torch.float64)
        assert turned.tolist() == pytest.approx([value * part for part in vector], abs=1e-9 * max(1, abs(value)))


def test_plain_descent_is_stable_below_the_rate_and_not_above():
    rate = point_facts(Bowl(condition=25), 1.0, 1.0).stable_rate
    assert rate == pytest.approx(2 / 25)
    ends = []
    for factor in (0.99, 1.01):
        point = torch.tensor([1.0, 1.0], requires_grad=True)
        optimizer = torch.optim.SGD([point], lr=factor * rate)
        for _ in range(300):
            optimizer.zero_grad()
            build(Bowl(condition=25))(point).backward()
            optimizer.step()
        ends.append(abs(point[1].item()))
    assert ends[0] < 0.1
    assert ends[1] > 10


def test_where_no_direction_curves_up_there_is_no_stable_rate():
    facts = point_facts(Formula(text="-x**2 - 2*y**2"), 0.5, 0.5)
    assert facts.eigenvalues == (-4, -2)
    assert facts.stable_rate is None


@pytest.mark.parametrize(
    "spec", [Formula(text="abs(x) + relu(y)"), Formula(text="x + 2*y"), Regression(loss="l1", ridge=1.0)], ids=str
)
def test_straight_pieces_have_a_gradient_and_no_curvature(spec):
    facts = point_facts(spec, 0.5, -0.5)
    assert all(math.isfinite(part) for part in facts.gradient)
    assert (facts.hessian, facts.eigenvalues, facts.eigenvectors, facts.stable_rate) == (None,) * 4


def test_a_point_without_a_value_says_so():
    assert math.isnan(point_facts(Formula(text="sqrt(x)"), -1.0, 0.0).value)
    assert point_facts(Formula(text="sqrt(x)"), -1.0, 0.0).hessian is None


@pytest.mark.parametrize(("text", "eigenvalues"), [("(x + y)**2 * 5", (0.0, 20.0)), ("-(0.3*x + y)**2", (-2.18, 0.0))])
def test_an_eigenvalue_that_is_rounding_alone_is_zero(text, eigenvalues):
    facts = point_facts(Formula(text=text), 0.7, -0.3)
    assert facts.eigenvalues == pytest.approx(eigenvalues, rel=1e-12, abs=0)
    assert facts.stable_rate == (None if eigenvalues[1] == 0 else pytest.approx(0.1))
