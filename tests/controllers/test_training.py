"""Training by click: what the buttons do to the run, and what the run does to the panels."""

import numpy as np
import pytest
from driving import LONG, PATIENCE_MS, SMALL, STEPS, button, click, end_run, sentences, start_over, train, wait_until
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from playground.engine.data.download import check_stop
from playground.engine.data.spec import Images, Points
from playground.engine.document import replace
from playground.engine.network.sequence import layer, sequence
from playground.engine.spec import Args
from playground.engine.training import checkpoint
from playground.engine.training.control import Control
from playground.engine.training.events import Preparing, Steps
from playground.engine.training.job import training_job
from playground.engine.training.spec import LossSpec, OptimizerSpec

DIVERGING = replace(
    replace(
        replace(replace(SMALL, "data", Points(name="line", samples=200)), "training.loss", LossSpec(name="mse")),
        "network",
        sequence(layer("Linear", in_features=1, out_features=1)),
    ),
    "training.optimizer",
    OptimizerSpec(args=Args(lr=1e9)),
)


@pytest.fixture
def running(program):
    """The program in the middle of a run that nobody waits for."""
    start_over(program, LONG)
    click(program.window, "training_primary")
    wait_until(lambda: program.run.state == "running" and len(program.run.history) > 5, "the first steps")
    return program


@pytest.fixture
def paused(running):
    """The same, paused."""
    click(running.window, "training_primary")
    wait_until(lambda: running.run.state == "paused", "the pause")
    return running


def steps_taken(program) -> int:
    """What the run itself says, asked between two steps."""
    return program.run.between_steps(lambda run: run.step_count).result(PATIENCE_MS / 1000)


def test_a_click_on_train_trains_to_the_end_and_the_plots_get_every_step(program):
    train(program)
    history, window = program.run.history, program.window
    assert program.run.state == "finished"
    assert len(history) == STEPS
    assert len(history.epochs) == 3
    for panel, metric in ((window.loss, "loss"), (window.accuracy, "accuracy")):
        columns = {column.name: column.values for column in panel.table()}
        np.testing.assert_array_equal(columns["train"][:STEPS], history.step_series(metric))
        steps, test = history.epoch_series("test", metric)
        shown = columns["test"][~np.isnan(columns["test"])]
        np.testing.assert_array_equal(shown, test)
        assert len(steps) == 3
    assert sentences(program) == []


def test_the_window_s_losses_are_the_engine_s_and_a_second_run_repeats_them(program):
    events = list(training_job(SMALL, Control()))
    bare = np.concatenate([event.loss for event in events if isinstance(event, Steps)])
    for _ in range(2):
        train(program)
        np.testing.assert_array_equal(program.run.history.step_series("loss"), bare)


def test_numbers_change_slowly_enough_to_be_read_and_the_last_ones_are_never_left_out(program, monkeypatch):
    told, reading = [], program.training._reading
    wait_until(lambda: not reading.isActive(), "the numbers of the test before to be read")
    monkeypatch.setattr(program.window.training.form, "set_learning_rate", told.append)
    for step, rate in enumerate((0.5, 0.25, 0.125)):
        one = np.ones(1)
        program.run.happened.emit([Steps(step, one, one, rate * one, samples=4, seconds=0.01)])
    assert told == [0.5]
    wait_until(lambda: len(told) == 2, "the newest number")
    assert told == [0.5, 0.125]
    program.run.happened.emit([Steps(3, one, one, 2 * one, samples=4, seconds=0.01)])
    program.run.state_changed.emit(program.run.state)
    assert told == [0.5, 0.125, 2]


def test_pause_holds_and_resume_goes_on(paused):
    before = steps_taken(paused)
    assert len(paused.run.history) == before
    assert button(paused.window, "training_primary").text() == "Resume"
    click(paused.window, "training_primary")
    wait_until(lambda: paused.run.state == "running" and len(paused.run.history) > before, "the run to go on")


def test_step_batch_takes_exactly_one_step(paused):
    before = steps_taken(paused)
    for more in (1, 2):
        click(paused.window, "training_step_batch")
        wait_until(lambda more=more: len(paused.run.history) == before + more, "the step")
        wait_until(lambda: paused.run.state == "paused", "the pause after the step")
        assert steps_taken(paused) == before + more


def test_step_epoch_stops_at_the_end_of_each_epoch(program):
    for epoch in (1, 2):
        click(program.window, "training_step_epoch")
        wait_until(lambda epoch=epoch: len(program.run.history) == 10 * epoch, "the epoch")
        wait_until(lambda: program.run.state == "paused", "the pause after the epoch")
        assert steps_taken(program) == 10 * epoch


def test_stop_keeps_what_was_learned(running):
    click(running.window, "training_stop")
    wait_until(lambda: running.run.state == "finished", "the end")
    document, _restore = checkpoint.load(running.run.folder)
    assert document == LONG
    assert running.window.training.workflow.strip.phase() == "done"


