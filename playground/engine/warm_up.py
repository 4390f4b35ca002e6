"""Import what takes seconds (torch, an optimiser, torchvision) before the first click needs it."""

from collections.abc import Generator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Warming:
    """A part of PyTorch is being made ready."""

    what: str


@dataclass(frozen=True, slots=True)
class Warm:
    """PyTorch is ready."""

    version: str
    threads: int
    devices: tuple[str, ...]
    names: tuple[str, ...]


def warm_up() -> Generator[Warming, None, Warm]:
    """Import torch and what it loads on first use; about ten seconds on a slow machine, once a process."""
    yield Warming("PyTorch")
    import torch

    yield Warming("the optimisers")
    torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    yield Warming("torchvision")
    import torchvision  # noqa: F401

    yield Warming("the layers")
    from playground.engine import devices, presets
    from playground.engine.network.analysis import analyse

    analyse(presets.preset("lenet5").network, (1, 28, 28))  # the first one imports for seconds
    present = devices.available()
    names = tuple(devices.title(torch.device(name)) for name in present)
    return Warm(torch.__version__, torch.get_num_threads(), present, names)
