"""Interrupting a cell from another thread, and the moments in which that has to wait."""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Interrupts:
    """Raises KeyboardInterrupt in the thread that runs a cell, and only while it runs one.

    The exception comes between two bytecodes; what is inside a native call ends when that call returns.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: int | None = None
        self._shields = 0
        self._pending = False
        self._closed = False

    def interrupt(self) -> bool:
        """Interrupt the cell that runs, from any thread; False where none does."""
        with self._lock:
            if self._thread is None:
                return False
            if self._shields:
                self._pending = True
            else:
                _raise_in(self._thread)
            return True

    def close(self) -> None:
        """Interrupt what runs, and whatever begins later."""
        with self._lock:
            self._closed = True
        self.interrupt()

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """Let the calling thread be interrupted inside; what comes too late for that is dropped."""
        with self._lock:
            self._thread, self._shields, self._pending = threading.get_ident(), 0, False
        try:
            if self._closed:
                raise KeyboardInterrupt
            yield
        finally:
            self._end()

    @contextmanager
    def shielded(self) -> Iterator[None]:
        """Put an interrupt off until the end of the block: a lock taken inside is given back."""
        with self._lock:
            _checkpoint()  # what was already sent comes here, before the block begins
            self._shields += 1
        try:
            yield
        finally:
            with self._lock:
                self._shields -= 1
                pending, self._pending = self._pending, False
        if pending:
            raise KeyboardInterrupt

    def _end(self) -> None:
        try:
            with self._lock:
                self._thread = None
            _checkpoint()
        except KeyboardInterrupt:
            self._thread = None


def _raise_in(thread: int) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(KeyboardInterrupt))


def _checkpoint() -> None:
    """An asynchronous exception is raised at the latest when a Python function begins."""
