"""A loss that is not finite: which step and layer it came from, and the good state that is kept."""

import math

import numpy as np
import pytest
import torch
from training_samples import BLOBS, MATRICES, begun, experiment, prepared, same_bits, steps

from playground.engine.data.sets import DataSet, Split
from playground.engine.network.sequence import layer
from playground.engine.problems import Problem
from playground.engine.spec import Args
from playground.engine.training import checkpoint
from playground.engine.training import run as running
from playground.engine.training.control import Control
from playground.engine.training.events import EpochDone, Steps
from playground.engine.training.run import TrainingRun
from playground.engine.training.spec import ScheduleSpec


def ended(run):
    """The problem with which the run ends."""
    with pytest.raises(Problem) as caught:
        steps(run, 1_000)
    assert caught.value.code == "loss-not-finite"
    return caught.value


def assert_last_good_state(document, run, dataset=None):
    """The run is where a run that stopped by itself after as many steps is, and all it shows is finite."""
    straight = TrainingRun(document, dataset or prepared(document))
    losses = steps(straight, run.step_count)
    assert run.history.step_series("loss").tolist() == losses
    assert same_bits(run.net, straight.net)
    assert all(torch.isfinite(value).all() for value in run.net.state_dict().values())
    assert torch.equal(run.context.states.cpu, straight.context.states.cpu)
    assert np.isfinite(run.history.step_series("loss")).all()


def test_a_rate_far_too_large_names_the_step_and_the_layer():
    document = experiment(args={"lr": 1e9}, loss="mse", layers=MATRICES[::2], epochs=20)
    run = begun(document)
    problem = ended(run)
    assert problem.fields["step"] == run.step_count
    assert "layers[" in problem.fields["where"]
    assert "smaller learning rate" in problem.sentence
    assert_last_good_state(document, run)


def with_value(document, row, value):
    """The document's data with one number that is not finite in the training split."""
    data = prepared(document)
    inputs = data.train.inputs.clone()
    inputs[row, 0] = value
    return DataSet(data.facts, Split(inputs, data.train.targets), data.validation, data.test)


def step_of(row):
    """The step of the first epoch that visits the row."""
    order = torch.randperm(40, generator=torch.Generator().manual_seed(3 * 2**20)).tolist()
    return order.index(row) // 16


@pytest.mark.parametrize("value", [math.inf, math.nan])
@pytest.mark.parametrize("row", [0, 7, 33])
def test_a_number_in_the_data_is_found_at_the_step_that_meets_it(value, row):
    document = experiment(layers=(layer("Linear", in_features=2, out_features=3), layer("BatchNorm1d", num_features=3)))
    data = with_value(document, row, value)
    run = TrainingRun(document, data)
    problem = ended(run)
    assert problem.fields["step"] == step_of(row)
    assert (problem.fields["where"], problem.fields["what"]) == ("layers[0] (Linear)", "its output")
    assert_last_good_state(document, run, data)


def test_the_logarithm_of_zero_is_found_in_the_loss():
    run = begun(experiment(loss="nll"))
    run.loss = lambda outputs, _: (outputs * 0).sum().log()
    problem = ended(run)
    assert (problem.fields["step"], problem.fields["value"]) == (0, -math.inf)
    assert problem.fields["where"] == "the loss nll"


def test_a_gradient_that_is_not_finite_is_found_a_step_before_the_loss_shows_it():
    document = experiment()
    run = begun(document)
    plain_loss = run.loss

    def loss(outputs, targets):
        # At step 2 the square root of 0: a fine value with an infinite slope.
        edge = (outputs - outputs.detach()).abs().sum().sqrt() if run.step_count == 2 else 0.0
        return plain_loss(outputs, targets) + edge

    run.loss = loss
    problem = ended(run)
    assert problem.fields["step"] == 2
    assert (problem.fields["where"], problem.fields["what"]) == ("layers[2] (Linear)", "the gradient of its weight")
    assert_last_good_state(document, run)


def test_weights_that_leave_the_finite_numbers_in_an_update_are_found_there():
    document = experiment(args={"lr": 3e38}, loss="mse", reduction="sum")
    run = begun(document)
    problem = ended(run)
    assert problem.fields["what"].endswith("after the update")
    assert_last_good_state(document, run)


@pytest.mark.parametrize("batch_size", [16, 40])
def test_weights_broken_by_an_epoch_s_last_step_are_neither_scored_nor_kept(batch_size, tmp_path):
    document = experiment(batch_size=batch_size, epochs=1, args={"lr": 0.1})
    run = begun(document)
    last = run.steps_per_epoch - 1
    steps(run, last)
    run.loss = lambda outputs, _: (1e3 * outputs).pow(2).sum()
    run.set_learning_rate(3e38)
    run.step()
    with pytest.raises(Problem) as caught:
        run.finish_epoch()
    assert (caught.value.fields["step"], run.step_count) == (last, last)
    assert run.history.epochs == []
    assert all(torch.isfinite(value).all() for value in run.net.state_dict().values())
    checkpoint.save(run, tmp_path)
    assert checkpoint.load(tmp_path)


