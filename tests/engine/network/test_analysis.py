"""Shapes and counts found without computing are those of the real thing; misfits are told at the layer."""

import pytest
import torch

from playground.engine.network.analysis import analyse
from playground.engine.network.builder import build
from playground.engine.network.sequence import layer, sequence

LENET = sequence(
    layer("Conv2d", in_channels=1, out_channels=6, kernel_size=5, padding=2),
    layer("BatchNorm2d", num_features=6),
    layer("ReLU"),
    layer("MaxPool2d", kernel_size=2),
    layer("Flatten"),
    layer("Dropout", p=0.25),
    layer("Linear", in_features=1176, out_features=10),
)


def outputs(spec, x):
    shapes = []
    for module in build(spec):
        x = module(x)
        shapes.append(tuple(x.shape[1:]))
    return shapes


EVERYTHING = [
    (LENET, (1, 28, 28)),
    (
        sequence(
            layer("Unflatten", dim=1, unflattened_size=(4, 7, 7)),
            layer("ConvTranspose2d", in_channels=4, out_channels=8, kernel_size=4, stride=2, padding=1),
            layer("GroupNorm", num_groups=2, num_channels=8),
            layer("SiLU"),
            layer("Dropout2d"),
            layer("Conv2d", in_channels=8, out_channels=3, kernel_size=(3, 5), padding="same"),
            layer("AvgPool2d", kernel_size=3, padding=1),
            layer("AdaptiveAvgPool2d", output_size=(2, None)),
            layer("Flatten", start_dim=2),
            layer("LayerNorm", normalized_shape=10),
            layer("Softmax", dim=-1),
        ),
        (196,),
    ),
    (
        sequence(
            layer("Conv1d", in_channels=2, out_channels=3, kernel_size=3, dilation=2),
            layer("BatchNorm1d", num_features=3),
            layer("MaxPool1d", kernel_size=2),
        ),
        (2, 20),
    ),
    (
        sequence(
            layer("Conv3d", in_channels=1, out_channels=2, kernel_size=3, stride=(1, 2, 2)),
            layer("MaxPool3d", kernel_size=2, ceil_mode=True),
        ),
        (1, 7, 9, 9),
    ),
]


@pytest.mark.parametrize(("spec", "shape"), EVERYTHING)
def test_shapes_and_counts_are_those_of_the_real_net(spec, shape):
    analysis = analyse(spec, shape)
    assert [layer.output for layer in analysis.layers] == outputs(spec, torch.zeros(2, *shape))
    assert analysis.parameters == sum(p.numel() for p in build(spec).parameters())
    assert analysis.problem is None
    assert analysis.output == analysis.layers[-1].output


def test_weights_and_biases_are_counted_apart():
    first = analyse(LENET, (1, 28, 28)).layers[0]
    assert (first.weights, first.biases, first.parameters) == (150, 6, 156)
    assert (first.id, first.path, first.kind) == ("conv1", "layers[0]", "Conv2d")


def test_no_random_number_is_drawn_and_nothing_allocated():
    before = torch.get_rng_state()
    giant = analyse(sequence(layer("Linear", in_features=70_000, out_features=70_000)), (70_000,))
    assert giant.parameters == 70_000 * 70_001
    assert torch.equal(before, torch.get_rng_state())


def test_an_embedding_first_takes_whole_numbers():
    words = sequence(layer("Embedding", num_embeddings=100, embedding_dim=8), layer("Flatten"))
    assert analyse(words, (5,)).output == (40,)
    late = sequence(layer("ReLU"), layer("Embedding", num_embeddings=100, embedding_dim=8))
    assert "only stand first" in analyse(late, (5,)).layers[1].problem


