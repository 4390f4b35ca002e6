"""How anyone touches a run from outside: pause, step, stop, and requests served between two steps."""

import math
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from playground.engine.training.run import TrainingRun

T = TypeVar("T")


class RunEnded(Exception):
    """The run ended before it could serve the request."""


class Control:
    """Thread-safe commands for one run. The window calls the public verbs; the run's own loop calls `serve` and `wait`.

    Parameters
    ----------
    paused : bool
        Whether the run waits before its first step.
    """

    def __init__(self, *, paused: bool = False) -> None:
        self.stop_event = threading.Event()
        self._changed = threading.Condition()
        self._run_until: float = 0 if paused else math.inf  # steps before this one may be taken
        self._steps_asked = 0
        self._epoch_asked = False
        self._by_batch = False  # whether `_run_until` counts batches that were asked for one by one
        self._requests: deque[tuple[Callable[[TrainingRun], Any], Future[Any]]] = deque()
        self._ended = False

    @property
    def stopped(self) -> bool:
        """Whether the run was asked to stop."""
        return self.stop_event.is_set()

    def pause(self) -> None:
        """Wait before the next step."""
        with self._changed:
            self._set_limit(0)

    def resume(self) -> None:
        """Go on without a halt."""
        with self._changed:
            self._set_limit(math.inf)

    def step_batch(self) -> None:
        """Take one step more, then pause."""
        with self._changed:
            self._steps_asked += 1
            self._epoch_asked = False
            self._changed.notify_all()

    def step_epoch(self) -> None:
        """Go on to the end of the epoch, then pause."""
        with self._changed:
            self._steps_asked, self._epoch_asked, self._by_batch = 0, True, False
            self._changed.notify_all()

    def stop(self) -> None:
        """End the run after the step under way; what it learned is kept."""
        with self._changed:
            self.stop_event.set()
            self._changed.notify_all()

    def between_steps(self, request: "Callable[[TrainingRun], T]") -> "Future[T]":
        """Have `request(run)` called by the run's own thread after the step under way, or at once while it is paused.

        Returns
        -------
        Future
            Its result, its exception, or `RunEnded`.
        """
        future: Future[T] = Future()
        with self._changed:
            if self._ended:
                future.set_exception(RunEnded())
            else:
                self._requests.append((request, future))
                self._changed.notify_all()
        return future

    def serve(self, run: "TrainingRun") -> None:
        """Answer what was requested so far (the run's thread only); what an answer asks for waits for the next step."""
        waiting = len(self._requests)
        for _ in range(waiting):
            request, future = self._requests.popleft()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(request(run))
            except BaseException as error:  # an interrupted request, or one that wants to exit, does not end the run
                future.set_exception(error)
        if waiting:
            run.touched()

    def may_step(self, step: int, next_epoch: int) -> bool:
        """Whether step `step` may be taken now; `next_epoch` is the step the next epoch begins with."""
        with self._changed:
            return self._grant(step, next_epoch)

    def wait(self, run: "TrainingRun") -> None:
        """Serve requests until the run may step or has to stop (the run's thread only)."""
        while True:
            self.serve(run)
            with self._changed:
                if self.stopped or self._grant(run.step_count, run.next_epoch_step):
                    return
                if not self._requests:
                    self._changed.wait()

    def end(self) -> None:
        """Refuse what was not served, and everything that comes later: nobody serves this run any more."""
        with self._changed:
            self._ended = True
            left = list(self._requests)
            self._requests.clear()
        for _, future in left:
            if future.set_running_or_notify_cancel():
                future.set_exception(RunEnded())

    def _set_limit(self, step: float) -> None:
        self._run_until, self._by_batch = step, False
        self._steps_asked, self._epoch_asked = 0, False
        self._changed.notify_all()

    def _grant(self, step: int, next_epoch: int) -> bool:
        if self._steps_asked:
            granted = self._run_until if self._by_batch else step
            self._run_until, self._by_batch = max(granted, step) + self._steps_asked, True
            self._steps_asked = 0
        if self._epoch_asked:
            self._set_limit(next_epoch)
        return step < self._run_until
