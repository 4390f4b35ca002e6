"""What a model needs to be used rightly, kept in the file itself or in a JSON beside it. Imports no torch."""

from pathlib import Path
from typing import Literal

import msgspec

from playground.engine.spec import Spec

Output = Literal["logits", "log-probabilities", "probabilities", "values"]

KEY = "preprocessing"
"""The name under which it stands in ONNX's metadata and in the header of safetensors."""

FOLDER_FILE = "preprocessing.json"
"""Its file in an exported folder."""


class Preprocessing(Spec, frozen=True):
    """How samples become inputs, and what the outputs mean.

    `input_shape` is one sample's, without the batch. `mean` and `std` have one entry a channel and are what pixels in
    [0, 1] are normalised with; empty where there are no pixels. `normalise_inside`: the file does it itself.
    `output` says what leaves the file. `versions` are those of the libraries that wrote it.
    """

    input_shape: tuple[int, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    classes: tuple[str, ...]
    output: Output
    normalise_inside: bool = False
    softmax_inside: bool = False
    versions: dict[str, str] = {}


def to_text(preprocessing: Preprocessing) -> str:
    """As JSON on one line."""
    return msgspec.json.encode(preprocessing).decode()


def from_text(text: str | bytes) -> Preprocessing:
    """Read what `to_text` wrote.

    Raises
    ------
    msgspec.ValidationError, msgspec.DecodeError
        Where it is something else.
    """
    return msgspec.json.decode(text, type=Preprocessing)


def beside(path: Path) -> Path:
    """Where it lies for a model file that has no room for it, and in an exported folder."""
    return path / FOLDER_FILE if path.is_dir() else path.with_name(f"{path.name}.json")
