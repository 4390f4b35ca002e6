"""The mailbox of a warm thread."""

import threading

from playground.engine.inbox import Inbox


def taken(inbox):
    """What the inbox gives until it is closed, taken by another thread."""
    found = []
    thread = threading.Thread(target=lambda: found.extend(inbox))
    thread.start()
    return thread, found


def test_requests_come_in_the_order_of_the_latest_of_each_kind():
    inbox = Inbox()
    for kind, request in (("ink", 1), ("model", 2), ("ink", 3)):
        inbox.put(kind, request)
    found = iter(inbox)
    assert [next(found), next(found)] == [("model", 2), ("ink", 3)]


def test_what_still_waits_when_the_inbox_is_closed_is_dropped():
    inbox = Inbox()
    inbox.put("ink", 1)
    inbox.close()
    inbox.put("ink", 2)
    assert list(inbox) == []


def test_closing_wakes_a_thread_that_waits():
    inbox = Inbox()
    thread, found = taken(inbox)
    inbox.close()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert found == []


def test_the_last_request_of_many_is_always_answered():
    inbox, answered = Inbox(), threading.Event()

    def answer():
        for _, request in inbox:
            if request == 9_999:
                answered.set()

    thread = threading.Thread(target=answer)
    thread.start()
    for number in range(10_000):
        inbox.put("ink", number)
    assert answered.wait(timeout=10)
    inbox.close()
    thread.join(timeout=10)
