"""Experiments to begin with: those of the course notes, as written there, and our own best ones. Needs no torch."""

from collections.abc import Callable, Mapping
from functools import cache

from playground.engine.data.spec import Augment, Images, Points, RandomData
from playground.engine.document import Document
from playground.engine.network.sequence import layer, sequence
from playground.engine.network.spec import Init, Layer, NetworkSpec
from playground.engine.problems import Problem
from playground.engine.spec import Args
from playground.engine.training.spec import LossSpec, OptimizerSpec, ScheduleSpec, TrainingSpec


def names() -> tuple[str, ...]:
    """The presets' names in the order of the menu."""
    return tuple(_PRESETS)


@cache
def preset(name: str) -> Document:
    """The document of a preset.

    Raises
    ------
    Problem
        `preset-unknown`.
    """
    if name not in _PRESETS:
        raise Problem("preset-unknown", name=name, known=", ".join(names()))
    return _PRESETS[name]()


def name_of(document: Document) -> str:
    """The preset whose data, network and training a document has; empty where it is none."""
    asked = document.title, document.data, document.network, document.training
    return next((name for name, each in _all() if (each.title, each.data, each.network, each.training) == asked), "")


def title(name: str) -> str:
    """The preset's name for people."""
    return preset(name).title


def summary(name: str) -> str:
    """One line about a preset, for the menu: what it shows.

    Raises
    ------
    Problem
        `preset-unknown`.
    """
    preset(name)
    return _SUMMARIES[name]


def _all() -> list[tuple[str, Document]]:
    return [(name, preset(name)) for name in _PRESETS]


def _linear(inputs: int, outputs: int, init: Init = "default", **args: object) -> Layer:
    return layer("Linear", init, in_features=inputs, out_features=outputs, **args)


def _conv(inputs: int, outputs: int, kernel: int, **args: object) -> Layer:
    return layer("Conv2d", in_channels=inputs, out_channels=outputs, kernel_size=kernel, **args)


def _norm(channels: int) -> Layer:
    return layer("BatchNorm2d", num_features=channels)


_FLATTEN = layer("Flatten")
_RELU = layer("ReLU")
_POOL = layer("MaxPool2d", kernel_size=2)


def _sgd(lr: float, momentum: float = 0.0) -> OptimizerSpec:
    return OptimizerSpec(name="SGD", args=Args(lr=lr, momentum=momentum) if momentum else Args(lr=lr))


def _one_cycle(max_lr: float, **args: object) -> ScheduleSpec:
    return ScheduleSpec(name="OneCycleLR", args=Args(max_lr=max_lr, **args), every="step")


def _mnist_mlp() -> Document:
    return Document(
        title="MNIST, MLP",
        data=Images(),
        network=sequence(_FLATTEN, _linear(784, 256), _RELU, _linear(256, 64), _RELU, _linear(64, 10)),
        training=TrainingSpec(loss=LossSpec(name="mse"), optimizer=_sgd(0.01, 0.9), batch_size=512, epochs=3),
    )


def _mnist_logistic_3() -> Document:
    return _raw_tensors("MNIST, three layers by hand", "normal")


def _mnist_logistic_3_kaiming() -> Document:
    return _raw_tensors("MNIST, three layers, Kaiming", "kaiming_normal")


def _raw_tensors(title: str, init: Init) -> Document:
    """The course's example with raw tensors; only the initial weights decide whether it learns."""
    return Document(
        title=title,
        data=Images(),
        network=sequence(
            _FLATTEN,
            _linear(784, 200, init),
            _RELU,
            _linear(200, 200, init),
            _RELU,
            _linear(200, 10, init),
            _RELU,
        ),
        training=TrainingSpec(optimizer=_sgd(0.01), batch_size=200, epochs=3),
    )


def _fashion_mlp() -> Document:
    return Document(
        title="FashionMNIST, MLP",
        data=Images(name="fashion-mnist", normalisation="unit"),
        network=sequence(
            _FLATTEN,
            _linear(784, 128, bias=False),
            _RELU,
            _linear(128, 10, bias=False),
            layer("LogSoftmax", dim=1),
        ),
        training=TrainingSpec(loss=LossSpec(name="nll"), optimizer=_sgd(0.15, 0.8), batch_size=128, epochs=5),
    )


def _lenet_trunk(channels: int, **first: object) -> tuple[Layer, ...]:
    """The two convolutions of LeNet-5 (LeCun et al. 1998), with ReLU and maxima as is usual today."""
    return (_conv(channels, 6, 5, **first), _RELU, _POOL, _conv(6, 16, 5), _RELU, _POOL, _FLATTEN)


def _lenet(channels: int, **first: object) -> NetworkSpec:
    head = (_linear(400, 120), _RELU, _linear(120, 84), _RELU, _linear(84, 10))
    return sequence(*_lenet_trunk(channels, **first), *head)


def _cifar10_lenet() -> Document:
    return Document(
        title="CIFAR-10, LeNet",
        data=Images(name="cifar10", normalisation="symmetric"),
        network=_lenet(3),
        training=TrainingSpec(optimizer=_sgd(0.001, 0.9), batch_size=4, epochs=2),
    )


def _lenet5() -> Document:
    return Document(
        title="MNIST, LeNet-5",
        data=Images(),
        network=_lenet(1, padding=2),
        training=TrainingSpec(
            optimizer=OptimizerSpec(name="Adam", args=Args(lr=0.001)),
            schedule=_one_cycle(0.005),
            batch_size=128,
            epochs=6,
        ),
    )


