"""The pyramid against brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.widgets.common.pyramid import Pyramid

VALUES = st.lists(st.one_of(st.just(float("nan")), st.floats(-1e9, 1e9)), max_size=40)


@given(st.lists(VALUES, max_size=12), st.integers(0, 300), st.integers(1, 300), st.integers(1, 40))
def test_an_envelope_has_minimum_and_maximum_of_each_cell(blocks, first, count, buckets):
    pyramid, everything = Pyramid(), []
    for block in blocks:
        pyramid.append(np.array(block))
        everything += block
        pyramid.envelope(0, len(everything), 3)  # folds between appends too
    last = min(first + count, len(everything))
    x, y = pyramid.envelope(first, first + count, buckets)
    assert len(x) == len(y) <= 2 * buckets + 4
    if first >= last:
        assert len(x) == 0
        return
    width = 1
    while -(-(last - first) // width) > buckets:
        width *= 2
    if width == 1:
        np.testing.assert_array_equal(x, np.arange(first, last))
        np.testing.assert_array_equal(y, everything[first:last])
        return
    cells = [everything[i * width : (i + 1) * width] for i in range(first // width, (last - 1) // width + 1)]
    np.testing.assert_array_equal(y[0::2], [np.fmin.reduce(cell) for cell in cells])
    np.testing.assert_array_equal(y[1::2], [np.fmax.reduce(cell) for cell in cells])
    assert (np.diff(x[::2]) > 0).all()
    assert x[-1] <= len(everything) - 1


def test_what_is_truncated_leaves_no_trace():
    pyramid = Pyramid()
    pyramid.append(np.concatenate([np.zeros(5_000), np.full(5_000, 9.0)]))
    assert pyramid.envelope(0, 10_000, 10)[1].max() == 9.0
    pyramid.truncate(5_000)
    pyramid.append(np.ones(3_000))
    _, y = pyramid.envelope(0, 8_000, 10)
    assert (y.min(), y.max()) == (0.0, 1.0)
    assert len(pyramid) == 8_000


@pytest.mark.parametrize("size", [2_000, 1_000_000])
def test_the_number_of_values_drawn_does_not_grow_with_the_series(size):
    pyramid = Pyramid()
    pyramid.append(np.arange(size, dtype=float))
    assert len(pyramid.envelope(0, size, 500)[0]) <= 1_004
