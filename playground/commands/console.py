"""`console`: the cells of a script in the console's own kernel, without the window."""

import os
import sys
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, TextIO

from playground.commands.output import as_json, say
from playground.engine.files import read_bytes
from playground.engine.problems import Problem

if TYPE_CHECKING:
    from playground.engine.tensors.console.cells import CellResult

HELP = "Run a script cell by cell in the kernel of the tensor console; without FILE the script is read from the input."
LIMIT = 2**24  # bytes of a script
FIELDS = ("code", "text", "error", "note", "seconds")


def add_arguments(parser: ArgumentParser) -> None:
    """What `console` takes."""
    parser.add_argument(
        "file", metavar="FILE.py", nargs="?", help="cells begin with '# %%%%'; without such lines each statement is one"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a cell")


def run(arguments: Namespace) -> int:
    """Run every cell, also after one that failed; 1 where one did."""
    text = _read(arguments.file)
    if not arguments.json:
        return _run_cells(text, _show)
    with _kept_apart() as lines:
        return _run_cells(text, partial(_tell, lines))


def _run_cells(text: str, tell: "Callable[[CellResult], None]") -> int:
    from playground.engine.tensors.console.headless import run_script

    failed = False
    for result in run_script(text):
        failed |= bool(result.error)
        tell(result)
    return int(failed)


def _read(file: str | None) -> str:
    data = sys.stdin.buffer.read() if file is None else read_bytes(file, LIMIT)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        detail = f"byte {error.start} is not UTF-8 text"
        raise Problem("file-unreadable", path=file or "the input", detail=detail) from error


@contextmanager
def _kept_apart() -> Iterator[TextIO]:
    """Standard output for our lines alone: what threads and programs write there goes to standard error."""
    before = set(threading.enumerate())
    with ExitStack() as changed:
        lines = changed.enter_context(_descriptor_apart()) if _has_descriptors() else sys.stdout
        changed.enter_context(redirect_stdout(sys.stderr))
        yield lines
        for thread in set(threading.enumerate()) - before:  # Python waits for these at its end in any case
            if not thread.daemon:
                thread.join()


def _has_descriptors() -> bool:
    """Whether both streams are files of the system, not objects that stand in for them."""
    try:
        return sys.stdout.fileno() >= 0 and sys.stderr.fileno() >= 0
    except OSError:
        return False


@contextmanager
def _descriptor_apart() -> Iterator[TextIO]:
    sys.stdout.flush()
    descriptor = sys.stdout.fileno()
    kept = os.dup(descriptor)
    os.dup2(sys.stderr.fileno(), descriptor)
    try:
        with open(kept, "w", encoding="utf-8", closefd=False) as lines:
            yield lines
    finally:
        os.dup2(kept, descriptor)
        os.close(kept)


def _tell(lines: TextIO, result: "CellResult") -> None:
    values = asdict(result)
    say(as_json("cell", **{name: values[name] for name in FIELDS}), lines)


def _show(result: "CellResult") -> None:
    """A cell as a Python session shows it."""
    for number, line in enumerate(result.code.splitlines()):
        say(f"{'...' if number else '>>>'} {line}")
    for text in (result.text, result.traceback or result.error):
        if text:
            say(text.rstrip("\n"))
    for line in result.note.splitlines():
        say(f"  | {line}")
