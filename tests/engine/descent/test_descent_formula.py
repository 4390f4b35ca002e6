# ruff: noqa: RUF001, ARG005 (such signs are what is tested, and every formula has both variables)
"""The user's own formula: what is read, what is refused and how, and that it is plain torch bit for bit."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from playground.engine.descent.facts import readable
from playground.engine.descent.formula import DEEPEST, LONGEST, parse
from playground.engine.descent.formula_names import CONSTANTS, FUNCTIONS, PAIRS
from playground.engine.problems import Problem

X = torch.tensor([-2.3, -0.7, 0.0, 0.4, 0.9, 3.1, 11.0])
Y = torch.tensor([0.3, -1.9, 2.0, 0.0, -0.2, 1.7, -4.0])

NUMBERS = st.one_of(st.integers(0, 12).map(str), st.sampled_from(["0.5", "2.5e-3", "1e3", ".25", *CONSTANTS]))
LEAVES = st.one_of(NUMBERS, st.sampled_from(["x", "y"]))


def grown(inner):
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", " - ", "*", "/", "**"]), inner).map("({0[0]}){0[1]}({0[2]})".format),
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map("".join),
        inner.map("-({})".format),
        st.tuples(st.sampled_from(list(FUNCTIONS)), inner).map("{0[0]}({0[1]})".format),
        st.tuples(st.sampled_from(list(PAIRS)), inner, inner).map("{0[0]}({0[1]}, {0[2]})".format),
    )


FORMULAS = st.recursive(LEAVES, grown, max_leaves=8)


def refusal(text, variables=("x", "y")):
    with pytest.raises(Problem) as caught:
        parse(text, variables)
    assert caught.value.code == "formula-wrong"
    return caught.value


def by_python(source, x, y):
    """The shown source, run by Python itself."""
    return eval(source, {"torch": torch, "x": x, "y": y})


def same_bits(one, other):
    return torch.equal(one.detach().nan_to_num(nan=7.0), other.detach().nan_to_num(nan=7.0))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("x**2 + y**2", lambda x, y: x**2 + y**2),
        ("(x**2+y-11)**2", lambda x, y: (x**2 + y - 11) ** 2),
        ("-x**2", lambda x, y: -(x**2)),
        ("2**-x", lambda x, y: 2**-x),
        ("x**y**2", lambda x, y: x ** (y**2)),
        ("x - (y - 1)", lambda x, y: x - (y - 1)),
        ("x/y/2", lambda x, y: x / y / 2),
        ("+x*-y", lambda x, y: x * -y),
        ("1/3*x", lambda x, y: 1 / 3 * x),
        ("2*pi*x", lambda x, y: 2 * torch.pi * x),
        ("torch.sin(x)*torch.pi", lambda x, y: torch.sin(x) * torch.pi),
        ("torch.nn.functional.softplus(x)", lambda x, y: torch.nn.functional.softplus(x)),
        ("F.silu(x)", lambda x, y: torch.nn.functional.silu(x)),
        ("sin(1)*x", lambda x, y: math.sin(1) * x),
        ("max(x, y)", torch.maximum),
        ("minimum(2, x)", lambda x, y: torch.clamp(x, max=2)),
        ("max(1, 3)*x", lambda x, y: 3 * x),
        ("3", lambda x, y: torch.full_like(x, 3.0)),
        ("  x\n +\ty ", lambda x, y: x + y),
        ("ｓｉｎ(x)", lambda x, y: torch.sin(x)),
    ],
)
def test_a_formula_is_what_plain_torch_computes(text, plain):
    for x, y in zip(X, Y, strict=True):
        assert same_bits(parse(text)(x, y), plain(x, y))


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("inner", ["x", "x*y", "0.3*x + 1"])
def test_every_function_gives_each_column_of_a_batch_its_single_bits(name, inner):
    formula = parse(f"{name}({inner})")
    x = (torch.rand(2, 333, generator=torch.Generator().manual_seed(3)) - 0.5) * 7
    together = x.clone().requires_grad_()
    value = formula(*together)
    value.sum().backward()
    for column in range(0, 333, 5):
        alone = x[:, column].clone().requires_grad_()
        single = formula(*alone)
        single.backward()
        assert same_bits(single, value[column])
        assert same_bits(alone.grad, together.grad[:, column])


@given(FORMULAS)
def test_the_shown_source_is_read_again_and_gives_the_same_bits(text):
    try:
        formula = parse(text)
    except Problem:
        return
    again = parse(formula.source.replace("torch.clamp_min", "max").replace("torch.clamp_max", "min"))
    for x, y in zip(X, Y, strict=True):
        assert same_bits(formula(x, y), by_python(formula.source, x, y))
        assert same_bits(formula(x, y), again(x, y))


@given(st.text(max_size=60) | st.text(alphabet="xy()+-*/^.,0123456789 sincoprtel²√π_[]:='\"", max_size=60))
def test_whatever_is_typed_gives_a_formula_or_one_typed_problem(text):
    correction = text
    try:
        assert parse(text)(X, Y).shape == X.shape
    except Problem as problem:
        correction = problem.fields["correction"]
    if correction:
        assert parse(correction)(X, Y).shape == X.shape


@given(FORMULAS)
def test_what_is_shown_for_reading_can_be_typed_again(text):
    try:
        formula = parse(text)
    except Problem:
        return
    shown = readable(text)
    try:
        again = parse(shown)
    except Problem as problem:
        again = parse(problem.fields["correction"])
    assert again.source == formula.source


@pytest.mark.parametrize(
    ("text", "correction"),
    [
        ("x^2 + y^2", "x**2 + y**2"),
        ("x² + y − 11", "x**2 + y - 11"),
        ("（x＋１）＊２", "(x+1)*2"),
        ("sinn(x)", "sin(x)"),
        ("Sin(x)", "sin(x)"),
        ("ln(x)", "log(x)"),
        ("np.sin(x) + math.cos(y)", "sin(x) + cos(y)"),
        ("2x + 3y", "2*x + 3*y"),
        ("2(x + 1)(y - 1)", "2*(x + 1)*(y - 1)"),
        ("1e3x", "1e3*x"),
        ("xy", "x*y"),
        ("x y", "x*y"),
        ("2πx", "2*pi*x"),
        ("√(x² + 1)", "sqrt(x**2 + 1)"),
        ("0,5*x", "0.5*x"),
        ("f(x, y) = x^2", "x**2"),
        ("(x + 1", "(x + 1)"),
        ("X**2", "x**2"),
    ],
)
def test_a_usual_slip_is_refused_with_what_was_meant(text, correction):
    problem = refusal(text)
    assert problem.fields["correction"] == correction
    assert f"did you mean {correction}?" in problem.sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ("   ", "it is empty"),
        ("x +", "breaks off at column 3"),
        ("import os", "breaks off"),
        ("x; y", "breaks off"),
        ("__import__('os')", "no function __import__ at column 1"),
        ("x + open('f')", "no function open at column 5"),
        ("exec('1')", "no function exec"),
        ("eval(x)", "no function eval"),
        ("torch.load(x)", "no function load"),
        ("torch.os.system(x)", "not a function"),
        ("x.data", "a dot after a name at column 1 is not allowed"),
        ("x.__class__", "a dot after a name"),
        ("().__class__", "a dot after a name"),
        ("x[0]", "a square bracket"),
        ("lambda: x", "lambda"),
        ("x if y else 1", "if at column 1"),
        ("x < y", "a comparison"),
        ("x and y", "and, or"),
        ("[x]", "a list"),
        ("[x for x in y]", "a loop"),
        ("x, y", "a comma"),
        ("'x'", "is not a number"),
        ("f'{x}'", "a text in quotes"),
        ("True", "is not a number"),
        ("2j*x", "is not a number"),
        ("(x := 1)", "an assignment"),
        ("x % 2", "% after column 1"),
        ("x @ y", "@ after column 1"),
        ("~x", "not allowed"),
        ("z + 1", "no z at column 1; use x and y"),
        ("sin", "needs brackets, as in sin(x)"),
        ("sin(x, y)", "takes one number"),
        ("sin(x=1)", "takes one number"),
        ("sin(*x)", "a star"),
        ("max(x)", "takes two numbers"),
        ("1/0", "divides by zero"),
        ("x + 0**-1", "no finite real value"),
        ("(-8)**(1/3)", "no finite real value"),
        ("log(-1)", "no finite real value"),
        ("1e999*x", "too large"),
        ("9**9**9**9", "too large"),
        ("1e300*1e300", "too large"),
        ("x*" + "9" * 400, "too large"),
        ("(" * 300 + "x" + ")" * 300, f"more than the {LONGEST}"),
        ("(" * 240 + "x" + ")" * 240, "too many nested parentheses"),
        ("-" * 499 + "x", f"more than {DEEPEST} operations"),
        ("x" + "+x" * 200, f"more than {DEEPEST} operations"),
        ("x\0", "null bytes"),
    ],
)
def test_everything_else_is_refused_in_one_sentence_that_says_where(text, said):
    problem = refusal(text)
    assert said in problem.sentence
    assert len(problem.sentence) < 250


def test_a_formula_in_x_alone_knows_no_y():
    assert parse("x**2", ("x",))(torch.tensor(3.0)) == 9
    assert "use x" in refusal("y", ("x",)).sentence


def test_a_hundred_terms_in_a_row_are_computed():
    assert parse("x" + "+x" * (DEEPEST - 1))(torch.tensor(1.0), torch.tensor(0.0)) == DEEPEST


def test_a_whole_number_too_large_for_torch_is_shown_as_a_float():
    formula = parse("2**70*x + 2**60")
    assert by_python(formula.source, X, Y).equal(formula(X, Y))


@pytest.mark.parametrize("text", ["x**4 + sigmoid(y)", "7"])
def test_a_formula_lets_gradients_through(text):
    point = torch.tensor([1.0, 2.0], requires_grad=True)
    parse(text)(*point).backward()
    assert point.grad.isfinite().all()
