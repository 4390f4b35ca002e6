"""Made-up networks for looking at the panels on their own: LeNet-5 and ResNet-18, with an error or without."""

from dataclasses import replace

from playground.widgets.common.arguments import Argument
from playground.widgets.network.details import Facts, LayerDetails, SourceText
from playground.widgets.network.rows import Hint, NodeRow, PaletteEntry, Repair, part

PRESETS = (
    ("", "MNIST", ""),
    ("lenet5", "LeNet-5", "LeCun's network of 1998 on MNIST."),
    ("mnist-mlp", "MLP on MNIST", "784-256-64-10 with ReLU."),
    ("", "Points in the plane", ""),
    ("spiral-mlp", "Spirals", "A small net that winds around."),
)
TEMPLATES = (
    ("lenet5-28", "LeNet-5 for 28 \u00d7 28", "Two convolutions and three linear layers."),
    ("resnet18", "ResNet-18", "Eight residual blocks, 224 \u00d7 224."),
)
PALETTE = (
    PaletteEntry("Linear", "linear", "Applies an affine linear transformation."),
    PaletteEntry("Embedding", "linear"),
    PaletteEntry("Conv1d", "convolution"),
    PaletteEntry("Conv2d", "convolution", "Applies a 2D convolution."),
    PaletteEntry("MaxPool2d", "pooling"),
    PaletteEntry("AvgPool2d", "pooling"),
    PaletteEntry("AdaptiveAvgPool2d", "pooling"),
    PaletteEntry("ReLU", "activation"),
    PaletteEntry("GELU", "activation"),
    PaletteEntry("Sigmoid", "activation"),
    PaletteEntry("BatchNorm2d", "normalisation"),
    PaletteEntry("Dropout", "dropout"),
    PaletteEntry("Flatten", "shape"),
    PaletteEntry("Residual", "blocks", "body(x) + shortcut(x)", "Residual"),
    PaletteEntry("Branches", "blocks", "Parallel branches, concatenated.", "Branches"),
    PaletteEntry("Repeat", "blocks", "The same layers several times.", "Repeat"),
)
REPAIRS = (
    Repair("Set in_features of layers[7] to 16 \u00d7 5 \u00d7 5 = 400.", -2_880, -5_760),
    Repair("Put AdaptiveAvgPool2d(6) before layers[6].", 0, None),
    Repair("Set padding of layers[3] to 2 and kernel_size of layers[5] to 3.", 0, 377_600),
)
HINTS = (
    Hint("relu3", "A ReLU is the last layer of a classifier: no class can have a negative logit.", "Remove it"),
    Hint("conv1", "The bias does nothing: batch norm behind it subtracts it again.", "Switch the bias off"),
    Hint("drop", "Dropout is in train mode while you look at predictions."),
    Hint("fc3", "Softmax stands before cross entropy, which applies it again.", "Remove it"),
)
CONV = (
    Argument("in_channels", ("int",), required=True, minimum=1, doc="Number of channels in the input image."),
    Argument("out_channels", ("int",), required=True, minimum=1, doc="Number of channels the convolution gives."),
    Argument("kernel_size", ("int", "pair"), required=True, minimum=1, doc="Size of the convolving kernel."),
    Argument("stride", ("int", "pair"), 1, minimum=1, doc="Stride of the convolution."),
    Argument("padding", ("text", "int", "pair"), 0, choices=("valid", "same"), minimum=0, doc="Padding added."),
    Argument("dilation", ("int", "pair"), 1, minimum=1, doc="Spacing between kernel elements."),
    Argument("groups", ("int",), 1, minimum=1, doc="Blocked connections from input to output channels."),
    Argument("bias", ("bool",), True, doc="Adds a learnable bias to the output."),
    Argument("padding_mode", ("text",), "zeros", choices=("zeros", "reflect", "replicate", "circular")),
)
DETAILS = LayerDetails(
    id="conv2",
    kind="Conv2d",
    path="layers[3]",
    summary="Applies a 2D convolution over an input signal composed of several input planes.",
    arguments=CONV,
    values={"in_channels": 6, "out_channels": 16, "kernel_size": 5},
    init="default",
    formula="N = (W - F + 2P)/S + 1 = (14 - 5 + 0)/1 + 1 = 10",
    facts=Facts("16 \u00d7 10 \u00d7 10", 1_600, 2_400, 16, 480_000, 14, 1_638_400, 256, ("3",)),
)
OWN = LayerDetails(
    id="own",
    kind="MyFlatten",
    path="layers[6]",
    summary="A layer written in Python.",
    source=SourceText(
        "MyFlatten",
        "class MyFlatten(nn.Module):\n    def forward(self, x):\n        return x.view(x.size(0), -1)\n",
        trusted=False,
    ),
    problem="layers[6] (MyFlatten) is code that this machine does not trust yet; read it, then trust it.",
)


