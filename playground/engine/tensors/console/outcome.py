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
        Gives the cure of an error or a warning, or nothing.
    """

    def __init__(self, code: str, publish: Publish, noted: Noted) -> None:
        self.output = Output(publish)
        self._code = code
        self._publish = publish
        self._noted = noted
        self._error: BaseException | None = None
        self._traceback: list[str] = []
        self._notes: list[str] = []

    @property
    def reply(self) -> dict[str, Any]:
        """The outcome as Jupyter's messages have it."""
        if self._error is None:
            return {"status": "ok"}
        return {"status": "error", **_content(self._error, self._traceback)}

    def fail(self, error: BaseException, traceback: list[str]) -> None:
        """The cell ended with this; show it, and its cure."""
        self._error, self._traceback = error, traceback
        self.output.end_line()
        self._publish("error", _content(error, traceback))
        self._teach(error)

    def warn(self, warning: Warning) -> None:
        """The cell was warned of this; show the cure, where one is known."""
        self._teach(warning)

    def settle(self, error: BaseException | None) -> None:
        """Take an error that was shown as printed text, such as a magic's wrong argument."""
        if self._error is None and error is not None:
            self._error = error
            self._teach(error)

    def result(self, seconds: float) -> CellResult:
        """The whole as plain values."""
        error, traceback = self._error, plain("\n".join(self._traceback))
        told = "" if error is None else f"{type(error).__name__}: {error}".strip().removesuffix(":")
        return CellResult(self._code, plain(self.output.text), told, "\n".join(self._notes), traceback, seconds)

    def _teach(self, error: BaseException) -> None:
        note = self._noted(error)
        if note and note not in self._notes:
            self._notes.append(note)
            self.output.end_line()
            self._publish("note", {"text": note})


def _content(error: BaseException, traceback: list[str]) -> dict[str, Any]:
    return {"ename": type(error).__name__, "evalue": str(error), "traceback": traceback}
