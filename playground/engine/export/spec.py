"""What an export is asked for: the formats there are, and what goes inside the graph. Imports no torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from playground.engine.spec import Spec

FormatName = Literal["state_dict", "safetensors", "pt2", "onnx", "torchscript", "folder"]


class ExportSpec(Spec, frozen=True):
    """One export.

    `normalise` puts the normalisation of the training data inside, so that pixels in [0, 1] enter; `softmax` makes
    probabilities leave. Both need a format that holds a program, not weights alone.
    """

    format: FormatName
    normalise: bool = False
    softmax: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its title for people, the suffix of its file ("" for a folder), and one sentence on what it is for.

    `has_graph`: it holds the program too, not the weights alone. `is_legacy`: torch itself no longer recommends it.
    """

    title: str
    suffix: str
    summary: str
    has_graph: bool = True
    is_legacy: bool = False


FORMATS: Mapping[FormatName, Format] = {
    "safetensors": Format(
        "safetensors", ".safetensors", "Weights that cannot run code, with the experiment in the header.", False
    ),
    "state_dict": Format("state_dict", ".pt", "Weights as net.load_state_dict takes them.", False),
    "onnx": Format("ONNX", ".onnx", "The net for other runtimes, with any batch size."),
    "pt2": Format("torch.export", ".pt2", "The net as one traced graph, for torch without its Python code."),
    "folder": Format("Script with weights", "", "A plain PyTorch program beside its weights."),
    "torchscript": Format("TorchScript", ".torchscript", "For old programs that load nothing else.", is_legacy=True),
}
