"""Exports loaded again with the plain libraries, each as something that maps a batch to outputs."""

import runpy
import warnings

import onnxruntime
import torch

from playground.engine.data.spec import Images, RandomData
from playground.engine.document import Document
from playground.engine.export import formats
from playground.engine.export.model_file import load_model
from playground.engine.export.spec import FORMATS, ExportSpec
from playground.engine.network.builder import build
from playground.engine.network.sequence import branches, layer, repeat, residual, sequence

GRAPHS = ("onnx", "pt2", "torchscript", "folder")
BATCHES = (1, 2, 7, 64)


def conv(inputs, outputs, **args):
    return layer("Conv2d", in_channels=inputs, out_channels=outputs, **{"kernel_size": 3, "padding": 1, **args})


PICTURES = Document(
    title="Bilder ü",
    data=Images(name="cifar10"),
    network=sequence(
        *(conv(3, 4), layer("BatchNorm2d", num_features=4), layer("ReLU", inplace=True)),
        residual(conv(4, 4), layer("Dropout2d"), shortcut=(conv(4, 4, kernel_size=1, padding=0),)),
        branches((conv(4, 2), layer("GELU")), (), (layer("MaxPool2d", kernel_size=3, stride=1, padding=1),)),
        repeat(2, layer("GroupNorm", num_groups=2, num_channels=10), layer("SiLU")),
        *(layer("AdaptiveAvgPool2d", output_size=(3, 5)), layer("Flatten"), layer("Dropout")),
        *(layer("Linear", in_features=150, out_features=10), layer("LogSoftmax", dim=1)),
    ),
)


def of_network(network, shape, outputs=10):
    return Document(data=RandomData(shape=shape, outputs=outputs), network=network)


def net_of(document, seed=0):
    """The document's net, its batch norms moved by one batch; in train mode."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        net = build(document.network)
        net(torch.randn(8, *formats.preprocessing_of(document, net, ExportSpec(format="onnx")).input_shape))
    return net


def written(document, net, folder, format_name, **inside):
    """Where the export lies that was just made."""
    path = folder / f"model{FORMATS[format_name].suffix}"
    formats.write(net, document, ExportSpec(format=format_name, **inside), path)
    return path


def reopened(format_name, path, document):
    """What maps a batch to outputs."""
    if format_name == "onnx":
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        return lambda x: torch.from_numpy(session.run(None, {"input": x.numpy()})[0])
    if format_name == "safetensors":
        return load_model(path)[1]
    if format_name == "state_dict":
        net = build(document.network)
        net.load_state_dict(torch.load(path, weights_only=True))
        return net.eval()
    if format_name == "folder":
        return runpy.run_path(str(path / "model.py"))["net"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that TorchScript is legacy
        return torch.export.load(path).module() if format_name == "pt2" else torch.jit.load(str(path))


def largest_difference(run, net, shape, batches=BATCHES, before=None, after=None):
    """Over all batch sizes; outputs larger than 1 count relative to the largest, as float32 rounds."""
    generator = torch.Generator().manual_seed(1)
    net = net.eval()
    differences = []
    with torch.no_grad():
        for batch in batches:
            x = torch.rand(batch, *shape, generator=generator)
            expected = net(before(x) if before else x)
            expected = after(expected) if after else expected
            found = run(x.clone())
            assert found.shape == expected.shape
            differences.append(float((found - expected).abs().max() / expected.abs().max().clamp(min=1)))
    return max(differences)
