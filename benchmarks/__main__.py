"""`python -m benchmarks [B1 ...]`: measures, prints the table, and exits with 1 where a target was missed."""

import argparse
import multiprocessing
import os
import platform
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.measure import Row, table
from benchmarks.surroundings import fresh_user, rows_of, screen

ROUNDS = 5
REPORT = Path(__file__).resolve().parent.parent / "docs" / "BENCHMARKS.md"
ACCURACY = "accuracy"

# What measures each of them; B6 and B7 are measured in the same rounds.
BENCHMARKS = {
    "B1": ("training", "engine_against_tutorial_mlp"),
    "B2": ("training", "engine_against_bare_loop"),
    "B3": ("training", "engine_against_tutorial_lenet"),
    "B4": ("descent", "engine_against_tutorial"),
    "B5": ("basins", "starts_against_tutorial"),
    "B6": ("window", "window_while_training"),
    "B7": ("window", "window_while_training"),
    "B8": ("startup", "first_painted_window"),
    "B9": ("plots", "live_plot"),
    "B10": ("surface", "space_view"),
    "B11": ("digits", "stroke_to_answer"),
    "B12": ("console", "console_round_trip"),
    "B14": ("digits", "other_hands"),
    "B16": ("microscope", "watched_training"),
    "B17": ("analysis", "analyses"),
    "B18": ("variables", "refreshed_variables"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the named benchmarks, or all of them and write the report."""
    arguments = _parser().parse_args(argv)
    names = arguments.names or list(BENCHMARKS)
    with fresh_user(), screen():
        if names == [ACCURACY]:
            return _tell_accuracies()
        rows = _measured(names, arguments.rounds)
    _say(f"\n{table(rows)}")
    if not arguments.names:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(_report(rows, arguments.rounds), encoding="utf-8")
    return 0 if all(row.holds for row in rows) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    # argparse holds an empty list against the choices too.
    choices = [*BENCHMARKS, ACCURACY, []]
    parser.add_argument("names", nargs="*", metavar="NAME", choices=choices, help="B1, B2, ... or accuracy")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help="pairs measured at least (5)")
    return parser


def _measured(names: Sequence[str], rounds: int) -> list[Row]:
    """The rows of the named benchmarks, each told as soon as it is there."""
    rows: list[Row] = []
    for module, function in dict.fromkeys(BENCHMARKS[name] for name in names):
        # A process each: what one loads and starts (OpenMP's threads, OpenGL) is not to slow the next one down.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            found = process.submit(rows_of, module, function, rounds).result()
        for row in found:
            if row.name in names:
                rows.append(row)
                _say(f"{row.name}: {' | '.join(row.cells()[1:])}")
    return rows


def _tell_accuracies() -> int:
    from benchmarks.accuracy import accuracies

    for line in accuracies():
        _say(line)
    return 0


def _report(rows: Sequence[Row], rounds: int) -> str:
    return (
        "# Benchmarks\n\n"
        f"Written by `make bench`: both sides of a ratio in one process, in turn (A B A B), {rounds} pairs or more "
        "after one that warms up. The median is held against the target; the spread is the least and the largest "
        "value of a round.\n\n"
        f"{_machine()}\n\n{table(rows)}"
    )


def _machine() -> str:
    import PySide6
    import torch

    load = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    return (
        f"{platform.system()}, {_processor()}, {os.cpu_count()} cores{load}; Python {platform.python_version()}, "
        f"torch {torch.__version__} on {torch.get_num_threads()} threads, PySide6 {PySide6.__version__}."
    )


def _processor() -> str:
    """The processor's own name where the system tells it."""
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
