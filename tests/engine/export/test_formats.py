"""Every format gives the net's own numbers at every batch size, and says what its inputs need and outputs mean."""

import json
import zipfile

import onnx
import pytest
import safetensors
import torch

from playground.engine.data.spec import Images, Points
from playground.engine.document import Document, replace
from playground.engine.export import formats, preprocessing
from playground.engine.export.formats.onnx_model import newest_opset
from playground.engine.export.model_file import load_model
from playground.engine.export.spec import FORMATS, ExportSpec
from playground.engine.files import write_atomic
from playground.engine.network.sequence import layer, sequence
from playground.engine.problems import Problem
from tests.engine.export.reopening import (
    GRAPHS,
    PICTURES,
    largest_difference,
    net_of,
    of_network,
    reopened,
    written,
)

TOLERANCE = 1e-5  # of float32: ONNX adds in another order
MEAN, STD = ((torch.tensor(n).view(-1, 1, 1)) for n in ((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)))


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """The pictures' net in every format, by name: its plain export, and its net."""
    folder, net = tmp_path_factory.mktemp("exports"), net_of(PICTURES)
    return {name: written(PICTURES, net, folder, name) for name in FORMATS}, net


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_computes_what_the_net_computes(name, exports):
    paths, net = exports
    run = reopened(name, paths[name], PICTURES)
    difference = largest_difference(run, net, (3, 32, 32))
    assert difference <= (TOLERANCE if name == "onnx" else 0)


@pytest.mark.parametrize("name", GRAPHS)
def test_pixels_enter_and_probabilities_leave_where_that_is_put_inside(name, tmp_path):
    net = net_of(PICTURES)
    path = written(PICTURES, net, tmp_path, name, normalise=True, softmax=True)
    run = reopened(name, path, PICTURES)
    x = torch.rand(3, 3, 32, 32)
    assert torch.allclose(run(x).sum(dim=1), torch.ones(3))
    assert largest_difference(run, net, (3, 32, 32), before=lambda x: (x - MEAN) / STD, after=torch.exp) <= TOLERANCE


ODD = {
    "a row": (
        sequence(
            layer("Unflatten", dim=1, unflattened_size=(2, 6)),
            layer("Conv1d", in_channels=2, out_channels=3, kernel_size=3),
            layer("BatchNorm1d", num_features=3),
            layer("AvgPool1d", kernel_size=2, ceil_mode=True),
        ),
        (12,),
    ),
    "a picture": (
        sequence(
            layer("Conv2d", in_channels=2, out_channels=4, kernel_size=3, padding="same", padding_mode="circular"),
            layer("AdaptiveAvgPool2d", output_size=(None, 3)),
            layer("ConvTranspose2d", in_channels=4, out_channels=2, kernel_size=2, stride=2),
            layer("LayerNorm", normalized_shape=(14, 6)),
        ),
        (2, 7, 6),
    ),
}


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("ending", ODD)
def test_nets_that_end_in_odd_shapes_take_every_batch(name, ending, tmp_path):
    network, shape = ODD[ending]
    document = of_network(network, shape)
    net = net_of(document)
    run = reopened(name, written(document, net, tmp_path, name), document)
    assert largest_difference(run, net, shape) <= TOLERANCE


def test_every_format_tells_how_samples_become_inputs_and_what_outputs_mean(exports):
    paths, net = exports
    with safetensors.safe_open(paths["safetensors"], framework="pt") as file:
        texts = {"safetensors": file.metadata()[preprocessing.KEY]}
    metadata = {one.key: one.value for one in onnx.load(paths["onnx"]).metadata_props}
    texts["onnx"] = metadata[preprocessing.KEY]
    for name in ("pt2", "torchscript"):
        with zipfile.ZipFile(paths[name]) as archive:
            member = next(each for each in archive.namelist() if each.endswith(f"extra/{preprocessing.KEY}"))
            texts[name] = archive.read(member)
    for name in ("state_dict", "folder"):
        texts[name] = preprocessing.beside(paths[name]).read_bytes()
    for name, text in texts.items():
        told = preprocessing.from_text(text)
        assert told == formats.preprocessing_of(PICTURES, net, ExportSpec(format=name))
        assert (told.input_shape, told.output) == ((3, 32, 32), "log-probabilities")
        assert told.mean == (0.4914, 0.4822, 0.4465)
        assert told.classes[0] == "airplane"
        assert told.versions["torch"] == torch.__version__


