"""Networks to begin with: every node of them can be edited. Needs no torch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from playground.engine import presets
from playground.engine.data.facts import describe
from playground.engine.network.sequence import branches, layer, repeat, residual, sequence
from playground.engine.network.spec import Branches, Layer, NetworkSpec, Node
from playground.engine.problems import Problem

Shape = tuple[int, ...]
Nodes = tuple[Node, ...]


@dataclass(frozen=True)
class Template:
    """A network with what a menu says about it; `input` is the shape of one sample, `outputs` how many come out."""

    name: str
    title: str
    summary: str
    input: Shape
    outputs: int
    network: NetworkSpec


def names() -> tuple[str, ...]:
    """The templates' names in the order of the menu: the classics, then the nets of presets that are none of them."""
    return (*_CLASSICS, *_preset_names())


@cache
def template(name: str) -> Template:
    """The template of that name.

    Raises
    ------
    Problem
        `template-unknown`.
    """
    if name in _CLASSICS:
        return _CLASSICS[name]()
    if name not in names():
        raise Problem("template-unknown", name=name, known=", ".join(names()))
    document = presets.preset(name)
    facts = describe(document.data)
    return Template(name, document.title, presets.summary(name), facts.shape, facts.outputs, document.network)


@cache
def _preset_names() -> tuple[str, ...]:
    classics = {template(name).network for name in _CLASSICS}
    return tuple(name for name in presets.names() if presets.preset(name).network not in classics)


_RELU = layer("ReLU")
_FLATTEN = layer("Flatten")
_DROPOUT = layer("Dropout")


def _linear(inputs: int, outputs: int) -> Layer:
    return layer("Linear", in_features=inputs, out_features=outputs)


def _conv(inputs: int, outputs: int, kernel: int, **args: object) -> Layer:
    return layer("Conv2d", in_channels=inputs, out_channels=outputs, kernel_size=kernel, **args)


def _pool(kernel: int, **args: object) -> Layer:
    return layer("MaxPool2d", kernel_size=kernel, **args)


def _average(size: int) -> Layer:
    return layer("AdaptiveAvgPool2d", output_size=size)


def _normed(inputs: int, outputs: int, kernel: int, **args: object) -> Nodes:
    """A convolution without bias, for the batch norm behind it has one."""
    return (_conv(inputs, outputs, kernel, bias=False, **args), layer("BatchNorm2d", num_features=outputs))


def _mlp() -> Template:
    """Three linear layers."""
    net = sequence(_FLATTEN, _linear(784, 256), _RELU, _linear(256, 64), _RELU, _linear(64, 10))
    return Template("mlp", "MLP", "Three linear layers for 28 x 28 pictures.", (1, 28, 28), 10, net)


def _lenet5(name: str, size: int, padding: int) -> Template:
    """LeCun et al. 1998, with ReLU and maxima as is usual today."""
    first = _conv(1, 6, 5, padding=padding) if padding else _conv(1, 6, 5)
    net = sequence(
        *(first, _RELU, _pool(2), _conv(6, 16, 5), _RELU, _pool(2), _FLATTEN),
        *(_linear(400, 120), _RELU, _linear(120, 84), _RELU, _linear(84, 10)),
    )
    summary = f"The classic for digits of {size} x {size}: two convolutions, three linear layers."
    return Template(name, f"LeNet-5, {size} x {size}", summary, (1, size, size), 10, net)


def _alexnet() -> Template:
    """Krizhevsky 2014, as torchvision has it."""
    net = sequence(
        *(_conv(3, 64, 11, stride=4, padding=2), _RELU, _pool(3, stride=2)),
        *(_conv(64, 192, 5, padding=2), _RELU, _pool(3, stride=2)),
        *(_conv(192, 384, 3, padding=1), _RELU, _conv(384, 256, 3, padding=1), _RELU),
        *(_conv(256, 256, 3, padding=1), _RELU, _pool(3, stride=2), _average(6), _FLATTEN),
        *(_DROPOUT, _linear(9_216, 4_096), _RELU, _DROPOUT, _linear(4_096, 4_096), _RELU, _linear(4_096, 1_000)),
    )
    summary = "Five convolutions and three linear layers, which hold nearly all parameters."
    return Template("alexnet", "AlexNet, 224 x 224", summary, (3, 224, 224), 1_000, net)


def _alexnet_32() -> Template:
    net = sequence(
        *(_conv(3, 64, 3, stride=2, padding=1), _RELU, _pool(2), _conv(64, 192, 3, padding=1), _RELU, _pool(2)),
        *(_conv(192, 384, 3, padding=1), _RELU, _conv(384, 256, 3, padding=1), _RELU),
        *(_conv(256, 256, 3, padding=1), _RELU, _pool(2), _FLATTEN),
        *(_DROPOUT, _linear(1_024, 512), _RELU, _DROPOUT, _linear(512, 512), _RELU, _linear(512, 10)),
    )
    return Template(
        "alexnet-32", "AlexNet, 32 x 32", "AlexNet's order, scaled for small colour pictures.", (3, 32, 32), 10, net
    )


