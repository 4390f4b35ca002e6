"""Where ticks stand and what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.widgets.common.ticks import linear_ticks, log_ticks, number, power_label


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 12))
def test_linear_ticks_lie_inside_and_are_neither_lonely_nor_crowded(low, span, most):
    step, ticks = linear_ticks(low, low + span, most)
    assert all(low - 1e-6 * span <= tick <= low + span * (1 + 1e-6) for tick in ticks)
    assert 2 <= len(ticks) <= 2 * most + 4
    labels = [number(tick, step) for tick in ticks]
    assert len(set(labels)) == len(labels)


@given(st.floats(-12, 12), st.floats(0.01, 20))
def test_log_ticks_lie_inside_and_have_different_labels(low, span):
    labelled, minor = log_ticks(low, low + span)
    assert all(low - 1e-9 <= tick <= low + span + 1e-9 for tick in [*labelled, *minor])
    assert len(labelled) <= 12
    assert not {round(tick, 9) for tick in labelled} & {round(tick, 9) for tick in minor}


def test_decades_are_labelled_and_what_lies_between_is_not():
    labelled, minor = log_ticks(-2.2, 1.1)
    assert [power_label(tick) for tick in labelled] == ["0.01", "0.1", "1", "10"]
    assert len(minor) > 20


@pytest.mark.parametrize(("exponent", "label"), [(-5, "10⁻⁵"), (-3, "0.001"), (0, "1"), (3, "1,000"), (7, "10⁷")])
def test_a_decade_is_written_in_full_or_as_a_power(exponent, label):
    assert power_label(exponent) == label


def test_steps_are_whole():
    assert linear_ticks(0, 3, 10, whole=True) == (1.0, [0, 1, 2, 3])
