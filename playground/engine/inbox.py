"""A mailbox for a warm thread: only the latest request of each kind waits."""

import threading
from collections.abc import Iterator
from typing import Any


class Inbox:
    """Requests by kind; a newer one replaces an older one of its kind that was not taken yet."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[str, Any] = {}
        self._closed = False

    def put(self, kind: str, request: Any) -> None:
        """Ask for something; the latest request of a kind wins."""
        with self._changed:
            self._waiting.pop(kind, None)
            self._waiting[kind] = request
            self._changed.notify()

    def close(self) -> None:
        """End the iteration after the request under way; what still waits is dropped."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """The requests as they come, oldest first, until the inbox is closed."""
        while True:
            with self._changed:
                while not self._waiting and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                kind = next(iter(self._waiting))
                request = self._waiting.pop(kind)
            yield kind, request
