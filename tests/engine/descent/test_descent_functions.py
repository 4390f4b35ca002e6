"""The functions: their minima, their bits alone and in a batch, their text, and where starts may lie."""

import math
import subprocess
import sys
from typing import get_args

import pytest
import torch

from playground.engine.descent import facts
from playground.engine.descent.formula_minima import find_minima
from playground.engine.descent.functions import build, source
from playground.engine.descent.spec import Bowl, Formula, Known, KnownName, Regression
from playground.engine.problems import Problem

NAMES = get_args(KnownName)
POINTS = ((-2.0, -2.6), (-0.6, -0.1), (0.2, 0.4), (0.9, 1.9), (1.5, 2.4), (2.2, 4.1))
MANY = tuple((math.sin(7.0 * k), math.cos(3.0 * k)) for k in range(41))
SPECS = [
    *(Known(name=name) for name in NAMES),
    Bowl(condition=37.5),
    Regression(points=POINTS),
    Regression(points=POINTS, loss="l1", ridge=0.3),
    Regression(points=MANY, ridge=0.01),
    Formula(text="x**4 - 3*x**5*y + 2**y + abs(x)**1.5 + sigmoid(x*y) - softplus(x)*gelu(y) + x**-2"),
    Formula(text="max(sin(x), y/3) + min(x, 1)*exp(-y**2) + log1p(x**2)**y"),
]
TEXTS = {
    "himmelblau": "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
    "rosenbrock": "(1 - x)**2 + 100*(y - x**2)**2",
    "beale": "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
    "booth": "(x + 2*y - 7)**2 + (2*x + y - 5)**2",
    "rastrigin": "20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y)",
    "ackley": "-20*exp(-0.2*sqrt((x**2 + y**2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + e + 20",
    "griewank": "1 + (x**2 + y**2)/4000 - cos(x)*cos(y/sqrt(2))",
    "styblinski_tang": "(x**4 - 16*x**2 + 5*x + y**4 - 16*y**2 + 5*y)/2",
    "six_hump_camel": "(4 - 2.1*x**2 + x**4/3)*x**2 + x*y + (4*y**2 - 4)*y**2",
    "saddle": "x**2 - y**2",
    "mccormick": "sin(x + y) + (x - y)**2 - 1.5*x + 2.5*y + 1",
}
DOCUMENTED = {
    "himmelblau": [(3, 2, 0), (-2.805118, 3.131313, 0), (-3.779310, -3.283186, 0), (3.584428, -1.848127, 0)],
    "rosenbrock": [(1, 1, 0)],
    "beale": [(3, 0.5, 0)],
    "booth": [(1, 3, 0)],
    "rastrigin": [(0, 0, 0)],
    "ackley": [(0, 0, 0)],
    "griewank": [(0, 0, 0)],
    "styblinski_tang": [(-2.903534, -2.903534, -78.332331)],
    "six_hump_camel": [(0.0898, -0.7126, -1.0316), (-0.0898, 0.7126, -1.0316)],
    "mccormick": [(-0.54720, -1.54720, -1.9133)],
}


def name_of(spec):
    return spec.name if isinstance(spec, Known) else type(spec).__name__.lower()


def columns(count, seed=0):
    return (torch.rand(2, count, generator=torch.Generator().manual_seed(seed)) - 0.5) * 9


def with_gradient(function, x):
    x = x.clone().requires_grad_()
    value = function(x)
    value.sum().backward()
    return value.detach(), x.grad


def derivatives(function, mark):
    """Gradient [2] and smaller eigenvalue of the Hessian in float64."""
    point = torch.tensor([mark.x, mark.y], dtype=torch.float64)
    hessian = torch.autograd.functional.hessian(function, point)
    return torch.autograd.functional.jacobian(function, point), torch.linalg.eigvalsh(hessian)


