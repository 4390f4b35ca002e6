"""Layers of one's own: shown to everyone, run only when exactly their text was trusted; the rest always works."""

import json

import pytest
import torch
from torch import nn

from playground.engine.document import Document, decode, encode
from playground.engine.folders import data_folder
from playground.engine.network import custom
from playground.engine.network.analysis import analyse
from playground.engine.network.builder import build
from playground.engine.network.sequence import layer, sequence
from playground.engine.network.spec import Custom, NetworkSpec, Source
from playground.engine.problems import Problem
from playground.engine.spec import Args

OWN = """class Affine(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_PLAYGROUND_DATA", str(tmp_path / "user"))


def network(text=OWN, name="Affine", **args):
    node = Custom(id="", name=name, args=Args(args or {"inputs": 3, "outputs": 5}))
    layers = sequence(layer("Linear", in_features=2, out_features=3), node, layer("ReLU")).layers
    return NetworkSpec(layers=layers, sources=(Source(name=name, text=text),))


def trusted(spec):
    for source in spec.sources:
        custom.trust(source)
    return spec


def test_without_trust_nothing_runs_and_the_rest_of_the_document_works(tmp_path):
    planted = tmp_path / "ran"
    spec = network(f"open({str(planted)!r}, 'w')\n{OWN}")
    document = decode(encode(Document(network=spec)))
    assert document.network == spec
    analysis = analyse(spec, (2,))
    assert analysis.problem.code == "custom-untrusted"
    assert analysis.problem.fields["node"] == "affine1"
    assert analysis.layers[0].output == (3,)
    assert (analysis.layers[1].label, analysis.layers[1].kind) == ("Affine, inputs 3, outputs 5", "Affine")
    assert analysis.parameters == 9
    with pytest.raises(Problem, match="read it, and trust it"):
        build(spec)
    assert not planted.exists()


def test_with_trust_it_is_a_layer_like_any_other():
    spec = trusted(network())
    analysis = analyse(spec, (2,))
    assert analysis.problem is None
    facts = analysis.layers[1]
    assert (facts.output, facts.weights, facts.biases, facts.flops) == ((5,), 15, 5, 30)
    torch.manual_seed(1)
    net = build(spec)
    torch.manual_seed(1)
    first = nn.Linear(2, 3)
    assert torch.equal(net[0].weight, first.weight)
    assert torch.equal(net[1].weight, torch.randn(5, 3))
    assert analysis.parameters == sum(p.numel() for p in net.parameters())


def test_trust_is_given_to_the_text_and_to_no_other():
    trusted(network())
    assert analyse(network(OWN + "\n"), (2,)).problem.code == "custom-untrusted"


def test_classes_can_be_handed_to_the_builder():
    class Affine(nn.Module):
        def __init__(self, inputs, outputs):
            super().__init__()
            self.inner = nn.Linear(inputs, outputs)

    assert list(build(network(), trusted={"Affine": Affine}).state_dict())[2:] == ["1.inner.weight", "1.inner.bias"]


def test_a_frozen_layer_of_one_s_own_does_not_learn():
    spec = trusted(network())
    node = Custom(id="x", name="Affine", args=spec.layers[1].args, frozen=True)
    frozen = NetworkSpec(layers=(spec.layers[0], node), sources=spec.sources)
    assert [p.requires_grad for p in build(frozen).parameters()] == [True, True, False, False]
    assert analyse(frozen, (2,)).trainable == 9


BROKEN = [
    ("class Affine(nn.Module)\n    pass", "custom-broken", "in line 1"),
    (f"print('ran')\n{OWN}", "custom-broken", "line 1 is neither an import nor the class"),
    (f"from __future__ import annotations\n{OWN}", "custom-broken", "line 1 imports from __future__"),
    (OWN.replace("Affine", "Other"), "custom-broken", "it must define the class Affine"),
    (f"import nothing_of_that_name\n{OWN}", "custom-broken", "nothing_of_that_name"),
    ("class Affine:\n    pass", "custom-broken", "derived from nn.Module"),
    ("\0", "custom-broken", "null bytes"),
    (OWN.replace("outputs):", "outputs, more):"), "layer-argument", "more"),
    (OWN.replace("return F", "return F.nothing"), "layer-misfit", "nothing"),
    (
        OWN.replace("return F.linear(x, self.weight, self.bias)", "return 1"),
        "layer-misfit",
        "gives int, not a tensor",
    ),
    (OWN.replace("return F.linear(x, self.weight, self.bias)", "return x.sum()"), "layer-misfit", "mixes the samples"),
    (OWN.replace("return F.linear(x, self.weight, self.bias)", "return x if x.sum() > 0 else -x"), "layer-misfit", ""),
]


@pytest.mark.parametrize(("text", "code", "words"), BROKEN)
def test_what_is_wrong_with_the_code_is_told_at_the_layer(text, code, words):
    analysis = analyse(trusted(network(text)), (2,))
    assert analysis.problem.code == code
    assert analysis.problem.fields["node"] == "affine1"
    assert words in analysis.problem.sentence
    assert analysis.layers[1].problem == analysis.problem.sentence


def test_a_layer_without_code_is_told_too():
    spec = NetworkSpec(layers=(Custom(id="x", name="Gone"),))
    assert analyse(spec, (2,)).problem.code == "custom-unknown"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[1]", b'{"sha256": 3}', b'{"sha256": [1, null]}'])
def test_a_damaged_store_trusts_nothing_and_can_be_written_again(content):
    data_folder().mkdir(parents=True)
    store = data_folder() / "trusted-layers.json"
    store.write_bytes(content)
    assert analyse(network(), (2,)).problem.code == "custom-untrusted"
    assert analyse(trusted(network()), (2,)).problem is None
    assert json.loads(store.read_bytes()) == {"sha256": [custom.digest(OWN)]}