def lenet(*, wrong: bool = False) -> tuple[NodeRow, ...]:
    """LeNet-5 on 28 x 28; `wrong` with a linear layer that does not fit."""
    layers = [
        _layer("conv1", "Conv2d 1 → 6, 5\u00d75, padding 2", (6, 28, 28), 156, 235_200),
        _layer("relu1", "ReLU", (6, 28, 28)),
        _layer("pool1", "MaxPool2d 2\u00d72", (6, 14, 14)),
        _layer("conv2", "Conv2d 6 → 16, 5\u00d75", (16, 10, 10), 2_416, 480_000),
        _layer("relu2", "ReLU", (16, 10, 10)),
        _layer("pool2", "MaxPool2d 2\u00d72", (16, 5, 5)),
        _layer("flat", "Flatten", (400,)),
        _layer("fc1", "Linear 400 → 120", (120,), 48_120, 96_000),
        _layer("relu3", "ReLU", (120,)),
        replace(_layer("drop", "Dropout 0.5", (120,)), enabled=False),
        replace(_layer("fc2", "Linear 120 → 84", (84,), 10_164, 20_160), frozen=True),
        _layer("fc3", "Linear 84 → 10", (10,), 850, 1_680),
    ]
    return _shared(_broken(layers) if wrong else layers)


def resnet() -> tuple[NodeRow, ...]:
    """ResNet-18 on 224 x 224, its blocks as residual rows."""
    rows = [
        _layer("stem", "Conv2d 3 → 64, 7\u00d77, stride 2, padding 3, no bias", (64, 112, 112), 9_408, 236_027_904),
        _layer("bn", "BatchNorm2d 64", (64, 112, 112), 128),
        _layer("relu", "ReLU", (64, 112, 112)),
        _layer("pool", "MaxPool2d 3\u00d73, stride 2, padding 1", (64, 56, 56)),
    ]
    sizes = [(64, 64, 56), (64, 64, 56), (64, 128, 28), (128, 128, 28)]
    sizes += [(128, 256, 14), (256, 256, 14), (256, 512, 7), (512, 512, 7)]
    for number, (given, channels, side) in enumerate(sizes):
        rows += [
            _basic_block(f"block{number}", given, channels, side),
            _layer(f"out{number}", "ReLU", (channels, side, side)),
        ]
    rows += [
        _layer("gap", "AdaptiveAvgPool2d 1", (512, 1, 1)),
        _layer("flat", "Flatten", (512,)),
        _layer("fc", "Linear 512 → 1000", (1000,), 513_000, 1_024_000),
    ]
    return _shared(rows)


