"""Which optimisers go down a function of two numbers: what the table says is what torch does."""

import subprocess
import sys

import pytest
import torch
from descent_races import himmelblau, plain_step
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.engine.descent.course_momentum import CourseMomentum
from playground.engine.descent.optimizers import build, build_schedule, entries, refusal
from playground.engine.descent.spec import COURSE_MOMENTUM
from playground.engine.problems import Problem
from playground.engine.spec import Args
from playground.engine.training.spec import OptimizerSpec, ScheduleSpec

CLASSES = {
    name: value
    for name, value in vars(torch.optim).items()
    if isinstance(value, type) and issubclass(value, torch.optim.Optimizer) and value is not torch.optim.Optimizer
}


def goes_down(kind):
    """Whether torch itself makes a step with one parameter of two numbers."""
    x = torch.tensor([-0.6, 0.4], requires_grad=True)
    try:
        optimizer = kind([x], lr=0.01)
        himmelblau(x).backward()
        plain_step(optimizer, x, himmelblau)
    except (ValueError, RuntimeError):
        return False
    return x.tolist() != pytest.approx([-0.6, 0.4], abs=1e-9)


@pytest.mark.parametrize("name", CLASSES)
def test_the_table_refuses_what_torch_refuses(name):
    assert (refusal(name) is None) == goes_down(CLASSES[name])


def test_every_class_of_torch_optim_is_offered_or_refused_with_its_reason():
    assert set(entries()) == {*CLASSES, COURSE_MOMENTUM}
    assert {name: entry.refused for name, entry in entries().items() if entry.refused} == {
        name: refusal(name) for name in ("Muon", "SparseAdam")
    }


def test_the_table_needs_no_torch():
    code = (
        "import sys; from playground.engine.descent import optimizers, trace, explain, presets;"
        "assert optimizers.refusal('Muon') and optimizers.entries() and presets.names();"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", ["Muon", "SparseAdam"])
def test_a_refused_one_is_not_built(name):
    with pytest.raises(Problem) as caught:
        build(OptimizerSpec(name=name, args=Args(lr=0.1)), torch.zeros(2, requires_grad=True))
    assert caught.value.code == "descent-refused"
    assert refusal(name) in caught.value.sentence


@pytest.mark.parametrize(
    ("name", "args", "code", "words"),
    [
        ("Adan", {}, "optimizer-unknown", "did you mean Ada"),
        ("SGD", {"lr": -0.1}, "optimizer-argument", "lr must be at least 0, not -0.1"),
        ("SGD", {"lr": "fast"}, "optimizer-argument", "lr must be a number"),
        ("SGD", {"lr": 0.1, "nesterov": True}, "optimizer-argument", "momentum"),
        ("Adam", {"betas": (0.9,)}, "optimizer-argument", "betas"),
        ("Adam", {"lr": 1e39}, "optimizer-argument", "overflow"),
        (COURSE_MOMENTUM, {"lr": -0.1}, "optimizer-argument", "lr must be at least 0, not -0.1"),
        (COURSE_MOMENTUM, {"momentum": -0.1}, "optimizer-argument", "momentum must be at least 0"),
        (COURSE_MOMENTUM, {"beta": 0.9}, "optimizer-argument", "it has no argument beta"),
    ],
)
def test_what_an_optimiser_does_not_take_is_one_sentence(name, args, code, words):
    with pytest.raises(Problem) as caught:
        build(OptimizerSpec(name=name, args=Args(args)), torch.zeros(2, requires_grad=True))
    assert caught.value.code == code
    assert words in caught.value.sentence
    assert "\n" not in caught.value.sentence


@pytest.mark.parametrize("rate", [0.0, 1e9])
def test_no_rate_from_0_on_is_refused(rate):
    optimizer = build(OptimizerSpec(name="Adam", args=Args(lr=rate)), torch.zeros(2, requires_grad=True))
    assert optimizer.param_groups[0]["lr"] == rate


def test_one_optimiser_moves_many_points():
    points = torch.randn(2, 5, generator=torch.Generator().manual_seed(0)).requires_grad_()
    before = points.detach().clone()
    optimizer = build(OptimizerSpec(name="SGD", args=Args(lr=0.01)), points)
    himmelblau(points).sum().backward()
    optimizer.step()
    assert bool((points.detach() != before).all())


@given(lr=st.floats(0, 0.02), momentum=st.floats(0, 1.5), x=st.floats(-5, 5), y=st.floats(-5, 5))
@settings(max_examples=40, deadline=None)
def test_momentum_as_the_course_writes_it_is_torchs_sgd_bit_for_bit(lr, momentum, x, y):
    ours, theirs = (torch.tensor([x, y], requires_grad=True) for _ in range(2))
    course = CourseMomentum([ours], lr=lr, momentum=momentum)
    sgd = torch.optim.SGD([theirs], lr=lr, momentum=momentum)
    for _ in range(8):
        for point, optimizer in ((ours, course), (theirs, sgd)):
            optimizer.zero_grad()
            himmelblau(point).backward()
            optimizer.step()
        assert ours.detach().numpy().tobytes() == theirs.detach().numpy().tobytes()


def test_momentum_as_the_course_writes_it_is_what_the_course_writes():
    x = torch.tensor([-0.6, 0.4], requires_grad=True)
    optimizer = CourseMomentum([x], lr=0.01, momentum=0.9)
    w, z = x.detach().clone(), torch.zeros(2)
    for _ in range(10):
        point = w.clone().requires_grad_()
        himmelblau(point).backward()
        z = 0.9 * z + point.grad
        w = w - 0.01 * z
        optimizer.zero_grad()
        himmelblau(x).backward()
        optimizer.step()
    assert x.tolist() == pytest.approx(w.tolist(), abs=1e-4)


def test_the_courses_momentum_takes_a_closure():
    x = torch.tensor([-0.6, 0.4], requires_grad=True)
    optimizer = CourseMomentum([x], lr=0.01)

    def closure():
        optimizer.zero_grad()
        value = himmelblau(x)
        value.backward()
        return value.item()

    assert optimizer.step(closure) == pytest.approx(himmelblau(torch.tensor([-0.6, 0.4])).item())
    assert optimizer.state[x]["z"].tolist() == x.grad.tolist()


def test_the_courses_momentum_refuses_what_is_negative():
    with pytest.raises(ValueError, match="momentum must be at least 0, not -1"):
        CourseMomentum([torch.zeros(2, requires_grad=True)], momentum=-1.0)


@pytest.mark.parametrize(
    ("name", "args", "attribute", "length"),
    [("CosineAnnealingLR", {}, "T_max", 50), ("OneCycleLR", {"max_lr": 0.1}, "total_steps", 50)],
)
def test_a_length_left_out_is_the_races(name, args, attribute, length):
    optimizer = build(OptimizerSpec(name="Adam"), torch.zeros(2, requires_grad=True))
    schedule = build_schedule(ScheduleSpec(name=name, args=Args(args), every="step"), optimizer, 50)
    assert getattr(schedule, attribute) == length


def test_no_schedule_is_none():
    optimizer = build(OptimizerSpec(name="Adam"), torch.zeros(2, requires_grad=True))
    assert build_schedule(None, optimizer, 50) is None
