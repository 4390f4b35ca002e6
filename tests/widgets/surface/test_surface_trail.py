"""A growing path is thinned to what moves on the screen, whatever the pieces it grows in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.widgets.surface.trail import Trail

GRAIN = (0.1, 0.1)


def wandering(rows, size=0.05, seed=0):
    return np.cumsum(np.random.default_rng(seed).normal(0, size, (rows, 2)), axis=0).astype(np.float32)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=6), st.integers(0, 5))
def test_growing_in_pieces_keeps_the_same_rows_as_all_at_once(pieces, seed):
    path = wandering(sum(pieces), seed=seed)
    whole, grown = Trail(GRAIN), Trail(GRAIN)
    whole.feed(path)
    for end in np.cumsum(pieces):
        assert grown.feed(path[:end])
    assert grown.rows.tolist() == whole.rows.tolist()


@given(st.integers(0, 20))
def test_no_row_left_out_is_far_from_the_one_kept_before_it(seed):
    path = wandering(500, 0.02, seed)
    trail = Trail(GRAIN)
    trail.feed(path)
    before = trail.rows[np.searchsorted(trail.rows, np.arange(500), side="right") - 1]
    assert np.abs(path - path[before]).max() < 0.2 + 1e-6  # two grains


def test_a_path_that_trembles_on_one_spot_keeps_few_rows():
    path = np.tile([[0.0999, 0.0], [0.1001, 0.0]], (10_000, 1))
    trail = Trail(GRAIN)
    trail.feed(path)
    assert len(trail.rows) == 1
    assert trail.drawn(None).tolist() == [path[0].tolist(), path[-1].tolist()]


def test_the_cursor_ends_the_path_on_its_very_row():
    path = np.linspace([0, 0], [1, 0], 1001)
    trail = Trail(GRAIN)
    trail.feed(path)
    assert trail.drawn(555)[-1].tolist() == path[555].tolist()
    assert trail.drawn(0).tolist() == [[0, 0]]
    assert len(trail.drawn(None)) == pytest.approx(11, abs=2)


def test_another_path_starts_anew_even_in_the_same_array():
    path = wandering(100)
    trail = Trail(GRAIN)
    trail.feed(path[:50])
    path[:] = wandering(100, seed=7) + 5
    assert not trail.feed(path[:60])
    fresh = Trail(GRAIN)
    fresh.feed(path[:60])
    assert trail.rows.tolist() == fresh.rows.tolist()


def test_rows_that_are_not_finite_are_passed_over():
    path = np.array([[0, 0], [1, 0], [np.inf, 0], [np.nan, np.nan], [2, 0]])
    trail = Trail(GRAIN)
    trail.feed(path)
    assert trail.rows.tolist() == [0, 1, 4]
    assert trail.drawn(3).tolist() == [[0, 0], [1, 0]]


def test_a_finer_grain_brings_rows_back():
    path = np.linspace([0, 0], [1, 0], 1001)
    trail = Trail(GRAIN)
    trail.feed(path)
    few = len(trail.rows)
    trail.set_grain((0.01, 0.01))
    assert len(trail.rows) > 5 * few
