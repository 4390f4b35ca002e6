"""Random draws of a cell beside a run: each waits for the gap between two training steps."""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from playground.engine.gate import draws
from playground.engine.tensors.console.interrupts import Interrupts

_SEEDS = ("manual_seed", "seed", "initial_seed", "get_rng_state", "set_rng_state")
_DEVICE_SEEDS = ("manual_seed", "manual_seed_all", "seed", "seed_all", "get_rng_state", "set_rng_state")


class GuardedDraws(TorchDispatchMode):
    """Every operator that draws from a generator waits for its turn; costs about 6 us an operator."""

    def __init__(self, interrupts: Interrupts) -> None:
        super().__init__()
        self._interrupts = interrupts

    def __torch_dispatch__(
        self, func: Any, types: Sequence[type], args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        if args and isinstance(args[0], bool | int | float | complex):
            args = (_as_tensor(func, args[0]), *args[1:])
        if torch.Tag.nondeterministic_seeded not in func.tags:
            return func(*args, **(kwargs or {}))
        with self._interrupts.shielded(), draws:
            return func(*args, **(kwargs or {}))


@contextmanager
def guarded_seeds() -> Iterator[None]:
    """Inside, torch's functions that read or set the generators wait for their turn too, whoever calls them."""
    kept = [(module, name, getattr(module, name)) for module, name in _seed_functions()]
    for module, name, function in kept:
        setattr(module, name, _in_turn(function))
    try:
        yield
    finally:
        for module, name, function in kept:
            setattr(module, name, function)


def _as_tensor(func: Any, first: complex) -> Any:
    """The tensor that a number was: torch hands the 2 that `x * 2` saved for backward over as a plain number."""
    if str(func._schema.arguments[0].type) != "Tensor":
        return first
    wide = {float: torch.float64, complex: torch.complex128}
    return torch.tensor(first, dtype=wide.get(type(first)))


def _seed_functions() -> Iterator[tuple[Any, str]]:
    for module in (torch, torch.random):
        yield from ((module, name) for name in _SEEDS)
    yield from ((torch.cuda, name) for name in _DEVICE_SEEDS)


def _in_turn(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def waits(*args: Any, **kwargs: Any) -> Any:
        with draws:
            return function(*args, **kwargs)

    return waits
