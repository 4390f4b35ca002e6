"""What a format cannot hold gets one sentence, with the layer where it can be found; nothing is written."""

import onnx
import pytest
import torch

from playground.engine.data.spec import Images, Points
from playground.engine.document import Document, replace
from playground.engine.export import formats
from playground.engine.export.formats.onnx_model import newest_opset
from playground.engine.export.spec import FORMATS, ExportSpec
from playground.engine.network import custom
from playground.engine.network.builder import build
from playground.engine.network.sequence import layer, sequence
from playground.engine.network.spec import Custom, NetworkSpec, Source
from playground.engine.problems import Problem
from tests.engine.export.reopening import PICTURES, largest_difference, net_of, of_network, reopened, written

LINEAR = layer("Linear", in_features=4, out_features=4)


def own(name, forward, *, trusted=True):
    """A linear layer, and behind it one of the user's own with this forward."""
    lines = ["import math", "", "", f"class {name}(nn.Module):", "    def forward(self, x):"]
    source = Source(name=name, text="\n".join([*lines, *(f"        {line}" for line in forward.splitlines()), ""]))
    if trusted:
        custom.trust(source)
    layers = sequence(LINEAR, Custom(id="", name=name)).layers
    return of_network(NetworkSpec(layers=layers, sources=(source,)), (4,), 4)


def refused(document, spec, net=None):
    problem = formats.refusal(document, net if net is not None else build(document.network), spec)
    assert problem is not None
    return problem


def problem_of(document, folder, name):
    with pytest.raises(Problem) as caught:
        written(document, build(document.network), folder, name)
    assert list(folder.iterdir()) == []
    return caught.value


@pytest.mark.parametrize("name", FORMATS)
def test_what_fits_is_not_refused(name):
    assert formats.refusal(PICTURES, net_of(PICTURES), ExportSpec(format=name)) is None


@pytest.mark.parametrize("name", ["safetensors", "state_dict"])
@pytest.mark.parametrize("inside", ["normalise", "softmax"])
def test_nothing_goes_inside_weights_alone(name, inside):
    problem = refused(PICTURES, ExportSpec(**{"format": name, inside: True}))
    assert problem.code == "export-inside"
    assert "weights alone compute nothing" in problem.sentence


def test_only_pictures_are_normalised_and_only_classes_become_probabilities():
    points = Document(data=Points(), network=sequence(layer("Linear", in_features=2, out_features=2)))
    line = Document(data=Points(name="line"), network=sequence(layer("Linear", in_features=1, out_features=1)))
    assert "holds no pictures" in refused(points, ExportSpec(format="onnx", normalise=True)).sentence
    assert formats.refusal(points, build(points.network), ExportSpec(format="onnx", softmax=True)) is None
    assert "predicts values" in refused(line, ExportSpec(format="onnx", softmax=True)).sentence


def test_softmax_goes_behind_one_number_a_class_and_once():
    linear = layer("Linear", in_features=2, out_features=2)
    ends_so = Document(data=Points(), network=sequence(linear, layer("Softmax", dim=1)))
    other = Document(data=Points(), network=sequence(layer("Linear", in_features=2, out_features=3)))
    assert "ends in Softmax already" in refused(ends_so, ExportSpec(format="pt2", softmax=True)).sentence
    assert "one number for each of the 2 classes" in refused(other, ExportSpec(format="pt2", softmax=True)).sentence


def test_a_net_that_does_not_take_the_data_is_named_with_the_layer():
    document = replace(PICTURES, "data", Images())
    problem = refused(document, ExportSpec(format="onnx"))
    assert problem.code == "layer-misfit"
    assert "layers[0] (Conv2d)" in problem.sentence
    looked_up = of_network(sequence(layer("Embedding", num_embeddings=9, embedding_dim=2)), (4,))
    assert "looks up whole numbers" in refused(looked_up, ExportSpec(format="pt2")).sentence


