"""A warm child process that answers questions: for work that holds the interpreter's lock or may not run in ours."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from playground.engine.problems import Stopped

_PATIENCE = 5.0
_LOOK_SECONDS = 0.05
_LAST_WORDS = 2_000
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS")


class ChildDied(Exception):
    """The child ended before it had answered; its text says how."""


class Child:
    """A Python program that ends in `serving.serve`; a context. From any thread, one question at a time.

    The process starts with the first question (or `warm`), is started again when it has died, and ends with its input:
    also when this process is killed.

    Parameters
    ----------
    *program : str
        What follows `python` on the command line; modules of the playground are found.
    threads : int, optional
        How many cores its torch operators use; torch's own choice when left out.
    """

    def __init__(self, *program: str, threads: int | None = None) -> None:
        self._command = [sys.executable, *program]
        self._threads = threads
        self._process: subprocess.Popen[str] | None = None
        self._said: IO[bytes] | None = None
        self._turn = threading.Lock()
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """The process that would answer now; None where one has yet to start."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def warm(self) -> None:
        """Start the process, so that the first question need not wait for it.

        Raises
        ------
        Stopped
            When it was closed.
        """
        with self._turn:
            self._living()

    def ask(self, question: Any, stop: threading.Event | None = None) -> Any:
        """The answer to a question; both are plain values, as JSON has them.

        Raises
        ------
        ChildDied
            When the process ended over it; the next question starts another.
        Stopped
            When `stop` is set or this was closed meanwhile; the process has then ended.
        """
        with self._turn:
            process = self._living()
            answers: queue.SimpleQueue[str] = queue.SimpleQueue()
            exchange = (process, json.dumps(question) + "\n", answers)
            threading.Thread(target=_exchange, args=exchange, daemon=True).start()
            try:
                answer = _wait(process, answers, stop)
            except BaseException:  # Ctrl+C; an answer to come would be taken for that to the next question
                _end(process)
                raise
            if self._is_closed or (not answer and stop is not None and stop.is_set()):
                raise Stopped
            if not answer:
                raise ChildDied(_way_of_ending(process.wait(_PATIENCE), self._said))
            return json.loads(answer)

    def close(self) -> None:
        """End the process, also in the middle of an answer."""
        self._is_closed = True
        process = self._process
        if process is None:
            return
        _end(process)
        with self._turn:
            self._clear(process)
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _living(self) -> subprocess.Popen[str]:
        if self._is_closed:
            raise Stopped
        if self._process is None or self._process.poll() is not None:
            if self._process is not None:
                self._clear(self._process)
            self._process = self._start()
        return self._process

    def _clear(self, process: "subprocess.Popen[str]") -> None:
        """Close what led to a process that has ended."""
        for pipe in (process.stdin, process.stdout, self._said):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what the dead process never read is lost
                    pipe.close()

    def _start(self) -> subprocess.Popen[str]:
        """The process, in a folder from which `python -m` finds this package, and out of reach of our Ctrl+C."""
        limits = {} if self._threads is None else dict.fromkeys(_THREAD_VARIABLES, str(self._threads))
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the pipes)
        return subprocess.Popen(
            self._command,
            cwd=Path(__file__).parents[2],
            env={**os.environ, **limits},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            encoding="ascii",
            start_new_session=True,
        )


def _exchange(process: "subprocess.Popen[str]", line: str, answers: "queue.SimpleQueue[str]") -> None:
    """Send a line, and put the answer where it is waited for; an empty one when the process died."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(line)
        process.stdin.flush()
        answers.put(process.stdout.readline())
    except (OSError, ValueError):
        answers.put("")


def _wait(process: "subprocess.Popen[str]", answers: "queue.SimpleQueue[str]", stop: threading.Event | None) -> str:
    """The answer; where `stop` is set before it is there, the process ends without one."""
    while stop is not None and not stop.is_set():
        try:
            return answers.get(timeout=_LOOK_SECONDS)
        except queue.Empty:
            continue
    if stop is not None:
        _end(process)
    return answers.get()


def _end(process: "subprocess.Popen[str]") -> None:
    """End the process and those that it started."""
    if process.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait(_PATIENCE)


def _way_of_ending(code: int, said: IO[bytes] | None) -> str:
    """How a process ended, with the last line that it wrote about it."""
    if code < 0:
        memory = ", as it does when memory runs out" if -code == signal.SIGKILL else ""
        return f"{signal.Signals(-code).name} ended it{memory}"
    lines = [] if said is None or said.closed else _end_of(said).splitlines()
    return f"it ended with code {code}" + (f" ({lines[-1].strip()})" if lines else "")


def _end_of(said: IO[bytes]) -> str:
    size = said.seek(0, os.SEEK_END)
    said.seek(max(0, size - _LAST_WORDS))
    return said.read().decode(errors="replace").strip()
