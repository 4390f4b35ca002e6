"""What this machine has, what the window lacks, and how to get it."""

import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from playground.libraries import missing_packages

PACKAGES = (
    "torch-playground",
    "torch",
    "torchvision",
    "PySide6-Essentials",
    "pyqtgraph",
    "PyOpenGL",
    "numpy",
    "safetensors",
    "msgspec",
)
PROBE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Window:
    """What a child process found: whether Qt can open a window here, with which platform plugin, and its OpenGL."""

    opens: bool
    platform: str | None
    opengl: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Torch:
    """What torch can compute on; `detail` says why it cannot be imported."""

    devices: tuple[str, ...]
    threads: int
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that the doctor looked at, and `advice`: one sentence for each thing to mend."""

    system: str
    python: str
    versions: dict[str, str | None]
    cores: int
    torch: Torch
    display: str | None
    window: Window
    data_folder: str
    data_folder_writable: bool
    missing_packages: tuple[str, ...]
    advice: tuple[str, ...]


def examine() -> Report:
    """Look at everything; takes some seconds, as torch and Qt are really loaded."""
    from playground.engine.folders import data_folder

    folder = data_folder()
    torch, window, display = _torch(), _window(), _display()
    missing = tuple(missing_packages())
    writable = is_writable(folder)
    return Report(
        system=platform.platform(),
        python=platform.python_version(),
        versions={name: _version(name) for name in PACKAGES},
        cores=os.cpu_count() or 1,
        torch=torch,
        display=display,
        window=window,
        data_folder=str(folder),
        data_folder_writable=writable,
        missing_packages=missing,
        advice=tuple(_advice(torch, window, display, missing, folder, writable=writable)),
    )


def is_writable(folder: Path) -> bool:
    """Whether a file can be made in the folder, or in the nearest parent that exists."""
    existing = next((parent for parent in (folder, *folder.parents) if parent.exists()), folder)
    try:
        with tempfile.TemporaryFile(dir=existing):
            return True
    except OSError:
        return False


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _torch() -> Torch:
    try:
        import torch as installed

        from playground.engine import devices
    except (ImportError, OSError) as error:
        return Torch((), 0, str(error).splitlines()[0])
    names = devices.available()
    described = tuple(f"{name} ({devices.title(installed.device(name))})" for name in names)
    return Torch(described, installed.get_num_threads(), "")


def _display() -> str | None:
    if sys.platform != "linux":
        return "the desktop"
    return os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or None


def _window() -> Window:
    """In a child process, as Qt ends the process where it finds no platform."""
    command = [sys.executable, "-m", "playground.window_probe"]
    try:
        child = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PROBE_SECONDS)
    except subprocess.TimeoutExpired:
        return Window(False, None, None, f"no answer within {PROBE_SECONDS} s")
    if child.returncode != 0:
        lines = [line for line in child.stderr.splitlines() if line.strip()]
        return Window(False, None, None, lines[0] if lines else f"it ended with {child.returncode}")
    found = json.loads(child.stdout.splitlines()[-1])
    return Window(True, found["platform"], found["opengl"], "")


def _advice(
    torch: Torch, window: Window, display: str | None, missing: tuple[str, ...], folder: Path, *, writable: bool
) -> list[str]:
    advice = []
    if missing:
        names = " ".join(missing)
        advice.append(f"The window needs these system packages: {names}. Install them: sudo apt-get install {names}")
    if display is None:
        advice.append(
            "There is no display: start in a desktop session, or draw the pictures of the tour with make run."
        )
    elif not window.opens and not missing:
        advice.append(f"Qt opens no window: {window.detail}")
    if window.opens and window.opengl is None:
        advice.append("There is no OpenGL, so contours stand in for 3-D views; a graphics driver brings them.")
    if torch.detail:
        advice.append(f"PyTorch cannot be imported: {torch.detail}. Reinstall torch.")
    if not writable:
        advice.append(f"{folder} cannot be written: mend its rights, or name another in TORCH_PLAYGROUND_DATA.")
    return advice