def inception() -> tuple[NodeRow, ...]:
    """A stem, an Inception block repeated, and a classifier."""
    shape = (64, 32, 32)
    branches = [
        part(
            "inc", "branches[0]", "branch 1", [_layer("b1", "Conv2d 64 → 16, 1\u00d71", (16, 32, 32), 1_040, 2_097_152)]
        ),
        part(
            "inc",
            "branches[1]",
            "branch 2",
            [
                _layer("b2a", "Conv2d 64 → 24, 1\u00d71", (24, 32, 32), 1_560, 3_145_728),
                _layer("b2b", "Conv2d 24 → 32, 3\u00d73, padding 1", (32, 32, 32), 6_944, 14_155_776),
            ],
        ),
        part("inc", "branches[2]", "branch 3", [_layer("b3", "MaxPool2d 3\u00d73, stride 1, padding 1", shape)]),
    ]
    block = _block("inc", "Branches", "Branches, concatenated", (112, 32, 32), branches)
    repeat = replace(_block("rep", "Repeat", "Repeat \u00d7 3", (112, 32, 32), [block]), slot="body")
    return _shared([_layer("stem", "Conv2d 3 → 64, 3\u00d73, padding 1", shape, 1_792, 3_538_944), repeat])


def _basic_block(name: str, given: int, channels: int, side: int) -> NodeRow:
    shape = (channels, side, side)
    first, second = 9 * given * channels, 9 * channels * channels
    body = [
        _layer(f"{name}.c1", f"Conv2d {given} → {channels}, 3\u00d73", shape, first, 2 * first * side * side),
        _layer(f"{name}.n1", f"BatchNorm2d {channels}", shape, 2 * channels),
        _layer(f"{name}.r1", "ReLU", shape),
        _layer(f"{name}.c2", f"Conv2d {channels} → {channels}, 3\u00d73", shape, second, 2 * second * side * side),
        _layer(f"{name}.n2", f"BatchNorm2d {channels}", shape, 2 * channels),
    ]
    size = given * channels
    projection = [
        _layer(f"{name}.p", f"Conv2d {given} → {channels}, 1\u00d71, stride 2", shape, size, 2 * size * side * side),
        _layer(f"{name}.pn", f"BatchNorm2d {channels}", shape, 2 * channels),
    ]
    shortcut = projection if given != channels else []
    parts = [
        part(name, "body", "body", body),
        part(name, "shortcut", "shortcut" if shortcut else "shortcut: x", shortcut),
    ]
    return _block(name, "Residual", "Residual", shape, parts)


def _block(name: str, kind: str, label: str, shape: tuple[int, ...], inside: list[NodeRow]) -> NodeRow:
    held = [row for each in inside for row in (each.children if each.kind == "part" else (each,))]
    parameters, flops = sum(row.parameters or 0 for row in held), sum(row.flops or 0 for row in held)
    return NodeRow(name, label, kind, _text(shape), parameters, children=tuple(inside), flops=flops, shape=shape)


def _layer(name: str, label: str, shape: tuple[int, ...], parameters: int = 0, flops: int | None = None) -> NodeRow:
    return NodeRow(name, label, label.split(maxsplit=1)[0], _text(shape), parameters or None, flops=flops, shape=shape)


def _text(shape: tuple[int, ...]) -> str:
    return " \u00d7 ".join(map(str, shape))


def _broken(layers: list[NodeRow]) -> list[NodeRow]:
    sentence = "layers[7] (Linear) expects 784 features, gets 16 \u00d7 5 \u00d7 5 = 400."
    wrong = replace(layers[7], label="Linear 784 → 120", output="", shape=(), problem=sentence)
    return [*layers[:7], wrong, *(replace(each, output="", shape=()) for each in layers[8:])]


def _shared(rows: list[NodeRow]) -> tuple[NodeRow, ...]:
    parameters = sum(row.parameters or 0 for row in rows) or 1
    flops = sum(row.flops or 0 for row in rows) or 1
    return tuple(_with_shares(row, parameters, flops) for row in rows)


def _with_shares(row: NodeRow, parameters: int, flops: int) -> NodeRow:
    return replace(
        row,
        share=(row.parameters or 0) / parameters,
        flops_share=(row.flops or 0) / flops,
        children=tuple(_with_shares(each, parameters, flops) for each in row.children),
    )
