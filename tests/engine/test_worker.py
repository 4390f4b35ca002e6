"""The thread that drives a job: every event arrives, in order, before the end is told."""

import threading

import pytest
from PySide6.QtCore import QThread

from playground.engine.problems import Problem, Stopped
from playground.engine.worker import JobThread, unexpected


def nothing():
    """A stop that the job does not need."""


class Ear:
    """What a thread told, in the order in which it arrived, and where."""

    def __init__(self, thread):
        self.told = []
        self.thread = thread
        thread.progress.connect(lambda events: self.hear("progress", events))
        thread.completed.connect(lambda value: self.hear("completed", value))
        thread.failed.connect(lambda problem: self.hear("failed", problem))
        thread.ended.connect(lambda: self.hear("ended", None))

    def hear(self, what, value):
        self.told.append((what, value, QThread.currentThread()))

    @property
    def kinds(self):
        return [what for what, _, _ in self.told]

    @property
    def events(self):
        return [event for what, value, _ in self.told if what == "progress" for event in value]

    def value(self, kind):
        return next(value for what, value, _ in self.told if what == kind)


def run(qtbot, job, interval=1):
    thread = JobThread("count", job, nothing, interval)
    ear = Ear(thread)
    with qtbot.waitSignal(thread.ended):
        thread.start()
    thread.wait()
    return ear


def counting(count, result="done"):
    def job():
        yield from range(count)
        return result

    return job


@pytest.mark.parametrize("interval", [0, 1, 33])
@pytest.mark.parametrize("count", [0, 1, 20_000])
def test_every_event_arrives_once_in_order_before_the_end(qtbot, count, interval):
    ear = run(qtbot, counting(count), interval)
    assert ear.events == list(range(count))
    assert ear.kinds[-2:] == ["completed", "ended"]
    assert ear.value("completed") == "done"


def test_everything_is_told_in_the_thread_that_made_it(qtbot):
    ear = run(qtbot, counting(100))
    assert {where for _, _, where in ear.told} == {QThread.currentThread()}


def test_many_events_come_in_few_deliveries(qtbot):
    ear = run(qtbot, counting(50_000), interval=33)
    assert ear.kinds.count("progress") < 500


def test_a_slow_job_s_first_event_comes_at_once_and_not_when_the_next_one_does(qtbot):
    go_on = threading.Event()

    def job():
        yield "first"
        go_on.wait()

    thread = JobThread("slow", job, go_on.set, 60_000)
    ear = Ear(thread)
    with qtbot.waitSignal(thread.progress):
        thread.start()
    assert ear.events == ["first"]
    with qtbot.waitSignal(thread.ended):
        thread.stop()
    thread.wait()


def test_a_problem_is_told_as_it_is(qtbot):
    def job():
        yield 1
        raise Problem("network-empty")

    ear = run(qtbot, job)
    assert ear.kinds == ["progress", "failed", "ended"]
    assert ear.value("failed").code == "network-empty"


@pytest.mark.parametrize("error", [ZeroDivisionError("by hand"), KeyboardInterrupt(), SystemExit(3), RuntimeError()])
def test_a_fault_is_told_with_its_traceback_in_the_details(qtbot, error):
    def job():
        yield 1
        raise error

    ear = run(qtbot, job)
    problem = ear.value("failed")
    assert problem.code == "unexpected"
    assert problem.sentence.startswith("count failed: ")
    assert "in job" in problem.details
    assert type(error).__name__ in problem.details
    assert "\n" not in problem.sentence


def test_a_fault_before_the_first_event_is_told_too(qtbot):
    def job():
        raise ValueError("too early")

    ear = run(qtbot, job)
    assert ear.kinds == ["failed", "ended"]


def test_a_job_stopped_before_it_had_a_result_is_completed_with_none(qtbot):
    def job():
        yield 1
        raise Stopped

    ear = run(qtbot, job)
    assert (ear.kinds, ear.value("completed")) == (["progress", "completed", "ended"], None)


def test_a_silenced_job_tells_only_its_end(qtbot):
    thread = JobThread("count", counting(100), nothing, 1)
    ear = Ear(thread)
    thread.silence()
    with qtbot.waitSignal(thread.ended):
        thread.start()
    thread.wait()
    assert ear.kinds == ["ended"]


def test_a_fault_s_sentence_is_one_line():
    problem = unexpected("training", ValueError("two\nlines   and spaces"))
    assert "two lines and spaces" in problem.sentence
    assert "ValueError" in unexpected("training", ValueError()).sentence
