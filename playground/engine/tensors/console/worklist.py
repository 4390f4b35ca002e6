"""What one thread has to do, one thing after the other, asked for by any thread."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")


class Worklist:
    """Functions in the order in which they were asked for; whatever is left at the end is cancelled."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False

    def put(self, function: "Callable[[], T]") -> "Future[T]":
        """Have it called by the thread that serves."""
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                future.cancel()
            else:
                self._queue.put((function, future))
        return future

    def serve(self) -> None:
        """Do what is asked for on the calling thread, until `close`."""
        while True:
            with suppress(KeyboardInterrupt):  # one that came after the end of what it was meant for
                task = self._queue.get()
                if task is None:
                    return
                if self._closed:
                    task[1].cancel()
                else:
                    _do(*task)

    def close(self) -> None:
        """End `serve` after what is under way."""
        with self._lock:
            self._closed = True
            self._queue.put(None)


def _do(function: "Callable[[], T]", future: "Future[T]") -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = function()
    except BaseException as error:  # whoever asked hears of it; the thread goes on
        future.set_exception(error)
    else:
        future.set_result(result)
