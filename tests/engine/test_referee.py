"""The referee is plain PyTorch: for every preset the losses of the first 50 steps, bit for bit on the CPU.

The programs here are written by hand, as a course would write them; the generated scripts must agree as well.
"""

import gzip
import math
import runpy
import sys
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
import torchvision.datasets
from torch import nn

from playground.assets import resource
from playground.engine import presets
from playground.engine.data.augment import augment
from playground.engine.data.facts import describe
from playground.engine.data.sets import DataSet, Split, load, normalised
from playground.engine.document import replace
from playground.engine.scripts.program import script
from playground.engine.training.run import TrainingRun

# Fifty steps of the largest net take 10 s on two idle cores, and minutes on busy ones.
pytestmark = pytest.mark.timeout(900)

STEPS = 50
# The script's loop is the same at every step, and these take long ones.
FEWER_STEPS = {"lenet5": 15, "mnist-99": 15, "digit-cnn": 8, "two-conv": 15}
MNIST_FILES = tuple(f"{part}-{kind}-ubyte" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1"))


def fake_images(samples, shape, seed):
    """Bytes as the published sets have them, for those that are not on this machine."""
    draw = np.random.default_rng(seed)
    return draw.integers(0, 256, (samples, *shape), dtype=np.uint8), draw.integers(0, 10, samples)


FASHION = fake_images(7_000, (28, 28), 1)
CIFAR = fake_images(300, (32, 32, 3), 2)


# The data of each preset, plainly


@cache
def mnist():
    def content(name, header):
        return torch.frombuffer(
            bytearray(gzip.decompress(resource("mnist", f"{name}.gz").read_bytes())[header:]), dtype=torch.uint8
        )

    pixels = content("train-images-idx3-ubyte", 16).view(60_000, 1, 28, 28)
    return (pixels.float() / 255 - 0.1307) / 0.3081, content("train-labels-idx1-ubyte", 8).long()


def fashion():
    pixels, labels = FASHION
    return torch.from_numpy(pixels).view(-1, 1, 28, 28).float() / 255, torch.from_numpy(labels)


def cifar():
    pixels, labels = CIFAR
    return (torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous().float() / 255 - 0.5) / 0.5, torch.from_numpy(
        labels
    )


def noise(outputs):
    generator = torch.Generator().manual_seed(0)
    return torch.randn(1_000, 1, 32, 32, generator=generator), torch.randn(1_000, outputs, generator=generator)


def line():
    generator = torch.Generator().manual_seed(0)
    x = 2 * torch.rand(200, 1, generator=generator) - 1
    return x, 0.7 * x + 0.2 + 0.1 * torch.randn(200, 1, generator=generator)


def gaussians():
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(1_000) % 2
    clouds = (0.8 * labels - 0.4).unsqueeze(1) + 0.2 * torch.randn(1_000, 2, generator=generator)
    return clouds + 0.1 * torch.randn(1_000, 2, generator=generator), labels


def spirals():
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(1_500) % 3
    t = torch.rand(1_500, generator=generator).sqrt()
    radius, angle = 0.1 + 0.9 * t, 2 * math.pi * (1.25 * t + labels / 3)
    arms = torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)
    return arms + 0.03 * torch.randn(1_500, 2, generator=generator), labels


# The nets, plainly


