"""What one thread has to do, one thing after the other, asked for by any thread."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")


class GiveWay(Exception):
    """Raised by a task that only waits, while a pressing one is there: that goes first, then the task begins again."""


@dataclass
class _Task:
    function: Callable[[], Any]
    future: "Future[Any]"
    is_pressing: bool
    has_begun: bool = False


class Worklist:
    """Functions in the order in which they were asked for; whatever is left at the end is cancelled."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[_Task | None] = SimpleQueue()
        self._taken: deque[_Task | None] = deque()  # out of the queue, by the thread that serves
        self._lock = threading.Lock()
        self._pressing = 0
        self._closed = False

    @property
    def is_pressed(self) -> bool:
        """Whether a pressing task waits."""
        return self._pressing > 0

    def put(self, function: "Callable[[], T]", *, is_pressing: bool = False) -> "Future[T]":
        """Have it called by the thread that serves."""
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                future.cancel()
            else:
                self._pressing += is_pressing
                self._queue.put(_Task(function, future, is_pressing))
        return future

    def serve(self) -> None:
        """Do what is asked for on the calling thread, until `close`."""
        while True:
            with suppress(KeyboardInterrupt):  # one that came after the end of what it was meant for
                task = self._taken.popleft() if self._taken else self._queue.get()
                if task is None:
                    return
                if self._closed:
                    task.future.cancel()
                else:
                    self._do(task)

    def close(self) -> None:
        """End `serve` after what is under way."""
        with self._lock:
            self._closed = True
            self._queue.put(None)

    def _do(self, task: _Task) -> None:
        with self._lock:
            self._pressing -= task.is_pressing
        if not task.has_begun and not task.future.set_running_or_notify_cancel():
            return
        task.has_begun = True
        try:
            result = task.function()
        except GiveWay:
            self._put_behind(task)
        except BaseException as error:  # whoever asked hears of it; the thread goes on
            task.future.set_exception(error)
        else:
            task.future.set_result(result)

    def _put_behind(self, task: _Task) -> None:
        """The first pressing task comes next, and all else after it in the order that it had."""
        waiting: list[_Task | None] = [task, *self._taken]
        with suppress(Empty):
            while True:
                waiting.append(self._queue.get_nowait())
        first = next((each for each in waiting if each is not None and each.is_pressing), None)
        if first is not None:
            waiting.remove(first)
            waiting.insert(0, first)
        self._taken = deque(waiting)