def _vgg_features(*stages: tuple[int, ...]) -> Nodes:
    """Convolutions of 3 x 3 with these channels, a pooling behind each stage (Simonyan and Zisserman 2014)."""
    nodes: list[Node] = []
    inputs = 3
    for stage in stages:
        for outputs in stage:
            nodes += (_conv(inputs, outputs, 3, padding=1), _RELU)
            inputs = outputs
        nodes.append(_pool(2))
    return tuple(nodes)


_VGG11 = ((64,), (128,), (256, 256), (512, 512), (512, 512))
_VGG16 = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))


def _vgg(name: str, title: str, stages: tuple[tuple[int, ...], ...]) -> Template:
    net = sequence(
        *(*_vgg_features(*stages), _average(7), _FLATTEN),
        *(_linear(25_088, 4_096), _RELU, _DROPOUT, _linear(4_096, 4_096), _RELU, _DROPOUT, _linear(4_096, 1_000)),
    )
    summary = "Stages of 3 x 3 convolutions: each halves the picture and widens the channels."
    return Template(name, f"{title}, 224 x 224", summary, (3, 224, 224), 1_000, net)


def _vgg11_32() -> Template:
    net = sequence(
        *(*_vgg_features((32,), (64,), (128, 128), (128, 128)), _FLATTEN),
        *(_linear(512, 256), _RELU, _DROPOUT, _linear(256, 10)),
    )
    return Template(
        "vgg11-32", "VGG-11, 32 x 32", "VGG's stages, narrower, for small colour pictures.", (3, 32, 32), 10, net
    )


def _inception(inputs: int, ones: int, threes: tuple[int, int], fives: tuple[int, int], pooled: int) -> Branches:
    """Four views of the same picture, side by side (Szegedy et al. 2014)."""
    return branches(
        (_conv(inputs, ones, 1), _RELU),
        (_conv(inputs, threes[0], 1), _RELU, _conv(threes[0], threes[1], 3, padding=1), _RELU),
        (_conv(inputs, fives[0], 1), _RELU, _conv(fives[0], fives[1], 5, padding=2), _RELU),
        (_pool(3, stride=1, padding=1), _conv(inputs, pooled, 1), _RELU),
    )


def _googlenet_32() -> Template:
    net = sequence(
        *(_conv(3, 64, 3, padding=1), _RELU, _inception(64, 32, (32, 48), (8, 16), 16)),
        *(_inception(112, 48, (32, 64), (8, 24), 24), _pool(3, stride=2, padding=1)),
        *(_inception(160, 64, (48, 96), (12, 32), 32), _pool(3, stride=2, padding=1)),
        *(_inception(224, 96, (64, 128), (16, 48), 48), _average(1), _FLATTEN, _DROPOUT, _linear(320, 10)),
    )
    summary = "Inception blocks: four parallel branches, joined along the channels."
    return Template("googlenet-style-32", "GoogLeNet style, 32 x 32", summary, (3, 32, 32), 10, net)


def _basic(inputs: int, outputs: int) -> Nodes:
    """Two convolutions and a way round them, projected where the shape changes (He et al. 2015)."""
    body = (*_normed(inputs, outputs, 3, padding=1), _RELU, *_normed(outputs, outputs, 3, padding=1))
    if inputs == outputs:
        return (residual(*body), _RELU)
    halved = (*_normed(inputs, outputs, 3, stride=2, padding=1), *body[2:])
    return (residual(*halved, shortcut=_normed(inputs, outputs, 1, stride=2)), _RELU)


def _stages(*channels: int) -> Nodes:
    first = repeat(2, *_basic(channels[0], channels[0]))
    return (first, *(node for a, b in pairwise(channels) for node in (*_basic(a, b), *_basic(b, b))))


def _resnet18() -> Template:
    net = sequence(
        *(*_normed(3, 64, 7, stride=2, padding=3), _RELU, _pool(3, stride=2, padding=1)),
        *(*_stages(64, 128, 256, 512), _average(1), _FLATTEN, _linear(512, 1_000)),
    )
    summary = "Eight residual blocks: the way round them keeps gradients alive."
    return Template("resnet18", "ResNet-18, 224 x 224", summary, (3, 224, 224), 1_000, net)


def _resnet18_small(name: str, channels: int, size: int) -> Template:
    net = sequence(
        *(*_normed(channels, 16, 3, padding=1), _RELU, *_stages(16, 32, 64, 128)),
        *(_average(1), _FLATTEN, _linear(128, 10)),
    )
    summary = f"The blocks of ResNet-18, a quarter as wide, for pictures of {size} x {size}."
    return Template(name, f"ResNet-18, {size} x {size}", summary, (channels, size, size), 10, net)


_CLASSICS: Mapping[str, Callable[[], Template]] = {
    "mlp": _mlp,
    "lenet5-28": lambda: _lenet5("lenet5-28", 28, 2),
    "lenet5-32": lambda: _lenet5("lenet5-32", 32, 0),
    "alexnet": _alexnet,
    "alexnet-32": _alexnet_32,
    "vgg11": lambda: _vgg("vgg11", "VGG-11", _VGG11),
    "vgg16": lambda: _vgg("vgg16", "VGG-16", _VGG16),
    "vgg11-32": _vgg11_32,
    "googlenet-style-32": _googlenet_32,
    "resnet18": _resnet18,
    "resnet18-32": lambda: _resnet18_small("resnet18-32", 3, 32),
    "resnet18-28": lambda: _resnet18_small("resnet18-28", 1, 28),
}