def lenet(channels, padding=0):
    return nn.Sequential(
        *(nn.Conv2d(channels, 6, 5, padding=padding), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    )


def by_hand(init):
    layers = nn.Linear(784, 200), nn.Linear(200, 200), nn.Linear(200, 10)
    for layer in layers:
        with torch.no_grad():
            init(layer.weight)
            layer.bias.zero_()
    first, second, third = layers
    return nn.Sequential(nn.Flatten(), first, nn.ReLU(), second, nn.ReLU(), third, nn.ReLU())


def mnist_99():
    return nn.Sequential(
        *(nn.Conv2d(1, 8, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(8), nn.ReLU()),
        *(nn.Conv2d(8, 24, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(24), nn.ReLU()),
        *(nn.Conv2d(24, 64, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(1_600, 10)),
    )


def digit_cnn():
    def block(inputs, outputs):
        return nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()

    return nn.Sequential(
        *(*block(1, 24), *block(24, 32), nn.MaxPool2d(2)),
        *(*block(32, 48), *block(48, 64), nn.MaxPool2d(2)),
        *(*block(64, 96), nn.MaxPool2d(3, stride=2), nn.Flatten(), nn.Dropout(0.3), nn.Linear(864, 10)),
    )


def other_hands(x):
    changes = {"rotation": 12.0, "shear": 10.0, "shift": 2.0, "scale": 0.12, "thickness": 0.8}
    return augment(x, **changes, background=-0.1307 / 0.3081)


def one_hot_mse(outputs, labels):
    return F.mse_loss(outputs, F.one_hot(labels, 10).float())


def sgd(lr, momentum=0.0):
    return lambda net: torch.optim.SGD(net.parameters(), lr=lr, momentum=momentum)


def adam(net):
    return torch.optim.Adam(net.parameters(), lr=0.001)


def one_cycle(max_lr, total_steps):
    return lambda optimizer: torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr, total_steps)


# name: data, net, loss, optimiser, batch size, then scheduler and augmentation where there is one
PLAIN = {
    "mnist-mlp": (
        mnist,
        lambda: nn.Sequential(
            *(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 10))
        ),
        *(one_hot_mse, sgd(0.01, 0.9), 512),
    ),
    "mnist-logistic-3": (
        mnist,
        lambda: by_hand(lambda weight: weight.copy_(torch.randn(weight.shape))),
        *(F.cross_entropy, sgd(0.01), 200),
    ),
    "mnist-logistic-3-kaiming": (*(mnist, lambda: by_hand(nn.init.kaiming_normal_), F.cross_entropy, sgd(0.01), 200),),
    "fashion-mlp": (
        fashion,
        lambda: nn.Sequential(
            *(nn.Flatten(), nn.Linear(784, 128, bias=False), nn.ReLU()),
            *(nn.Linear(128, 10, bias=False), nn.LogSoftmax(dim=1)),
        ),
        *(F.nll_loss, sgd(0.15, 0.8), 128),
    ),
    "cifar10-lenet": (cifar, lambda: lenet(3), F.cross_entropy, sgd(0.001, 0.9), 4),
    "lenet5": (mnist, lambda: lenet(1, padding=2), F.cross_entropy, adam, 128, one_cycle(0.005, 6 * 469)),
    "lenet-1x32": (lambda: noise(10), lambda: lenet(1), F.mse_loss, sgd(0.01), 20),
    "two-conv": (
        lambda: noise(2),
        lambda: nn.Sequential(
            *(nn.Conv2d(1, 6, 3), nn.ReLU(), nn.Conv2d(6, 16, 3), nn.ReLU(), nn.Flatten()),
            *(nn.Linear(12_544, 512), nn.ReLU(), nn.Linear(512, 64), nn.ReLU(), nn.Linear(64, 2)),
        ),
        *(F.l1_loss, sgd(0.01), 20),
    ),
    "linear-regression": (line, lambda: nn.Sequential(nn.Linear(1, 1)), F.mse_loss, sgd(0.1), 20),
    "logistic-2d": (gaussians, lambda: nn.Sequential(nn.Linear(2, 2)), F.cross_entropy, sgd(0.5), 50),
    "mnist-99": (mnist, mnist_99, F.cross_entropy, adam, 128, one_cycle(0.01, 2 * 469)),
    "digit-cnn": (
        *(mnist, digit_cnn, F.cross_entropy),
        lambda net: torch.optim.AdamW(net.parameters(), lr=0.001, weight_decay=0.01),
        *(128, one_cycle(0.006, 14 * 469), other_hands),
    ),
    "spiral-mlp": (
        spirals,
        lambda: nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 3)),
        *(F.cross_entropy, lambda net: torch.optim.Adam(net.parameters(), lr=0.01), 50),
    ),
}


