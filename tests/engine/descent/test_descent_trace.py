"""A trace takes blocks as they come and shows what is known so far."""

import numpy as np
import pytest

from playground.engine.descent.events import PathSteps
from playground.engine.descent.trace import Trace


def block(first, count, **state):
    steps = np.arange(first, first + count, dtype=np.float32)
    pairs = np.stack([steps, -steps], axis=1)
    return PathSteps(0, first, pairs, 10 - steps, 2 * pairs, 0.1 * steps.astype(np.float64), state)


def test_rows_follow_each_other():
    trace = Trace(4)
    trace.append(block(0, 1))
    trace.append(block(1, 3))
    assert trace.count == 4
    assert trace.position.tolist() == [[0, 0], [1, -1], [2, -2], [3, -3]]
    assert trace.value.tolist() == [10, 9, 8, 7]
    assert trace.gradient[3].tolist() == [6, -6]
    assert trace.rate.tolist() == pytest.approx([0, 0.1, 0.2, 0.3])


def test_state_that_comes_later_was_nothing_before_and_state_that_stays_away_is_nothing():
    trace = Trace(4)
    trace.append(block(0, 1))
    trace.append(block(1, 2, step=np.array([1, 2], np.float32), exp_avg=np.ones((2, 2), np.float32)))
    trace.append(block(3, 1))
    assert np.array_equal(trace.state["step"], np.array([np.nan, 1, 2, np.nan], np.float32), equal_nan=True)
    assert trace.state["exp_avg"].shape == (4, 2)
    assert np.isnan(trace.state["exp_avg"][[0, 3]]).all()


@pytest.mark.parametrize(("first", "count"), [(2, 1), (0, 1), (1, 4)])
def test_rows_that_do_not_follow_are_refused(first, count):
    trace = Trace(3)
    trace.append(block(0, 1))
    with pytest.raises(ValueError, match="do not follow"):
        trace.append(block(first, count))
    assert trace.count == 1


@pytest.mark.parametrize(("threshold", "step"), [(7.5, 3), (1e-6, None), (10.5, 0)])
def test_first_below_is_the_first_step_that_is(threshold, step):
    trace = Trace(3)
    assert trace.first_below(threshold) is None
    trace.append(block(0, 4))
    assert trace.first_below(threshold) == step
