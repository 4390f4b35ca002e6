"""The batches of a training split, in the order of the seed law, from resident tensors."""

from dataclasses import dataclass

import torch
from torch import Tensor

from playground.engine.data.augment import augment
from playground.engine.data.sets import Split
from playground.engine.data.spec import Augment
from playground.engine.rng import epoch_order


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs [B, *shape], targets as the loss takes them, and the labels [B] (or values) as the data has them."""

    inputs: Tensor
    targets: Tensor
    labels: Tensor


class Batches:
    """Batch number `step` of the endless sequence of epochs; the last one of an epoch may be smaller.

    Parameters
    ----------
    split : Split
        The training split, N samples.
    targets : Tensor
        Its targets in the form of the loss: [N] or [N, outputs].
    background : float
        The value of empty ground after normalisation, for what augmentation moves in from outside.
    """

    def __init__(
        self, split: Split, targets: Tensor, size: int, seed: int, change: Augment | None, background: float
    ) -> None:
        self._split = split
        self._targets = targets
        self._size = size
        self._seed = seed
        self._change = change
        self._background = background
        self._order_of = -1
        self._order = torch.empty(0, dtype=torch.int64)
        self.per_epoch = -(-len(split.inputs) // size)

    def __getitem__(self, step: int) -> Batch:
        epoch, place = divmod(step, self.per_epoch)
        rows = self._epoch_order(epoch)[place * self._size : (place + 1) * self._size]
        inputs = self._split.inputs.index_select(0, rows)
        targets = self._targets.index_select(0, rows)
        same = self._targets is self._split.targets
        labels = targets if same else self._split.targets.index_select(0, rows)
        return Batch(self._augmented(inputs), targets, labels)

    def sizes(self) -> Tensor:
        """How many samples each batch of an epoch has: float64 [per_epoch]."""
        sizes = torch.full((self.per_epoch,), self._size, dtype=torch.float64)
        sizes[-1] = len(self._split) - self._size * (self.per_epoch - 1)
        return sizes

    def samples_before(self, step: int) -> int:
        """How many samples the steps before `step` saw."""
        epochs, place = divmod(step, self.per_epoch)
        return epochs * len(self._split) + place * self._size

    def _augmented(self, inputs: Tensor) -> Tensor:
        change = self._change
        if change is None:
            return inputs
        return augment(
            inputs,
            rotation=change.rotation,
            shear=change.shear,
            shift=change.shift,
            scale=change.scale,
            thickness=change.thickness,
            background=self._background,
        )

    def _epoch_order(self, epoch: int) -> Tensor:
        if epoch != self._order_of:
            order = epoch_order(len(self._split.inputs), self._seed, epoch)
            self._order = order.to(self._split.inputs.device)
            self._order_of = epoch
        return self._order
