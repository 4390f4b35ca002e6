"""Which optimisers go down a function of two numbers, and how they are built. Imports torch only to build one."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from playground.engine.descent.spec import COURSE_MOMENTUM
from playground.engine.network import catalogue
from playground.engine.network.catalogue import Argument, Entry
from playground.engine.problems import Problem
from playground.engine.training.spec import OptimizerSpec, ScheduleSpec

if TYPE_CHECKING:
    from torch import Tensor
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler

_REFUSALS = {
    "Muon": "it takes only matrices, and a point is a vector of two numbers; choose SGD with momentum",
    "SparseAdam": "it takes only sparse gradients, and a function of two numbers gives dense ones; choose Adam",
}


def refusal(name: str) -> str | None:
    """Why this optimiser of torch.optim cannot go down a function of two numbers; None where it can."""
    return _REFUSALS.get(name)


@lru_cache(maxsize=1)
def entries() -> Mapping[str, Entry]:
    """Every optimiser by name with its arguments: the course's momentum first, then torch.optim's, refused ones too."""
    course = {COURSE_MOMENTUM: _course_entry()}
    return course | {name: _entry(name, entry) for name, entry in catalogue.optimizers().items()}


def build(optimizer: OptimizerSpec, parameter: "Tensor") -> "Optimizer":
    """The optimiser over one parameter.

    Parameters
    ----------
    optimizer : OptimizerSpec
        Its name in torch.optim or `COURSE_MOMENTUM`, and its own arguments.
    parameter : Tensor
        Float [2], or [2, N] for many points at once.

    Raises
    ------
    Problem
        `descent-refused`, `optimizer-unknown` or `optimizer-argument`.
    """
    detail = refusal(optimizer.name)
    if detail is not None:
        raise Problem("descent-refused", name=optimizer.name, detail=detail)
    import torch

    from playground.engine.training.optimizers import construct

    stand_in = torch.zeros(2, device=parameter.device, dtype=parameter.dtype)
    return construct(_class(optimizer.name), optimizer, [parameter], stand_in, entries().get(optimizer.name))


def build_schedule(schedule: ScheduleSpec | None, optimizer: "Optimizer", steps: int) -> "LRScheduler | None":
    """The schedule of a run of `steps` steps, moved on after each; lengths left out become `steps`.

    Raises
    ------
    Problem
        `schedule-unknown` or `schedule-argument`.
    """
    if schedule is None:
        return None
    from playground.engine.training.optimizers import build_scheduler

    each_step = msgspec.structs.replace(schedule, every="epoch")
    return build_scheduler(each_step, optimizer, epochs=steps, steps_per_epoch=1, validates=True)


def _class(name: str) -> "type[Optimizer]":
    if name == COURSE_MOMENTUM:
        from playground.engine.descent.course_momentum import CourseMomentum

        return CourseMomentum
    from playground.engine.training.optimizers import optimizer_class

    return optimizer_class(name)


def _course_entry() -> Entry:
    rate = Argument("lr", 1e-3, ("float",), None, 0, None, "Learning rate.")
    momentum = Argument("momentum", 0.9, ("float",), None, 0, None, "Beta: how much of the last z stays.")
    return Entry(COURSE_MOMENTUM, "optimiser", (rate, momentum), "z = beta z + grad, w = w - lr z, as the course does.")


def _entry(name: str, entry: Entry) -> Entry:
    """The catalogue's entry with what is true of two numbers, which is not what is true of a network."""
    return Entry(name, entry.group, entry.arguments, entry.doc, refusal(name) or "")
