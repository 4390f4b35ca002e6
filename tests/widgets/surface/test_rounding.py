"""Points that were clicked, in numbers a person would write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.widgets.surface.rounding import rounded


@given(st.floats(-1e4, 1e4), st.floats(1e-6, 1e3))
def test_rounding_moves_by_less_than_a_pixel(value, pixel):
    assert abs(rounded(value, pixel, -1e4, 1e4) - value) <= pixel


@pytest.mark.parametrize(
    ("value", "pixel", "expected"), [(2.870213823968176, 0.03, 2.87), (-0.80366, 0.2, -0.8), (512.3, 30.0, 510.0)]
)
def test_as_many_decimals_stay_as_tell_pixels_apart(value, pixel, expected):
    assert rounded(value, pixel, -600, 600) == expected


def test_rounding_does_not_leave_the_domain():
    assert rounded(0.9999, 0.03, 0.0, 0.99995) == 0.9999
    assert rounded(7.7777, 0.03, 0.0, 6.0) == 7.78