@pytest.mark.parametrize("spec", SPECS, ids=name_of)
@pytest.mark.parametrize("count", [1, 7, 37, 1001])
def test_every_column_of_a_batch_is_its_single_run_bit_for_bit(spec, count):
    function, points = build(spec), columns(count)
    value, gradient = with_gradient(function, points)
    assert value.shape == (count,)
    for column in range(0, count, 1 + count // 60):
        alone, slope = with_gradient(function, points[:, column])
        assert alone.shape == ()
        assert torch.equal(alone.nan_to_num(nan=7.0), value[column].nan_to_num(nan=7.0))
        assert torch.equal(slope.nan_to_num(nan=7.0), gradient[:, column].nan_to_num(nan=7.0))


@pytest.mark.parametrize("spec", SPECS, ids=name_of)
@pytest.mark.parametrize("count", [None, 9])
def test_the_shown_source_gives_the_same_bits_alone(spec, count):
    text = source(spec)
    names = {"torch": torch}
    exec(text, names)
    assert '"""' not in text
    points = columns(3 if count is None else count, seed=1)
    # A batch of the user's own powers is rounded by torch as the batch's size has it, see formula_terms.
    exactly = count is None or not isinstance(spec, Formula)
    for x in points.T if count is None else [points]:
        found, wanted = with_gradient(lambda p: names["f"](p[0], p[1]), x), with_gradient(build(spec), x)
        for one, other in zip(found, wanted, strict=True):
            tolerance = {"rtol": 0, "atol": 0} if exactly else {"rtol": 1e-6, "atol": 1e-6}
            torch.testing.assert_close(one, other, equal_nan=True, **tolerance)


def test_himmelblau_is_the_courses_line():
    x = torch.tensor([-0.6, 0.4])
    assert build(Known())(x).item() == ((x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2).item()
    assert source(Known()) == "def f(x, y):\n    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2\n"


@pytest.mark.parametrize("name", NAMES)
def test_every_marked_minimum_is_one(name):
    function = build(Known(name=name))
    left, right, bottom, top = facts.FACTS[name].domain
    for mark in facts.FACTS[name].minima:
        assert left < mark.x < right
        assert bottom < mark.y < top
        assert function(torch.tensor([mark.x, mark.y], dtype=torch.float64)).item() == pytest.approx(
            mark.value, abs=1e-13
        )
        if (name, mark.value) != ("ackley", 0.0):  # the tip of a cone
            gradient, curvature = derivatives(function, mark)
            # A Newton search in float64 leaves the gradient at rounding times the curvature.
            assert gradient.abs().max() <= 1e-14 * curvature[1] + 1e-13
            assert curvature[0] > 0


@pytest.mark.parametrize("name", NAMES)
def test_the_minima_are_those_that_a_search_of_the_domain_finds(name):
    known = sorted((mark.x, mark.y) for mark in facts.FACTS[name].minima)
    found = sorted((mark.x, mark.y) for mark in find_minima(Formula(text=TEXTS[name], domain=facts.FACTS[name].domain)))
    assert len(found) == len(known)
    for place in known:
        assert min(math.dist(place, other) for other in found) < 1e-6


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_lowest_minima_are_as_documented(name):
    marks = facts.FACTS[name].minima
    assert list(marks) == sorted(marks, key=lambda mark: mark.value)
    lowest = [mark for mark in marks if mark.value < marks[0].value + 1e-9]
    assert len(lowest) == len(DOCUMENTED[name])
    for place in DOCUMENTED[name]:
        assert any((mark.x, mark.y, mark.value) == pytest.approx(place, abs=1e-4) for mark in lowest)


def test_the_ackley_tip_is_lower_than_all_around_it():
    function = build(Known(name="ackley"))
    around = torch.tensor([[1e-3, -1e-3, 0.0, 0.0], [0.0, 0.0, 1e-3, -1e-3]], dtype=torch.float64)
    assert (function(around) > 1e-3).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_readable_formula_says_what_is_computed(name):
    written = facts.FACTS[name].formula.replace("√((x² + y²) / 2)", "sqrt((x² + y²) / 2)").replace("√2", "sqrt(2)")
    assert written.replace(" ", "") == facts.readable(TEXTS[name]).replace(" ", "")


@pytest.mark.parametrize("spec", SPECS, ids=name_of)
def test_every_function_has_title_domain_and_axes(spec):
    left, right, bottom, top = facts.domain(spec)
    assert left < right
    assert bottom < top
    assert facts.title(spec)
    assert "*" not in facts.formula_text(spec)
    assert facts.axis_names(spec) == (("w", "b") if isinstance(spec, Regression) else ("x", "y"))


@pytest.mark.parametrize("point", [(math.nan, 0.0), (0.0, math.inf), (7.0, 0.0), (0.0, -6.01)])
def test_a_start_outside_or_not_finite_is_refused(point):
    with pytest.raises(Problem) as caught:
        facts.check_start(Known(), point)
    assert caught.value.code == "descent-start"
    assert "between -6 and 6" in caught.value.sentence or "finite" in caught.value.sentence


@pytest.mark.parametrize("point", [(6.0, -6.0), (0.0, 0.0)])
def test_a_start_inside_or_on_the_border_is_taken(point):
    facts.check_start(Known(), point)


@pytest.mark.parametrize("domain", [(1.0, 1.0, -1.0, 1.0), (-1.0, 1.0, 2.0, -2.0), (-math.inf, 1.0, 0.0, 1.0)])
def test_an_empty_domain_is_refused(domain):
    with pytest.raises(Problem, match="its area is empty"):
        facts.check_domain(Formula(text="x", domain=domain))


def test_the_facts_need_no_torch():
    check = "import sys; from playground.engine.descent import facts, curve_texts; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
