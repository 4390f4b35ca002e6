"""Data sets as resident tensors: read once, normalised once, split, and kept for the next run."""

import threading
from collections import OrderedDict
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.engine.data import images
from playground.engine.data.download import check_stop
from playground.engine.data.facts import Facts, describe
from playground.engine.data.points import POINTS, random_data
from playground.engine.data.spec import DataSpec, Images, Points, RandomData
from playground.engine.folders import datasets_folder
from playground.engine.problems import Problem
from playground.engine.training.events import Preparing

KEPT = 2

_kept: "OrderedDict[tuple[DataSpec, Path], DataSet]" = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Split:
    """Samples and what is to be learned of them.

    `inputs` float32 [N, *shape], normalised; `targets` int64 [N] (classes) or float32 [N, outputs] (values).
    """

    inputs: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.inputs)

    def to(self, device: torch.device | str) -> "Split":
        """The same samples on a device."""
        return Split(self.inputs.to(device), self.targets.to(device))


@dataclass(frozen=True)
class DataSet:
    """A data set in memory; a split that was not asked for is None. The tensors are shared: never write to them."""

    facts: Facts
    train: Split
    validation: Split | None
    test: Split | None

    def to(self, device: torch.device | str) -> "DataSet":
        """The same set on a device."""
        return replace(
            self,
            train=self.train.to(device),
            validation=self.validation and self.validation.to(device),
            test=self.test and self.test.to(device),
        )


def load(
    spec: DataSpec, stop: threading.Event | None = None, *, download: bool = True
) -> Generator[Preparing, None, DataSet]:
    """Load a data set: a generator of `Preparing` events that returns the `DataSet`.

    Without `download`, a set that is not on this machine is `data-missing`.

    The last `KEPT` sets stay in memory, so the next run on one of them starts at once; `augment` does not count.

    Raises
    ------
    Problem
        `data-split`, `data-missing`, `data-download`, `data-corrupt`, or a problem of the disk.
    Stopped
        When `stop` is set.
    """
    facts = describe(spec)
    key = _key(spec)
    dataset = _recall(key)
    if dataset is None:
        if not download and isinstance(spec, Images) and not images.is_present(spec):
            raise Problem("data-missing", name=facts.title)
        dataset = yield from _prepare(spec, facts, stop)
        _keep(key, dataset)
    else:
        yield Preparing("data", 1.0)
        yield Preparing("preprocessing", 1.0)
    return dataset


def load_present(spec: DataSpec) -> DataSet:
    """The data set, loaded to the end without a word; one that is not on this machine is not downloaded.

    Raises
    ------
    Problem
        `data-missing`, or as `load`.
    """
    events = load(spec, download=False)
    while True:
        try:
            next(events)
        except StopIteration as end:
            dataset: DataSet = end.value
            return dataset


def forget() -> None:
    """Give the memory of the data sets kept back."""
    with _lock:
        _kept.clear()


def _prepare(spec: DataSpec, facts: Facts, stop: threading.Event | None) -> Generator[Preparing, None, DataSet]:
    check_stop(stop)
    yield Preparing("data", 0.0)
    if not isinstance(spec, Images):
        train, test = _generated(spec)
        yield Preparing("preprocessing", 1.0)
        return _split(facts, train, test)
    raw = yield from images.read(spec, stop)
    check_stop(stop)
    yield Preparing("preprocessing", 0.0)
    test = Split(normalised(raw.test[0], facts), torch.from_numpy(raw.test[1]))
    check_stop(stop)
    train = Split(normalised(raw.train[0], facts), torch.from_numpy(raw.train[1]))
    yield Preparing("preprocessing", 1.0)
    return _split(facts, train, test)


def normalised(pixels: NDArray[np.uint8], facts: Facts) -> Tensor:
    """Bytes [N, C, H, W] as float32, bit for bit what torchvision's ToTensor and Normalize give one by one."""
    values = torch.from_numpy(pixels.astype(np.float32)).div_(255)
    if facts.std == (1.0,) * len(facts.std):
        return values
    mean, std = (torch.tensor(figures).view(-1, 1, 1) for figures in (facts.mean, facts.std))  # [C, 1, 1]
    return values.sub_(mean).div_(std)


def _generated(spec: Points | RandomData) -> tuple[Split, Split]:
    generator = torch.Generator().manual_seed(spec.seed)
    if isinstance(spec, Points):
        draw = POINTS[spec.name]
        train, test = (draw(n, spec.classes, spec.noise, generator) for n in (spec.samples, spec.test))
    else:
        train, test = (random_data(n, spec.shape, spec.outputs, generator) for n in (spec.samples, spec.test))
    return Split(*train), Split(*test)


def _split(facts: Facts, train: Split, test: Split) -> DataSet:
    kept_apart = Split(train.inputs[facts.train :], train.targets[facts.train :])
    return DataSet(
        facts=facts,
        train=Split(train.inputs[: facts.train], train.targets[: facts.train]),
        validation=kept_apart if facts.validation else None,
        test=test if facts.test else None,
    )


def _key(spec: DataSpec) -> tuple[DataSpec, Path]:
    plain = msgspec.structs.replace(spec, augment=None) if isinstance(spec, Images) else spec
    return plain, datasets_folder()


def _recall(key: tuple[DataSpec, Path]) -> DataSet | None:
    with _lock:
        dataset = _kept.get(key)
        if dataset is not None:
            _kept.move_to_end(key)
        return dataset


def _keep(key: tuple[DataSpec, Path], dataset: DataSet) -> None:
    with _lock:
        _kept[key] = dataset
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
