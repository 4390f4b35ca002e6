"""Functions of one number against torch.nn.functional: values, slopes, saturation and their plain source."""

from typing import get_args

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from playground.engine.descent.curves import build, curve, curve_point, default_range, source
from playground.engine.descent.spec import Activation, ActivationName, CurveFormula, CurveLoss, CurveLossName
from playground.engine.problems import Problem

LOSSES = [CurveLoss(name=name, target=target) for name in get_args(CurveLossName) for target in (0.0, 1.0)]
SPECS = [*(Activation(name=name) for name in get_args(ActivationName)), *LOSSES, CurveFormula(text="x**3 - 2*sin(x)")]


def drawn(spec, **more):
    return curve(spec, *default_range(spec), **more)


@pytest.mark.parametrize("name", get_args(ActivationName))
def test_an_activation_and_its_slope_are_torchs(name):
    shown = drawn(Activation(name=name))
    x = torch.from_numpy(shown.x).requires_grad_()
    value = getattr(F, name)(x)
    value.sum().backward()
    assert np.array_equal(shown.value, value.detach().numpy())
    assert np.array_equal(shown.slope, x.grad.numpy())
    assert len(shown.x) == 801


@pytest.mark.parametrize("target", [-1.5, 0.0, 1.0])
@pytest.mark.parametrize(("name", "plain"), [("mse", F.mse_loss), ("l1", F.l1_loss), ("huber", F.huber_loss)])
def test_a_loss_is_torchs_at_every_prediction(name, plain, target):
    shown = drawn(CurveLoss(name=name, target=target), count=13)
    for x, value in zip(shown.x, shown.value, strict=True):
        assert value == plain(torch.tensor(x), torch.tensor(target, dtype=torch.float64)).item()
    assert shown.x[0] < target < shown.x[-1]


@pytest.mark.parametrize("target", [0, 1])
def test_cross_entropy_is_torchs_of_two_logits(target):
    shown = drawn(CurveLoss(name="cross_entropy", target=target), count=13)
    for x, value, slope in zip(shown.x, shown.value, shown.slope, strict=True):
        logits = torch.tensor([[0.0, x]], dtype=torch.float64, requires_grad=True)
        loss = F.cross_entropy(logits, torch.tensor([target]))
        loss.backward()
        assert (value, slope) == (loss.item(), logits.grad[0, 1].item())


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_the_shown_source_gives_the_same_bits(spec):
    names = {"torch": torch}
    exec(source(spec), names)
    x = torch.linspace(*default_range(spec), 57, dtype=torch.float64)
    assert names["f"](x).equal(build(spec)(x))


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_one_point_is_a_point_of_the_curve(spec):
    shown = drawn(spec)
    value, slope = curve_point(spec, float(shown.x[123]))
    # Alone, torch may round the last digit of an exponential differently.
    assert (value, slope) == pytest.approx((shown.value[123], shown.slope[123]), rel=1e-13)
    assert shown.title
    assert shown.formula


@pytest.mark.parametrize(
    ("spec", "flat", "steep"),
    [
        (Activation(name="sigmoid"), (-6, -5, 5, 6), (-2, 0, 2)),
        (Activation(name="tanh"), (-6, -3, 3, 6), (-1, 0, 1)),
        (Activation(name="relu"), (-6, -0.1), (0.1, 6)),
        (Activation(name="gelu"), (-6, -4), (-0.75, 0, 6)),
        (Activation(name="silu"), (-6, -5), (-1.278, 0, 6)),
        (Activation(name="softplus"), (-6, -4), (0, 6)),
        (Activation(name="leaky_relu"), (), (-6, 0, 6)),
        (CurveLoss(name="cross_entropy", target=1.0), (4, 6), (-6, 0)),
        (CurveLoss(name="mse", target=0.0), (), (-3, 0, 3)),
        (CurveFormula(text="x**2"), (), (-6, 0, 6)),
        (CurveFormula(text="log(x)"), (), (0.5, 6)),
        (CurveFormula(text="exp(x)"), (-6, 0), (4, 6)),
        (CurveFormula(text="3"), (), (-6, 0, 6)),
    ],
    ids=str,
)
def test_the_flat_ends_are_saturated_and_a_flat_middle_is_not(spec, flat, steep):
    shown = drawn(spec)
    is_saturated = {place: shown.saturated[np.abs(shown.x - place).argmin()] for place in (*flat, *steep)}
    assert is_saturated == {**dict.fromkeys(flat, True), **dict.fromkeys(steep, False)}


def test_what_is_saturated_has_less_than_a_twentieth_of_the_steepest_slope():
    shown = drawn(Activation(name="sigmoid"))
    small = np.abs(shown.slope) < 0.05 * np.abs(shown.slope).max()
    assert np.array_equal(shown.saturated, small)


def test_places_without_a_value_stay_empty():
    shown = drawn(CurveFormula(text="log(x)"))
    assert np.isnan(shown.value[shown.x <= 0]).all()
    assert np.isnan(shown.slope[shown.x <= 0]).all()
    assert np.isfinite(shown.value[shown.x > 0]).all()


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        (CurveFormula(text="x + y"), "formula-wrong"),
        (CurveFormula(text="sqrt(-1 - x**2)"), "function-nowhere-finite"),
        (CurveLoss(name="cross_entropy", target=0.5), "loss-misfit"),
    ],
    ids=str,
)
def test_what_cannot_be_drawn_is_refused(spec, code):
    with pytest.raises(Problem) as caught:
        drawn(spec)
    assert caught.value.code == code
