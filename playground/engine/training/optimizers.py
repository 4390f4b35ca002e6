"""Optimisers and schedulers by name, with their own arguments, from torch.optim itself."""

import difflib
import inspect
import warnings
from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.optim import Optimizer, lr_scheduler
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau

from playground.engine.network import catalogue
from playground.engine.network.arguments import complaint
from playground.engine.problems import Problem
from playground.engine.spec import Args
from playground.engine.training.spec import EXPERT, OptimizerSpec, ScheduleSpec

_REFUSALS = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError, AssertionError, RuntimeError)
_LARGEST_RATE = float(torch.finfo(torch.float32).max)


def build_optimizer(spec: OptimizerSpec, net: nn.Module) -> Optimizer:
    """The optimiser over the net's trainable parameters.

    Raises
    ------
    Problem
        `optimizer-unknown`, `optimizer-argument`, or `optimizer-refused` where it cannot train this net.
    """
    kind = optimizer_class(spec.name)
    trainable = {name: value for name, value in net.named_parameters() if value.requires_grad}
    if not trainable:
        raise Problem("optimizer-refused", name=spec.name, detail="it has no parameters to learn")
    if kind is torch.optim.SparseAdam:
        detail = "it takes only sparse gradients, and these layers give dense ones; choose Adam"
        raise Problem("optimizer-refused", name=spec.name, detail=detail)
    if kind is getattr(torch.optim, "Muon", None):
        _refuse_other_than_matrices(spec.name, trainable)
    device = next(iter(trainable.values())).device
    stand_in = torch.zeros(2, 2, device="cpu" if device.type == "meta" else device)  # meta refuses no number
    return construct(kind, spec, trainable.values(), stand_in, catalogue.optimizers().get(spec.name))


def optimizer_class(name: str) -> type[Optimizer]:
    """The class of torch.optim of that name.

    Raises
    ------
    Problem
        `optimizer-unknown`.
    """
    return _class_named(name, torch.optim, Optimizer, "optimizer-unknown")


def construct(
    kind: type[Optimizer],
    spec: OptimizerSpec,
    parameters: Iterable[Tensor],
    stand_in: Tensor,
    entry: catalogue.Entry | None,
) -> Optimizer:
    """`kind` over these parameters with the spec's arguments, after a step on a parameter like `stand_in`.

    Raises
    ------
    Problem
        `optimizer-argument`.
    """
    _check(spec.name, entry, spec.args.without(*EXPERT), "optimizer-argument")
    build: Callable[..., Optimizer] = kind
    try:
        _try_a_step(build, spec.args, nn.Parameter(stand_in))
        return build(parameters, **spec.args)
    except _REFUSALS as error:
        raise Problem("optimizer-argument", name=spec.name, detail=_told(error)) from error


def build_scheduler(
    spec: ScheduleSpec | None, optimizer: Optimizer, epochs: int, steps_per_epoch: int, *, validates: bool
) -> LRScheduler | None:
    """The scheduler, its length filled in from the run's where it was left out.

    Raises
    ------
    Problem
        `schedule-unknown`, `schedule-argument`, or `schedule-needs-validation`.
    """
    if spec is None:
        return None
    kind = _class_named(spec.name, lr_scheduler, LRScheduler, "schedule-unknown")
    if kind is ReduceLROnPlateau and (not validates or spec.every == "step"):
        raise Problem("schedule-needs-validation")
    length = epochs * steps_per_epoch if spec.every == "step" else epochs
    keywords = schedule_arguments(spec, kind, length)
    _check(spec.name, catalogue.schedulers().get(spec.name), Args(keywords), "schedule-argument")
    try:
        scheduler: LRScheduler = kind(optimizer, **keywords)
    except _REFUSALS as error:
        raise Problem("schedule-argument", name=spec.name, detail=_told(error)) from error
    _refuse_too_short(spec.name, scheduler, length)
    return scheduler


def move_on(scheduler: LRScheduler, *metric: float) -> None:
    """One step or epoch further; `metric` is the validation loss, for the scheduler that reads it.

    Raises
    ------
    Problem
        `schedule-argument` where its arguments lead to no rate.
    """
    name = type(scheduler).__name__
    try:
        scheduler.step(*metric)  # type: ignore[arg-type]
    except _REFUSALS as error:
        raise Problem("schedule-argument", name=name, detail=_told(error)) from error
    rate = float(scheduler.optimizer.param_groups[0]["lr"])
    if not abs(rate) <= _LARGEST_RATE:
        raise Problem("schedule-argument", name=name, detail=f"it leads to a learning rate of {rate:g}")


