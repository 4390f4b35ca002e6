"""Seeds, the states of torch's generators, and the other process-wide settings a run depends on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from playground.engine.gate import draws


def epoch_order(samples: int, seed: int, epoch: int) -> Tensor:
    """The order in which epoch `epoch` (from 0) visits the samples: int64 [samples], the same on every device."""
    return torch.randperm(samples, generator=torch.Generator().manual_seed(seed * 2**20 + epoch))


@contextmanager
def undrawn() -> Iterator[None]:
    """Inside, all is as ever; afterwards the default generators and process-wide settings are what they were before."""
    devices = range(torch.cuda.device_count()) if torch.cuda.is_initialized() else ()  # type: ignore[no-untyped-call]
    settings = _settings()
    try:
        with torch.random.fork_rng(devices=devices), torch.set_grad_enabled(torch.is_grad_enabled()):
            yield
    finally:
        _set(*settings)


@dataclass(frozen=True)
class GeneratorStates:
    """The states of the default generators: the CPU's, and that of the run's accelerator if it has one."""

    cpu: Tensor
    accelerator: Tensor | None = None

    @classmethod
    def capture(cls, device: torch.device) -> "GeneratorStates":
        """The states as they are now."""
        if device.type == "cuda":
            return cls(torch.get_rng_state(), torch.cuda.get_rng_state(device))
        if device.type == "mps":
            return cls(torch.get_rng_state(), torch.mps.get_rng_state())
        return cls(torch.get_rng_state())

    def apply(self, device: torch.device) -> None:
        """Make these the states of the process."""
        torch.set_rng_state(self.cpu)
        if self.accelerator is not None and device.type == "cuda":
            torch.cuda.set_rng_state(self.accelerator, device)
        elif self.accelerator is not None and device.type == "mps":
            torch.mps.set_rng_state(self.accelerator)


class RunContext:
    """The generator states and process-wide settings of one run, in force only inside `active()`.

    Whatever else happens in the process between two steps (a cell drawing random numbers, another dtype) neither
    disturbs the run nor is disturbed by it.
    """

    def __init__(self, device: torch.device, seed: int, *, deterministic: bool) -> None:
        self.device = device
        self._deterministic = deterministic
        with draws:
            before = GeneratorStates.capture(device)
            torch.manual_seed(seed)
            self.states = GeneratorStates.capture(device)
            before.apply(device)

    @contextmanager
    def active(self) -> Iterator[None]:
        """Swap the run's states and settings in, and what was there back afterwards; no cell draws meanwhile."""
        with draws, self._swapped():
            yield

    @contextmanager
    def _swapped(self) -> Iterator[None]:
        outside = GeneratorStates.capture(self.device)
        settings = _settings()
        self.states.apply(self.device)
        _set(torch.float32, 2 if self._deterministic else 0, "highest")
        try:
            with torch.enable_grad():
                yield
        finally:
            self.states = GeneratorStates.capture(self.device)
            outside.apply(self.device)
            _set(*settings)


def _settings() -> tuple[torch.dtype, int, str]:
    return torch.get_default_dtype(), torch.get_deterministic_debug_mode(), torch.get_float32_matmul_precision()


def _set(dtype: torch.dtype, deterministic: int, precision: str) -> None:
    """`deterministic` as torch's debug mode: 0 allows other algorithms, 1 warns of them, 2 refuses them."""
    if torch.get_default_dtype() is not dtype:
        torch.set_default_dtype(dtype)
    if torch.get_deterministic_debug_mode() != deterministic:
        torch.set_deterministic_debug_mode(deterministic)
    if torch.get_float32_matmul_precision() != precision:
        torch.set_float32_matmul_precision(precision)
