"""What a data set is like (shapes, classes, counts), known without loading it and without torch."""

from dataclasses import dataclass
from typing import Literal

from playground.engine.data.spec import DataSpec, Images, Points, RandomData
from playground.engine.problems import Problem

Task = Literal["classification", "regression"]

REGRESSIONS = ("plane", "line")
MANY_CLASSES = ("blobs", "spirals")


@dataclass(frozen=True, slots=True)
class Facts:
    """A data set in numbers.

    `shape` is one sample's; `outputs` counts the classes, or the values to predict. `train`, `validation` and `test`
    count samples. `mean` and `std` have one entry a channel and are what the images were normalised with; both are
    empty for points and random data.
    """

    title: str
    shape: tuple[int, ...]
    outputs: int
    task: Task
    classes: tuple[str, ...]
    train: int
    validation: int
    test: int
    mean: tuple[float, ...]
    std: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """A published set of images: `train` and `test` count images, `mean` and `std` are those of its pixels."""

    title: str
    shape: tuple[int, int, int]
    classes: tuple[str, ...]
    train: int
    test: int
    mean: tuple[float, ...]
    std: tuple[float, ...]


PUBLISHED: dict[str, Published] = {
    "mnist": Published(
        title="MNIST",
        shape=(1, 28, 28),
        classes=("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
        train=60_000,
        test=10_000,
        mean=(0.1307,),
        std=(0.3081,),
    ),
    "fashion-mnist": Published(
        title="FashionMNIST",
        shape=(1, 28, 28),
        classes=(
            *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
            *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
        ),
        train=60_000,
        test=10_000,
        mean=(0.2860,),
        std=(0.3530,),
    ),
    "cifar10": Published(
        title="CIFAR-10",
        shape=(3, 32, 32),
        classes=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        train=50_000,
        test=10_000,
        mean=(0.4914, 0.4822, 0.4465),
        std=(0.2470, 0.2435, 0.2616),
    ),
}

_POINTS = {
    "gaussians": "Two Gaussians",
    "circles": "Circles",
    "xor": "XOR",
    "spirals": "Spirals",
    "moons": "Moons",
    "blobs": "Blobs",
    "plane": "Plane",
    "line": "Noisy line",
}


def describe(spec: DataSpec) -> Facts:
    """The facts of the data set that `spec` asks for; nothing is loaded.

    Raises
    ------
    Problem
        `data-split` when the validation split leaves nothing to train on.
    """
    facts = _of_images(spec) if isinstance(spec, Images) else _of_generated(spec)
    if facts.train <= 0:
        available = facts.train + facts.validation
        raise Problem("data-split", validation=facts.validation, available=available)
    return facts


def _of_images(spec: Images) -> Facts:
    published = PUBLISHED[spec.name]
    channels = published.shape[0]
    mean, std = {
        "standard": (published.mean, published.std),
        "symmetric": ((0.5,) * channels, (0.5,) * channels),
        "unit": ((0.0,) * channels, (1.0,) * channels),
    }[spec.normalisation]
    return Facts(
        title=published.title,
        shape=published.shape,
        outputs=len(published.classes),
        task="classification",
        classes=published.classes,
        train=published.train - spec.validation,
        validation=spec.validation,
        test=published.test,
        mean=mean,
        std=std,
    )


def _of_generated(spec: Points | RandomData) -> Facts:
    title, shape, outputs, task = _of_points(spec) if isinstance(spec, Points) else _of_random(spec)
    return Facts(
        title=title,
        shape=shape,
        outputs=outputs,
        task=task,
        classes=tuple(map(str, range(outputs))) if task == "classification" else (),
        train=spec.samples - spec.validation,
        validation=spec.validation,
        test=spec.test,
        mean=(),
        std=(),
    )


def _of_points(spec: Points) -> tuple[str, tuple[int, ...], int, Task]:
    if spec.name in REGRESSIONS:
        return _POINTS[spec.name], (1,) if spec.name == "line" else (2,), 1, "regression"
    return _POINTS[spec.name], (2,), spec.classes if spec.name in MANY_CLASSES else 2, "classification"


def _of_random(spec: RandomData) -> tuple[str, tuple[int, ...], int, Task]:
    return "Random data", spec.shape, spec.outputs, "regression"