CONV = {"in_channels": 3, "out_channels": 6, "kernel_size": 5}
MISFITS = [
    ("Linear", {"in_features": 400, "out_features": 10}, (256,), "it expects 400 features, gets 256"),
    ("Linear", {"in_features": 784, "out_features": 10}, (1, 28, 28), "gets 28; put a Flatten before it"),
    ("Conv2d", CONV, (1, 28, 28), "it expects 3 channels, gets 1"),
    ("Conv2d", CONV, (3, 3, 9), "kernel 5 is larger than the input 3"),
    (
        "Conv2d",
        {**CONV, "padding": 1, "dilation": 2},
        (3, 6, 9),
        "kernel 5 (spread over 9) is larger than the input 6 with padding 1",
    ),
    # One batch of pictures without channels would pass for one picture with as many channels as samples.
    ("Conv2d", {**CONV, "in_channels": 2}, (28, 28), "it expects 3 dimensions (channels, height, width), gets 2"),
    ("Conv2d", {**CONV, "padding": "same", "padding_mode": "reflect"}, (3, 2, 2), "padding"),
    ("ConvTranspose2d", {**CONV, "padding": 9}, (3, 4, 4), "utput size is too small"),
    ("MaxPool2d", {"kernel_size": 9}, (1, 3, 3), "kernel 9 is larger than the input 3"),
    ("MaxPool2d", {"kernel_size": 2}, (3,), "it expects 3 dimensions"),
    ("MaxPool2d", {"kernel_size": 2, "padding": 2}, (1, 3, 3), "pad should be at most half"),
    ("BatchNorm2d", {"num_features": 4}, (3, 8, 8), "it expects 4 channels, gets 3"),
    ("BatchNorm1d", {"num_features": 4}, (3,), "it expects 4 features, gets 3"),
    ("LayerNorm", {"normalized_shape": (3, 4)}, (4,), "it expects the last sizes 3 x 4, gets 4"),
    ("GroupNorm", {"num_groups": 2, "num_channels": 4}, (6, 2), "it expects 4 channels, gets 6"),
    ("Dropout2d", {}, (10,), "it expects 3 dimensions"),
    ("Softmax", {"dim": 5}, (10,), "dim 5 does not exist; with the batch, which is 0, the dimensions go up to 1"),
    ("LogSoftmax", {"dim": 0}, (10,), "dim 0 is the batch, and it would mix the samples; use 1 or more"),
    ("Flatten", {"start_dim": 0}, (1,), "start_dim 0 is the batch"),
    ("Flatten", {"start_dim": 2, "end_dim": 1}, (3, 4), "start_dim 2 comes after end_dim 1"),
    ("Flatten", {"end_dim": 4}, (3, 4), "end_dim 4 does not exist"),
    ("Unflatten", {"dim": 1, "unflattened_size": (2, 3)}, (10,), "2 x 3 makes 6, and it gets 10"),
    ("Unflatten", {"dim": 0, "unflattened_size": (1, 2)}, (10,), "dim 0 is the batch"),
    ("Unflatten", {"dim": 1, "unflattened_size": (-1, 3)}, (10,), "multiply"),
    ("AdaptiveAvgPool2d", {"output_size": 2}, (10,), "it expects 3 dimensions"),
]


@pytest.mark.parametrize(("kind", "args", "shape", "words"), MISFITS)
def test_a_misfit_is_told_at_the_layer(kind, args, shape, words):
    analysis = analyse(sequence(layer("Identity"), layer(kind, **args), layer("ReLU")), shape)
    facts = analysis.layers[1]
    assert analysis.problem.code == "layer-misfit"
    assert analysis.problem.fields["node"] == facts.id
    assert words in analysis.layers[1].problem
    assert f"layers[1] ({kind}) does not take its input of shape {shape}" in analysis.problem.sentence
    assert analysis.layers[0].output == shape
    assert analysis.layers[1].output is analysis.layers[2].output is analysis.output is None
    assert analysis.layers[2].problem is None


def test_layers_behind_a_mistake_still_count_and_tell_their_own():
    spec = sequence(layer("Linar"), layer("Linear", in_features=3, out_features=2), layer("Conv2d"))
    analysis = analyse(spec, (3,))
    assert analysis.problem.code == "layer-unknown"
    assert analysis.parameters == 8
    assert "in_channels is missing" in analysis.layers[2].problem


def test_an_empty_network_is_a_problem_not_a_crash():
    analysis = analyse(sequence(), (3,))
    assert analysis.problem.code == "network-empty"
    assert analysis.output is None
