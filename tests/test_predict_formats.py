"""`predict --model` with a file of every format: the same answers as plain torch, and refusals in one sentence."""

import json

import msgspec
import numpy as np
import onnx
import pytest
import safetensors.torch
import torch
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from torch import nn

from playground import cli
from playground.engine import document as documents
from playground.engine import presets
from playground.engine.child import Child
from playground.engine.digits.image import read_ink
from playground.engine.digits.preprocess import to_digit
from playground.engine.export import ledger, preprocessing
from playground.engine.export.events import Proof
from playground.engine.export.model_file import save_model
from playground.engine.export.preprocessing import Preprocessing
from playground.engine.export.reading import runnable
from playground.engine.network.builder import build
from playground.engine.network.sequence import layer, sequence

DOCUMENT = documents.replace(
    presets.preset("mnist-mlp"),
    "network",
    sequence(layer("Flatten"), layer("Linear", in_features=784, out_features=10)),
)
DESCRIBED = Preprocessing(
    input_shape=(1, 28, 28), mean=(0.1307,), std=(0.3081,), classes=tuple("0123456789"), output="logits"
)


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    return build(DOCUMENT.network).eval()


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "one.png"
    digit = Image.new("L", (60, 60), 255)
    digit.paste(0, (25, 10, 35, 50))
    digit.save(path)
    return path


@pytest.fixture
def predict(capsys, picture):
    """Run `predict` on the picture: exit code, probabilities where there are any, and what was said of errors."""

    def run(model, *more):
        arguments = ["predict", str(picture), "--model", str(model), "--json", *map(str, more)]
        code = cli.main(arguments)
        out, err = capsys.readouterr()
        return code, json.loads(out).get("probabilities"), err

    return run


def plain(net, picture):
    """What plain torch says of the picture."""
    pixels = torch.from_numpy(to_digit(read_ink(picture))).view(1, 1, 28, 28)
    with torch.no_grad():
        return net((pixels - 0.1307) / 0.3081).double().softmax(1)[0].numpy()


def describe_beside(path):
    path.with_name(f"{path.name}.json").write_text(preprocessing.to_text(DESCRIBED))


def note_as_ours(path):
    proof = Proof(
        format="pt2", path=str(path), sha256=ledger.digest(path), size=1, passed=True, detail="", notes=(), data="",
        samples=1, batches=(), tolerance=1e-5, accuracy_net=None, accuracy_export=None, latency_1=None,
        latency_64=None, runtime="", versions={},
    )  # fmt: skip
    ledger.note(proof, "test")


def onnx_model(net, metadata=True):
    """The net as ONNX, put together by hand: converting would take seconds."""
    weight, bias = (tensor.detach().numpy() for tensor in (net[1].weight, net[1].bias))
    shape = ["batch", 1, 28, 28]
    graph = helper.make_graph(
        [helper.make_node("Flatten", ["x"], ["flat"]), helper.make_node("Gemm", ["flat", "w", "b"], ["y"], transB=1)],
        "net",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 10])],
        [numpy_helper.from_array(weight, "w"), numpy_helper.from_array(bias, "b")],
    )
    model = helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 20)])
    if metadata:
        helper.set_model_props(model, {preprocessing.KEY: preprocessing.to_text(DESCRIBED)})
    return model


def taken_outside(model, location):
    """The model with its weight in another file."""
    weight = model.graph.initializer[0]
    data = weight.raw_data
    onnx.external_data_helper.set_external_data(weight, location)
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    return model, data


def test_our_own_model_file_says_what_plain_torch_says(predict, net, picture, tmp_path):
    save_model(tmp_path / "model.safetensors", net, DOCUMENT)
    code, found, _ = predict(tmp_path / "model.safetensors")
    assert code == 0
    assert np.array_equal(found, plain(net, picture))


@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_weights_alone_need_a_document_and_say_so(predict, net, picture, tmp_path, suffix):
    path = tmp_path / f"weights{suffix}"
    if suffix == ".pt":
        torch.save(net.state_dict(), path)
    else:
        path.write_bytes(safetensors.torch.save(net.state_dict()))
    code, found, error = predict(path)
    assert (code, found) == (2, None)
    assert "--document" in error
    (tmp_path / "mine.playground").write_bytes(documents.encode(DOCUMENT))
    code, found, _ = predict(path, "--document", tmp_path / "mine.playground")
    assert code == 0
    assert np.array_equal(found, plain(net, picture))


def test_the_json_beside_weights_says_how_pictures_become_inputs(predict, net, picture, tmp_path):
    path = tmp_path / "weights.pt"
    torch.save({f"module.{name}": tensor for name, tensor in net.state_dict().items()}, path)
    symmetric = DOCUMENT.data.__class__(normalisation="symmetric")
    (tmp_path / "mine.playground").write_bytes(documents.encode(documents.replace(DOCUMENT, "data", symmetric)))
    describe_beside(path)
    _, found, _ = predict(path, "--document", tmp_path / "mine.playground")
    assert np.array_equal(found, plain(net, picture))


def test_weights_of_another_network_are_refused_by_name_and_shape(predict, net, tmp_path):
    torch.save(net.state_dict(), tmp_path / "weights.pt")
    code, _, error = predict(tmp_path / "weights.pt", "--document", "mnist-mlp")
    assert code == 2
    assert "does not fit this network" in error


