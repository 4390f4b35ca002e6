"""What a net says of every test sample, and what that comes to: confusion, accuracies, mistakes, errors of values."""

import threading
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from playground.engine.data.download import check_stop
from playground.engine.data.facts import Facts
from playground.engine.data.sets import Split
from playground.engine.network.outputs import probabilities

CHUNK_VALUES = 2**20  # input values looked at in one go, so that a stop is heeded soon

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Classified:
    """Labels and predictions int64 [N], and the probability [N] that the net gave to its prediction.

    `confusion` [C, C] counts samples: rows are the true classes, columns the predicted ones.
    """

    labels: Ints
    predicted: Ints
    certainty: Floats
    confusion: Ints

    @property
    def right(self) -> int:
        """How many predictions are right."""
        return int(np.trace(self.confusion))

    @property
    def accuracy(self) -> float:
        """The share of right predictions."""
        return self.right / len(self.labels)

    @property
    def by_class(self) -> Floats:
        """The share of each class' own samples that were recognised [C]; NaN for a class without samples."""
        counts = self.confusion.sum(axis=1)
        return np.where(counts > 0, np.diagonal(self.confusion) / np.maximum(counts, 1), np.nan)

    def worst_mistakes(self, count: int) -> Ints:
        """Indices of the wrong predictions of which the net was most certain, the worst first."""
        wrong = np.flatnonzero(self.labels != self.predicted)
        order = np.argsort(-self.certainty[wrong], kind="stable")
        return wrong[order][:count]


@dataclass(frozen=True)
class Valued:
    """Targets and predictions of a regression, float64 [N, outputs]."""

    targets: Floats
    predicted: Floats

    @property
    def root_mean_square(self) -> float:
        """The root of the mean squared error."""
        return float(np.sqrt(np.mean((self.predicted - self.targets) ** 2)))

    @property
    def mean_absolute(self) -> float:
        """The mean absolute error."""
        return float(np.mean(np.abs(self.predicted - self.targets)))

    @property
    def explained(self) -> float:
        """R squared: the share of the targets' variance, around each output's mean, that is predicted."""
        left = np.sum((self.predicted - self.targets) ** 2)
        whole = np.sum((self.targets - self.targets.mean(axis=0)) ** 2)
        return float(1 - left / whole) if whole > 0 else float("nan")


Results = Classified | Valued


def results(
    net: nn.Module, split: Split, facts: Facts, stop: threading.Event | None = None
) -> Generator[float, None, Results]:
    """Predict a whole split; the events are the fraction that is done.

    Raises
    ------
    Stopped
        When `stop` is set.
    """
    outputs = yield from _outputs(net, split.inputs, stop)
    if facts.task == "regression":
        return Valued(_floats(split.targets.reshape(len(split), -1)), _floats(outputs.reshape(len(split), -1)))
    chosen = outputs.argmax(dim=1)  # [N]
    certainty = probabilities(net, outputs).gather(1, chosen.unsqueeze(1)).squeeze(1)  # [N]
    pairs = split.targets * facts.outputs + chosen
    confusion = torch.bincount(pairs, minlength=facts.outputs**2).reshape(facts.outputs, facts.outputs)
    return Classified(split.targets.numpy(), chosen.numpy(), _floats(certainty), confusion.numpy())


def _outputs(net: nn.Module, inputs: Tensor, stop: threading.Event | None) -> Generator[float, None, Tensor]:
    chunk = max(1, CHUNK_VALUES // max(1, inputs[0].numel()))
    parts: list[Tensor] = []
    for part in torch.split(inputs, chunk):
        check_stop(stop)
        with torch.inference_mode():
            parts.append(net(part))
        yield min(1.0, len(parts) * chunk / len(inputs))
    return torch.cat(parts)  # [N, outputs]


def _floats(values: Tensor) -> Floats:
    return values.double().numpy()
