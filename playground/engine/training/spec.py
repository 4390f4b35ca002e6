"""How to train, as asked for."""

from typing import Annotated, Literal

from msgspec import Meta

from playground.engine.spec import Args, Spec

LossName = Literal["cross_entropy", "nll", "mse", "l1", "kl_div", "bce_with_logits"]
Reduction = Literal["mean", "sum", "batchmean"]
Device = Annotated[str, Meta(pattern=r"^(auto|cpu|mps|cuda(:\d+)?)\Z")]

EXPERT = ("foreach", "fused", "capturable", "differentiable")
"""Torch's own switches of its optimisers, which no form shows."""


class LossSpec(Spec, frozen=True):
    """The loss by its name in torch.nn.functional (`nll` and `mse` for `nll_loss` and `mse_loss`, and so on).

    For class labels, `mse`, `l1` and `bce_with_logits` compare with one-hot targets; `kl_div` compares
    log-probabilities with one-hot targets and alone knows "batchmean".
    """

    name: LossName = "cross_entropy"
    reduction: Reduction = "mean"


class OptimizerSpec(Spec, frozen=True):
    """An optimiser by its class name in torch.optim, with its own arguments (`lr` among them)."""

    name: str = "SGD"
    args: Args = Args(lr=0.01)


class ScheduleSpec(Spec, frozen=True):
    """A scheduler by its class name in torch.optim.lr_scheduler, moved on after every epoch or every step.

    Lengths left out (`total_steps` of OneCycleLR, `T_max` of CosineAnnealingLR) become those of the whole run.
    """

    name: str
    args: Args = Args()
    every: Literal["epoch", "step"] = "epoch"


class TrainingSpec(Spec, frozen=True):
    """Loss, optimiser and everything else that decides how the steps go.

    `device` "auto" is CUDA where there is one, else the CPU. `deterministic` asks torch for deterministic algorithms,
    which makes CUDA runs repeatable too, at a price.
    """

    loss: LossSpec = LossSpec()
    optimizer: OptimizerSpec = OptimizerSpec()
    schedule: ScheduleSpec | None = None
    batch_size: Annotated[int, Meta(ge=1, le=1_000_000)] = 64
    epochs: Annotated[int, Meta(ge=1, le=100_000)] = 3
    seed: Annotated[int, Meta(ge=0, lt=2**32)] = 0
    device: Device = "auto"
    deterministic: bool = False
