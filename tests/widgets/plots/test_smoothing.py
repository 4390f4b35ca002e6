"""The moving average against a plain loop."""

from math import isfinite

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from playground.widgets.plots.smoothing import MovingAverage

VALUES = st.lists(st.one_of(st.sampled_from([float("nan"), float("inf")]), st.floats(-1e6, 1e6)), max_size=200)


def plain_loop(values, weight):
    """Exponential moving average with bias correction, as Adam's paper writes it."""
    average, count, smoothed = 0.0, 0, []
    for value in values:
        if not isfinite(value):
            smoothed.append(float("nan"))
            continue
        count += 1
        average = weight * average + (1 - weight) * value
        smoothed.append(average / (1 - weight**count))
    return smoothed


@given(st.lists(VALUES, max_size=4), st.floats(0, 0.99))
def test_blocks_of_any_size_are_smoothed_as_a_plain_loop_smooths_them(blocks, weight):
    average = MovingAverage(weight)
    smoothed = [value for block in blocks for value in average.extend(np.array(block, dtype=float))]
    expected = plain_loop([value for block in blocks for value in block], weight)
    np.testing.assert_allclose(smoothed, expected, rtol=1e-9, atol=1e-6)


def test_no_smoothing_changes_nothing():
    values = np.random.default_rng(0).normal(size=1_000)
    np.testing.assert_array_equal(MovingAverage(0.0).extend(values), values)
