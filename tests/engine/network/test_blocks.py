"""Blocks, repetition and nodes that are switched off: built, counted and named as plain PyTorch does it."""

import time

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from playground.engine.document import Document, decode, encode
from playground.engine.network.analysis import analyse, check_network
from playground.engine.network.blocks import Branches as BranchesModule
from playground.engine.network.blocks import Residual as ResidualModule
from playground.engine.network.builder import build, names
from playground.engine.network.outputs import probabilities
from playground.engine.network.sequence import branches, layer, repeat, residual, sequence
from playground.engine.network.signals import through_layer
from playground.engine.network.spec import MAX_DEPTH, Branches, Layer, NetworkSpec, Repeat, Residual, Source, walk
from playground.engine.problems import Problem
from playground.engine.spec import Args


def conv(inputs, outputs, kernel, **args):
    return layer("Conv2d", in_channels=inputs, out_channels=outputs, kernel_size=kernel, **args)


def linear(inputs, outputs, **args):
    return layer("Linear", in_features=inputs, out_features=outputs, **args)


TREE = sequence(
    conv(1, 4, 3, padding=1),
    repeat(3, residual(conv(4, 4, 3, padding=1), layer("ReLU")), layer("MaxPool2d", kernel_size=2)),
    residual(conv(4, 6, 3, padding=1, stride=2), shortcut=(conv(4, 6, 1, stride=2),)),
    branches((conv(6, 2, 1),), (layer("Identity"),), ()),
    layer("Flatten"),
    linear(56, 10),
)


def by_hand():
    first = nn.Conv2d(1, 4, 3, padding=1)
    passes = [
        nn.Sequential(
            ResidualModule(nn.Sequential(nn.Conv2d(4, 4, 3, padding=1), nn.ReLU()), nn.Sequential()), nn.MaxPool2d(2)
        )
        for _ in range(3)
    ]
    halved = nn.Conv2d(4, 6, 3, padding=1, stride=2)
    wide = ResidualModule(nn.Sequential(halved), nn.Sequential(nn.Conv2d(4, 6, 1, stride=2)))
    joined = BranchesModule([nn.Sequential(nn.Conv2d(6, 2, 1)), nn.Sequential(nn.Identity()), nn.Sequential()])
    return nn.Sequential(first, nn.Sequential(*passes), wide, joined, nn.Flatten(), nn.Linear(56, 10))


def same(one, other):
    one, other = one.state_dict(), other.state_dict()
    return list(one) == list(other) and all(torch.equal(one[name], other[name]) for name in one)


def test_the_same_seed_gives_the_weights_of_the_same_blocks_written_by_hand():
    torch.manual_seed(3)
    net = build(TREE)
    torch.manual_seed(3)
    plain = by_hand()
    assert repr(net) == repr(plain)
    assert same(net, plain)
    x = torch.randn(2, 1, 32, 32)
    assert torch.equal(net(x), plain(x))


def test_a_residual_adds_and_branches_concatenate():
    x = torch.randn(2, 3, 4)
    double, flip = nn.Sequential(nn.Identity()), nn.Sequential(nn.ReLU())
    assert torch.equal(ResidualModule(flip, double)(x), x.relu() + x)
    assert torch.equal(BranchesModule([double, flip])(x), torch.cat([x, x.relu()], dim=1))


def test_counts_shapes_and_flops_of_a_tree_are_torch_s():
    analysis = analyse(TREE, (1, 32, 32))
    net = build(TREE)
    assert analysis.problem is None
    assert analysis.output == (10,)
    assert analysis.parameters == analysis.trainable == sum(p.numel() for p in net.parameters())
    for facts, module in zip(analysis.layers, net, strict=True):
        assert facts.parameters == sum(p.numel() for p in module.parameters())
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        net(torch.empty(1, 1, 32, 32))
    assert analysis.flops == counter.get_total_flops()


