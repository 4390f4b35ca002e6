"""What a net and its export are compared on: the test set where it is here, and random inputs that say so where not."""

import gzip
import math

import pytest
import torch

from playground.assets import resource
from playground.engine.data import images
from playground.engine.data.sets import load_present
from playground.engine.data.spec import Images, Points, RandomData
from playground.engine.export.proof.samples import samples_of
from playground.engine.problems import Problem


def content(name, header):
    return torch.frombuffer(
        bytearray(gzip.decompress(resource("mnist", f"{name}.gz").read_bytes())[header:]), dtype=torch.uint8
    )


def test_images_are_the_first_of_the_test_set():
    found = samples_of(Images())
    pixels = content("t10k-images-idx3-ubyte", 16).view(10_000, 1, 28, 28)[:1_000] / 255
    assert found.notes == ()
    assert found.data == "MNIST, the first of 10,000 test samples"
    assert torch.equal(found.pixels, pixels)
    assert torch.equal(found.inputs, (pixels - 0.1307) / 0.3081)
    assert torch.equal(found.targets, content("t10k-labels-idx1-ubyte", 8)[:1_000].long())


@pytest.mark.parametrize(("name", "title"), [("fashion-mnist", "FashionMNIST"), ("cifar10", "CIFAR-10")])
def test_a_set_that_is_not_here_gives_random_inputs_that_say_so(name, title):
    found = samples_of(Images(name=name))
    assert found.notes == (f"compared on random inputs: {title} is not on this machine",)
    assert found.targets is None
    assert found.pixels.min() >= 0
    assert found.pixels.max() <= 1
    assert torch.equal(found.inputs, samples_of(Images(name=name)).inputs)


def test_a_damaged_set_gives_random_inputs_that_say_why(monkeypatch):
    def damaged(_spec):
        raise Problem("data-corrupt", path="t10k", found="nonsense", wanted="images")
        yield

    monkeypatch.setattr(images, "read", damaged)
    (note,) = samples_of(Images()).notes
    assert "t10k is not the file it should be" in note
    assert not note.endswith(".")


def test_points_are_the_test_set():
    spec = Points(name="spirals", samples=50, test=20, classes=3)
    found, plain = samples_of(spec), load_present(spec)
    assert torch.equal(found.inputs, plain.test.inputs)
    assert torch.equal(found.targets, plain.test.targets)
    assert torch.equal(found.pixels, found.inputs)


def test_a_set_without_a_test_part_and_a_tiny_one_still_have_three_samples():
    assert samples_of(Points(samples=40, test=0)).data == "Two Gaussians, training set"
    assert len(samples_of(Points(samples=40, test=1))) == 3


def test_large_samples_are_few():
    found = samples_of(RandomData(shape=(3, 224, 224), outputs=10))
    assert 3 <= len(found) <= 2**22 / math.prod((3, 224, 224))
