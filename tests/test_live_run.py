"""The window's run: its states, its history and its folder, whatever is clicked when."""

import os
import sys
import threading

import pytest
import torch

from playground.engine import document as documents
from playground.engine.data.sets import load
from playground.engine.data.spec import Images, Points
from playground.engine.document import Document
from playground.engine.export.model_file import save_model
from playground.engine.network.sequence import layer, sequence
from playground.engine.problems import Problem
from playground.engine.spec import Args
from playground.engine.training import checkpoint
from playground.engine.training.run import TrainingRun
from playground.engine.training.spec import OptimizerSpec, TrainingSpec
from playground.jobs import Jobs
from playground.live_run import LiveRun

pytestmark = pytest.mark.usefixtures("qapp")

DOCUMENT = Document(
    title="drei Wolken / 雲",
    data=Points(name="blobs", samples=50, validation=10, test=20),
    network=sequence(
        layer("Linear", in_features=2, out_features=8),
        layer("Dropout", p=0.2),
        layer("Linear", in_features=8, out_features=2),
    ),
    training=TrainingSpec(batch_size=16, epochs=2, device="cpu"),
)
STEPS = 6
ENDLESS = documents.replace(DOCUMENT, "training.epochs", 100_000)


@pytest.fixture
def run():
    jobs = Jobs()
    run = LiveRun(jobs)
    run.states, run.problems, run.times_learned = [], [], []
    run.state_changed.connect(run.states.append)
    run.failed.connect(run.problems.append)
    run.learned.connect(lambda: run.times_learned.append(run.state))
    run.all_jobs = jobs
    yield run
    jobs.stop_all()


def reach(qtbot, run, state):
    qtbot.waitUntil(lambda: run.state == state, timeout=60_000)


def plain(steps):
    """The net and losses of the same run, alone."""
    events = load(DOCUMENT.data)
    while True:
        try:
            next(events)
        except StopIteration as end:
            alone = TrainingRun(DOCUMENT, end.value)
            break
    for _ in range(steps):
        alone.step()
    alone.read_back()
    return alone.net, alone.history.step_series("loss").tolist()


def same_bits(one, other):
    return all(torch.equal(*pair) for pair in zip(one.state_dict().values(), other.state_dict().values(), strict=True))


def shown(run):
    return run.history.step_series("loss").tolist()


def test_a_run_goes_through_its_states_and_keeps_what_it_learned(run, qtbot):
    run.start(DOCUMENT)
    assert run.is_active
    reach(qtbot, run, "finished")
    net, losses = plain(STEPS)
    assert run.states == ["starting", "running", "finished"]
    assert (shown(run), run.started.steps_per_epoch, run.is_active) == (losses, 3, False)
    assert [epoch.epoch for epoch in run.history.epochs] == [1, 2]
    assert run.times_learned[-1] == "finished"
    assert same_bits(run.net_source()(), net)
    assert checkpoint.load(run.folder)[0] == DOCUMENT
    assert run.problems == []


def test_a_batch_and_an_epoch_at_a_time_are_steps_of_the_same_run(run, qtbot):
    run.start(DOCUMENT, first="batch")
    reach(qtbot, run, "paused")
    assert len(run.history) == 1
    run.step_batch()
    qtbot.waitUntil(lambda: len(run.history) == 2 and run.state == "paused")
    run.step_epoch()
    qtbot.waitUntil(lambda: len(run.history) == 3 and run.state == "paused")
    assert len(run.history.epochs) == 1
    run.resume()
    reach(qtbot, run, "finished")
    assert shown(run) == plain(STEPS)[1]


def test_a_run_can_begin_with_one_epoch(run, qtbot):
    run.start(DOCUMENT, first="epoch")
    reach(qtbot, run, "paused")
    assert (len(run.history), len(run.history.epochs)) == (3, 1)


def test_pausing_and_resuming_is_told(run, qtbot):
    run.start(ENDLESS)
    reach(qtbot, run, "running")
    run.pause()
    reach(qtbot, run, "paused")
    run.resume()
    reach(qtbot, run, "running")
    run.stop()
    assert run.state == "stopping"
    reach(qtbot, run, "finished")


def test_the_net_of_a_paused_run_is_a_copy_of_the_net_as_it_is(run, qtbot):
    run.start(DOCUMENT, first="batch")
    reach(qtbot, run, "paused")
    copy = run.net_source()()
    assert same_bits(copy, plain(1)[0])
    assert not copy.training
    run.step_batch()
    qtbot.waitUntil(lambda: len(run.history) == 2)
    assert same_bits(copy, plain(1)[0])