def test_the_values_in_memory_are_those_that_layers_and_joins_write():
    written = []
    net = build(TREE)
    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.ReLU | nn.MaxPool2d | nn.Linear | ResidualModule | BranchesModule):
            module.register_forward_hook(lambda _module, _inputs, output: written.append(output.numel()))
    net(torch.zeros(1, 1, 32, 32))
    assert analyse(TREE, (1, 32, 32)).activations == sum(written)


def test_paths_parts_and_names_tell_where_a_node_is():
    facts = {one.id: one for top in analyse(TREE, (1, 32, 32)).layers for one in every(top)}
    conv2, pool = facts["conv2"], facts["pool1"]
    assert (conv2.path, conv2.part) == ("layers[1].body[0].body[0]", "body")
    assert conv2.names == ("1.0.0.body.0", "1.1.0.body.0", "1.2.0.body.0")
    assert (pool.path, pool.output) == ("layers[1].body[1]", (4, 16, 16))
    assert (facts["conv4"].path, facts["conv4"].part) == ("layers[2].shortcut[0]", "shortcut")
    assert (facts["identity1"].path, facts["identity1"].part) == ("layers[3].branches[1][0]", "branch 2")
    assert (facts["repeat1"].label, facts["repeat1"].output) == ("Repeat \N{MULTIPLICATION SIGN} 3", (4, 4, 4))


def every(facts):
    return [facts, *(inner for child in facts.children for inner in every(child))]


def test_every_name_is_a_module_of_the_net():
    modules = dict(build(TREE).named_modules())
    found = names(TREE)
    assert found.keys() == {node.id for node in walk(TREE.layers)}
    assert all(prefix in modules for prefixes in found.values() for prefix in prefixes)
    assert isinstance(modules[found["linear1"][0]], nn.Linear)


def test_a_node_that_is_switched_off_lets_everything_pass_and_keeps_the_names():
    off = NetworkSpec(
        layers=(
            Layer(id="a", kind="Linear", args=Args(in_features=2, out_features=99), enabled=False),
            Residual(id="b", body=(Layer(id="c", kind="Nonsense"),), enabled=False),
            Layer(id="d", kind="Linear", args=Args(in_features=2, out_features=3)),
        )
    )
    net, analysis = build(off), analyse(off, (2,))
    assert list(net.state_dict()) == ["2.weight", "2.bias"]
    assert analysis.problem is None
    assert analysis.parameters == 9
    assert [one.parameters for one in analysis.layers] == [0, 0, 9]
    assert [one.enabled for one in analysis.layers] == [False, False, True]
    assert names(off) == {"a": ("0",), "b": ("1",), "d": ("2",)}


def test_a_frozen_layer_does_not_learn_and_a_frozen_network_is_refused():
    frozen = NetworkSpec(
        layers=(
            Layer(id="a", kind="Linear", args=Args(in_features=2, out_features=3), frozen=True),
            Layer(id="b", kind="Linear", args=Args(in_features=3, out_features=2)),
        )
    )
    analysis, net = analyse(frozen, (2,)), build(frozen)
    assert (analysis.parameters, analysis.trainable) == (17, 8)
    assert [p.requires_grad for p in net.parameters()] == [False, False, True, True]
    from playground.engine.data.facts import describe
    from playground.engine.data.spec import Points

    facts = describe(Points(name="moons"))
    check_network(frozen, facts)
    with pytest.raises(Problem) as caught:
        check_network(NetworkSpec(layers=(*frozen.layers[:1], frozen_copy(frozen.layers[1]))), facts)
    assert caught.value.code == "network-frozen"


def frozen_copy(one):
    return Layer(id=one.id, kind=one.kind, args=one.args, frozen=True)


MISFITS = [
    (residual(linear(4, 3)), "residual1", "its body leaves 3 and its shortcut 4, and only equal shapes can be added"),
    (branches((linear(4, 3),), (layer("Unflatten", dim=1, unflattened_size=(2, 2)),)), "branches1", "branch 2 2 x 2"),
    (repeat(3, linear(4, 2)), "linear1", "body[0], pass 2 (Linear)"),
    (residual(linear(5, 4)), "linear1", "layers[0].body[0] (Linear)"),
    (Branches(id=""), "branches1", "it has no branches"),
    (Repeat(id="", times=1000, body=(repeat(1000, linear(4, 4)),)), "linear1", "would hold"),
]


