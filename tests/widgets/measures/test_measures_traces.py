"""The racers' columns and the range of the axis, without a window."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.widgets.measures.limits import fitted_range
from playground.widgets.measures.traces import Trace, table


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.integers(1, 60))
def test_the_first_small_step_is_found_however_the_values_arrive(values, first):
    scaled = np.array(values, dtype=np.float32) * 2e-6
    trace = Trace("SGD")
    trace.set_columns({"value": scaled[:first]})
    trace.first_small(0.0)
    trace.set_columns({"value": scaled})
    small = np.flatnonzero(scaled.astype(float) < 1e-6)
    assert trace.first_small(0.0) == (int(small[0]) if len(small) else None)


def test_small_is_counted_from_the_least_value():
    trace = Trace("SGD")
    trace.set_columns({"value": np.array([5.0, -1.0, -1.03162845])})
    assert trace.first_small(0.0) == 1
    trace.search_again()
    assert trace.first_small(-1.031628453489877) == 2


def test_what_is_not_finite_is_not_drawn_and_never_small():
    trace = Trace("SGD")
    trace.set_columns({"value": np.array([1.0, np.inf, np.nan, -np.inf], dtype=np.float32)})
    np.testing.assert_array_equal(trace.pyramid("value").values, [1.0, np.nan, np.nan, np.nan])
    trace.set_columns({"value": np.array([1.0, np.nan, 1e-9])})
    assert trace.first_small(0.0) == 2


def test_a_shorter_column_begins_anew():
    trace = Trace("SGD")
    trace.set_columns({"value": np.zeros(50)})
    assert trace.first_small(0.0) == 0
    assert len(trace.pyramid("value")) == 50
    trace.set_columns({"value": np.ones(3)})
    assert trace.first_small(0.0) is None
    np.testing.assert_array_equal(trace.pyramid("value").values, [1, 1, 1])


def test_the_table_has_three_columns_a_racer_and_nothing_after_its_end():
    long, short = Trace("Adam"), Trace("SGD")
    long.set_columns({"value": np.arange(4.0), "gradient_norm": np.arange(4.0) * 2, "distance": np.arange(4.0) * 3})
    short.set_columns({"value": np.ones(2)})
    columns = {column.name: column.values for column in table([long, short])}
    quantities = ("f", "gradient norm", "distance")
    assert list(columns) == ["step", *(f"{racer} {name}" for racer in ("1 Adam", "2 SGD") for name in quantities)]
    np.testing.assert_array_equal(columns["step"], np.arange(4))
    np.testing.assert_array_equal(columns["1 Adam distance"], [0, 3, 6, 9])
    np.testing.assert_array_equal(columns["2 SGD f"], [1, 1, np.nan, np.nan])
    assert np.isnan(columns["2 SGD distance"]).all()


CALM = np.linspace(100.0, 0.0, 50)
WILD = 100.0 * 4.0 ** np.arange(60)


def test_a_racer_that_flies_away_does_not_flatten_the_others():
    low, high = fitted_range([CALM, WILD], is_log=False)
    assert low < CALM.min()
    assert CALM.max() < high < 1_000
    low, high = fitted_range([np.log10(CALM[:-1]), np.log10(WILD)], is_log=True)
    assert 5 <= high < 6


def test_one_that_falls_for_ever_does_not_flatten_the_others_either():
    low, high = fitted_range([CALM, -WILD], is_log=False)
    assert -1_000 < low < 0
    assert high > 100


def test_a_racer_alone_is_shown_whole():
    assert fitted_range([WILD], is_log=False)[1] > WILD[-1]
    assert fitted_range([np.log10(WILD)], is_log=True)[1] > np.log10(WILD[-1])


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=20), st.booleans())
def test_calm_curves_are_shown_whole(values, is_log):
    curve = np.array(values)
    if is_log:
        curve = np.minimum(curve / 1e3, curve[0] / 1e3 + 2)
    low, high = fitted_range([curve, np.array([np.nan])], is_log=is_log)
    assert low < curve.min()
    assert curve.max() < high


@pytest.mark.parametrize("curves", [[], [np.empty(0)], [np.array([np.nan, np.inf])]])
def test_nothing_finite_has_no_range(curves):
    assert fitted_range(curves, is_log=False) is None