def test_safetensors_are_a_model_file_with_the_experiment(exports):
    paths, _ = exports
    assert load_model(paths["safetensors"])[0] == PICTURES
    assert load_model(paths["folder"] / "weights.safetensors")[0] == PICTURES


def test_an_onnx_file_holds_its_weights_names_its_ends_and_has_the_newest_opset(exports):
    paths, _ = exports
    model = onnx.load(paths["onnx"], load_external_data=False)
    assert all(one.data_location == onnx.TensorProto.DEFAULT for one in model.graph.initializer)
    ends = [(each.name, each.type.tensor_type.shape.dim) for each in (*model.graph.input, *model.graph.output)]
    assert [name for name, _ in ends] == ["input", "output"]
    assert [dims[0].dim_param for _, dims in ends] == ["batch", "batch"]
    assert [dim.dim_value for dim in ends[0][1][1:]] == [3, 32, 32]
    assert {each.domain: each.version for each in model.opset_import}[""] == newest_opset() >= 18


def test_no_export_tells_where_torch_lies_on_this_machine(exports):
    paths, _ = exports
    place = str(torch.__path__[0]).encode()
    with zipfile.ZipFile(paths["pt2"]) as archive:
        assert not any(place in archive.read(name) for name in archive.namelist())
    assert place not in paths["onnx"].read_bytes()


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_leaves_the_net_and_torch_s_generator_alone_and_says_nothing(name, tmp_path, capfd, recwarn):
    document = of_network(sequence(layer("Linear", in_features=3, out_features=2), layer("Dropout")), (3,), 2)
    net = net_of(document)
    net[0].weight.grad = torch.ones(2, 3)
    before, grad_mode = torch.get_rng_state(), torch.is_grad_enabled()
    weights = {key: value.clone() for key, value in net.state_dict().items()}
    written(document, net, tmp_path, name)
    assert net.training
    assert net[1].training
    assert all(torch.equal(value, weights[key]) for key, value in net.state_dict().items())
    assert (net[0].weight.requires_grad, net[0].weight.grad is not None) == (True, True)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.is_grad_enabled() == grad_mode
    assert capfd.readouterr() == ("", "")
    assert [str(each.message) for each in recwarn] == []


def test_outputs_that_are_no_row_of_classes_are_called_values():
    whole = Document(data=Images(), network=sequence(layer("Conv2d", in_channels=1, out_channels=10, kernel_size=3)))
    spec = ExportSpec(format="onnx")
    told = formats.preprocessing_of(whole, net_of(whole), spec)
    assert (told.output, told.classes) == ("values", ())
    line = Document(
        data=Points(name="line"),
        network=sequence(layer("Linear", in_features=1, out_features=1), layer("Softmax", dim=1)),
    )
    assert formats.preprocessing_of(line, net_of(line), spec).output == "values"


def test_nothing_is_asked_inside_and_the_very_net_is_the_whole():
    net = net_of(PICTURES)
    assert formats.wrapped(net, PICTURES, ExportSpec(format="onnx")) is net


def test_pixels_of_a_set_kept_as_it_is_enter_unchanged():
    document = replace(PICTURES, "data.normalisation", "unit")
    net = net_of(document).eval()
    whole = formats.wrapped(net, document, ExportSpec(format="pt2", normalise=True))
    x = torch.rand(2, 3, 32, 32)
    assert torch.equal(whole(x), net(x))


def test_a_place_that_cannot_be_written_is_one_problem_and_nothing_stays(tmp_path, monkeypatch):
    net = net_of(PICTURES)
    with pytest.raises(Problem) as caught:
        written(PICTURES, net, tmp_path / "none", "state_dict")
    assert caught.value.code == "file-unwritable"

    def full(path, data):
        if path.name == "model.py":
            raise Problem("file-unwritable", path=path, detail="the disk is full")
        write_atomic(path, data)

    monkeypatch.setattr("playground.engine.export.formats.writing.write_atomic", full)
    with pytest.raises(Problem, match="the disk is full"):
        written(PICTURES, net, tmp_path, "folder")
    assert list(tmp_path.iterdir()) == []


def test_the_json_beside_weights_is_plain(tmp_path):
    path = written(PICTURES, net_of(PICTURES), tmp_path, "state_dict")
    assert json.loads((tmp_path / "model.pt.json").read_text())["input_shape"] == [3, 32, 32]
    assert isinstance(torch.load(path, weights_only=True), dict)
