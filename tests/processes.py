"""Other processes, watched from a test."""

import threading
import time
from collections.abc import Callable
from pathlib import Path


def is_over(process: int | str) -> bool:
    """Whether a process that is not our child has ended, or waits to be reaped."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def until_true(condition: Callable[[], bool], patience: float = 20.0) -> bool:
    """Wait until it holds; a test that waits in vain fails."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end
        threading.Event().wait(0.01)
    return True
