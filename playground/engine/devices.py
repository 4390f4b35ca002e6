"""The devices of this machine that torch can compute on."""

import contextlib
import platform
from pathlib import Path

import torch

from playground.engine.problems import Problem


def available() -> tuple[str, ...]:
    """Names of the devices, the CPU first: ("cpu", "cuda:0", ...)."""
    names = ["cpu", *(f"cuda:{index}" for index in range(torch.cuda.device_count()))]
    if torch.backends.mps.is_available():
        names.append("mps")
    return tuple(names)


def choose(name: str) -> torch.device:
    """The device that a document's `device` means here; "auto" takes the first accelerator, else the CPU.

    Raises
    ------
    Problem
        `device-missing`.
    """
    present = available()
    if name == "auto":
        return torch.device(present[1] if len(present) > 1 else "cpu")
    wanted = "cuda:0" if name == "cuda" else name
    if wanted not in present:
        raise Problem("device-missing", device=name, available=", ".join(present))
    return torch.device(wanted)


def title(device: torch.device) -> str:
    """What the device is called by its maker, as far as the system says."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return _processor()


def _processor() -> str:
    """The processor's name as Linux gives it, else what Python knows."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
