"""How a run is paused, stepped, stopped and asked, whatever the order of the commands."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from training_samples import STEPS_PER_EPOCH, begun, experiment, finish, prepared, steps

from playground.engine.data.spec import Points
from playground.engine.problems import Problem, Stopped
from playground.engine.training.control import Control, RunEnded
from playground.engine.training.events import EpochDone, Paused, Preparing, Resumed, Started, Steps
from playground.engine.training.history import History
from playground.engine.training.job import training_job
from playground.engine.training.run import TrainingRun

DOCUMENT = experiment(epochs=3)
LAST = 3 * STEPS_PER_EPOCH


def drive(document, commands, *, paused=True):
    """Give one command whenever the run pauses, and stop it when there is none left."""
    control = Control(paused=paused)
    waiting, seen = list(commands), []
    events = training_job(document, control)
    while True:
        try:
            seen.append(next(events))
        except StopIteration as end:
            return seen, end.value
        if isinstance(seen[-1], Paused):
            for command in waiting.pop(0) if waiting else ["stop"]:
                getattr(control, command)()


def losses(events):
    return [loss for event in events if isinstance(event, Steps) for loss in event.loss.tolist()]


def pauses(events):
    return [event.step for event in events if isinstance(event, Paused)]


def straight():
    return steps(begun(DOCUMENT), LAST)


def test_a_run_without_commands_tells_its_workflow_in_order_and_ends():
    events, result = finish(training_job(DOCUMENT, Control()))
    phases = [event.phase for event in events if isinstance(event, Preparing)]
    assert list(dict.fromkeys(phases)) == ["data", "preprocessing", "model", "train", "validate"]
    started = next(event for event in events if isinstance(event, Started))
    assert (started.steps_per_epoch, started.train_samples, started.first_step, started.exact) == (3, 40, 0, True)
    assert losses(events) == straight()
    assert [event.epoch for event in events if isinstance(event, EpochDone)] == [1, 2, 3]
    assert (result.step, result.epoch, result.stopped) == (LAST, 3, False)
    done = [event for event in events if isinstance(event, EpochDone)][-1]
    assert (result.train, result.validation, result.test) == (done.train, done.validation, done.test)
    assert result.seconds > 0
    assert result.samples_per_s == pytest.approx(3 * 40 / result.seconds)


def test_a_run_that_begins_paused_waits_before_its_first_step():
    events, result = drive(DOCUMENT, [])
    assert pauses(events) == [0]
    assert (losses(events), result.step, result.stopped, result.test) == ([], 0, True, None)


def test_batches_one_by_one_are_the_steps_of_a_run_that_never_paused():
    events, result = drive(DOCUMENT, [["step_batch"]] * LAST)
    assert pauses(events) == list(range(LAST))
    assert losses(events) == straight()
    assert not result.stopped


def test_every_batch_asked_for_at_once_is_taken():
    events, _ = drive(DOCUMENT, [["step_batch"] * 4, ["step_batch"] * 2])
    assert pauses(events) == [0, 4, 6]


def test_an_epoch_is_trained_and_scored_before_the_pause():
    events, _ = drive(DOCUMENT, [["step_batch"], ["step_epoch"], ["step_epoch"]])
    assert pauses(events) == [0, 1, 3, 6]
    assert [event.step for event in events if isinstance(event, EpochDone)] == [3, 6]
    scored = events.index(next(event for event in events if isinstance(event, EpochDone)))
    assert scored < events.index(Paused(3))


def test_resuming_goes_on_to_the_end_and_says_so():
    events, result = drive(DOCUMENT, [["step_batch"], ["resume"]])
    assert Resumed(1) in events
    assert (losses(events), result.step) == (straight(), LAST)


@pytest.mark.parametrize(
    ("commands", "step"),
    [
        (["step_batch", "resume"], LAST),
        (["step_epoch", "resume"], LAST),
        (["step_epoch", "step_batch"], 1),
        (["step_batch", "step_batch", "step_epoch"], 3),
        (["resume", "step_batch"], 1),
        (["resume", "step_epoch"], 3),
        (["resume", "step_batch", "resume"], LAST),
    ],
)
def test_the_last_command_counts(commands, step):
    events, result = drive(DOCUMENT, [commands])
    assert result.step == step
    assert losses(events) == straight()[:step]


def test_pausing_takes_back_what_was_asked_for():
    control = Control(paused=True)
    for command in (control.step_batch, control.step_epoch, control.resume, control.pause):
        command()
    assert not control.may_step(0, 3)


def test_batches_asked_for_while_stepping_are_added_to_those_asked_for_before():
    control = Control(paused=True)
    for _ in range(3):
        control.step_batch()
    assert control.may_step(0, 9)
    control.step_batch()
    assert [control.may_step(step, 9) for step in range(1, 6)] == [True, True, True, False, False]


@given(st.lists(st.sampled_from(["pause", "resume", "step_batch", "step_epoch", "serve"]), max_size=30))
def test_a_model_of_the_control_agrees_with_it_after_every_command(commands):
    control, limit, batches, step = Control(paused=True), 0, False, 0
    for command in commands:
        if command == "serve":
            assert control.may_step(step, (step // 3 + 1) * 3) == (step < limit)
            step += step < limit
            continue
        getattr(control, command)()
        if command == "step_batch":
            limit = max(limit if batches else step, step) + 1
        else:
            limit = {"pause": 0, "resume": math.inf, "step_epoch": (step // 3 + 1) * 3}[command]
        batches = command == "step_batch"


def straight_losses():
    if not _straight:
        _straight.extend(straight())
    return _straight


_straight: list[float] = []
PROGRAMS = st.lists(
    st.sampled_from([["step_batch"], ["step_epoch"], ["step_batch", "step_batch"], ["resume"]]), max_size=8
)


@settings(max_examples=25)
@given(PROGRAMS)
def test_whatever_the_commands_the_losses_are_those_of_the_run_that_never_paused(program):
    events, result = drive(DOCUMENT, program)
    assert losses(events) == straight_losses()[: result.step]
    blocks = [event for event in events if isinstance(event, Steps)]
    assert [block.first for block in blocks] == [0, *(block.next_step for block in blocks)][: len(blocks)]
    assert len([event for event in events if isinstance(event, EpochDone)]) == result.step // STEPS_PER_EPOCH
    assert result.stopped == (result.step < LAST)


@pytest.mark.parametrize("at", range(LAST))
def test_a_run_stopped_anywhere_keeps_what_it_learned_until_there(at):
    control = Control()

    def stop_there(run):
        if run.step_count == at:
            control.stop()
        else:
            control.between_steps(stop_there)

    control.between_steps(stop_there)
    events, result = finish(training_job(DOCUMENT, control))
    assert (result.step, result.stopped) == (at, True)
    assert losses(events) == straight_losses()[:at]


def test_a_run_stopped_at_an_epoch_s_end_has_that_epoch_s_scores():
    _, result = drive(DOCUMENT, [["step_epoch"]])
    assert result.epoch == 1
    assert result.test is not None
    _, result = drive(DOCUMENT, [["step_epoch"], ["step_batch"]])
    assert (result.epoch, result.test) == (1, None)


def test_a_request_is_served_after_each_step_of_a_running_run():
    control, seen = Control(), []

    def watch(run):
        seen.append(run.step_count)
        control.between_steps(watch)

    control.between_steps(watch)
    finish(training_job(DOCUMENT, control))
    assert seen == list(range(LAST))


def test_a_request_is_served_while_the_run_is_paused():
    control = Control(paused=True)
    events = training_job(DOCUMENT, control)
    asked = []
    for event in events:
        if event == Paused(0):
            asked.append(control.between_steps(lambda run: run.step_count))
            asked.append(control.between_steps(lambda _: control.stop()))
    assert [future.result(timeout=0) for future in asked] == [0, None]


def test_requests_are_served_in_order_and_one_that_was_cancelled_is_left_out():
    control, seen = Control(paused=True), []
    first, second, third = (control.between_steps(lambda _, n=n: seen.append(n)) for n in range(3))
    assert second.cancel()
    drive_to_end(control)
    assert seen == [0, 2]
    assert first.done()
    assert third.done()


def drive_to_end(control):
    control.resume()
    return finish(training_job(DOCUMENT, control))


@pytest.mark.parametrize("error", [ValueError, Problem, KeyboardInterrupt, SystemExit])
def test_a_request_that_fails_tells_who_asked_and_the_run_goes_on(error):
    control = Control(paused=True)

    def fail(_run):
        raise error("network-empty")

    future = control.between_steps(fail)
    events, result = drive_to_end(control)
    assert isinstance(future.exception(timeout=0), error)
    assert losses(events) == straight_losses()
    assert not result.stopped


def test_after_the_end_requests_are_refused_at_once():
    control = Control()
    late = []
    for event in training_job(experiment(epochs=1), control):
        if isinstance(event, EpochDone):
            late.append(control.between_steps(lambda run: run.step_count))
    assert isinstance(late[0].exception(timeout=0), RunEnded)
    assert isinstance(control.between_steps(lambda run: run).exception(timeout=0), RunEnded)


@pytest.mark.parametrize("changes", [{"optimizer": "Adan"}, {"layers": ()}, {"loss": "mse", "reduction": "batchmean"}])
def test_a_run_that_cannot_begin_refuses_what_was_asked_of_it(changes):
    control = Control()
    future = control.between_steps(lambda run: run)
    with pytest.raises(Problem):
        finish(training_job(experiment(**changes), control))
    assert isinstance(future.exception(timeout=0), RunEnded)


def test_a_job_that_is_given_up_refuses_what_was_asked_of_it():
    control = Control(paused=True)
    events = training_job(DOCUMENT, control)
    while next(events) != Paused(0):
        pass
    future = control.between_steps(lambda run: run)
    events.close()
    assert isinstance(future.exception(timeout=0), RunEnded)


def test_a_job_stopped_before_its_data_is_there_has_no_result():
    control = Control()
    control.stop()
    with pytest.raises(Stopped):
        finish(training_job(experiment(data=Points(name="blobs", classes=3, seed=99)), control))


def test_what_a_request_changes_is_what_goes_on():
    control, halves = Control(), []

    def halve(run):
        run.set_learning_rate(0.05)
        halves.append(run.step_count)

    run = TrainingRun(DOCUMENT, prepared(DOCUMENT))
    events = run.events(control)
    control.between_steps(halve)
    finish(events)
    assert halves == [0]
    assert set(run.history.step_series("learning_rate")) == {0.05}


def test_a_request_can_take_the_run_back_and_the_events_say_so():
    control, kept = Control(), []

    def keep(run):
        kept.append(run.state() if run.step_count == 2 else None)
        if run.step_count == 5:
            run.restore(kept[2])
        else:
            control.between_steps(keep)

    control.between_steps(keep)
    events, result = finish(training_job(DOCUMENT, control))
    shown = History()
    for event in events:
        shown.record(event)
    assert shown.step_series("loss").tolist() == straight_losses()
    assert [epoch.epoch for epoch in shown.epochs] == [1, 2, 3]
    assert result.step == LAST


def test_weights_touched_between_two_steps_are_trained_on():
    run, other = begun(DOCUMENT), begun(DOCUMENT)
    run.step()
    other.step()
    with torch.no_grad():
        run.net[0].weight.zero_()
    assert steps(run, 1) != steps(other, 1)
