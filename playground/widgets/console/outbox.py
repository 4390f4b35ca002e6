"""Messages on their way from the console's thread to the window's: a flood of prints becomes a few long ones."""

import threading
from collections import deque
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

PAUSE_MS = 50  # in which prints gather
LONGEST = 4_096  # characters of prints that are joined: what the window shows at once takes it milliseconds

Message = dict[str, Any]


class Channel(QObject):
    """One of Jupyter's channels.

    Signals
    -------
    message_received(object) : a message for the front end.
    """

    message_received = Signal(object)

    def is_alive(self) -> bool:
        """The console is in this process."""
        return True

    def closed(self) -> bool:
        """It stays open."""
        return False

    def flush(self) -> None:
        """Messages arrive through the event loop alone."""


class Outbox(QObject):
    """Delivers messages in their order. Prints wait a moment for more of them; all others go at once.

    Signals
    -------
    waiting() : there are messages to deliver.
    """

    waiting = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._messages: deque[tuple[Channel, Message]] = deque()
        self._is_told = False
        self.pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self.pause.timeout.connect(self.deliver)
        self.waiting.connect(self.deliver)

    def put(self, channel: Channel, message: Message) -> None:
        """Send a message, from any thread."""
        is_print = message["msg_type"] == "stream"
        with self._lock:
            if not (is_print and self._join(message["content"])):
                self._messages.append((channel, message))
            is_urgent = not (is_print and self._is_told)
            self._is_told = True
        if is_urgent:
            self.waiting.emit()

    @Slot()
    def deliver(self) -> None:
        """Hand over all that waits, in the window's thread."""
        with self._lock:
            messages, self._messages = self._messages, deque()
            self._is_told = bool(messages)
        for channel, message in messages:
            channel.message_received.emit(message)
        if messages:
            self.pause.start()

    def _join(self, content: Message) -> bool:
        """Add a print to the one before it, where there is one that still waits."""
        if not self._messages:
            return False
        last = self._messages[-1][1]
        if last["msg_type"] != "stream" or last["content"]["name"] != content["name"]:
            return False
        if len(last["content"]["text"]) + len(content["text"]) > LONGEST:
            return False
        last["content"]["text"] += content["text"]
        return True
