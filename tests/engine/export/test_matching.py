"""What of a file fits a net: by name and shape, or under other names where that is certain."""

from collections import OrderedDict
from itertools import pairwise

import pytest
import torch
from torch import nn

from playground.engine.export.reading.matching import Misshapen, Named, apply, match, shapes_of


def mlp(*sizes):
    layers = []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def renamed(net, names):
    """The net's tensors under other layers' names, in the same order."""
    state, names = net.state_dict(), iter(names)
    layers = {}
    for name in state:
        layers.setdefault(name.rpartition(".")[0], None)
    new = dict(zip(layers, names, strict=True))
    return OrderedDict((f"{new[n.rpartition('.')[0]]}.{n.rpartition('.')[2]}", t) for n, t in state.items())


def test_the_same_net_fits_whole_and_gives_the_same_outputs():
    net, other = mlp(4, 8, 3), mlp(4, 8, 3)
    matching = match(net, other.state_dict())
    assert matching.is_whole
    assert matching.sentence == "All 4 tensors fit."
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    filled = apply(net, other.state_dict(), matching)
    x = torch.randn(5, 4)
    assert torch.equal(filled(x), other(x))
    assert all(torch.equal(before[name], tensor) for name, tensor in net.state_dict().items())


def test_another_head_is_named_with_both_shapes_and_the_rest_is_used():
    net, other = mlp(4, 8, 8, 3), mlp(4, 8, 8, 5)
    matching = match(net, other.state_dict())
    assert [one.name for one in matching.matched] == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert matching.misshapen == (Misshapen("4.weight", (3, 8), (5, 8)), Misshapen("4.bias", (3,), (5,)))
    assert matching.renaming == ()
    assert matching.sentence == "4 of 6 tensors fit; 2 have another shape."
    filled = apply(net, other.state_dict(), matching).state_dict()
    for name, tensor in filled.items():
        assert torch.equal(tensor, (net if name.startswith("4") else other).state_dict()[name])


def test_missing_and_unexpected_tensors_are_told_apart():
    net = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    state = net.state_dict()
    del state["1.num_batches_tracked"]
    state["9.extra"] = torch.zeros(7)
    matching = match(net, state)
    assert matching.missing == (Named("1.num_batches_tracked", ()),)
    assert matching.unexpected == (Named("9.extra", (7,)),)
    assert matching.sentence == "6 of 7 tensors fit; 1 is not in the file; 1 of the file has no place in the network."


def test_layers_of_other_names_are_recognised_by_their_order():
    net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(4, 4, 3), nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4))
    other = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(4, 4, 3), nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4))
    state = renamed(other, ["stem", "middle", "last", "norm"])
    matching = match(net, state, in_order=True)
    assert {one.found: one.wanted for one in matching.renaming if one.found.endswith(".weight")} == {
        "stem.weight": "0.weight",
        "middle.weight": "2.weight",
        "last.weight": "3.weight",
        "norm.weight": "4.weight",
    }
    assert not matching.is_whole
    assert "in exactly one way" in matching.sentence
    x = torch.randn(2, 1, 9, 9)
    assert torch.equal(apply(net, state, matching).eval()(x), other.eval()(x))
    assert match(net, state).renaming == ()  # which of two equal layers comes first cannot be known


def test_layers_that_differ_in_shape_need_no_order():
    net, other = mlp(4, 8, 3), mlp(4, 8, 3)
    state = dict(reversed(renamed(other, ["fc1", "fc2"]).items()))
    x = torch.randn(5, 4)
    for in_order in (False, True):
        assert torch.equal(apply(net, state, match(net, state, in_order=in_order))(x), other(x))


def test_numbers_in_the_names_tell_the_order_also_beyond_nine():
    net, other = mlp(*[4] * 13), mlp(*[4] * 13)
    state = dict(sorted(renamed(other, [f"fc{i}" for i in range(1, 13)]).items()))
    assert list(state)[2].startswith("fc10")
    x = torch.randn(5, 4)
    assert torch.equal(apply(net, state, match(net, state))(x), other(x))


def test_other_numbers_of_the_same_names_are_not_taken_for_a_match():
    net, other = mlp(4, 4, 4), mlp(4, 4, 4)  # layers 0 and 2
    state = renamed(other, ["2", "3"])
    matching = match(net, state, in_order=True)
    assert [one.name for one in matching.matched] == ["2.weight", "2.bias"]
    x = torch.randn(5, 4)
    assert torch.equal(apply(net, state, matching)(x), other(x))


@pytest.mark.parametrize("in_order", [False, True])
def test_nothing_is_proposed_where_something_is_left_over(in_order):
    net = mlp(4, 8, 3)
    for other in (mlp(4, 8, 8, 3), mlp(4, 3), mlp(4, 8, 5), mlp(8, 4, 3)):
        layers = len(list(other)) // 2 + 1
        matching = match(net, renamed(other, [f"fc{i}" for i in range(layers)]), in_order=in_order)
        assert matching.renaming == ()
        assert matching.matched == ()
        assert matching.sentence.startswith("No tensor of the file (")


def test_half_precision_becomes_the_net_s_own():
    net, other = mlp(4, 8, 3), mlp(4, 8, 3).half()
    filled = apply(net, other.state_dict(), match(net, other.state_dict()))
    assert torch.equal(filled[0].weight, other[0].weight.float())


def test_shapes_alone_are_enough_to_compare():
    net = mlp(4, 8, 3)
    assert match(shapes_of(net), net.state_dict()) == match(net, net.state_dict())


def test_other_names_are_told_in_the_order_of_the_net():
    net = mlp(4, 8, 3)
    matching = match(net, renamed(net, ["first", "second"]), in_order=True)
    assert [one.wanted for one in matching.renaming] == list(net.state_dict())
