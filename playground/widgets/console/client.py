"""What qtconsole takes for a kernel: requests go to the console's thread, its messages come back as signals."""

import uuid
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from playground.widgets.console.outbox import Channel, Message, Outbox

Content = dict[str, Any]

_MUTED, _PLAIN = "\x1b[38;5;66m", "\x1b[39m"


class Kernel(Protocol):
    """What is asked of the console; all but `request`'s reply and `listen`'s messages come from the window's thread."""

    def request(self, kind: str, content: Mapping[str, Any], reply: Callable[[Content], None]) -> None:
        """Have a Jupyter request answered on the console's thread."""

    def listen(self, publish: Callable[[str, Content], None]) -> None:
        """Send what is shown to `publish(kind, content)`, from the console's thread."""

    def interrupt(self) -> bool:
        """Raise KeyboardInterrupt in the cell that runs; False where none does."""


class Heart(QObject):
    """The channel that tells of a kernel's death, which here would be the program's own.

    Signals
    -------
    kernel_died(float) : never.
    """

    kernel_died = Signal(float)

    def pause(self) -> None:
        """Nothing beats."""

    def unpause(self) -> None:
        """Nothing beats."""


class Client(QObject):
    """Speaks Jupyter's messages with qtconsole and the plain requests of `Kernel` with the console.

    Signals
    -------
    told(str, object) : "turn", "note" or "capped" with its content: what Jupyter has no message for.
    beginning() : a cell is about to be run.
    interrupted() : what runs was asked to end.
    """

    started_channels = Signal()
    stopped_channels = Signal()
    told = Signal(str, object)
    beginning = Signal()
    interrupted = Signal()

    def __init__(self, kernel: Kernel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kernel = kernel
        self._pending: deque[Message] = deque()
        self._outbox = Outbox(self)
        self.session = SimpleNamespace(session=uuid.uuid4().hex)
        self.iopub_channel, self.shell_channel, self.stdin_channel = (Channel(self) for _ in range(3))
        self.hb_channel = Heart(self)
        self.channels_running = False
        kernel.listen(self._publish)

    def start_channels(self) -> None:
        """Begin: qtconsole then shows its banner and its prompt."""
        self.channels_running = True
        self.started_channels.emit()

    def execute(
        self,
        code: str,
        silent: bool = False,
        store_history: bool = True,
        user_expressions: Mapping[str, str] | None = None,
        **_: Any,
    ) -> str:
        """Run a cell."""
        self.beginning.emit()
        expressions = dict(user_expressions or {})
        content = {"code": code, "silent": silent, "store_history": store_history and not silent}
        return self._send("execute_request", {**content, "user_expressions": expressions})

    def complete(self, code: str, cursor_pos: int) -> str:
        """Ask how a word may go on."""
        return self._send("complete_request", {"code": code, "cursor_pos": cursor_pos})

    def inspect(self, code: str, cursor_pos: int, detail_level: int = 0) -> str:
        """Ask what an object is."""
        content = {"code": code, "cursor_pos": cursor_pos, "detail_level": detail_level}
        return self._send("inspect_request", content)

    def history(self, **content: Any) -> str:
        """Ask for cells of this and earlier starts."""
        return self._send("history_request", content)

    def is_complete(self, code: str) -> str:
        """Ask whether a cell ends here."""
        return self._send("is_complete_request", {"code": code})

    def kernel_info(self) -> str:
        """Ask what kernel this is."""
        return self._send("kernel_info_request", {})

    @Slot()
    def interrupt(self) -> None:
        """End the cell that runs."""
        if self._kernel.interrupt():
            self.interrupted.emit()

    def _send(self, kind: str, content: Content) -> str:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": self.session.session, "username": "user"}
        self._pending.append(header)
        self._kernel.request(kind, content, partial(self._reply, header))
        return str(header["msg_id"])

    def _reply(self, header: Message, content: Content) -> None:
        """On the console's thread, where requests are answered in their order."""
        self._pending.remove(header)
        kind = header["msg_type"].removesuffix("request") + "reply"
        self._outbox.put(self.shell_channel, _message(kind, content, header))

    def _publish(self, kind: str, content: Content) -> None:
        """On the console's thread, while it answers the oldest request."""
        if kind in ("turn", "note", "capped"):
            self.told.emit(kind, content)
        if kind not in ("turn", "capped"):
            parent = self._pending[0] if self._pending else {}
            kind, content = ("stream", _as_stream(content)) if kind == "note" else (kind, content)
            self._outbox.put(self.iopub_channel, _message(kind, content, parent))


def _message(kind: str, content: Content, parent: Message) -> Message:
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind}
    return {
        "header": header,
        "msg_id": header["msg_id"],
        "msg_type": kind,
        "parent_header": parent,
        "metadata": {},
        "content": dict(content),  # prints are joined in it
        "buffers": [],
    }


def _as_stream(note: Content) -> Content:
    lines = (f"  | {line}" for line in str(note["text"]).splitlines())
    text = "\n".join(lines)
    return {"name": "stdout", "text": f"{_MUTED}{text}{_PLAIN}\n"}
