"""Where benchmarks run: as a fresh user, on a virtual screen where there is none, each in a process of its own."""

import importlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import Row


@contextmanager
def fresh_user() -> Iterator[Path]:
    """Settings and data in an empty folder, in this process and its children."""
    with tempfile.TemporaryDirectory(prefix="playground-bench-") as name, _environment(user(Path(name))):
        yield Path(name)


def user(home: Path) -> dict[str, str]:
    """The variables that make a folder a user's home, as far as the playground is concerned."""
    kinds = ("CONFIG", "DATA", "CACHE", "STATE")
    runtime = {"XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR", str(home))}
    return {"TORCH_PLAYGROUND_DATA": str(home / "data"), **{f"XDG_{kind}_HOME": str(home) for kind in kinds}, **runtime}


@contextmanager
def screen() -> Iterator[None]:
    """The user's screen, or a virtual one of 1600 x 1000 pixels."""
    if sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        yield
        return
    reader, writer = os.pipe()
    options = ["-displayfd", str(writer), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(["Xvfb", *options], pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as said, _environment({"DISPLAY": f":{said.readline().strip()}"}):
            yield
    finally:
        server.terminate()
        server.wait()


def rows_of(module: str, function: str, rounds: int) -> list[Row]:
    """All that one benchmark measures; its process has done its work afterwards."""
    measure: Callable[[int], Iterator[Row]] = getattr(importlib.import_module(f"benchmarks.{module}"), function)
    try:
        return list(measure(rounds))
    finally:
        _end_application()


def _end_application() -> None:
    """End Qt's application before its screen: OpenGL ends a process that has lost its display."""
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QCoreApplication

        application = QCoreApplication.instance()
        if application is not None:
            application.shutdown()


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
