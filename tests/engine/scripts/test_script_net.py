"""The text of a network builds the network: both forms, every block, the same seed, the same bits."""

import subprocess
import sys

import pytest
import torch

from playground.engine.data.spec import Points
from playground.engine.document import Document
from playground.engine.network import custom
from playground.engine.network.builder import build
from playground.engine.network.sequence import branches, layer, repeat, residual, sequence
from playground.engine.network.spec import Custom, Layer, NetworkSpec, Residual, Source
from playground.engine.network.templates import names, template
from playground.engine.problems import Problem
from playground.engine.scripts.net import network_script
from playground.engine.spec import Args
from playground.engine.training.run import TrainingRun
from playground.engine.training.spec import TrainingSpec
from tests.engine.scripts.test_script import engine_run, program

GIANTS = {"alexnet", "vgg11", "vgg16"}


def ran(text):
    names = {"__name__": "program"}
    exec(compile(text, "program.py", "exec"), names)
    return names["net"]


def weights(net):
    return list(net.state_dict().values())


def same(one, other):
    return len(weights(one)) == len(weights(other)) and all(map(torch.equal, weights(one), weights(other)))


def linear(inputs, outputs, init="default"):
    return layer("Linear", init, in_features=inputs, out_features=outputs)


@pytest.mark.parametrize("form", ["sequential", "class"])
@pytest.mark.parametrize("name", [name for name in names() if name not in GIANTS])
def test_every_template_s_text_gives_its_weights_and_outputs(name, form):
    found = template(name)
    theirs = ran(network_script(found.network, seed=7, form=form)).eval()
    torch.manual_seed(7)
    mine = build(found.network).eval()
    assert same(mine, theirs)
    x = torch.randn(2, *found.input)
    with torch.no_grad():
        assert torch.equal(mine(x), theirs(x))


@pytest.mark.parametrize("name", sorted(GIANTS))
def test_the_giants_text_gives_their_layers(name):
    found = template(name)
    with torch.device("meta"):
        theirs = ran(network_script(found.network))
    assert repr(theirs) == repr(build(found.network, "meta"))


BLOCKS = sequence(
    linear(2, 4, "xavier_normal"),
    repeat(2, residual(linear(4, 4, "kaiming_normal"), layer("Tanh")), repeat(2, linear(4, 4, "zeros"))),
    branches((linear(4, 3),), (), (layer("Dropout"), linear(4, 1, "normal"))),
    residual(linear(8, 2), shortcut=(linear(8, 2, "normal"),)),
)


@pytest.mark.parametrize("form", ["sequential", "class"])
def test_initial_weights_inside_blocks_are_drawn_in_the_engine_s_order(form):
    torch.manual_seed(5)
    assert same(build(BLOCKS), ran(network_script(BLOCKS, 5, form)))


def changed(spec):
    """The same network with a layer switched off and one frozen."""
    first, _, third, last = spec.layers
    frozen = Layer(id=first.id, kind=first.kind, args=first.args, init=first.init, frozen=True)
    inner = Layer(id="still", kind="Linear", args=last.body[0].args, frozen=True)
    off = Layer(id="off", kind="Linear", args=Args(in_features=4, out_features=4), enabled=False)
    inside = Residual(id=last.id, body=(inner,), shortcut=last.shortcut)
    return NetworkSpec(layers=(frozen, off, third, inside))


@pytest.mark.parametrize("form", ["sequential", "class"])
def test_frozen_layers_are_frozen_and_those_switched_off_say_so(form):
    spec = changed(BLOCKS)
    text = network_script(spec, 5, form)
    torch.manual_seed(5)
    mine, theirs = build(spec), ran(text)
    assert same(mine, theirs)
    learn = [p.requires_grad for p in mine.parameters()]
    assert learn == [p.requires_grad for p in theirs.parameters()]
    assert learn.count(False) == 4
    assert "nn.Identity()" in text
    assert "  # Linear, switched off\n" in text


@pytest.mark.parametrize("form", ["sequential", "class"])
def test_a_program_with_blocks_trains_as_the_engine_does(form, tmp_path, monkeypatch):
    document = Document(
        data=Points(name="moons", samples=60, test=20, seed=3),
        network=changed(BLOCKS),
        training=TrainingSpec(batch_size=16, epochs=2, device="cpu", seed=5),
    )
    run = engine_run(document)
    assert isinstance(run, TrainingRun)
    result = program(document, tmp_path, monkeypatch, form=form)
    assert result["losses"] == run.history.step_series("loss").tolist()
    assert same(run.net, result["net"])


OWN = Source(
    name="Scale",
    text='''import math


class Scale(nn.Module):
    """Multiplies every feature by a number of its own."""

    def __init__(self, features, start=1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.full((features,), math.sqrt(start)))

    def forward(self, x):
        return F.relu(x * self.weight)
''',
)


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_PLAYGROUND_DATA", str(tmp_path / "user"))


def own_network(**args):
    scale = Custom(id="", name="Scale", args=Args(args))
    return NetworkSpec(layers=sequence(linear(2, 3), scale, linear(3, 2)).layers, sources=(OWN,))


@pytest.mark.parametrize("form", ["sequential", "class"])
def test_a_layer_of_one_s_own_stands_in_the_text_once_trusted(form):
    spec = own_network(features=3, start=4.0)
    with pytest.raises(Problem) as caught:
        network_script(spec, form=form)
    assert caught.value.code == "custom-untrusted"
    custom.trust(OWN)
    torch.manual_seed(0)
    mine, theirs = build(spec), ran(network_script(spec, form=form))
    assert same(mine, theirs)
    assert torch.equal(theirs(torch.ones(1, 2)), mine(torch.ones(1, 2)))


@pytest.mark.parametrize("name", ["print(1)\nScale", "Residual", "class", "scale", "F"])
def test_a_name_that_could_become_code_is_refused(name):
    spec = NetworkSpec(layers=(Custom(id="x", name=name),), sources=(Source(name=name, text=OWN.text),))
    custom.trust(spec.sources[0])
    with pytest.raises(Problem) as caught:
        network_script(spec)
    assert caught.value.code == "custom-broken"


def test_arguments_that_could_become_code_are_refused():
    custom.trust(OWN)
    with pytest.raises(Problem):
        network_script(own_network(**{"features): raise SystemExit(1) #": 1}))


def test_initial_weights_of_a_layer_without_weights_are_refused():
    with pytest.raises(Problem, match="it has no weight that init normal could draw"):
        network_script(sequence(layer("ReLU", "normal")))


def test_a_kind_switched_off_cannot_become_code():
    spec = NetworkSpec(layers=(linear(1, 1), Layer(id="2", kind="x\nraise SystemExit(1)", enabled=False)))
    assert "SystemExit" not in network_script(spec)


def test_the_text_is_written_without_torch_and_runs_without_the_playground(tmp_path):
    code = (
        "import sys\nfrom playground.engine.scripts.net import network_script\n"
        "from playground.engine.network.templates import template\n"
        "text = network_script(template('resnet18-28').network, form='class')\n"
        "open(sys.argv[1], 'w', encoding='utf-8').write(text)\nsys.exit('torch' in sys.modules)"
    )
    path = tmp_path / "net.py"
    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 0
    ran_alone = subprocess.run(
        [sys.executable, "-I", str(path)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "(residual1): Residual(" in ran_alone.stdout
    assert "playground" not in path.read_text()
