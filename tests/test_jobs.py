"""Jobs by name: the latest wins, none is lost, and at the end none is left."""

import random
import threading

import pytest

from playground.engine.inbox import Inbox
from playground.jobs import Jobs, Watcher

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def jobs():
    jobs = Jobs()
    yield jobs
    jobs.stop_all()


class Job:
    """A job that goes on until it is stopped, and what it told."""

    def __init__(self, name="count"):
        self.name = name
        self.stopped = threading.Event()
        self.begun = threading.Event()
        self.progress, self.results, self.problems, self.discarded = [], [], [], []

    def run(self):
        self.begun.set()
        yield "begun"
        self.stopped.wait()
        yield "stopped"
        return self

    def start(self, jobs):
        watcher = Watcher(
            self.progress.extend, self.results.append, self.problems.append, lambda: self.discarded.append(self)
        )
        jobs.start(self.name, self.run, stop=self.stopped.set, watcher=watcher, interval=0)
        return self


def quick():
    """A job that ends by itself."""
    yield 1
    return "done"


def idle(jobs, *names):
    return lambda: not any(jobs.is_running(name) for name in names)


def test_a_job_that_does_not_end_is_left_after_its_patience_and_asked_again_meanwhile(jobs):
    end, asked = threading.Event(), []

    def job():
        yield
        end.wait()

    jobs.start("stubborn", job, watcher=Watcher(), stop=lambda: asked.append(1), patience=300)
    (thread,) = jobs._running.values()
    jobs.stop_all()
    assert jobs.has_left
    assert len(asked) > 2
    end.set()
    assert thread.wait(60_000)


def test_a_job_runs_and_tells_until_it_is_stopped(jobs, qtbot):
    job = Job().start(jobs)
    qtbot.waitUntil(lambda: job.progress == ["begun"])
    assert jobs.is_running("count")
    jobs.stop("count")
    qtbot.waitUntil(idle(jobs, "count"))
    assert (job.progress, job.results, job.problems) == (["begun", "stopped"], [job], [])


def test_jobs_of_different_names_run_side_by_side(jobs, qtbot):
    one, other = Job("one").start(jobs), Job("other").start(jobs)
    qtbot.waitUntil(lambda: one.progress == other.progress == ["begun"])
    jobs.stop("one")
    qtbot.waitUntil(idle(jobs, "one"))
    assert jobs.is_running("other")
    assert other.results == []


def test_a_later_job_of_the_same_name_follows_the_earlier_one_which_falls_silent(jobs, qtbot):
    earlier = Job().start(jobs)
    qtbot.waitUntil(lambda: earlier.progress == ["begun"])
    later = Job().start(jobs)
    qtbot.waitUntil(lambda: later.progress == ["begun"])
    assert earlier.stopped.is_set()
    assert (earlier.progress, earlier.results, earlier.problems) == (["begun"], [], [])


def test_of_many_only_the_last_begins_and_the_others_hear_that_they_never_will(jobs, qtbot):
    first = Job().start(jobs)
    qtbot.waitUntil(first.begun.is_set)
    between = [Job().start(jobs) for _ in range(5)]
    last = Job().start(jobs)
    qtbot.waitUntil(lambda: last.progress == ["begun"])
    assert [job.discarded for job in between] == [[job] for job in between]
    assert not any(job.begun.is_set() for job in between)
    assert first.discarded == last.discarded == []


def test_stopping_a_name_also_drops_what_was_to_follow(jobs, qtbot):
    first = Job().start(jobs)
    qtbot.waitUntil(first.begun.is_set)
    following = Job().start(jobs)
    jobs.stop("count")
    qtbot.waitUntil(idle(jobs, "count"))
    assert following.discarded == [following]
    assert not following.begun.is_set()


def test_stopping_what_does_not_run_does_nothing(jobs):
    jobs.stop("nothing")
    assert not jobs.is_running("nothing")


def test_the_beginning_and_the_end_of_a_job_are_told(jobs, qtbot):
    with qtbot.waitSignal(jobs.changed):
        job = Job().start(jobs)
    with qtbot.waitSignal(jobs.changed):
        job.stopped.set()
    assert not jobs.is_running("count")


def test_after_closing_nothing_starts_and_nothing_runs():
    jobs = Jobs()
    running = [Job(f"job {n}").start(jobs) for n in range(5)]
    following = Job("job 0").start(jobs)
    jobs.stop_all()
    assert following.discarded == [following]
    late = Job("late").start(jobs)
    assert not any(jobs.is_running(job.name) for job in (*running, late))
    assert not late.begun.is_set()
    jobs.stop_all()


def test_a_warm_job_that_waits_for_requests_ends_at_closing(qtbot):
    jobs, inbox = Jobs(), Inbox()

    def warm():
        yield from inbox

    heard = []
    jobs.start("warm", warm, stop=inbox.close, watcher=Watcher(heard.extend), interval=0)
    inbox.put("ink", 1)
    qtbot.waitUntil(lambda: heard == [("ink", 1)])
    jobs.stop_all()


def test_starting_stopping_and_replacing_stays_right_a_thousand_times_in_a_row(jobs, qtbot):
    draw, started = random.Random(0), []
    for _ in range(1_000):
        action = draw.choice(["start", "start", "stop", "let it tell"])
        if action == "start":
            started.append(Job().start(jobs))
        elif action == "stop":
            jobs.stop("count")
        elif jobs.is_running("count"):
            with qtbot.waitSignal(jobs.changed, raising=False, timeout=1):
                pass
    last = Job().start(jobs)
    qtbot.waitUntil(lambda: last.progress == ["begun"])
    jobs.stop("count")
    qtbot.waitUntil(idle(jobs, "count"))
    begun = [job for job in started if job.begun.is_set()]
    assert begun
    for job in started:
        assert job.begun.is_set() != bool(job.discarded)  # each one ran or was told that it never will
        assert job.progress in ([], ["begun"], ["begun", "stopped"])
        assert job.problems == []
    assert last.results == [last]


def test_quick_jobs_one_after_another_are_all_completed(jobs, qtbot):
    results = []
    for number in range(200):
        jobs.start("quick", quick, watcher=Watcher(completed=results.append), interval=0)
        qtbot.waitUntil(lambda number=number: len(results) == number + 1)
        qtbot.waitUntil(idle(jobs, "quick"))
    assert results == ["done"] * 200
    assert jobs.children() == [] or all(child.isFinished() for child in jobs.children())


def test_closing_at_any_moment_leaves_no_thread_a_thousand_times_in_a_row():
    for number in range(1_000):
        jobs = Jobs()
        started = [Job(f"job {n % 3}").start(jobs) for n in range(number % 7)]
        jobs.stop_all()
        assert all(job.stopped.is_set() or job.discarded for job in started)
        assert all(child.isFinished() for child in jobs.children())