def test_a_net_that_cannot_train_on_its_data_can_leave():
    frozen = sequence(layer("ReLU"))
    document = of_network(frozen, (4,), outputs=9)
    assert formats.refusal(document, build(frozen), ExportSpec(format="onnx")) is None


def test_what_onnx_loses_without_a_word_is_refused_and_kept_by_the_others(tmp_path):
    document = of_network(sequence(layer("AvgPool2d", kernel_size=2, divisor_override=3)), (1, 4, 4))
    net = build(document.network)
    assert "layers[0] (AvgPool2d) divides by a number" in refused(document, ExportSpec(format="onnx")).sentence
    run = reopened("pt2", written(document, net, tmp_path, "pt2"), document)
    assert largest_difference(run, net, (1, 4, 4)) == 0


def test_weights_too_large_for_one_onnx_file_are_refused_before_any_work():
    network = sequence(layer("Linear", in_features=40_000, out_features=20_000))
    document = of_network(network, (40_000,))
    net = build(network, "meta")
    assert "3,200,080,000 bytes" in refused(document, ExportSpec(format="onnx"), net).sentence
    assert formats.refusal(document, net, ExportSpec(format="pt2")) is None


@pytest.mark.parametrize("name", FORMATS)
def test_an_own_layer_leaves_once_it_is_trusted(name, tmp_path):
    document = own("Wave", "return torch.sin(x) * math.pi", trusted=False)
    assert refused(document, ExportSpec(format=name), torch.nn.Identity()).code == "custom-untrusted"
    custom.trust(document.network.sources[0])
    net = net_of(document)
    run = reopened(name, written(document, net, tmp_path, name), document)
    assert largest_difference(run, net, (4,)) <= 1e-6


@pytest.mark.parametrize("forward", ["return x * int(x.shape[0])", "if x.shape[0] > 3:\n    return x * 2\nreturn x"])
def test_a_batch_that_would_become_fixed_in_silence_is_refused_and_torchscript_takes_it(forward, tmp_path):
    document = own("Counts", forward)
    for name in ("onnx", "pt2"):
        sentence = problem_of(document, tmp_path, name).sentence
        assert f"{FORMATS[name].title} cannot hold this net: layers[1] (Counts) works for some batch sizes" in sentence
    net = net_of(document)
    run = reopened("torchscript", written(document, net, tmp_path, "torchscript"), document)
    assert largest_difference(run, net, (4,)) == 0


def test_an_operator_that_onnx_lacks_is_named_with_its_layer(tmp_path):
    sentence = problem_of(own("Bessel", "return torch.special.bessel_j0(x)"), tmp_path, "onnx").sentence
    assert "layers[1] (Bessel) uses prims.bessel_j0, for which ONNX has no translation" in sentence


def test_python_that_torchscript_cannot_read_is_traced_only_where_nothing_is_lost(tmp_path):
    document = own("Careful", "try:\n    return x + 1\nexcept ValueError:\n    return x")
    net = net_of(document)
    run = reopened("torchscript", written(document, net, tmp_path, "torchscript"), document)
    assert largest_difference(run, net, (4,)) == 0
    for path in tmp_path.iterdir():
        path.unlink()
    loses = own("Loses", "try:\n    return x * int(x.shape[0])\nexcept ValueError:\n    return x")
    assert "layers[1] (Loses) decides by sizes or values" in problem_of(loses, tmp_path, "torchscript").sentence


def test_an_operator_that_onnxruntime_lacks_in_the_newest_opset_is_written_in_an_older_one(tmp_path):
    document = own("Noise", "return x + 0.0 * torch.randn_like(x)")
    net = net_of(document)
    path = written(document, net, tmp_path, "onnx")
    assert {each.domain: each.version for each in onnx.load(path).opset_import}[""] < newest_opset()
    assert largest_difference(reopened("onnx", path, document), net, (4,)) <= 1e-6