def test_what_is_asked_for_when_the_last_epoch_ends_is_the_final_net(run, qtbot):
    sources = []
    run.learned.connect(lambda: sources.append(run.net_source()))
    run.start(DOCUMENT)
    reach(qtbot, run, "finished")
    net = plain(STEPS)[0]
    assert same_bits(sources[-1](), net)
    assert len([source() for source in sources]) >= 2  # none of them waits for ever, and none finds no file


def test_a_stopped_run_keeps_what_it_learned_until_there(run, qtbot):
    run.start(ENDLESS)
    qtbot.waitUntil(lambda: len(run.history) > 0, timeout=60_000)
    run.stop()
    reach(qtbot, run, "finished")
    document, restore = checkpoint.load(run.folder)
    assert document == ENDLESS
    again = TrainingRun(document, finished(load(document.data)))
    restore(again)
    assert again.step_count == run.history.next_step


def finished(events):
    while True:
        try:
            next(events)
        except StopIteration as end:
            return end.value


@pytest.mark.parametrize("first", ["run", "batch"])
def test_a_window_closed_in_the_middle_of_a_run_leaves_a_whole_checkpoint(run, qtbot, first):
    run.start(ENDLESS, first=first)
    qtbot.waitUntil(lambda: len(run.history) > 0, timeout=60_000)
    run.all_jobs.stop_all()
    document, restore = checkpoint.load(run.folder)
    again = TrainingRun(document, finished(load(document.data)))
    restore(again)
    assert again.step_count >= len(run.history) > 0


def test_a_new_run_follows_the_old_one_of_which_nothing_more_is_heard(run, qtbot):
    run.start(ENDLESS)
    qtbot.waitUntil(lambda: len(run.history) > 0, timeout=60_000)
    old = run.folder
    run.start(DOCUMENT)
    assert len(run.history) == 0
    reach(qtbot, run, "finished")
    assert shown(run) == plain(STEPS)[1]
    assert run.folder != old
    assert checkpoint.load(old)[0] == ENDLESS


def test_a_run_that_is_replaced_before_it_begins_leaves_nobody_waiting(run, qtbot):
    run.start(ENDLESS)
    reach(qtbot, run, "running")
    run.start(ENDLESS)
    source = run.net_source()
    run.start(DOCUMENT)
    with pytest.raises(Problem) as caught:
        source()
    assert caught.value.code == "checkpoint-missing"
    reach(qtbot, run, "finished")
    assert shown(run) == plain(STEPS)[1]


def test_a_document_that_does_not_fit_together_fails_with_its_problem(run, qtbot):
    optimizer = OptimizerSpec(name="Adan", args=Args(lr=0.1))
    run.start(documents.replace(DOCUMENT, "training.optimizer", optimizer))
    reach(qtbot, run, "failed")
    assert [problem.code for problem in run.problems] == ["optimizer-unknown"]
    with pytest.raises(Problem):
        run.net_source()()
    run.start(DOCUMENT)
    reach(qtbot, run, "finished")


def test_a_loss_that_is_not_finite_fails_and_keeps_the_plot_and_the_last_good_net(run, qtbot):
    args = Args(lr=1e9)
    run.start(documents.replace(ENDLESS, "training.optimizer", OptimizerSpec(name="SGD", args=args)))
    qtbot.waitUntil(lambda: run.state in ("failed", "paused"), timeout=60_000)
    assert [problem.code for problem in run.problems] == ["loss-not-finite"]
    assert all(torch.isfinite(value).all() for value in run.net_source()().state_dict().values())
    assert all(map(torch.isfinite, torch.tensor(shown(run))))


def test_a_run_stopped_while_its_data_is_read_is_as_if_it_had_never_begun(run, qtbot):
    run.start(documents.replace(DOCUMENT, "data", Images()))
    run.stop()
    reach(qtbot, run, "idle")
    assert (run.problems, run.document, len(run.history)) == ([], None, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere threads have no priority of their own")
def test_the_window_goes_before_the_run(run, qtbot):
    def priority(_run=None):
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before = priority()
    run.start(ENDLESS)
    reach(qtbot, run, "running")
    assert run.between_steps(priority).result(10) == before + 5
    assert priority() == before


def test_a_request_reaches_the_run(run, qtbot):
    run.start(DOCUMENT, first="batch")
    reach(qtbot, run, "paused")
    assert run.between_steps(lambda real: real.step_count).result(timeout=10) == 1


def test_a_model_that_was_opened_is_what_is_asked(run, tmp_path):
    net, _ = plain(2)
    save_model(tmp_path / "a.safetensors", net, DOCUMENT)
    run.adopt(DOCUMENT, tmp_path / "a.safetensors")
    assert (run.state, run.times_learned) == ("finished", ["finished"])
    assert same_bits(run.net_source()(), net)
