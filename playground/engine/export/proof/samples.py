"""The samples on which a net and its export are compared: real test data where this machine has them."""

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.engine.data import images
from playground.engine.data.facts import Facts, describe
from playground.engine.data.points import random_data
from playground.engine.data.sets import load_present, normalised
from playground.engine.data.spec import DataSpec, Images, RandomData
from playground.engine.problems import Problem

MOST = 1_000
MOST_VALUES = 2**22
LEAST = 3

T = TypeVar("T")


@dataclass(frozen=True)
class Samples:
    """Samples of a test set.

    `inputs` float32 [N, *shape] as the net takes them, `pixels` the same before they are normalised (in [0, 1]; the
    very inputs where there are no pixels), `targets` int64 [N] classes or float32 [N, outputs]; None where the inputs
    are random. `data` names them, `notes` say what a user should know of them.
    """

    inputs: Tensor
    pixels: Tensor
    targets: Tensor | None
    data: str
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.inputs)


def samples_of(spec: DataSpec) -> Samples:
    """Up to 1,000 test samples, fewer of large ones and at least 3; random ones where the set is not on this machine.

    Raises
    ------
    Problem
        `data-split`.
    """
    facts = describe(spec)
    most = min(MOST, max(LEAST, MOST_VALUES // math.prod(facts.shape)))
    if isinstance(spec, Images):
        return _of_images(spec, facts, most)
    if isinstance(spec, RandomData):
        inputs, targets = random_data(most, spec.shape, spec.outputs, torch.Generator().manual_seed(spec.seed))
        return Samples(inputs, inputs, targets, "random data")
    dataset = load_present(spec)
    split, name = (dataset.test, "test") if dataset.test else (dataset.train, "training")
    rows = torch.arange(max(LEAST, min(most, len(split)))) % len(split)
    called = _called(facts, name, len(rows), len(split))
    return Samples(split.inputs[rows], split.inputs[rows], split.targets[rows], called)


def _of_images(spec: Images, facts: Facts, most: int) -> Samples:
    why = f"{facts.title} is not on this machine"
    if images.is_present(spec):
        try:
            pixels, labels = _end_of(images.read(spec)).test
        except Problem as problem:
            why = problem.sentence.rstrip(".")
        else:
            targets = torch.from_numpy(labels[:most])
            return Samples(*_both(pixels[:most], facts), targets, _called(facts, "test", most, len(pixels)))
    drawn = np.random.default_rng(0).integers(0, 256, (most, *facts.shape), dtype=np.uint8)
    return Samples(*_both(drawn, facts), None, "random inputs", (f"compared on random inputs: {why}",))


def _called(facts: Facts, split: str, taken: int, there: int) -> str:
    """Which samples these are: an accuracy on the first thousand is not that on all."""
    return f"{facts.title}, {split} set" if taken >= there else f"{facts.title}, the first of {there:,} {split} samples"


def _both(pixels: NDArray[np.uint8], facts: Facts) -> tuple[Tensor, Tensor]:
    """The pixels normalised, and as ToTensor gives them."""
    return normalised(pixels, facts), torch.from_numpy(pixels.astype(np.float32)).div_(255)


def _end_of(events: Generator[object, None, T]) -> T:
    while True:
        try:
            next(events)
        except StopIteration as end:
            result: T = end.value
            return result
