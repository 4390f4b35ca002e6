"""A live loss as the loss of a document."""

import inspect
from typing import Any

import torch.nn.functional as F  # noqa: N812  its usual name
from torch import nn

from playground.engine.problems import Problem
from playground.engine.tensors.both_ways.likeness import likeness
from playground.engine.training.spec import LossName, LossSpec, Reduction

_CLASSES: dict[LossName, type[nn.Module]] = {
    "cross_entropy": nn.CrossEntropyLoss,
    "nll": nn.NLLLoss,
    "mse": nn.MSELoss,
    "l1": nn.L1Loss,
    "kl_div": nn.KLDivLoss,
    "bce_with_logits": nn.BCEWithLogitsLoss,
}
_FUNCTIONS: dict[LossName, Any] = {
    "cross_entropy": F.cross_entropy,
    "nll": F.nll_loss,
    "mse": F.mse_loss,
    "l1": F.l1_loss,
    "kl_div": F.kl_div,
    "bce_with_logits": F.binary_cross_entropy_with_logits,
}
_REDUCTIONS: tuple[Reduction, ...] = ("mean", "sum", "batchmean")


def read_loss(loss: object) -> LossSpec:
    """The loss of a module such as `nn.MSELoss()`, or of a function such as `F.mse_loss`.

    Raises
    ------
    Problem
        `console-loss` for one of its own, or with arguments besides its reduction.
    """
    for name, kind in _CLASSES.items():
        if loss is _FUNCTIONS[name]:
            return LossSpec(name=name)
        if type(loss) is kind:
            return _of_module(name, kind, loss)
    shown = type(loss).__name__ if isinstance(loss, nn.Module) else getattr(loss, "__name__", type(loss).__name__)
    known = ", ".join(f"nn.{kind.__name__}" for kind in _CLASSES.values())
    raise Problem("console-loss", detail=f"{shown} is none of the losses here; choose one of {known}")


def _of_module(name: LossName, kind: type[nn.Module], loss: Any) -> LossSpec:
    for reduction in _REDUCTIONS:
        if "reduction" in inspect.signature(kind).parameters and loss.reduction == reduction:
            if likeness(loss) == likeness(kind(reduction=reduction)):
                return LossSpec(name=name, reduction=reduction)
            detail = f"a document holds no argument of nn.{kind.__name__} besides its reduction; leave the others out"
            raise Problem("console-loss", detail=detail)
    detail = f"training needs one number, and reduction={loss.reduction!r} gives one for each sample; use mean or sum"
    raise Problem("console-loss", detail=detail)