def test_an_exported_folder_answers_without_its_script(predict, net, picture, tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    save_model(folder / "weights.safetensors", net, DOCUMENT)
    (folder / "model.py").write_text("raise SystemExit('never')")
    code, found, _ = predict(folder)
    assert code == 0
    assert np.array_equal(found, plain(net, picture))


def test_onnx_says_what_plain_torch_says(predict, net, picture, tmp_path):
    path = tmp_path / "net.onnx"
    onnx.save(onnx_model(net), path)
    code, found, _ = predict(path)
    assert code == 0
    assert np.allclose(found, plain(net, picture), atol=1e-6)  # the same sums in another order
    onnx.save(onnx_model(net, metadata=False), path)
    code, _, error = predict(path)
    assert code == 2
    assert "how pictures become inputs" in error
    assert predict(path, "--document", "mnist-mlp")[0] == 0


@pytest.mark.parametrize("location", ["../weights.bin", "/etc/hostname", "link/weights.bin", "a/../../weights.bin"])
def test_onnx_with_weights_outside_its_folder_is_refused(predict, net, tmp_path, location):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path)
    model, data = taken_outside(onnx_model(net), location)
    (tmp_path / "weights.bin").write_bytes(data)
    (folder / "net.onnx").write_bytes(model.SerializeToString())
    code, found, error = predict(folder / "net.onnx")
    assert (code, found) == (2, None)
    assert "lies outside its folder" in error
    assert location in error


def test_a_tensor_outside_the_folder_is_found_however_deep_it_stands(net, tmp_path):
    from playground.engine.export.reading.onnx_file import open_onnx
    from playground.engine.problems import Problem

    hidden = TensorProto(name="hidden", data_type=TensorProto.FLOAT, dims=[1], data_location=TensorProto.EXTERNAL)
    hidden.external_data.add(key="location", value="../secret")
    constant = helper.make_node("Constant", [], ["c"], value=hidden)
    inner = helper.make_graph([constant], "inner", [], [])
    model = onnx_model(net)
    model.graph.node.append(helper.make_node("If", ["x"], ["z"], then_branch=inner, else_branch=inner))
    (tmp_path / "net.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(Problem) as caught:
        open_onnx(tmp_path / "net.onnx")
    assert caught.value.code == "model-outside"


def test_what_onnxruntime_says_is_told_without_places_in_its_source(predict, net, tmp_path):
    model = onnx_model(net)
    model.ir_version = 999
    (tmp_path / "net.onnx").write_bytes(model.SerializeToString())
    code, found, error = predict(tmp_path / "net.onnx")
    assert (code, found) == (2, None)
    assert "cannot be run: onnxruntime says: unsupported model ir version: 999" in error
    assert not any(word in error for word in ("onnxruntimeerror", ".cc", "::"))


def test_onnx_with_weights_in_its_folder_is_read(predict, net, picture, tmp_path):
    model, data = taken_outside(onnx_model(net), "weights.bin")
    (tmp_path / "weights.bin").write_bytes(data)
    (tmp_path / "net.onnx").write_bytes(model.SerializeToString())
    code, found, _ = predict(tmp_path / "net.onnx")
    assert code == 0
    assert np.allclose(found, plain(net, picture), atol=1e-6)


@pytest.mark.parametrize("content", [b"", b"\x08\x0a\x12", b"\x08\x0a\x12\x07pytorch", b"\xff" * 3_000])
def test_a_damaged_onnx_file_is_one_sentence(predict, tmp_path, content):
    (tmp_path / "net.onnx").write_bytes(content)
    code, _, error = predict(tmp_path / "net.onnx")
    assert code == 2
    assert error.count("\n") == 1


@pytest.mark.filterwarnings("ignore")
def test_torchscript_runs_in_a_child_and_only_where_it_was_exported_here(predict, net, picture, tmp_path, monkeypatch):
    path = tmp_path / "net.torchscript"
    torch.jit.trace(net, torch.zeros(2, 1, 28, 28)).save(path)
    describe_beside(path)
    monkeypatch.setattr(torch.jit, "load", lambda *_, **__: pytest.fail("loaded in this process"))
    with monkeypatch.context() as patch:
        patch.setattr(Child, "ask", lambda *_: pytest.fail("loaded before the digest was looked up"))
        code, found, error = predict(path)
    assert (code, found) == (2, None)
    assert "was not exported here" in error
    note_as_ours(path)
    code, found, _ = predict(path)
    assert code == 0
    assert np.allclose(found, plain(net, picture), atol=1e-6)


@pytest.mark.filterwarnings("ignore")
def test_a_program_that_changed_after_its_export_is_refused(predict, net, tmp_path, monkeypatch):
    path = tmp_path / "net.torchscript"
    torch.jit.trace(net, torch.zeros(2, 1, 28, 28)).save(path)
    describe_beside(path)
    note_as_ours(path)
    digest = ledger.digest(path)
    path.write_bytes(path.read_bytes() + b"\0")
    assert predict(path)[0] == 2
    monkeypatch.setattr(runnable.ledger, "digest", lambda _: digest)  # exchanged after it was looked at
    code, _, error = predict(path)
    assert code == 2
    assert "changed meanwhile" in error


@pytest.mark.filterwarnings("ignore")
def test_torch_export_runs_in_a_child_with_normalisation_and_softmax_inside(predict, net, picture, tmp_path):
    class Whole(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = net

        def forward(self, x):
            return self.net((x - 0.1307) / 0.3081).softmax(1)

    described = msgspec.structs.replace(DESCRIBED, output="probabilities", normalise_inside=True, softmax_inside=True)
    batch = {"x": {0: torch.export.Dim("batch", min=1)}}
    program = torch.export.export(Whole().eval(), (torch.zeros(2, 1, 28, 28),), dynamic_shapes=batch)
    path = tmp_path / "net.pt2"
    torch.export.save(program, path, extra_files={preprocessing.KEY: preprocessing.to_text(described)})
    assert predict(path)[0] == 2
    note_as_ours(path)
    code, found, _ = predict(path)
    assert code == 0
    assert np.allclose(found, plain(net, picture), atol=1e-6)  # softmax inside is float32
