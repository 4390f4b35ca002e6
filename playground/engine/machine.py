"""CPU or CUDA, felt: the same matrix product and the same training step, timed on every device of this machine."""

import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from statistics import median

import torch
from torch import nn

from playground.engine import devices

MATRIX = 1024  # rows and columns
BATCH = 512
WARM_UPS = 3
REPEATS = 12


@dataclass(frozen=True, slots=True)
class Measurement:
    """Median milliseconds of one task on one device, and its GFLOP a second where the work is known."""

    device: str
    device_name: str
    task: str
    milliseconds: float
    gflops: float | None


def measure(stop: threading.Event) -> Generator[Measurement]:
    """Time each task on each device, synchronised before and after, so that no device gets away with queueing."""
    for name in devices.available():
        device = torch.device(name)
        for task, work, flops in _tasks(device):
            if stop.is_set():
                return
            seconds = _median_seconds(work, device)
            gflops = flops / seconds / 1e9 if flops else None
            yield Measurement(name, devices.title(device), task, 1000 * seconds, gflops)


def _tasks(device: torch.device) -> list[tuple[str, Callable[[], object], int | None]]:
    left, right = (torch.randn(MATRIX, MATRIX, generator=torch.Generator().manual_seed(n)).to(device) for n in (0, 1))
    step = _training_step(device)
    return [("matrix product", lambda: left @ right, 2 * MATRIX**3), ("training step", step, None)]


def _training_step(device: torch.device) -> Callable[[], None]:
    """Forward, loss, backward and update of the 784-256-64-10 net on a batch of 512."""
    net = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 10)).to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    inputs = torch.zeros(BATCH, 784, device=device)
    labels = torch.zeros(BATCH, dtype=torch.int64, device=device)

    def step() -> None:
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(inputs), labels).backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    return step


def _median_seconds(work: Callable[[], object], device: torch.device) -> float:
    for _ in range(WARM_UPS):
        work()
    return median(_seconds(work, device) for _ in range(REPEATS))


def _seconds(work: Callable[[], object], device: torch.device) -> float:
    _synchronise(device)
    began = time.perf_counter()
    work()
    _synchronise(device)
    return time.perf_counter() - began


def _synchronise(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
