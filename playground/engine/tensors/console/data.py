"""The document's data as the Dataset and DataLoader objects of course code, read when they are first used."""

from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from playground.engine.data.facts import describe
from playground.engine.data.sets import Split, load_present
from playground.engine.data.spec import DataSpec
from playground.engine.document import Document
from playground.engine.problems import Problem

Sample = tuple[Tensor, Tensor | int]


class Samples(Dataset[Sample]):
    """One split, normalised as training sees it: `samples[i]` is an input and its class number or target values.

    Indexing raises `Problem` (`data-missing`) where the data set is not on this machine.
    """

    def __init__(self, title: str, length: int, read: Callable[[], Split]) -> None:
        self._title = title
        self._length = length
        self._read = lru_cache(maxsize=1)(read)

    @property
    def data(self) -> Tensor:
        """All inputs: float32 [N, *shape]."""
        return self._read().inputs

    @property
    def targets(self) -> Tensor:
        """All class numbers (int64 [N]), or values (float32 [N, outputs])."""
        return self._read().targets

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: int) -> Sample:
        if not -self._length <= index < self._length:
            raise IndexError(f"index {index} is out of range for {self._length} samples")
        target = self.targets[index]
        return self.data[index].clone(), target.clone() if target.is_floating_point() else int(target)

    def __repr__(self) -> str:
        return f"{self._title}: {self._length:,} samples"


def data_objects(document: Document) -> dict[str, object]:
    """`train_db`, `test_db`, `train_loader` and `test_loader` as far as the document's data has such a split."""
    try:
        facts = describe(document.data)
    except Problem:  # the panel of the data says what is wrong with it
        return {}
    found: dict[str, object] = {}
    for name, length in (("train", facts.train), ("test", facts.test)):
        if length:
            samples = Samples(f"{facts.title}, {name}", length, _reader(document.data, name))
            found[f"{name}_db"] = samples
            size = document.training.batch_size
            found[f"{name}_loader"] = DataLoader(samples, batch_size=size, shuffle=name == "train")
    return found


def _reader(spec: DataSpec, name: str) -> Callable[[], Split]:
    def read() -> Split:
        # Drawing the points of a data set uses a generator of its own, and so disturbs nothing.
        with torch.no_grad():
            dataset = load_present(spec)
        split = dataset.train if name == "train" else dataset.test
        assert split is not None
        return split

    return read
