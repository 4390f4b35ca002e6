"""`console`: the cells of a script in the console's own kernel, without the window."""

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING

from playground.commands.output import say, say_json
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
    from playground.engine.tensors.console.headless import run_script

    failed = False
    for result in run_script(text):
        failed |= bool(result.error)
        if arguments.json:
            values = asdict(result)
            say_json("cell", **{name: values[name] for name in FIELDS})
        else:
            _show(result)
    return int(failed)


def _read(file: str | None) -> str:
    data = sys.stdin.buffer.read() if file is None else read_bytes(file, LIMIT)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        detail = f"byte {error.start} is not UTF-8 text"
        raise Problem("file-unreadable", path=file or "the input", detail=detail) from error


def _show(result: "CellResult") -> None:
    """A cell as a Python session shows it."""
    for number, line in enumerate(result.code.splitlines()):
        say(f"{'...' if number else '>>>'} {line}")
    for text in (result.text, result.traceback or result.error):
        if text:
            say(text.rstrip("\n"))
    for line in result.note.splitlines():
        say(f"  | {line}")
