"""A run that is left and gone on with is the run that was never left, bit for bit."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from test_optimizers import EPOCHS, OPTIMIZERS, SCHEDULES, optimizer_document, scheduled
from training_samples import STEPS_PER_EPOCH, WITH_DROPOUT, begun, experiment, finish, same_bits, steps

from playground.engine import document as documents
from playground.engine.data.spec import Augment, Images
from playground.engine.network.sequence import layer
from playground.engine.training import checkpoint
from playground.engine.training.control import Control
from playground.engine.training.events import Paused
from playground.engine.training.job import training_job
from playground.engine.training.run import TrainingRun

ROOT = Path(__file__).resolve().parents[3]


def gone_on(document, at, count, tmp_path):
    """Losses of a run left after `at` steps: handed on as a state, and through a checkpoint."""
    left = begun(document)
    before = steps(left, at)
    direct = begun(document)
    direct.restore(left.state())
    checkpoint.save(left, tmp_path)
    kept, restore = checkpoint.load(tmp_path)
    loaded = TrainingRun(kept, left.dataset)
    restore(loaded)
    return (direct, before + steps(direct, count - at)), (loaded, before + steps(loaded, count - at))


def assert_the_same(document, at, count, tmp_path):
    straight = begun(document)
    losses = steps(straight, count)
    for run, found in gone_on(document, at, count, tmp_path):
        assert found == losses
        assert same_bits(run.net, straight.net)
        assert run.optimizer.param_groups[0]["lr"] == straight.optimizer.param_groups[0]["lr"]
        if run.scheduler is not None:
            assert run.scheduler.state_dict() == straight.scheduler.state_dict()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimiser_goes_on_where_it_was(name, tmp_path):
    assert_the_same(optimizer_document(name, epochs=3), 4, 8, tmp_path)


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_goes_on_where_it_was(name, tmp_path):
    every = "epoch" if name == "ReduceLROnPlateau" else "step"
    assert_the_same(scheduled(name, every), 7, EPOCHS * STEPS_PER_EPOCH, tmp_path)


@pytest.mark.parametrize("at", range(7))
def test_any_step_is_a_place_to_leave(at, tmp_path):
    assert_the_same(experiment(layers=WITH_DROPOUT, optimizer="Adam", args={"lr": 0.05}), at, 6, tmp_path)


def test_what_was_measured_goes_on_too(tmp_path):
    document = experiment(epochs=3)
    straight = begun(document)
    steps(straight, 9)
    straight.finish_epoch()
    for number, (run, _) in enumerate(gone_on(document, 4, 9, tmp_path)):
        run.finish_epoch()
        known = run.history.step_series("loss").tolist()
        assert known == straight.history.step_series("loss")[run.history.first_step :].tolist()
        ours, theirs = run.history.epochs[-1], straight.history.epochs[-1]
        assert (ours.train, ours.validation, ours.test) == (theirs.train, theirs.validation, theirs.test)
        if number == 1:
            assert [epoch.train for epoch in run.history.epochs] == [epoch.train for epoch in straight.history.epochs]
            assert sum(epoch.seconds for epoch in run.history.epochs) == pytest.approx(run.history.seconds)


def test_going_back_in_one_run_repeats_the_steps_whether_they_were_read_back_or_not():
    run = begun(experiment(layers=WITH_DROPOUT))
    run.step()
    state = run.state()
    first = steps(run, 3)
    run.restore(state)
    assert steps(run, 3) == first
    run.step()  # pending while the run goes back
    run.restore(state)
    assert steps(run, 3) == first
    assert len(run.history) == 4


def test_going_forward_to_another_run_s_state_starts_the_history_there():
    ahead, behind = (begun(experiment()) for _ in range(2))
    losses = steps(ahead, 5)
    behind.step()
    behind.restore(ahead.state())
    assert steps(behind, 1) == steps(ahead, 1)
    assert (behind.history.first_step, len(behind.history), len(losses)) == (5, 1, 5)


def test_a_state_is_a_copy_that_later_steps_leave_alone():
    run = begun(experiment(optimizer="Adam", args={"lr": 0.1}))
    run.step()
    state = run.state()
    weight, moment = state["model"]["0.weight"].clone(), state["optimizer"]["state"][0]["exp_avg"].clone()
    steps(run, 2)
    assert torch.equal(state["model"]["0.weight"], weight)
    assert torch.equal(state["optimizer"]["state"][0]["exp_avg"], moment)
    run.restore(state)
    steps(run, 2)
    assert torch.equal(state["optimizer"]["state"][0]["exp_avg"], moment)


def test_a_changed_rate_is_still_there_after_going_on(tmp_path):
    run = begun(experiment())
    run.step()
    run.set_learning_rate(0.003)
    checkpoint.save(run, tmp_path)
    document, restore = checkpoint.load(tmp_path)
    again = begun(document)
    restore(again)
    assert steps(again, 2) == steps(run, 2)
    assert again.optimizer.param_groups[0]["lr"] == 0.003


CHILD = """
import sys
from pathlib import Path
from playground.engine.document import Document
from playground.engine.training.control import Control
from playground.engine.training.job import training_job

for event in training_job(Document(), Control(), out=Path(sys.argv[1]), resume=True):
    print(event)
"""


def augmented():
    """Pictures moved at random, and dropout: three batches an epoch."""
    moved = Augment(rotation=10.0, shift=2.0, thickness=0.5)
    layers = (
        *(layer("Conv2d", in_channels=1, out_channels=2, kernel_size=5, stride=4), layer("ReLU"), layer("Flatten")),
        *(layer("Dropout", p=0.5), layer("Linear", in_features=72, out_features=10)),
    )
    data = Images(validation=59_000, augment=moved)
    return experiment(data=data, layers=layers, optimizer="Adam", args={"lr": 0.01}, batch_size=400, epochs=2)


def test_a_new_process_goes_on_from_the_middle_of_an_epoch(tmp_path):
    document = augmented()
    finish(training_job(document, Control(), out=tmp_path / "straight"))
    control = Control(paused=True)
    control.step_batch()
    control.step_batch()
    for event in training_job(document, control, out=tmp_path / "left"):
        if event == Paused(2):
            control.stop()
    child = [sys.executable, "-c", CHILD, str(tmp_path / "left")]
    ran = subprocess.run(child, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "first_step=2" in ran.stdout
    straight, left = (checkpoint.load(tmp_path / name) for name in ("straight", "left"))
    assert documents.encode(left[0]) == documents.encode(document)
    runs = []
    for _, restore in (straight, left):
        runs.append(begun(document))
        restore(runs[-1])
    assert runs[0].history.step_series("loss").tolist() == runs[1].history.step_series("loss").tolist()
    assert [epoch.test for epoch in runs[0].history.epochs] == [epoch.test for epoch in runs[1].history.epochs]
    assert len(runs[1].history) == 6
    assert same_bits(runs[0].net, runs[1].net)
    assert torch.equal(runs[0].context.states.cpu, runs[1].context.states.cpu)


def test_a_finished_run_that_is_resumed_ends_at_once_with_its_scores(tmp_path):
    document = experiment(epochs=1)
    _, first = finish(training_job(document, Control(), out=tmp_path))
    events, again = finish(training_job(document, Control(), out=tmp_path, resume=True))
    assert (again.step, again.test, again.stopped) == (first.step, first.test, False)
    assert checkpoint.load(tmp_path)
    assert events[-1].__class__.__name__ == "Preparing"
