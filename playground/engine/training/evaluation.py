"""Loss and accuracy of a net over a whole split."""

import torch
from torch import Tensor, nn

from playground.engine.data.sets import Split
from playground.engine.training.events import Score
from playground.engine.training.losses import LossFunction

CHUNK_VALUES = 2**22  # input values looked at in one go: 16 MiB, small enough to stay quick, large enough to be fast


def evaluate(
    net: nn.Module, split: Split, targets: Tensor, loss: LossFunction, *, sum_over: int | None = None
) -> Score:
    """The net's score in eval mode, without gradients; its mode is put back afterwards.

    Parameters
    ----------
    split : Split
        Inputs [N, *shape] and labels [N] (or values [N, outputs]).
    targets : Tensor
        The targets as the loss takes them.
    sum_over : int, optional
        For a loss that sums over the batch: the batch size to state the mean for, so that it can be compared with the
        losses of the steps. Without it the loss is the mean over the samples.
    """
    size = len(split.inputs)
    chunk = max(1, min(size, CHUNK_VALUES // max(1, split.inputs[0].numel())))
    was_training = net.training
    net.eval()
    try:
        with torch.inference_mode():
            parts = [_score(net, split, targets, loss, slice(at, at + chunk)) for at in range(0, size, chunk)]
    finally:
        net.train(was_training)
    counts = [min(chunk, size - at) for at in range(0, size, chunk)]
    if sum_over is None:
        mean = sum(float(part) * count for (part, _), count in zip(parts, counts, strict=True)) / size
    else:
        mean = sum(float(part) for part, _ in parts) / size * sum_over
    return Score(mean, sum(float(right) for _, right in parts) / size)


def correct(outputs: Tensor, labels: Tensor) -> Tensor:
    """How many outputs [B, classes] are largest at their label [B]; NaN where there are no labels. Shape []."""
    if labels.is_floating_point():
        return torch.tensor(float("nan"))
    return (outputs.argmax(dim=1) == labels).count_nonzero()


def _score(net: nn.Module, split: Split, targets: Tensor, loss: LossFunction, part: slice) -> tuple[Tensor, Tensor]:
    outputs = net(split.inputs[part])
    return loss(outputs, targets[part]), correct(outputs, split.targets[part])
