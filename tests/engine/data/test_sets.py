"""Data sets in memory: the same bits as torchvision's transforms, split by the law, kept, and stopped."""

import threading
import time

import numpy as np
import pytest
import torch
from torchvision import transforms

from playground.engine.data import images, sets
from playground.engine.data.download import Stopped
from playground.engine.data.facts import describe
from playground.engine.data.points import POINTS
from playground.engine.data.sets import load, normalised
from playground.engine.data.spec import Augment, Images, Points, RandomData


def returned(generator):
    events = []
    while True:
        try:
            events.append(next(generator))
        except StopIteration as end:
            return end.value, events


def test_mnist_loads_whole_quickly_and_equals_the_usual_transforms():
    start = time.perf_counter()
    dataset, events = returned(load(Images(validation=5_000)))
    seconds = time.perf_counter() - start
    assert seconds < 5  # about 1 s where nothing else runs
    assert {event.phase for event in events} == {"data", "preprocessing"}

    assert dataset.train.inputs.shape == (55_000, 1, 28, 28)
    assert dataset.train.inputs.dtype == torch.float32
    assert dataset.train.inputs.is_contiguous()
    assert torch.bincount(dataset.test.targets).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]

    raw, _ = returned(images.read(Images()))
    usual = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
    for place in range(100):
        assert torch.equal(dataset.train.inputs[place], usual(raw.train[0][place, 0].copy()))
        assert torch.equal(dataset.validation.inputs[place], usual(raw.train[0][55_000 + place, 0].copy()))
    assert torch.equal(dataset.validation.targets, torch.from_numpy(raw.train[1][55_000:]))


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist", "cifar10"])
@pytest.mark.parametrize("normalisation", ["standard", "unit", "symmetric"])
def test_every_normalisation_equals_torchvisions_bit_for_bit(name, normalisation):
    facts = describe(Images(name=name, normalisation=normalisation))
    channels = facts.shape[0]
    pixels = np.arange(256, dtype=np.uint8).repeat(channels).reshape(1, 16, 16, channels)
    usual = transforms.ToTensor()(pixels[0])
    if normalisation != "unit":
        usual = transforms.Normalize(facts.mean, facts.std)(usual)
    assert torch.equal(normalised(np.ascontiguousarray(pixels.transpose(0, 3, 1, 2)), facts)[0], usual)


def test_points_come_from_their_formula_first_the_training_set_then_the_test_set():
    spec = Points(name="spirals", classes=3, samples=300, test=60, validation=100, seed=7)
    dataset, _ = returned(load(spec))
    generator = torch.Generator().manual_seed(7)
    inputs, labels = POINTS["spirals"](300, 3, spec.noise, generator)
    test_inputs, test_labels = POINTS["spirals"](60, 3, spec.noise, generator)
    assert torch.equal(dataset.train.inputs, inputs[:200])
    assert torch.equal(dataset.validation.targets, labels[200:])
    assert torch.equal(dataset.test.inputs, test_inputs)
    assert torch.equal(dataset.test.targets, test_labels)


@pytest.mark.parametrize("name", POINTS)
def test_every_set_in_the_plane_matches_its_facts(name):
    dataset, _ = returned(load(Points(name=name, classes=4)))
    facts = dataset.facts
    assert dataset.train.inputs.shape == (facts.train, *facts.shape)
    if facts.task == "classification":
        assert sorted(set(dataset.train.targets.tolist())) == list(range(facts.outputs))
    else:
        assert dataset.train.targets.shape == (facts.train, facts.outputs)


def test_splits_that_were_not_asked_for_are_none():
    dataset, _ = returned(load(RandomData(shape=(3, 4), outputs=2, samples=20, test=0)))
    assert dataset.validation is None
    assert dataset.test is None
    assert dataset.train.inputs.shape == (20, 3, 4)
    assert dataset.train.targets.shape == (20, 2)
    assert dataset.facts.task == "regression"


def test_a_second_load_gives_the_same_tensors_and_augment_does_not_matter(monkeypatch):
    monkeypatch.setattr(sets, "_prepare", counted := _Counted(sets._prepare))
    first, _ = returned(load(Points(seed=1)))
    second, events = returned(load(Points(seed=1)))
    assert second is first
    assert [event.fraction for event in events] == [1.0, 1.0]
    returned(load(Points(seed=2)))
    returned(load(Points(seed=3)))
    assert returned(load(Points(seed=1)))[0] is not first  # only the last two are kept
    assert counted.calls == 4
    assert sets._key(Images(augment=Augment(shift=2.0))) == sets._key(Images())


class _Counted:
    def __init__(self, function):
        self.function, self.calls = function, 0

    def __call__(self, *args):
        self.calls += 1
        return self.function(*args)


def test_a_set_moves_to_a_device_with_all_its_splits():
    dataset, _ = returned(load(Points(validation=10)))
    moved = dataset.to("meta")
    for split in (moved.train, moved.validation, moved.test):
        assert split.inputs.device.type == split.targets.device.type == "meta"
    assert dataset.train.inputs.device.type == "cpu"


def test_stop_ends_the_loading_between_two_files():
    stop = threading.Event()
    loading = load(Images(), stop)
    next(loading)
    stop.set()
    with pytest.raises(Stopped):
        returned(loading)
