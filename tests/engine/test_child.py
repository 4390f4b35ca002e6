"""A child process answers one question after another, can always be stopped, and never outlives its parent."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from processes import is_over, until_true

from playground.engine.child import Child, ChildDied
from playground.engine.problems import Stopped

PROGRAM = "tests.engine.child_program"


@pytest.fixture
def child():
    with Child("-m", PROGRAM) as one:
        yield one


def test_one_process_answers_many_questions(child):
    child.warm()
    first = child.pid
    for value in (1, "é\n\u2028", [None, 0.5], {"a": "b"}, "x" * 300_000):
        assert child.ask({"echo": value}) == value
    assert child.pid == first


def test_what_it_prints_is_no_answer(child):
    assert child.ask({"print": "a warning\n"}) == "printed"
    assert child.ask({"echo": 2}) == 2


def test_a_child_that_dies_over_a_question_says_how_and_the_next_question_starts_another(child):
    with pytest.raises(ChildDied, match="code 3"):
        child.ask({"exit": 3})
    assert child.ask({"echo": 1}) == 1
    with pytest.raises(ChildDied, match=r"code 1 \(AssertionError: unknown question\)"):
        child.ask({"unknown": None})


def test_a_child_that_was_killed_between_two_questions_is_started_again(child):
    child.warm()
    first = child.pid
    os.kill(first, signal.SIGKILL)
    child._process.wait()
    assert child.ask({"echo": 1}) == 1
    assert child.pid != first


def test_a_child_killed_over_a_question_names_the_signal(child):
    killer = asked_in_a_thread(child, {"wait": None})
    os.kill(running(child), signal.SIGKILL)
    assert "SIGKILL" in str(killer())


def test_stop_ends_a_question_at_once(child):
    stop = threading.Event()
    asked = asked_in_a_thread(child, {"wait": None}, stop)
    process = running(child)
    stop.set()
    assert isinstance(asked(), Stopped)
    assert ended(process)
    assert child.ask({"echo": 1}, threading.Event()) == 1


def test_stop_before_a_question_is_honoured_too(child):
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        child.ask({"wait": None}, stop)


def test_closing_ends_a_question_and_later_ones_are_refused(child):
    asked = asked_in_a_thread(child, {"wait": None})
    os.kill(running(child), signal.SIGSTOP)  # it will never answer
    child.close()
    assert isinstance(asked(), Stopped)
    with pytest.raises(Stopped):
        child.warm()
    child.close()


def test_closing_ends_what_the_child_started(child, tmp_path):
    note = tmp_path / "pid"
    asked = asked_in_a_thread(child, {"spawn and wait": str(note)})
    grandchild = int(read(note))
    child.close()
    asked()
    assert ended(grandchild)


def test_the_number_of_threads_is_handed_on():
    with Child("-m", PROGRAM, threads=1) as child:
        assert child.ask({"farewell": os.devnull}) == "1"


def test_a_child_ends_with_us_even_when_we_are_killed_over_a_question(tmp_path):
    last, note = tmp_path / "last", tmp_path / "pid"
    program = (
        "from playground.engine.child import Child\n"
        f"child = Child('-m', {PROGRAM!r}); child.ask({{'farewell': {str(last)!r}}}); print(child.pid, flush=True)\n"
        f"child.ask({{'spawn and wait': {str(note)!r}}})"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        grandchild = int(read(note))
        parent.kill()
    assert ended(child)
    assert ended(grandchild)
    assert read(last) == "farewell"


def asked_in_a_thread(child, question, stop=None):
    """Ask on another thread; the function given back waits for what the question raised."""
    raised = []

    def ask():
        try:
            child.ask(question, stop)
        except (ChildDied, Stopped) as error:
            raised.append(error)

    thread = threading.Thread(target=ask)
    thread.start()

    def wait():
        thread.join(20)
        return raised[0]

    return wait


def running(child):
    """The process's number, once it runs."""
    until_true(lambda: child.pid is not None)
    return child.pid


def read(path):
    """What another process wrote there, once it has."""
    until_true(lambda: path.exists() and path.read_text())
    return path.read_text()


def ended(process):
    """Whether a process that is not our child ends (or waits to be reaped) before patience does."""
    return until_true(lambda: is_over(process))