@pytest.mark.parametrize(("node", "culprit", "words"), MISFITS)
def test_what_does_not_fit_in_a_block_is_told_at_its_place(node, culprit, words):
    began = time.perf_counter()
    analysis = analyse(sequence(node, layer("ReLU"), linear(-1, 1)), (4,))
    assert analysis.problem.fields["node"] == culprit
    assert words in analysis.problem.sentence
    assert analysis.output is analysis.layers[1].output is None
    assert len(analysis.problems) == 2  # the negative size too
    told = {one.id: one.problem for top in analysis.layers for one in every(top)}
    assert words in told[culprit]
    assert time.perf_counter() - began < 5


def test_too_many_layers_are_refused_before_any_is_made():
    with pytest.raises(Problem, match="1,001,001 layers; more than 10,000"):
        build(sequence(repeat(1000, repeat(1000, layer("ReLU")))))


def test_a_thousand_passes_cost_what_one_does():
    deep = sequence(repeat(1000, conv(3, 3, 3, padding=1), layer("ReLU")))
    analysis = analyse(deep, (3, 8, 8))
    once = analyse(sequence(conv(3, 3, 3, padding=1), layer("ReLU")), (3, 8, 8))
    assert analysis.parameters == 1000 * once.parameters
    assert analysis.flops == 1000 * once.flops
    assert analysis.activations == 1000 * once.activations
    assert analysis.layers[0].receptive_field == 2001


def test_features_that_a_flatten_made_are_written_out():
    spec = sequence(layer("Flatten"), layer("ReLU"), linear(400, 10))
    assert "it expects 400 features, gets 256 x 5 x 5 = 6,400" in analyse(spec, (256, 5, 5)).problem.sentence


def test_a_softmax_before_a_layer_that_is_switched_off_still_gives_probabilities():
    off = Layer(id="x", kind="ReLU", enabled=False)
    net = build(NetworkSpec(layers=(Layer(id="s", kind="Softmax", args=Args(dim=1)), off)))
    outputs = net(torch.randn(2, 3))
    assert torch.equal(probabilities(net, outputs), outputs)


def test_ids_stand_once_in_the_whole_tree_and_sources_have_names_of_their_own():
    leaf = Layer(id="a", kind="ReLU")
    with pytest.raises(ValueError, match="the ids a stand for more than one layer"):
        NetworkSpec(layers=(leaf, Residual(id="b", body=(leaf,))))
    with pytest.raises(ValueError, match="same name"):
        NetworkSpec(sources=(Source(name="A", text=""), Source(name="A", text="1")))


def test_blocks_as_deep_as_allowed_survive_their_file_and_deeper_ones_are_refused():
    node = Layer(id="x", kind="Unflatten", args=Args(dim=1, unflattened_size=(2, 2)))
    for number in range(MAX_DEPTH):
        node = Branches(id=f"b{number}", branches=((node,), ()))
    document = Document(network=NetworkSpec(layers=(node,)))
    assert decode(encode(document)) == document
    with pytest.raises(Problem) as caught:
        NetworkSpec(layers=(Branches(id="one more", branches=((node,),)),))
    assert caught.value.code == "network-deep"


def test_an_edit_asks_torch_anew_only_where_it_changes_something():
    before = analyse(TREE, (1, 32, 32))
    wider = NetworkSpec(
        layers=(*TREE.layers[:-1], Layer(id="last", kind="Linear", args=Args(in_features=56, out_features=7)))
    )
    misses = through_layer.cache_info().misses
    after = analyse(wider, (1, 32, 32))
    assert through_layer.cache_info().misses == misses + 1
    assert after.layers[:-1] == before.layers[:-1]