def test_stop_while_the_data_are_being_read_leaves_nothing_and_says_nothing(program, monkeypatch):
    def load(_spec, stop):
        yield Preparing("data")
        assert stop.wait(60)
        check_stop(stop)

    monkeypatch.setattr("playground.engine.training.job.load", load)
    click(program.window, "training_primary")
    wait_until(lambda: program.window.training.workflow.strip.phase() == "data", "the data to be read")
    click(program.window, "training_stop")
    wait_until(lambda: program.run.state == "idle", "the end")
    assert sentences(program) == []
    assert button(program.window, "training_primary").text() == "Train"
    assert program.run.document is None


def test_the_rate_changes_while_the_run_goes_on_and_the_document_keeps_its_own(running):
    click(running.window, "learning_rate_larger")
    rates = running.run.history
    wait_until(lambda: rates.step_series("learning_rate")[-1] == 0.625, "the new rate")
    end_run(running)
    assert rates.step_series("learning_rate")[0] == 0.5
    assert running.session.document == LONG
    assert running.window.training.form.optimizer.rate.value() == 0.5


def test_the_form_is_locked_while_a_run_is_active(running):
    form = running.window.training.form
    locked = (form.data.name, form.optimizer.name, form.schedule.name, form.run.batch, form.run.device, form.loss)
    assert not any(field.isEnabled() for field in locked)
    assert form.optimizer.rate.isEnabled()
    end_run(running)
    assert all(field.isEnabled() for field in locked)


def test_the_line_the_bar_and_the_workflow_say_how_far_it_is(running):
    controls, strip = running.window.training.controls, running.window.training.workflow.strip
    wait_until(lambda: controls.line.text().startswith("epoch "), "the line")
    wait_until(lambda: strip.phase() == "train", "the mark")
    assert "of 100,000 · batch " in controls.line.text()
    assert "samples/s" in controls.line.text()
    assert controls.bar.maximum() == 1000
    train(running, SMALL)
    assert controls.bar.value() == 1000
    assert controls.line.text().startswith("30 steps in ")
    assert "test accuracy" in controls.line.text()
    assert strip.phase() == "done"


def test_a_run_that_diverges_says_so_once_and_the_next_one_works(program):
    train(program, DIVERGING)
    assert program.run.state == "failed"
    (sentence,) = sentences(program)
    assert sentence.startswith("The loss became ")
    assert "Try a smaller learning rate" in sentence
    assert button(program.window, "training_primary").text() == "Train"
    assert button(program.window, "training_primary").isEnabled()
    assert program.window.training.form.data.name.isEnabled()
    assert "failed" in program.window.status.currentMessage()
    assert len(program.run.history) > 0
    train(program)
    assert program.run.state == "finished"


def test_data_that_are_not_there_are_one_notice(program, tmp_path):
    nowhere = replace(SMALL, "data", Images(name="cifar10", folder=str(tmp_path / "nowhere")))
    train(program, nowhere)
    assert program.run.state == "failed"
    assert len(sentences(program)) == 1
    assert "CIFAR" in sentences(program)[0] or "nowhere" in sentences(program)[0]


def test_a_split_that_leaves_nothing_is_one_sentence(program):
    train(program, replace(SMALL, "data", Points(samples=200, test=100, validation=500)))
    assert len(sentences(program)) == 1
    assert sentences(program)[0].startswith("A validation split of 500 leaves nothing to train on")


def test_the_keys_train_pause_step_and_stop(program):
    start_over(program, LONG)
    window, run = program.window, program.run
    window.activateWindow()
    window.training.controls.primary.setFocus()
    wait_until(window.training.controls.primary.hasFocus, "the window to take the keys")
    QTest.keyClick(window, Qt.Key.Key_F5)
    wait_until(lambda: run.state == "running", "the run")
    QTest.keyClick(window, Qt.Key.Key_F5)
    wait_until(lambda: run.state == "paused", "the pause")
    before = steps_taken(program)
    QTest.keyClick(window, Qt.Key.Key_F10)
    wait_until(lambda: run.state == "paused" and len(run.history) == before + 1, "the step")
    QTest.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    wait_until(lambda: run.state == "finished", "the end")


def test_an_edit_in_the_form_is_an_edit_of_the_document_that_undo_takes_back(program):
    form = program.window.training.form
    form.run.epochs.setFocus()
    form.run.epochs.setValue(7)
    QTest.keyClick(form.run.epochs, Qt.Key.Key_Return)
    assert program.session.document == replace(SMALL, "training.epochs", 7)
    assert program.window.isWindowModified()
    program.session.undo_stack.undo()
    assert program.session.document == SMALL
    assert form.run.epochs.value() == 3
    assert not program.window.isWindowModified()
    program.session.undo_stack.redo()
    assert form.run.epochs.value() == 7