@cache
def plain_losses(name):
    """The first losses of the program written by hand; it runs once for both tests."""
    data, make_net, loss_fn, make_optimizer, batch_size, *rest = PLAIN[name]
    make_scheduler, change = (*rest, None, None)[:2]
    inputs, targets = data()
    torch.manual_seed(0)
    net = make_net()
    optimizer = make_optimizer(net)
    scheduler = make_scheduler(optimizer) if make_scheduler else None
    losses, epoch = [], 0
    while True:
        order = torch.randperm(len(inputs), generator=torch.Generator().manual_seed(epoch))  # 0 * 2**20 + epoch
        for rows in order.split(batch_size):
            x = change(inputs[rows]) if change else inputs[rows]
            optimizer.zero_grad()
            loss = loss_fn(net(x), targets[rows])
            loss.backward()
            optimizer.step()
            if scheduler:
                scheduler.step()
            losses.append(loss.item())
            if len(losses) == STEPS:
                return losses
        epoch += 1


def document(name):
    return replace(presets.preset(name), "training.device", "cpu")


def fake_dataset(facts, images):
    pixels, labels = images
    channels_first = pixels[:, None] if pixels.ndim == 3 else np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))
    split = Split(normalised(channels_first, facts), torch.from_numpy(labels))
    return DataSet(facts, split, None, Split(split.inputs[:100], split.targets[:100]))


def dataset(spec):
    fakes = {"fashion-mnist": FASHION, "cifar10": CIFAR}
    if getattr(spec, "name", "") in fakes:
        return fake_dataset(describe(spec), fakes[spec.name])
    preparing = load(spec)
    while True:
        try:
            next(preparing)
        except StopIteration as done:
            return done.value


@pytest.mark.parametrize("name", presets.names())
def test_the_engine_s_losses_are_those_of_plain_pytorch(name):
    asked = document(name)
    run = TrainingRun(asked, dataset(asked.data))
    for _ in range(STEPS):
        run.step()
    run.take_events()
    assert run.history.step_series("loss").tolist() == plain_losses(name)


@pytest.fixture(scope="module")
def downloaded(tmp_path_factory):
    """A folder with MNIST as torchvision leaves it."""
    folder = tmp_path_factory.mktemp("data")
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in MNIST_FILES:
        (raw / name).write_bytes(gzip.decompress(resource("mnist", f"{name}.gz").read_bytes()))
    return folder


@pytest.fixture
def without_network(monkeypatch):
    """torchvision's classes for the sets that are not on this machine, with what `data` and `targets` they have."""

    def stand_in(images):
        pixels, labels = images
        return (
            lambda root, train, download: SimpleNamespace(  # noqa: ARG005 (torchvision's signature)
                data=pixels if train else pixels[:100], targets=(labels if train else labels[:100]).tolist()
            )
        )

    monkeypatch.setattr(torchvision.datasets, "FashionMNIST", stand_in(FASHION))
    monkeypatch.setattr(torchvision.datasets, "CIFAR10", stand_in(CIFAR))


@pytest.mark.usefixtures("without_network")
@pytest.mark.parametrize("name", presets.names())
def test_the_script_s_losses_are_those_of_plain_pytorch(name, downloaded, tmp_path, monkeypatch):
    path, steps = tmp_path / "program.py", FEWER_STEPS.get(name, STEPS)
    path.write_text(script(document(name)), encoding="utf-8")
    data = ["--data", str(downloaded)] if "datasets" in path.read_text() else []
    monkeypatch.setattr(sys, "argv", [str(path), *data, "--steps", str(steps), "--out", str(tmp_path / "weights.pt")])
    ran = runpy.run_path(str(path), run_name="__main__")
    assert ran["losses"] == plain_losses(name)[:steps]
    saved = torch.load(tmp_path / "weights.pt", weights_only=True)
    assert all(torch.equal(saved[key], value) for key, value in ran["net"].state_dict().items())
