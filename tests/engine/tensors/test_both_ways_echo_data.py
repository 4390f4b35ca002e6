"""Lines for another data set, batch size, number of epochs and device: run, they make what the run trains on."""

from typing import Any

import pytest
import torch
from torch import nn

from playground.engine import document as documents
from playground.engine.data.facts import describe
from playground.engine.data.sets import load_present
from playground.engine.data.spec import Augment, DataSpec, Images, Points, RandomData
from playground.engine.document import Document
from playground.engine.tensors.both_ways.echo import lines
from playground.engine.training.spec import TrainingSpec

BEFORE = Document(data=Points(samples=40, test=10), training=TrainingSpec(device="cpu"))


def after(path: str, value: object, before: Document = BEFORE) -> tuple[str, ...]:
    return lines(before, documents.replace(before, path, value))


@pytest.mark.parametrize(
    "spec",
    [
        Points(name="circles", samples=30, test=12, noise=0.2, seed=4),
        Points(name="spirals", samples=30, test=12, classes=3, validation=6),
        Points(name="line", samples=20, test=0),
        RandomData(shape=(1, 4, 4), outputs=3, samples=24, test=8, seed=2),
    ],
    ids=lambda spec: getattr(spec, "name", "random"),
)
def test_another_set_is_the_run_s_numbers(spec: DataSpec) -> None:
    objects: dict[str, Any] = {"torch": torch}
    for line in after("data", spec):
        exec(line, objects)
    wanted = load_present(spec)
    inputs, targets = (torch.stack(each) for each in zip(*objects["train_db"], strict=True))
    assert torch.equal(inputs, wanted.train.inputs)
    assert torch.equal(targets, wanted.train.targets)
    assert ("test_db" in objects) == (wanted.test is not None)
    assert objects["x"].shape == (min(BEFORE.training.batch_size, describe(spec).train), *describe(spec).shape)


def test_images_are_read_as_course_code_reads_them() -> None:
    first, *loaders, batch = after("data", Images(folder="my 'data'", validation=5000))
    assert first.splitlines() == [
        "from torchvision import datasets, transforms",
        "transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])",
        """train_db = datasets.MNIST("my 'data'", train=True, download=True, transform=transform)""",
        """test_db = datasets.MNIST("my 'data'", train=False, download=True, transform=transform)""",
        "train_db = torch.utils.data.Subset(train_db, range(55000))",
    ]
    assert len(loaders) == 2
    assert batch == "x, y = next(iter(train_loader))"
    assert "Normalize" not in after("data", Images(normalisation="unit"))[0]
    moved = documents.replace(BEFORE, "data", Images())
    assert after("data", Images(augment=Augment(shift=2)), moved) == ()


def test_batch_size_epochs_and_device_are_these_lines() -> None:
    assert after("training.batch_size", 5) == (
        "train_loader = torch.utils.data.DataLoader(train_db, batch_size=5, shuffle=True)",
        "test_loader = torch.utils.data.DataLoader(test_db, batch_size=5)",
    )
    assert after("training.epochs", 9) == ("epochs = 9",)
    objects: dict[str, Any] = {"torch": torch, "net": nn.Linear(2, 2)}
    for line in after("training.device", "auto"):
        exec(line, objects)
    assert next(objects["net"].parameters()).device.type == objects["device"].type
