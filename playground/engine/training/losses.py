"""The losses a document can name, as torch.nn.functional computes them."""

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from playground.engine.data.facts import Facts
from playground.engine.problems import Problem
from playground.engine.training.spec import LossSpec

LossFunction = Callable[[Tensor, Tensor], Tensor]

_FUNCTIONS: dict[str, Callable[..., Tensor]] = {
    "cross_entropy": F.cross_entropy,
    "nll": F.nll_loss,
    "mse": F.mse_loss,
    "l1": F.l1_loss,
    "kl_div": F.kl_div,
    "bce_with_logits": F.binary_cross_entropy_with_logits,
}
_TAKES_LABELS = ("cross_entropy", "nll")


def loss_function(spec: LossSpec, facts: Facts) -> LossFunction:
    """The loss as a function of outputs [B, outputs] and prepared targets.

    Raises
    ------
    Problem
        `loss-misfit` where the loss cannot compare with this data's targets.
    """
    if spec.name in _TAKES_LABELS and facts.task != "classification":
        raise _misfit(spec, facts, "it needs class labels; choose mse or l1")
    if spec.reduction == "batchmean" and spec.name != "kl_div":
        raise _misfit(spec, facts, "only kl_div knows the reduction batchmean; choose mean or sum")
    return partial(_FUNCTIONS[spec.name], reduction=spec.reduction)


def prepare_targets(spec: LossSpec, facts: Facts, targets: Tensor) -> Tensor:
    """The targets in the form the loss compares with: labels [N] as they are, or one-hot float [N, outputs]."""
    if facts.task == "classification" and spec.name not in _TAKES_LABELS:
        return F.one_hot(targets, facts.outputs).to(torch.float32)  # [N, outputs]
    return targets


def _misfit(spec: LossSpec, facts: Facts, detail: str) -> Problem:
    target = f"class labels 0 to {facts.outputs - 1}" if facts.task == "classification" else f"{facts.outputs} values"
    return Problem("loss-misfit", loss=spec.name, output=facts.outputs, target=target, detail=detail)
