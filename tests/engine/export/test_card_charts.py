"""Axes, ticks and lines of the charts on a model card."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from playground.engine.export.card.charts import SHAPES, Axis, line_path, marks_of, marks_path, thinned, x_axis, y_axis
from playground.engine.export.card.curves import smoothed

FINITE = st.floats(-1e6, 1e6)


def texts(axis):
    return [tick.text for tick in axis.ticks()]


def test_ticks_are_round_numbers():
    assert texts(Axis(0.0, 1.1, 0, 100)) == ["0", "0.5", "1.0"]
    assert texts(Axis(0.0, 354.0, 0, 100)) == ["0", "100", "200", "300"]
    assert texts(Axis(0.0, 1e6, 0, 100)) == ["0", "200k", "400k", "600k", "800k", "1M"]
    assert texts(Axis(0.0, 100.0, 0, 100, unit=" %")) == ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]


def test_a_logarithmic_axis_has_its_decades():
    assert texts(Axis(0.008, 3.0, 0, 100, log=True)) == ["0.01", "0.1", "1"]
    assert texts(Axis(0.2, 6.0, 0, 100, log=True)) == ["0.3", "1", "3"]


@given(st.lists(FINITE, min_size=1, max_size=50))
def test_values_and_ticks_lie_inside_the_plot(values):
    axis = y_axis([np.array(values)])
    places = axis.place(np.array(values))
    assert ((places >= axis.end - 1e-6) & (places <= axis.start + 1e-6)).all()
    assert all(axis.end - 0.1 <= tick.at <= axis.start + 0.1 for tick in axis.ticks())
    assert 1 <= len(axis.ticks()) <= 12


@given(st.floats(1e-12, 1e12), st.floats(1.5, 1e9))
def test_a_logarithmic_axis_always_has_few_ticks(low, ratio):
    axis = y_axis([np.array([low, low * ratio])], log=True)
    assert len(axis.ticks()) <= 12
    assert len({tick.at for tick in axis.ticks()}) == len(axis.ticks())


def test_a_line_breaks_where_a_value_is_missing():
    y = np.array([1.0, 2.0, np.nan, 4.0])
    assert line_path(np.arange(4.0), y) == "M0.0,1.0L1.0,2.0M3.0,4.0"
    assert marks_path(np.arange(4.0), y, "square").count("z") == 3


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_closed_and_different(shape):
    assert marks_of(shape).startswith("M16,8m")
    assert marks_of(shape).endswith("z")
    assert len({marks_of(each) for each in SHAPES}) == len(SHAPES) == 10


@given(arrays(np.float64, st.integers(1, 5_000), elements=FINITE))
def test_thinning_keeps_the_ends_and_the_extremes(values):
    kept = thinned(values, most=100)
    assert len(kept) <= 100 or len(values) <= 100
    assert (np.diff(kept) > 0).all()
    assert (kept[0], kept[-1]) == (0, len(values) - 1)
    assert (values[kept].min(), values[kept].max()) == (values.min(), values.max())


def test_the_mean_at_each_step_is_that_of_the_last_ones():
    values = np.array([1.0, 3.0, 5.0, 7.0])
    assert smoothed(values, 2).tolist() == [1.0, 2.0, 4.0, 6.0]


def test_an_axis_without_a_length_gets_one():
    assert x_axis(3.0, 3.0).high == 4.0
    assert y_axis([np.array([2.0, 2.0])]).high > 2.0
    assert texts(y_axis([]))[0] == "0"
