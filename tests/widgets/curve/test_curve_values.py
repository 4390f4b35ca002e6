"""Spans and ranges of a curve, without a window."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.widgets.curve.values import CurveValues


def curve(value, saturated=None, slope=None):
    value = np.asarray(value, dtype=float)
    flags = np.zeros(len(value), bool) if saturated is None else np.asarray(saturated)
    slopes = np.zeros(len(value)) if slope is None else np.asarray(slope, dtype=float)
    return CurveValues("f", "f(x)", np.arange(len(value), dtype=float), value, slopes, flags)


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_the_spans_cover_exactly_the_saturated_samples(flags):
    spans = curve(np.zeros(len(flags)), flags).saturated_spans()
    covered = [any(first <= x <= last for first, last in spans) for x in range(len(flags))]
    assert covered == flags
    assert all(later[0] > earlier[1] + 1 for earlier, later in pairwise(spans))


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=60))
def test_the_range_is_never_empty(values):
    low, high = curve(values).y_range()
    assert low < high


def test_a_calm_curve_is_shown_whole():
    x = np.linspace(-6, 6, 500)
    low, high = curve(x**2, slope=2 * x).y_range()
    assert low < -12
    assert high > 36


def test_a_pole_does_not_flatten_the_rest():
    x = np.linspace(-1, 1, 1000)
    low, high = curve(1 / x, slope=-1 / x**2).y_range()
    assert np.abs(1 / x).max() > 900
    assert -100 < low < -10
    assert 10 < high < 100


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nothing_finite_still_has_a_range(value):
    assert curve([value] * 5, slope=[value] * 5).y_range() == (-1.0, 1.0)


def test_the_nearest_sample_is_found():
    assert curve(np.zeros(11)).nearest(3.4) == 3
    assert curve(np.zeros(11)).nearest(99) == 10