def test_it_is_found_across_snapshots_and_epochs(monkeypatch):
    monkeypatch.setattr(running, "SNAPSHOT_SECONDS", 0.0)
    monkeypatch.setattr(running, "SNAPSHOT_SHARE", 0)
    document = experiment(epochs=4, args={"lr": 0.1})
    run = begun(document)
    plain_loss = run.loss
    run.loss = lambda outputs, targets: plain_loss(outputs, targets) * (math.nan if run.step_count >= 8 else 1.0)
    assert ended(run).fields["step"] == 8
    assert_last_good_state(document, run)
    assert [epoch.epoch for epoch in run.history.epochs] == [1, 2]


def test_metrics_read_back_late_as_on_an_accelerator_lead_to_the_same_step():
    document = experiment(epochs=3, args={"lr": 0.1})
    run = begun(document)
    plain_loss = run.loss
    run.loss = lambda outputs, targets: plain_loss(outputs, targets) * (math.nan if run.step_count >= 1 else 1.0)
    for _ in range(3):
        run.train_batch()  # as `step` does where a loss is not looked at after each step
    with pytest.raises(Problem) as caught:
        run.read_back()
    assert (caught.value.fields["step"], run.step_count) == (1, 1)
    assert_last_good_state(document, run)


def test_a_rate_raised_on_the_way_is_part_of_what_is_taken_again():
    run = begun(experiment(epochs=9, loss="mse", layers=MATRICES[::2], args={"lr": 0.01}))
    steps(run, 2)
    run.set_learning_rate(1e30)
    problem = ended(run)
    assert problem.fields["step"] == run.step_count >= 2
    assert "layers[" in problem.fields["where"]


def test_weights_a_request_broke_are_taken_back():
    run, control = begun(experiment()), Control()
    good = steps(run, 2)

    def spoil(run):
        with torch.no_grad():
            run.net[0].weight.fill_(math.nan)

    control.between_steps(spoil)
    control.serve(run)
    ended(run)
    assert all(torch.isfinite(value).all() for value in run.net.state_dict().values())
    assert run.history.step_series("loss").tolist() == good[: run.step_count]


@pytest.mark.parametrize("rate", [-0.1, math.inf, math.nan, 1e39])
def test_what_is_no_rate_is_refused_and_changes_nothing(rate):
    run = begun(experiment())
    with pytest.raises(Problem, match="lr must be a number from 0"):
        run.set_learning_rate(rate)
    assert steps(run, 2) == steps(begun(experiment()), 2)


def test_a_schedule_that_leads_beyond_all_numbers_is_one_sentence():
    schedule = ScheduleSpec(name="ExponentialLR", args=Args(gamma=1e30), every="step")
    with pytest.raises(Problem, match="it leads to a learning rate of 1e"):
        steps(begun(experiment(schedule=schedule, args={"lr": 1e-30})), 6)


def test_a_schedule_is_taken_back_with_the_steps():
    schedule = ScheduleSpec(name="ExponentialLR", args=Args(gamma=1e4), every="step")
    document = experiment(schedule=schedule, epochs=20, args={"lr": 1e-3}, loss="mse", layers=MATRICES[::2])
    run = begun(document)
    ended(run)
    assert_last_good_state(document, run)
    straight = begun(document)
    steps(straight, run.step_count)
    assert run.scheduler.state_dict() == straight.scheduler.state_dict()


def test_a_loss_that_is_fine_when_taken_again_is_said_so():
    run = begun(experiment())
    plain_loss, times = run.loss, []

    def loss(outputs, targets):
        times.append(len(times))
        return plain_loss(outputs, targets) * (math.nan if len(times) == 2 else 1.0)

    run.loss = loss
    problem = ended(run)
    assert problem.fields["step"] == 1
    assert "could not be reproduced" in problem.fields["what"]


def test_the_events_hold_only_finite_losses_and_the_checkpoint_the_good_state(tmp_path):
    from playground.engine.training.job import training_job

    document = experiment(args={"lr": 1e9}, loss="mse", layers=MATRICES[::2], epochs=20)
    seen, control = [], Control()
    with pytest.raises(Problem):
        seen.extend(event for event in training_job(document, control, out=tmp_path) if seen.append(event))
    told = [loss for event in seen if isinstance(event, Steps) for loss in event.loss]
    assert told
    assert np.isfinite(told).all()
    assert all(math.isfinite(event.train.loss) for event in seen if isinstance(event, EpochDone))
    kept, restore = checkpoint.load(tmp_path)
    run = TrainingRun(kept, prepared(kept))
    restore(run)
    assert_last_good_state(document, run)


def test_no_hook_is_left_in_the_net():
    run = begun(experiment(args={"lr": 1e9}, loss="mse", layers=MATRICES[::2], epochs=20))
    ended(run)
    assert not any(module._forward_hooks for module in run.net.modules())


def test_after_it_the_run_can_go_on_with_a_smaller_rate():
    document = experiment(args={"lr": 1e9}, loss="mse", layers=MATRICES[::2], epochs=20, data=BLOBS)
    run = begun(document)
    ended(run)
    run.restore(begun(document).state())
    run.set_learning_rate(1e-3)
    assert np.isfinite(steps(run, 6)).all()