def catch_up(scheduler: LRScheduler, other: LRScheduler) -> None:
    """Move a new schedule on to where another of its kind is, so that it has the rates of its own optimiser there.

    Raises
    ------
    Problem
        As `move_on`.
    """
    if isinstance(scheduler, ReduceLROnPlateau):  # it follows the validation losses that it saw
        scheduler.load_state_dict(other.state_dict())
        return
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Detected call of .lr_scheduler.step")  # its optimiser is yet to step
        for _ in range(other.last_epoch):
            move_on(scheduler)


def schedule_arguments(spec: ScheduleSpec, kind: type, length: int) -> dict[str, object]:
    """The scheduler's keywords; `length` (steps or epochs) stands in for a length left out."""
    keywords: dict[str, object] = dict(spec.args)
    parameters = inspect.signature(kind).parameters
    given = {name for name, value in keywords.items() if value is not None}
    if "total_steps" in parameters and not given & {"total_steps", "epochs", "steps_per_epoch"}:
        keywords["total_steps"] = length
    if "T_max" in parameters and "T_max" not in given:
        keywords["T_max"] = length
    return keywords


def set_learning_rate(optimizer: Optimizer, scheduler: LRScheduler | None, rate: float) -> None:
    """Make `rate` the learning rate from the next step on; a schedule keeps its shape, scaled by the change.

    Raises
    ------
    Problem
        `optimizer-argument` for what is no rate.
    """
    if not 0 <= rate <= _LARGEST_RATE:
        detail = f"lr must be a number from 0 to {_LARGEST_RATE:g}, not {rate:g}"
        raise Problem("optimizer-argument", name=type(optimizer).__name__, detail=detail)
    for index, group in enumerate(optimizer.param_groups):
        old = float(group["lr"])
        scale = rate / old if old else 1.0
        for name in ("initial_lr", "max_lr", "min_lr"):
            if name in group:
                group[name] *= scale
        for name in ("base_lrs", "max_lrs"):
            if hasattr(scheduler, name):
                getattr(scheduler, name)[index] *= scale
        group["lr"] = rate


def _check(name: str, entry: catalogue.Entry | None, args: Args, code: str) -> None:
    """Refuse arguments of the wrong kind before torch does, whose words presume its source."""
    wrong = complaint(entry, args) if entry is not None else None
    if wrong is not None:
        raise Problem(code, name=name, detail=wrong)


def _refuse_other_than_matrices(name: str, trainable: dict[str, nn.Parameter]) -> None:
    others = [parameter for parameter, value in trainable.items() if value.ndim != 2]
    if others:
        detail = f"it takes only matrices, and {others[0]} has {trainable[others[0]].ndim} dimensions; choose AdamW"
        raise Problem("optimizer-refused", name=name, detail=detail)


def _try_a_step(build: Callable[..., Optimizer], args: Args, stand_in: nn.Parameter) -> None:
    """Some arguments are refused only by the first step, which must not be the run's."""

    def closure() -> float:
        stand_in.grad = torch.zeros_like(stand_in)
        return 0.0

    build([stand_in], **args).step(closure)


def _refuse_too_short(name: str, scheduler: LRScheduler, length: int) -> None:
    total = getattr(scheduler, "total_steps", length)
    if total < length:
        detail = f"it is over after {total} of {length} steps; leave total_steps, epochs and steps_per_epoch out"
        raise Problem("schedule-argument", name=name, detail=detail)


def _class_named(name: str, module: object, base: type, code: str) -> type:
    kind = getattr(module, name, None)
    if isinstance(kind, type) and issubclass(kind, base) and kind is not base:
        return kind
    known = [n for n, value in vars(module).items() if isinstance(value, type) and issubclass(value, base)]
    near = difflib.get_close_matches(name, [n for n in known if n != base.__name__], n=1, cutoff=0.0)[0]
    raise Problem(code, name=name, near=near)


def _told(error: Exception) -> str:
    text = str(error).replace(".__init__()", "")
    return text[:1].lower() + text[1:].rstrip(".")
