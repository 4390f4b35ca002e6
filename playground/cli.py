"""The command line: the window is its default, every other command is a module of `playground.commands`."""

import argparse
import difflib
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from playground import __version__
from playground.engine.problems import Problem

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
COMMANDS = ("train", "predict", "descend", "summary", "export", "script", "console", "card", "tour", "doctor")
MAY_BEGIN_WITH_MINUS = ("--start", "--function")
# The input was fine, and the work failed all the same.
RUN_FAILURES = frozenset(
    {
        *("unexpected", "loss-not-finite", "device-memory", "device-broken", "data-download"),
        *("export-child", "export-failed", "export-unproved"),
    }
)


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose complaints are one sentence."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message.rstrip('.')} (see {self.prog} --help)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments after the program's name; those of this process when left out.

    Returns
    -------
    int
        The exit code: 0 done, 1 the run failed, 2 bad input, 130 interrupted.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    _tolerate_narrow_terminals()
    try:
        if arguments and (arguments[0] in COMMANDS or arguments[0].startswith("-")):
            parsed = parser().parse_args(_bound(arguments))
            return _guarded(parsed.run, parsed)
        return _guarded(_window, arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


def parser() -> Parser:
    """The parser of every command, each with the `run` function that carries it out."""
    top = Parser(
        prog="torch-playground",
        description="A first PyTorch course, alive in one window.",
        usage="torch-playground [FILE]\n       torch-playground COMMAND ...",
        epilog="Without a command the window opens, with FILE in it where one is named.",
    )
    top.add_argument("--version", action="version", version=f"torch-playground {__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True, prog=top.prog)
    for name in COMMANDS:
        module = import_module(f"playground.commands.{name}")
        command = commands.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_arguments(command)
        command.set_defaults(run=module.run, command=name, parser=command)
    return top


def exit_code(problem: Problem) -> int:
    """1 where the run failed, 2 where the input was bad."""
    return FAILED if problem.code in RUN_FAILURES else BAD_INPUT


def _window(arguments: list[str]) -> int:
    if arguments and not Path(arguments[0]).exists():
        near = difflib.get_close_matches(arguments[0], COMMANDS, n=1)
        if near:
            parser().error(f"{arguments[0]} is neither a command nor a file; did you mean {near[0]}?")
        raise Problem("file-missing", path=arguments[0])
    from playground.app import main as open_window

    return open_window(arguments)


def _bound(arguments: Sequence[str]) -> list[str]:
    """`--start -4,0` as `--start=-4,0`: argparse would take the value for an option."""
    bound: list[str] = []
    for argument in arguments:
        if bound and bound[-1] in MAY_BEGIN_WITH_MINUS and not argument.startswith("--"):
            bound[-1] += f"={argument}"
        else:
            bound.append(argument)
    return bound


def _guarded(run: Callable[[Any], int], arguments: Any) -> int:
    """The only place that turns what a command raises into a sentence and an exit code."""
    try:
        return run(arguments)
    except Problem as problem:
        return _refuse(problem, arguments)
    except BrokenPipeError:
        # Whoever read our lines has gone; Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        return _refuse(_unexpected(error, getattr(arguments, "command", "the window")), arguments)


def _refuse(problem: Problem, arguments: Any) -> int:
    from playground.commands.output import say_json

    if getattr(arguments, "json", False):
        say_json("error", code=problem.code, message=problem.sentence)
    sys.stderr.write(f"{problem.sentence}\n")
    return exit_code(problem)


def _unexpected(error: Exception, what: str) -> Problem:
    """A fault of ours in one sentence, with the traceback kept in a file that the sentence names."""
    from playground.engine.folders import data_folder

    details = "".join(traceback.format_exception(error))
    detail = f"{type(error).__name__}: {error}".splitlines()[0]
    log = data_folder() / "last-error.txt"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(details, encoding="utf-8")
    except OSError:
        return Problem("unexpected", what=what, detail=detail, details=details)
    return Problem("unexpected", what=what, detail=f"{detail} (details in {log})", details=details)


def _tolerate_narrow_terminals() -> None:
    """A terminal that cannot show an arrow gets a question mark, not an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
