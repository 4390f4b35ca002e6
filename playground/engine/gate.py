"""Whose turn it is to use torch's global generators: a lock handed over in the order of asking. Imports no torch."""

import os
import threading
from collections import deque
from types import TracebackType


class Gate:
    """A re-entrant lock that serves its threads in turn.

    A plain lock goes to whoever is awake, which is the thread that has just released it: a loop of training steps would
    keep a console cell waiting for seconds, and a loop of draws the training.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False
        self._owner: int | None = None
        self._depth = 0

    def __enter__(self) -> None:
        me = threading.get_ident()
        if self._owner != me:
            self._await_turn()
            self._owner = me
        self._depth += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._owner = None
            self._hand_over()

    def _await_turn(self) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def _hand_over(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


draws = Gate()
"""Held by a run while its generator states are in force, and by a console cell for each of its draws."""

if hasattr(
    os, "register_at_fork"
):  # the thread that holds it does not live in the child, such as a DataLoader's worker
    os.register_at_fork(after_in_child=draws.__init__)  # type: ignore[misc]
