"""What a cell prints: shown up to a bound, kept up to a larger one, and counted beyond."""

import io
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

SHOWN = 100_000  # characters of one cell that the console shows
SHOWN_LINES = 2_000  # lines of one cell that the console shows
KEPT = 10_000_000  # characters of one cell that can be opened besides

Publish = Callable[[str, dict[str, Any]], None]
"""Takes the type and the content of a message, as Jupyter names them."""


class Output:
    """The text of one cell, and where it goes."""

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._kept = io.StringIO()
        self._length = 0
        self._lines = 0
        self._hidden = 0
        self._is_within_line = False

    @property
    def is_capped(self) -> bool:
        """Whether there is more than the console shows."""
        return self._hidden > 0

    @property
    def text(self) -> str:
        """What was printed, as far as it is kept."""
        return self._kept.getvalue()

    def write(self, stream: str, text: str) -> None:
        """Take what the cell printed to "stdout" or "stderr"."""
        if "\r" in text:
            text = text.replace("\r\n", "\n")  # what programs write to a terminal
        shown = self._within(text)
        self._keep(text)
        if shown:
            self._is_within_line = not shown.endswith("\n")
            self._publish("stream", {"name": stream, "text": shown})

    def shortened(self, text: str) -> str:
        """A value's text as the console shows it; the whole counts as printed."""
        shown = self._within(text)
        self._keep(f"{text}\n")
        return shown

    def end_line(self) -> None:
        """Have what is shown next, which was not printed, begin a line of its own."""
        if self._is_within_line:
            self._is_within_line = False
            self._publish("stream", {"name": "stdout", "text": "\n"})

    def finish(self) -> None:
        """Say how much is not shown, and hand all that is kept over."""
        if not self.is_capped:
            return
        told = f"\n... {self._hidden:,} more characters are not shown ({self._lines:,} lines in all)."
        if self._length > KEPT:
            told += f" The first {KEPT:,} characters are kept."
        self._publish("stream", {"name": "stderr", "text": f"{told}\n"})
        self._publish("capped", {"text": self.text})

    def _within(self, text: str) -> str:
        """As much of a text as there is still room for."""
        lines = SHOWN_LINES - self._lines
        shown = text[: max(SHOWN - self._length, 0)] if lines > 0 else ""
        if shown.count("\n") > lines:
            shown = "".join(shown.splitlines(keepends=True)[:lines])
        self._hidden += len(text) - len(shown)
        return shown

    def _keep(self, text: str) -> None:
        room = KEPT - self._length
        if room > 0:
            self._kept.write(text[:room])
        self._length += len(text)
        self._lines += text.count("\n")


class _Stream(io.TextIOBase):
    """Standard output for the console's thread, and for every other thread what it was before."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, output: Output, before: TextIO | None) -> None:
        super().__init__()
        self.name = name
        self._output = output
        self._before = before
        self._thread = threading.get_ident()

    def write(self, text: str) -> int:
        """Take a text."""
        if threading.get_ident() == self._thread:
            self._output.write(self.name, text)
        elif self._before is not None:
            self._before.write(text)
        return len(text)

    def flush(self) -> None:
        """Nothing waits here."""
        if self._before is not None and threading.get_ident() != self._thread:
            self._before.flush()

    def writable(self) -> bool:
        """Yes."""
        return True

    def isatty(self) -> bool:
        """No terminal."""
        return False


class _NoInput(io.TextIOBase):
    """Standard input of a cell: there is nobody to type."""

    encoding = "utf-8"

    def readline(self, _size: int | None = -1, /) -> str:  # type: ignore[override]
        """Refuse."""
        raise EOFError("input() is not available in this console")

    def read(self, _size: int | None = -1, /) -> str:
        """Refuse."""
        return self.readline()

    def fileno(self) -> int:
        """None."""
        raise io.UnsupportedOperation("the console has no standard input")


@contextmanager
def heard(output: Output, warned: Callable[[Warning], None]) -> Iterator[None]:
    """Send warnings of the calling thread to `output` in one line, and tell of each."""
    with warnings.catch_warnings():
        pass  # Python forgets which places have warned: each cell hears of them anew
    before, thread = warnings.showwarning, threading.get_ident()

    def show(message: Any, category: type[Warning], *place: Any, **more: Any) -> None:
        if threading.get_ident() != thread:
            before(message, category, *place, **more)
            return
        output.write("stderr", f"{category.__name__}: {message}\n")
        warned(message if isinstance(message, Warning) else category(message))

    warnings.showwarning = show
    try:
        yield
    finally:
        warnings.showwarning = before


@contextmanager
def redirected(output: Output) -> Iterator[None]:
    """Send what the calling thread prints to `output`, and let nothing be read."""
    before, hook = (sys.stdout, sys.stderr, sys.stdin), sys.breakpointhook
    thread = threading.get_ident()

    def refuse(*arguments: Any, **more: Any) -> Any:
        if threading.get_ident() != thread:
            return hook(*arguments, **more)
        raise EOFError("breakpoint() is not available in this console")

    sys.breakpointhook = refuse
    sys.stdout = _Stream("stdout", output, before[0])
    sys.stderr = _Stream("stderr", output, before[1])
    sys.stdin = _NoInput()
    try:
        yield
    finally:
        sys.stdout, sys.stderr, sys.stdin = before
        sys.breakpointhook = hook
