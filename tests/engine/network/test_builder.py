"""What the builder makes is what plain PyTorch makes."""

import pytest
import torch
from torch import nn

from playground.engine.network.builder import build, names
from playground.engine.network.sequence import layer, sequence
from playground.engine.network.spec import NetworkSpec
from playground.engine.problems import Problem


def same(one, other):
    one, other = one.state_dict(), other.state_dict()
    return list(one) == list(other) and all(torch.equal(one[name], other[name]) for name in one)


LENET = sequence(
    layer("Conv2d", in_channels=1, out_channels=6, kernel_size=5, padding=2),
    layer("BatchNorm2d", num_features=6),
    layer("ReLU"),
    layer("MaxPool2d", kernel_size=2),
    layer("Flatten"),
    layer("Dropout", p=0.25),
    layer("Linear", in_features=1176, out_features=10),
)


def test_the_same_seed_gives_the_weights_of_the_same_net_written_by_hand():
    torch.manual_seed(3)
    net = build(LENET)
    torch.manual_seed(3)
    by_hand = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.25),
        nn.Linear(1176, 10),
    )
    assert repr(net) == repr(by_hand)
    assert same(net, by_hand)


def test_the_generator_stands_where_plain_pytorch_leaves_it():
    torch.manual_seed(3)
    build(sequence(layer("Linear", in_features=3, out_features=2), layer("BatchNorm1d", num_features=2)))
    after = torch.rand(4)
    torch.manual_seed(3)
    nn.Linear(3, 2)
    assert torch.equal(after, torch.rand(4))


def test_init_draws_after_all_layers_are_made_and_normal_is_randn():
    spec = sequence(
        layer("Linear", "normal", in_features=30, out_features=20),
        layer("Linear", "kaiming_normal", in_features=20, out_features=10),
    )
    torch.manual_seed(1)
    net = build(spec)
    torch.manual_seed(1)
    nn.Linear(30, 20), nn.Linear(20, 10)
    assert torch.equal(net[0].weight, torch.randn(20, 30))
    assert torch.equal(net[1].weight, nn.init.kaiming_normal_(torch.empty(10, 20)))
    assert not net[0].bias.any()
    assert net[0].weight.requires_grad


@pytest.mark.parametrize("init", ["kaiming_uniform", "xavier_normal", "xavier_uniform", "zeros"])
def test_every_init_is_torchs_function_of_that_name(init):
    torch.manual_seed(1)
    net = build(sequence(layer("Linear", init, in_features=30, out_features=20, bias=False)))
    torch.manual_seed(1)
    weight = nn.Linear(30, 20, bias=False).weight
    assert torch.equal(net[0].weight, getattr(nn.init, f"{init}_")(weight))


def test_lists_in_arguments_reach_torch():
    net = build(
        sequence(layer("Unflatten", dim=1, unflattened_size=[1, 2, 3]), layer("LayerNorm", normalized_shape=[2, 3]))
    )
    assert net(torch.zeros(4, 6)).shape == (4, 1, 2, 3)


def test_names_map_ids_to_the_state_dict():
    assert names(LENET)["linear1"] == ("6",)
    assert "6.weight" in build(LENET).state_dict()


def test_on_the_meta_device_nothing_is_allocated():
    giant = sequence(layer("Linear", in_features=60_000, out_features=60_000))
    assert build(giant, "meta")[0].weight.is_meta


@pytest.mark.parametrize(
    ("spec", "code", "index", "words"),
    [
        (NetworkSpec(), "network-empty", None, "no layers"),
        (sequence(layer("ReLU"), layer("Linar")), "layer-unknown", 1, "layers[1] asks for a layer Linar"),
        (sequence(layer("Linear", in_features=3)), "layer-argument", 0, "out_features is missing"),
        (
            sequence(layer("Conv2d", in_channels=3, out_channels=4, kernel_size=3, groups=2)),
            "layer-argument",
            0,
            "layers[0] (Conv2d): in_channels must be divisible by groups",
        ),
        (sequence(layer("Linear", in_features=10**12, out_features=10**12)), "layer-argument", 0, "overflow"),
        (sequence(layer("Linear", in_features=10**5, out_features=10**5)), "layer-argument", 0, "do not fit"),
        (
            sequence(*[layer("Linear", in_features=90_000, out_features=90_000)] * 2),
            "layer-argument",
            1,
            "the network would hold",
        ),
        (sequence(layer("ReLU", "normal")), "layer-argument", 0, "no weight"),
        (sequence(layer("BatchNorm1d", "xavier_normal", num_features=3)), "layer-argument", 0, "draws matrices"),
        (
            sequence(layer("Embedding", num_embeddings=3, embedding_dim=2, padding_idx=9)),
            "layer-argument",
            0,
            "adding_idx",
        ),
    ],
)
def test_what_cannot_be_built_is_told_with_place_and_layer(spec, code, index, words):
    with pytest.raises(Problem) as caught:
        build(spec)
    assert caught.value.code == code
    assert caught.value.fields.get("node") == (None if index is None else spec.layers[index].id)
    assert words in caught.value.sentence


def test_an_equal_number_of_the_wrong_type_is_not_taken_from_the_cache():
    build(sequence(layer("MaxPool2d", kernel_size=2)))
    with pytest.raises(Problem, match=r"must be a whole number or two whole numbers, not 2\.0"):
        build(sequence(layer("MaxPool2d", kernel_size=2.0)))
