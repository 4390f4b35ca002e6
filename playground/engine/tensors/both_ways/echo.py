"""What an edit in the window did as PyTorch lines, such as one would type them in the console. Needs no torch."""

import math
from collections.abc import Iterator

from playground.engine.data.facts import describe
from playground.engine.document import Document
from playground.engine.network.catalogue import optimizers, schedulers
from playground.engine.problems import Problem
from playground.engine.scripts.calls import call, keywords
from playground.engine.scripts.training import known, missing_length
from playground.engine.tensors.both_ways.echo_data import data_lines
from playground.engine.tensors.both_ways.echo_network import network_lines
from playground.engine.training.spec import LossName, LossSpec, OptimizerSpec, TrainingSpec

_LOSSES: dict[LossName, str] = {
    "cross_entropy": "CrossEntropyLoss",
    "nll": "NLLLoss",
    "mse": "MSELoss",
    "l1": "L1Loss",
    "kl_div": "KLDivLoss",
    "bce_with_logits": "BCEWithLogitsLoss",
}
_SAME_OPTIMIZER = 'optimizer.param_groups[0]["params"] = list(net.parameters())'


def lines(before: Document, after: Document) -> tuple[str, ...]:
    """The lines that do to `net`, `optimizer`, `scheduler` and `loss_fn` what the edit does to a run.

    Data, batch size, epochs and device become `train_db`, `train_loader`, `epochs`, `device` and their like. The lines
    run where `torch`, `nn`, `F`, `net` and `optimizer` are known; one of them may be a statement over several
    lines. What has no line (title, descent) gives none, and neither does an edit after which there is no
    network or optimiser to make, for nothing was done to the live ones then.
    """
    try:
        return tuple(_lines(before, after))
    except Problem:
        return ()


def _lines(before: Document, after: Document) -> Iterator[str]:
    yield from data_lines(before, after)
    old, new = before.training, after.training
    if old.seed != new.seed:
        yield f"torch.manual_seed({new.seed})"
    if old.deterministic != new.deterministic:
        yield f"torch.use_deterministic_algorithms({new.deterministic})"
    network = network_lines(before.network, after.network)
    yield from network.lines
    if new.loss != old.loss:
        yield loss_line(new.loss)
    yield from _optimizer(old.optimizer, new.optimizer, rewired=network.rewired)
    if new.schedule != old.schedule or (new.schedule is not None and _is_new(old.optimizer, new.optimizer)):
        yield _schedule(after)


def loss_line(spec: LossSpec) -> str:
    """`loss_fn` made anew."""
    reduction = [] if spec.reduction == "mean" else [f"reduction={spec.reduction!r}"]
    return f"loss_fn = {call(f'nn.{_LOSSES[spec.name]}', reduction)}"


def optimizer_line(spec: OptimizerSpec) -> str:
    """`optimizer` made anew.

    Raises
    ------
    Problem
        `optimizer-unknown` or `optimizer-argument`.
    """
    known(spec.name, optimizers(), "optimizer-unknown")
    parts = ["net.parameters()", *keywords(spec.args, ("lr",), "optimizer-argument", spec.name)]
    return f"optimizer = {call(f'torch.optim.{spec.name}', parts)}"


def _optimizer(old: OptimizerSpec, new: OptimizerSpec, *, rewired: bool) -> Iterator[str]:
    """A new one where more than the rate differs; LBFGS remembers its parameters besides its groups."""
    if _is_new(old, new) or (rewired and new.name == "LBFGS"):
        yield optimizer_line(new)
        return
    if rewired:
        yield _SAME_OPTIMIZER
    if old != new:
        yield f'optimizer.param_groups[0]["lr"] = {_rate(new)!r}'


def _is_new(old: OptimizerSpec, new: OptimizerSpec) -> bool:
    return old.name != new.name or old.args.without("lr") != new.args.without("lr")


def _rate(spec: OptimizerSpec) -> object:
    return optimizers()[spec.name].complete(spec.args)["lr"]


def _schedule(document: Document) -> str:
    """The schedule from its beginning, with the length of the run where none was given."""
    training = document.training
    spec = training.schedule
    if spec is None:
        return "scheduler = None"
    entry = known(spec.name, schedulers(), "schedule-unknown")
    parts = ["optimizer", *keywords(spec.args, (), "schedule-argument", spec.name)]
    missing = missing_length(entry, spec)
    if missing:
        length = _steps(document, training) if spec.every == "step" else training.epochs
        parts.append(f"{missing}={length}")
    return f"scheduler = {call(f'torch.optim.lr_scheduler.{spec.name}', parts)}"


def _steps(document: Document, training: TrainingSpec) -> int:
    return training.epochs * math.ceil(describe(document.data).train / training.batch_size)
