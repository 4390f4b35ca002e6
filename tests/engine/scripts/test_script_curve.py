"""The program of a curve runs by itself and gives the values that the window shows."""

import numpy as np
import pytest
import torch

from playground.engine.descent.curves import curve
from playground.engine.descent.spec import Activation, CurveFormula, CurveLoss
from playground.engine.problems import Problem
from playground.engine.scripts.curve import script

CURVES = [
    *(Activation(name=name) for name in ("sigmoid", "tanh", "relu", "leaky_relu", "gelu", "silu", "softplus")),
    *(CurveLoss(name=name, target=1.0) for name in ("mse", "l1", "huber", "cross_entropy")),
    CurveFormula(text="x**3 - 3*x"),
]


@pytest.mark.parametrize("spec", CURVES, ids=lambda spec: getattr(spec, "name", "formula"))
def test_the_program_gives_what_is_shown_bit_for_bit(spec):
    text = script(spec)
    assert "playground" not in text
    names = {"__name__": "a_module"}
    exec(compile(text, "curve.py", "exec"), names)
    shown = curve(spec, -2.0, 3.0, 101)
    value, slope = names["value_and_slope"](torch.from_numpy(shown.x))
    assert np.array_equal(value.numpy(), shown.value)
    assert np.array_equal(slope.numpy(), shown.slope)


def test_a_formula_that_is_none_is_refused_as_in_the_window():
    with pytest.raises(Problem) as refused:
        script(CurveFormula(text="__import__('os')"))
    assert refused.value.code == "formula-wrong"
