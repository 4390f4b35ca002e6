"""Writes down every step of one racer in tensors made once a block: a few microseconds a step."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.optim import LBFGS, Optimizer
from torch.optim.lr_scheduler import LRScheduler

from playground.engine.descent.events import PathSteps, Singles

ROWS = 512
"""The most rows of a block."""


class Recorder:
    """The rows of one block, each as things are before the step that leaves it.

    Value and gradient are new tensors in every step, so the block just keeps them; position and state change in place
    and are copied, all of a row at once.
    """

    def __init__(self, parameter: Tensor, optimizer: Optimizer, scheduler: LRScheduler | None) -> None:
        self._position = parameter.detach()
        self._optimizer = optimizer
        self._state = optimizer.state[parameter]
        self._replaces_state = isinstance(optimizer, LBFGS)
        self._cycled = _cycled(optimizer, scheduler)
        self._columns: dict[str, Tensor] = {}
        self._table = torch.empty(0, 0)
        self._rows: Iterator[Tensor] = iter(())
        self._sources: tuple[Tensor, ...] = ()
        self._values: list[Tensor] = []
        self._gradients: list[Tensor] = []
        self._rates: list[float] = []

    def open(self) -> None:
        """Begin a block, with columns for what the optimiser keeps by now."""
        self._values, self._gradients, self._rates = [], [], []
        self._columns = self._kept()
        self._sources = (self._position, *self._columns.values())
        width = sum(len(source) for source in self._sources)
        if self._table.shape[-1] != width:
            self._table = torch.empty(ROWS, width, dtype=torch.float32)
        self._rows = iter(self._table.unbind())

    def add(self, value: Tensor, gradient: Tensor) -> None:
        """One row: f and its gradient at the present position, and the state that led there."""
        if self._cycled or self._replaces_state:
            kept = self._kept()
            self._sources = (self._position, *(kept[name] for name in self._columns))
        self._values.append(value)
        self._gradients.append(gradient)
        self._rates.append(self._optimizer.param_groups[0]["lr"])
        torch.cat(self._sources, out=next(self._rows))

    @property
    def count(self) -> int:
        """Rows of this block so far."""
        return len(self._values)

    def close(self, racer: int, first: int) -> PathSteps:
        """The block as arrays, up to its first row that is not finite; it has one row at least."""
        table, values, gradients = self._table[: self.count], torch.stack(self._values), torch.stack(self._gradients)
        sound = _sound(torch.cat((table[:, :2], values[:, None], gradients), dim=1))
        return PathSteps(
            racer=racer,
            first=first,
            position=table[:sound, :2].numpy().copy(),
            value=values[:sound].numpy(),
            gradient=gradients[:sound].numpy(),
            rate=torch.tensor(self._rates[:sound], dtype=torch.float64).numpy(),
            state=self._states(table[:sound]),
        )

    def _kept(self) -> dict[str, Tensor]:
        """What the optimiser keeps, as vectors [1] or [2]; views of its tensors where it keeps tensors."""
        found = {name: _vector(value) for name, value in self._state.items()}
        if self._cycled:
            found[self._cycled] = _vector(_momentum(self._optimizer))
        return {name: vector for name, vector in found.items() if vector is not None}

    def _states(self, table: Tensor) -> dict[str, Singles]:
        """The columns of the block after the position, by name."""
        arrays, left = {}, 2
        for name, column in self._columns.items():
            width = len(column)
            part = table[:, left] if width == 1 else table[:, left : left + width]
            arrays[name], left = part.numpy().copy(), left + width
        return arrays


def _vector(value: object) -> Tensor | None:
    """A number or a tensor of one or two as a vector; None for what is neither."""
    if isinstance(value, Tensor):
        return value.detach().reshape(-1) if value.numel() in (1, 2) else None
    return torch.tensor([float(value)]) if isinstance(value, int | float) else None


def _cycled(optimizer: Optimizer, scheduler: LRScheduler | None) -> str:
    """What a schedule that moves the momentum too moves: the name of its column, or nothing."""
    if not getattr(scheduler, "cycle_momentum", False):
        return ""
    return "beta1" if "betas" in optimizer.param_groups[0] else "momentum"


def _momentum(optimizer: Optimizer) -> float:
    group = optimizer.param_groups[0]
    return float(group["betas"][0] if "betas" in group else group["momentum"])


def _sound(rows: Tensor) -> int:
    """How many rows come before the first one that is not finite."""
    finite = rows.isfinite().all(dim=1)
    return len(rows) if bool(finite.all()) else int(finite.logical_not().int().argmax())
