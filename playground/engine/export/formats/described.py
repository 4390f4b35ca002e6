"""What an export says of itself: how samples become its inputs, what its outputs mean, and what wrote it."""

from importlib.metadata import version

import msgspec
from torch import nn

from playground.engine.data.facts import describe
from playground.engine.document import Document
from playground.engine.export.preprocessing import Preprocessing
from playground.engine.export.reading.runnable import described_by
from playground.engine.export.spec import ExportSpec, FormatName
from playground.engine.network.analysis import analyse
from playground.engine.versions import versions

_WRITTEN_WITH: dict[FormatName, tuple[str, ...]] = {
    "safetensors": ("safetensors",),
    "folder": ("safetensors",),
    "onnx": ("onnx", "onnxscript"),
}


def preprocessing_of(document: Document, net: nn.Module, spec: ExportSpec) -> Preprocessing:
    """The preprocessing of one export of the document's net; without classes where it does not end in one number each.

    Raises
    ------
    Problem
        `data-split`.
    """
    known = described_by(document, net)
    facts = describe(document.data)
    if known.classes and analyse(document.network, facts.shape).output != (facts.outputs,):
        known = msgspec.structs.replace(known, classes=(), output="values")
    libraries = {name: version(name) for name in _WRITTEN_WITH.get(spec.format, ())}
    return msgspec.structs.replace(
        known,
        output="probabilities" if spec.softmax else known.output,
        normalise_inside=spec.normalise,
        softmax_inside=spec.softmax,
        versions={**versions(), **libraries},
    )
