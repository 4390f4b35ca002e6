"""What becomes of one cell: its text, its error, the note below it."""

from collections.abc import Callable
from typing import Any

from playground.engine.tensors.console.cells import CellResult
from playground.engine.tensors.console.output import Output, Publish
from playground.engine.tensors.console.shell import plain

Noted = Callable[[BaseException], str]


class Outcome:
    """Collects while the cell runs.

    Parameters
    ----------
    noted : callable
        Gives the cure of an error, or nothing.
    """

    def __init__(self, code: str, publish: Publish, noted: Noted) -> None:
        self.output = Output(publish)
        self._code = code
        self._publish = publish
        self._noted = noted
        self._error: BaseException | None = None
        self._traceback: list[str] = []
        self._note = ""

    @property
    def reply(self) -> dict[str, Any]:
        """The outcome as Jupyter's messages have it."""
        if self._error is None:
            return {"status": "ok"}
        return {"status": "error", **_content(self._error, self._traceback)}

    def fail(self, error: BaseException, traceback: list[str]) -> None:
        """The cell ended with this; show it, and its cure."""
        self._error, self._traceback, self._note = error, traceback, self._noted(error)
        self._publish("error", _content(error, traceback))
        if self._note:
            self._publish("note", {"text": self._note})

    def settle(self, error: BaseException | None) -> None:
        """Take an error that was shown as printed text, such as a magic's wrong argument."""
        if self._error is None:
            self._error = error

    def result(self, seconds: float) -> CellResult:
        """The whole as plain values."""
        error, traceback = self._error, plain("\n".join(self._traceback))
        told = "" if error is None else f"{type(error).__name__}: {error}".strip().removesuffix(":")
        return CellResult(self._code, plain(self.output.text), told, self._note, traceback, seconds)


def _content(error: BaseException, traceback: list[str]) -> dict[str, Any]:
    return {"ename": type(error).__name__, "evalue": str(error), "traceback": traceback}
