"""Every template fits its samples, trains a step, and holds the parameters of the net it is named after."""

import subprocess
import sys

import pytest
import torch
import torchvision
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from playground.engine import presets
from playground.engine.network.analysis import analyse
from playground.engine.network.builder import build
from playground.engine.network.events import LayerFacts
from playground.engine.network.spec import walk
from playground.engine.network.templates import names, template
from playground.engine.problems import Problem

STANDARD = {"alexnet": 61_100_840, "vgg11": 132_863_336, "vgg16": 138_357_544, "resnet18": 11_689_512}
SMALL = [name for name in names() if name not in STANDARD]


def torchvisions(name):
    with torch.device("meta"):
        return getattr(torchvision.models, name)(weights=None)


@pytest.mark.parametrize("name", names())
def test_a_template_fits_its_samples_and_says_what_it_is(name):
    found = template(name)
    analysis = analyse(found.network, found.input)
    assert analysis.problem is None
    assert analysis.output == (found.outputs,)
    assert found.name == name
    assert found.title
    assert 20 < len(found.summary) < 90


@pytest.mark.parametrize(("name", "parameters"), STANDARD.items())
def test_the_standard_forms_have_torchvision_s_layers_parameters_and_flops(name, parameters):
    found = template(name)
    analysis = analyse(found.network, found.input)
    theirs, mine = torchvisions(name), build(found.network, "meta")
    assert analysis.parameters == parameters == sum(p.numel() for p in theirs.parameters())
    assert [p.shape for p in mine.parameters()] == [p.shape for p in theirs.parameters()]
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        theirs(torch.empty(1, *found.input, device="meta"))
    assert analysis.flops == counter.get_total_flops()


@pytest.mark.parametrize("name", ["resnet18", "alexnet"])
def test_with_torchvision_s_weights_it_gives_torchvision_s_outputs(name):
    torch.manual_seed(0)
    theirs = getattr(torchvision.models, name)(weights=None).eval()
    mine = build(template(name).network, "meta").to_empty(device="cpu").eval()
    weights = dict(zip(mine.state_dict(), theirs.state_dict().values(), strict=True))
    mine.load_state_dict(weights)
    x = torch.randn(2, 3, 96, 96)
    with torch.no_grad():
        assert torch.equal(mine(x), theirs(x))


@pytest.mark.parametrize("name", SMALL)
def test_a_small_template_learns_in_one_step(name):
    found = template(name)
    torch.manual_seed(0)
    net, x = build(found.network), torch.randn(4, *found.input)
    step(net, x, found.outputs)


def test_the_standard_resnet_learns_in_one_step():
    found = template("resnet18")
    net = build(found.network)
    step(net, torch.randn(2, *found.input), found.outputs)


@pytest.mark.parametrize("name", ["alexnet", "vgg11", "vgg16"])
def test_of_the_giants_every_parameter_gets_a_gradient_of_its_shape(name):
    """On the meta device: their half a gigabyte of weights is not for a test."""
    found = template(name)
    net = build(found.network, "meta")
    net(torch.empty(2, *found.input, device="meta")).sum().backward()
    assert all(p.grad is not None and p.grad.shape == p.shape for p in net.parameters())


def step(net: nn.Sequential, x: torch.Tensor, outputs: int) -> None:
    before = [p.detach().clone() for p in net.parameters()]
    loss = nn.functional.mse_loss(net(x), torch.ones(len(x), outputs))
    loss.backward()
    torch.optim.SGD(net.parameters(), lr=0.1).step()
    assert torch.isfinite(loss)
    assert any(not torch.equal(old, new) for old, new in zip(before, net.parameters(), strict=True))


def test_every_preset_s_net_is_among_them():
    networks = {template(name).network for name in names()}
    assert all(presets.preset(name).network in networks for name in presets.names())
    assert len(networks) == len(names())


def test_nothing_in_them_is_a_black_box():
    leaves = [leaf for name in names() for facts in facts_of(name) for leaf in leaves_of(facts)]
    assert {leaf.kind for leaf in leaves} & {"Residual", "Branches", "Repeat"} == set()
    assert len(list(walk(template("resnet18").network.layers))) > 60


def facts_of(name: str) -> tuple[LayerFacts, ...]:
    found = template(name)
    return analyse(found.network, found.input).layers


def leaves_of(facts: LayerFacts) -> list[LayerFacts]:
    return [leaf for child in facts.children for leaf in leaves_of(child)] if facts.children else [facts]


def test_they_are_known_without_torch():
    code = (
        "import sys; from playground.engine.network import templates as t; "
        "[t.template(name) for name in t.names()]; sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unknown_template_names_those_there_are():
    with pytest.raises(Problem, match="resnet18-32"):
        template("resnet19")