def _lenet_1x32() -> Document:
    return Document(
        title="Random data, LeNet",
        data=RandomData(shape=(1, 32, 32), outputs=10),
        network=_lenet(1),
        training=TrainingSpec(loss=LossSpec(name="mse"), optimizer=_sgd(0.01), batch_size=20, epochs=3),
    )


def _two_conv() -> Document:
    return Document(
        title="Random data, two convolutions",
        data=RandomData(shape=(1, 32, 32), outputs=2),
        network=sequence(
            *(_conv(1, 6, 3), _RELU, _conv(6, 16, 3), _RELU, _FLATTEN),
            *(_linear(12_544, 512), _RELU, _linear(512, 64), _RELU, _linear(64, 2)),
        ),
        training=TrainingSpec(loss=LossSpec(name="l1"), optimizer=_sgd(0.01), batch_size=20, epochs=3),
    )


def _linear_regression() -> Document:
    return Document(
        title="Linear regression",
        data=Points(name="line", samples=200, test=100),
        network=sequence(_linear(1, 1)),
        training=TrainingSpec(loss=LossSpec(name="mse"), optimizer=_sgd(0.1), batch_size=20, epochs=20),
    )


def _logistic_2d() -> Document:
    return Document(
        title="Logistic regression in the plane",
        data=Points(name="gaussians", noise=0.1),
        network=sequence(_linear(2, 2)),
        training=TrainingSpec(optimizer=_sgd(0.5), batch_size=50, epochs=10),
    )


def _spiral_mlp() -> Document:
    return Document(
        title="Spirals, MLP",
        data=Points(name="spirals", samples=1_500, test=600, classes=3, noise=0.03),
        network=sequence(_linear(2, 64), _RELU, _linear(64, 64), _RELU, _linear(64, 3)),
        training=TrainingSpec(optimizer=OptimizerSpec(name="Adam", args=Args(lr=0.01)), batch_size=50, epochs=20),
    )


def _mnist_99() -> Document:
    return Document(
        title="MNIST, 99 % soon",
        data=Images(),
        network=sequence(
            *(_conv(1, 8, 5, stride=2, padding=2, bias=False), _norm(8), _RELU),
            *(_conv(8, 24, 5, stride=2, padding=2, bias=False), _norm(24), _RELU),
            *(_conv(24, 64, 3, bias=False), _norm(64), _RELU),
            *(_FLATTEN, _linear(1_600, 10)),
        ),
        training=TrainingSpec(
            optimizer=OptimizerSpec(name="Adam", args=Args(lr=0.001)),
            schedule=_one_cycle(0.01),
            batch_size=128,
            epochs=2,
        ),
    )


def _digit_cnn() -> Document:
    return Document(
        title="Digits, CNN for other hands",
        data=Images(augment=Augment(rotation=12.0, shear=10.0, shift=2.0, scale=0.12, thickness=0.8)),
        network=sequence(
            *(_conv(1, 24, 3, padding=1, bias=False), _norm(24), _RELU),
            *(_conv(24, 32, 3, padding=1, bias=False), _norm(32), _RELU, _POOL),
            *(_conv(32, 48, 3, padding=1, bias=False), _norm(48), _RELU),
            *(_conv(48, 64, 3, padding=1, bias=False), _norm(64), _RELU, _POOL),
            *(_conv(64, 96, 3, padding=1, bias=False), _norm(96), _RELU, layer("MaxPool2d", kernel_size=3, stride=2)),
            *(_FLATTEN, layer("Dropout", p=0.3), _linear(864, 10)),
        ),
        training=TrainingSpec(
            optimizer=OptimizerSpec(name="AdamW", args=Args(lr=0.001, weight_decay=0.01)),
            schedule=_one_cycle(0.006),
            batch_size=128,
            epochs=14,
        ),
    )


_PRESETS: Mapping[str, Callable[[], Document]] = {
    "mnist-mlp": _mnist_mlp,
    "mnist-logistic-3": _mnist_logistic_3,
    "mnist-logistic-3-kaiming": _mnist_logistic_3_kaiming,
    "fashion-mlp": _fashion_mlp,
    "cifar10-lenet": _cifar10_lenet,
    "lenet5": _lenet5,
    "lenet-1x32": _lenet_1x32,
    "two-conv": _two_conv,
    "linear-regression": _linear_regression,
    "logistic-2d": _logistic_2d,
    "mnist-99": _mnist_99,
    "digit-cnn": _digit_cnn,
    "spiral-mlp": _spiral_mlp,
}

_SUMMARIES: Mapping[str, str] = {
    "mnist-mlp": "Three linear layers learn digits by mean squared error on one-hot targets.",
    "mnist-logistic-3": "Raw tensors with weights from randn: too large a start, it hardly learns.",
    "mnist-logistic-3-kaiming": "The same with Kaiming's initial weights: now it learns.",
    "fashion-mlp": "Clothes instead of digits: two layers without bias, log-softmax and NLL.",
    "cifar10-lenet": "Small colour pictures and two convolutions, in batches of four.",
    "lenet5": "The classic convolutional net reaches 99 % on digits.",
    "lenet-1x32": "LeNet on random numbers: shapes and speed, nothing to learn.",
    "two-conv": "Two convolutions without pooling on random numbers, with the L1 loss.",
    "linear-regression": "A straight line through noisy points.",
    "logistic-2d": "A straight border between two clouds of points.",
    "mnist-99": "A small net with batch norm: 99 % on digits in as few seconds as possible.",
    "digit-cnn": "The net behind the digit pad, trained on turned, moved and thickened digits.",
    "spiral-mlp": "A curved border between three spiral arms.",
}
