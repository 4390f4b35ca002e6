"""The one store of a run's metrics."""

import csv
import io

import numpy as np
import pytest

from playground.engine.training.events import EpochDone, Score, Steps
from playground.engine.training.history import History


def block(first, losses):
    losses = np.asarray(losses, dtype=np.float64)
    return Steps(first, losses, losses / 10, np.full(len(losses), 0.1), samples=len(losses), seconds=0.5)


def epoch(number, step, validation=None):
    return EpochDone(number, step, Score(1.0, 0.5), validation, None, 0.5)


def test_blocks_follow_one_another():
    history = History()
    history.record(block(0, [3.0, 2.0]))
    history.record(block(2, [1.0]))
    assert history.step_series("loss").tolist() == [3.0, 2.0, 1.0]
    assert (len(history), history.next_step, history.seconds) == (3, 3, 1.0)


def test_a_gap_is_refused_and_nothing_of_the_block_is_kept():
    history = History()
    history.record(block(0, [3.0]))
    with pytest.raises(ValueError, match="begins at 2, not at 1"):
        history.record(block(2, [1.0]))
    assert history.step_series("loss").tolist() == [3.0]


def test_a_first_block_may_begin_anywhere():
    history = History()
    history.record(block(7, [3.0]))
    assert (history.first_step, history.next_step) == (7, 8)


def test_a_block_of_a_run_that_went_back_takes_the_place_of_what_was_there():
    history = History()
    history.record(block(0, [4.0, 3.0, 2.0, 1.0]))
    history.record(epoch(1, 4))
    history.record(block(2, [9.0]))
    assert history.step_series("loss").tolist() == [4.0, 3.0, 9.0]
    assert history.epochs == []


def test_growing_past_every_capacity_keeps_all_values_and_leaves_views_as_they_were():
    history = History()
    history.record(block(0, np.arange(1_000)))
    view = history.step_series("loss")
    for first in range(1_000, 5_000, 500):
        history.record(block(first, np.arange(first, first + 500)))
    assert np.array_equal(history.step_series("loss"), np.arange(5_000))
    assert np.array_equal(view, np.arange(1_000))


def test_one_block_larger_than_the_capacity_fits():
    history = History()
    history.record(block(0, np.arange(100_000)))
    assert np.array_equal(history.step_series("loss"), np.arange(100_000))


def test_views_stay_as_they_were_when_the_run_goes_back_and_on_again():
    history = History()
    history.record(block(0, [4.0, 3.0, 2.0]))
    view = history.step_series("loss")
    history.truncate(1)
    history.record(block(1, [8.0, 8.0]))
    assert view.tolist() == [4.0, 3.0, 2.0]
    assert history.step_series("loss").tolist() == [4.0, 8.0, 8.0]


def test_truncating_forgets_the_steps_and_epochs_from_there_on():
    history = History()
    history.record(block(0, np.arange(6)))
    history.record(epoch(1, 3))
    history.record(epoch(2, 6))
    history.truncate(5)
    assert (history.next_step, [done.epoch for done in history.epochs]) == (5, [1])
    history.truncate(0)
    assert (history.next_step, history.epochs) == (0, [])


def test_truncating_beyond_the_end_forgets_all_since_what_lies_between_is_unknown():
    history = History()
    history.record(block(0, [1.0, 2.0]))
    history.truncate(9)
    history.record(block(9, [3.0]))
    assert (history.first_step, history.step_series("loss").tolist()) == (9, [3.0])


def test_epoch_series_leave_out_epochs_without_the_split():
    history = History()
    history.record(epoch(1, 3))
    history.record(epoch(2, 6, validation=Score(0.7, 0.9)))
    where, values = history.epoch_series("validation", "accuracy")
    assert (where.tolist(), values.tolist()) == ([6.0], [0.9])
    assert [len(part) for part in history.epoch_series("test", "loss")] == [0, 0]


def test_csv_holds_every_digit_and_leaves_out_what_is_not_a_number():
    history = History()
    values = np.array([1 / 3, float(np.float32(0.1))])
    history.record(Steps(0, values, np.full(2, np.nan), np.array([0.1, 0.2]), 2, 0.1))
    history.record(EpochDone(1, 2, Score(0.2, float("nan")), Score(0.25, float("nan")), None, 0.1))
    rows = list(csv.DictReader(io.StringIO(history.to_csv())))
    assert [float(row["loss"]) for row in rows] == values.tolist()
    assert [row["accuracy"] for row in rows] == ["", ""]
    assert [row["epoch"] for row in rows] == ["", "1"]
    assert (rows[1]["validation_loss"], rows[1]["validation_accuracy"], rows[1]["test_loss"]) == ("0.25", "", "")


def test_a_copy_and_its_original_grow_apart():
    history = History()
    history.record(block(0, [4.0, 3.0, 2.0]))
    history.record(epoch(1, 3))
    twin = history.copy()
    history.record(block(3, [1.0]))
    twin.record(block(2, [9.0, 8.0]))
    assert history.step_series("loss").tolist() == [4.0, 3.0, 2.0, 1.0]
    assert twin.step_series("loss").tolist() == [4.0, 3.0, 9.0, 8.0]
    assert (history.epochs, twin.epochs) == ([epoch(1, 3)], [])
    assert (history.seconds, twin.seconds) == (1.0, 1.0)
