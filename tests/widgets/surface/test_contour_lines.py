"""Contour lines lie where the function has their level."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.widgets.surface.contour_lines import contour_lines

AXIS = np.linspace(-2, 2, 41)
X, Y = np.meshgrid(AXIS, AXIS)


def test_a_cone_has_circles():
    pieces, index = contour_lines(AXIS, AXIS, np.hypot(X, Y), np.array([0.5, 1.5]))
    radius = np.hypot(pieces[..., 0], pieces[..., 1])
    assert radius[index == 0] == pytest.approx(0.5, abs=0.02)
    assert radius[index == 1] == pytest.approx(1.5, abs=0.02)
    length = np.hypot(*(pieces[:, 1] - pieces[:, 0])[index == 1].T).sum()
    assert length == pytest.approx(2 * np.pi * 1.5, rel=0.01)  # closed, and nothing twice


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-2, 2))
def test_a_plane_has_one_straight_line_a_level_exactly_where_it_is(slope_x, slope_y, level):
    value = slope_x * X + slope_y * Y
    pieces, _ = contour_lines(AXIS, AXIS, value, np.array([level]))
    assert slope_x * pieces[..., 0] + slope_y * pieces[..., 1] == pytest.approx(level, abs=1e-9)


def test_every_end_inside_is_shared_by_two_pieces():
    value = np.sin(3 * X) * np.cos(2 * Y) + 0.3 * X * Y
    pieces, _ = contour_lines(AXIS, AXIS, value, np.array([0.1]))
    ends = np.round(pieces.reshape(-1, 2), 9)
    inside = ends[(np.abs(ends) < 2).all(axis=1)]
    _, counts = np.unique(inside, axis=0, return_counts=True)
    assert set(counts) == {2}


def test_no_line_comes_near_a_hole():
    value = X.copy()
    value[20, 20] = np.nan
    pieces, _ = contour_lines(AXIS, AXIS, value, np.array([0.05]))
    assert np.abs(pieces[..., 1]).min() >= 0.1 - 1e-9
    assert len(pieces) == 38


def test_a_constant_and_a_level_out_of_reach_have_none():
    assert len(contour_lines(AXIS, AXIS, np.ones_like(X), np.array([0.5, 2.0]))[0]) == 0


def test_a_saddle_cell_has_two_lines():
    axis = np.array([0.0, 1.0])
    pieces, _ = contour_lines(axis, axis, np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.5]))
    assert len(pieces) == 2
