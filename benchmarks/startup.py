"""B8: from starting Python to the first painted window, ours against a bare one."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Row, Target, measure_pairs
from benchmarks.surroundings import user

BARE_ROUNDS = 2  # times as many pairs, for the disk's cache makes single starts differ


def first_painted_window(rounds: int) -> Iterator[Row]:
    """B8; raises where torch was imported before the window was painted."""
    with tempfile.TemporaryDirectory(prefix="playground-bytecode-") as bytecode:
        for which in ("playground", "bare"):
            _seconds(which, bytecode)  # the first start compiles, as a user's does
        pairs = measure_pairs(
            lambda: _seconds("playground", bytecode), lambda: _seconds("bare", bytecode), BARE_ROUNDS * rounds
        )
    what = "first painted window / bare PySide6 window with one plot; torch not yet imported"
    yield Row("B8", what, Target(1.3, at_least=False), pairs.ratios, pairs.behind("s"))


def _seconds(which: str, bytecode: str) -> float:
    """Seconds from starting the process to its word that it painted; compiled modules are kept in `bytecode`."""
    with tempfile.TemporaryDirectory(prefix="playground-start-") as home:
        began = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.first_paint", which],
            env={**os.environ, **user(Path(home)), "PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""},
            stdout=subprocess.PIPE,
            text=True,
        )
        said = child.communicate(timeout=120)[0]
        seconds = time.perf_counter() - began
    if json.loads(said)["torch"]:
        raise RuntimeError("torch was imported before the first paint")
    return seconds
