"""What one output sees is what its gradient touches; formulas end in the size that torch gives."""

import pytest
import torch

from playground.engine.network.analysis import analyse
from playground.engine.network.builder import build
from playground.engine.network.sequence import branches, layer, repeat, residual, sequence


def conv(kernel, **args):
    return layer("Conv2d", in_channels=2, out_channels=2, kernel_size=kernel, **args)


STACKS = {
    "convolutions": (conv(5), conv(3, stride=2), conv(3, dilation=3, padding=2)),
    "pooling": (conv(3, padding=1), layer("AvgPool2d", kernel_size=3, stride=2), conv(3)),
    "not square": (conv((3, 5)), conv((5, 3), stride=(2, 1))),
    "same": (conv(4, padding="same"), conv(3)),
    "residual": (residual(conv(3, padding=1), conv(3, padding=1)), layer("Tanh"), conv(3, stride=2)),
    "uneven branches": (residual(conv(5, padding=2), shortcut=(conv(3, padding=1),)), conv(2)),
    "repeated": (repeat(3, conv(3, padding=1), layer("AvgPool2d", kernel_size=2)), conv(2)),
    "repeated alike": (repeat(4, conv(3, padding=1)),),
    "adaptive": (conv(3, padding=1), layer("AdaptiveAvgPool2d", output_size=8), conv(2)),
    "softmax over channels": (conv(3), layer("Softmax", dim=1)),
}


@pytest.mark.parametrize("name", STACKS)
def test_the_receptive_field_is_what_the_gradient_of_an_inner_output_touches(name):
    spec = sequence(*STACKS[name])
    torch.manual_seed(0)
    net, x = build(spec).double(), torch.randn(1, 2, 64, 64, dtype=torch.float64, requires_grad=True)
    y = net(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    touched = x.grad[0].ne(0).any(dim=0)  # [H, W]
    sides = [int(line.nonzero().max() - line.nonzero().min()) + 1 for line in (touched.any(dim=0), touched.any(dim=1))]
    assert analyse(spec, (2, 64, 64)).layers[-1].receptive_field == max(sides)


def test_where_outputs_have_no_place_in_the_picture_there_is_none():
    flat = sequence(conv(3), layer("Flatten"), layer("Linear", in_features=72, out_features=2))
    assert [one.receptive_field for one in analyse(flat, (2, 8, 8)).layers] == [3, None, None]
    mixed = sequence(layer("GroupNorm", num_groups=1, num_channels=2), conv(3))
    assert [one.receptive_field for one in analyse(mixed, (2, 8, 8)).layers] == [None, None]
    uneven = sequence(layer("AdaptiveAvgPool2d", output_size=3))
    assert analyse(uneven, (2, 8, 8)).layers[0].receptive_field is None


def test_branches_that_move_apart_have_none():
    spec = sequence(branches((conv(1, stride=2),), (layer("AdaptiveAvgPool2d", output_size=4), conv(1, padding=0))))
    assert analyse(spec, (2, 8, 8)).layers[0].receptive_field == 2
    spec = sequence(branches((conv(2),), (layer("AdaptiveAvgPool2d", output_size=7),)))
    assert analyse(spec, (2, 8, 8)).layers[0].receptive_field is None


FORMULAS = [
    (conv(5), (2, 32, 32), "N = (W - F + 2P)/S + 1 = (32 - 5 + 0)/1 + 1 = 28"),
    (conv(3, padding=1, stride=2), (2, 32, 32), "N = ⌊(W - F + 2P)/S⌋ + 1 = ⌊(32 - 3 + 2)/2⌋ + 1 = 16"),
    (conv(3, dilation=2), (2, 9, 9), "N = (W - (D(F - 1) + 1) + 2P)/S + 1 = (9 - (2(3 - 1) + 1) + 0)/1 + 1 = 5"),
    (
        conv((3, 5)),
        (2, 8, 8),
        "height: N = (W - F + 2P)/S + 1 = (8 - 3 + 0)/1 + 1 = 6\nwidth: N = (W - F + 2P)/S + 1 = (8 - 5 + 0)/1 + 1 = 4",
    ),
    (
        layer("MaxPool2d", kernel_size=2, ceil_mode=True),
        (2, 7, 7),
        "N = ⌈(W - F + 2P)/S⌉ + 1 = ⌈(7 - 2 + 0)/2⌉ + 1 = 4",
    ),
    (
        layer("ConvTranspose2d", in_channels=2, out_channels=1, kernel_size=4, stride=2, padding=1),
        (2, 7, 7),
        "N = (W - 1)S - 2P + D(F - 1) + P_out + 1 = (7 - 1) x 2 - 2 + 1(4 - 1) + 0 + 1 = 14",
    ),
    (layer("Linear", in_features=784, out_features=10), (784,), "784 x 10 + 10 = 7,850 parameters"),
    (layer("Linear", in_features=4, out_features=2, bias=False), (4,), "4 x 2 = 8 parameters"),
    (layer("Flatten"), (16, 5, 5), "N = 16 x 5 x 5 = 400"),
    (layer("ReLU"), (4,), ""),
]


@pytest.mark.parametrize(("node", "shape", "formula"), FORMULAS)
def test_the_formula_shows_how_the_size_comes_about(node, shape, formula):
    assert analyse(sequence(node), shape).layers[0].formula == formula


def test_a_formula_never_ends_in_another_size_than_torch_s():
    """Over kernels, strides, paddings, dilations and both roundings: most have one, and each is right."""
    told = 0
    for kernel in (1, 2, 3, 5):
        for stride in (1, 2, 3):
            for padding in {0, kernel // 2}:
                for up in (False, True):
                    node = layer("MaxPool2d", kernel_size=kernel, stride=stride, padding=padding, ceil_mode=up)
                    facts = analyse(sequence(node), (1, 11, 11)).layers[0]
                    real = build(sequence(node))(torch.zeros(1, 1, 11, 11)).shape[-1]
                    assert facts.output == (1, real, real)
                    assert not facts.formula or facts.formula.endswith(f"= {real}")
                    told += bool(facts.formula)
    assert told >= 36
