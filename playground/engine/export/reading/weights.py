"""Weights out of files from anywhere. Only tensors and text are read; nothing in a file can run."""

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import msgspec
import torch
from torch import Tensor, nn

from playground.engine import document as documents
from playground.engine.document import Document
from playground.engine.export import model_file, preprocessing
from playground.engine.export.preprocessing import Preprocessing
from playground.engine.export.reading.kinds import CHECKPOINT_INDEX, FOLDER_WEIGHTS, Kind, kind_of
from playground.engine.export.tensor_file import read_tensors
from playground.engine.files import read_bytes, reason
from playground.engine.problems import Problem

Source = Literal["checkpoint", "folder", "model", "safetensors", "state_dict"]

MAX_BYTES = 2**34
PROGRAMS: Mapping[str, str] = {"pt2": "torch.export (.pt2)", "torchscript": "TorchScript"}
"""What holds a program, and is loaded in a child process only."""

_WRAPPERS = ("state_dict", "model_state_dict", "model", "net")
_PREFIXES = {"module.": "DataParallel", "_orig_mod.": "torch.compile"}
# What torch says of a pickle that holds more than tensors, as against one that is damaged.
_OBJECTS = ("GLOBAL", "class", "function", "instantiate", "new object", "build")


@dataclass(frozen=True, slots=True)
class Weights:
    """What a file holds.

    `tensors` by name, on the CPU. `document` is the experiment where the file is ours and names it. `in_order`: the
    tensors come in the order in which their net defines them. `notes` say what was done to the names.
    """

    tensors: Mapping[str, Tensor]
    document: Document | None
    kind: Source
    preprocessing: Preprocessing | None
    in_order: bool = False
    notes: tuple[str, ...] = ()


def read_weights(path: str | Path) -> Weights:
    """Read safetensors, what torch.save wrote of a state_dict, or a checkpoint or script's folder of ours.

    Files of torch.save are loaded with `weights_only=True` and never otherwise. They may hold a state_dict or a
    dictionary with one under a usual name; the prefix that DataParallel or torch.compile puts before every name is
    taken off, and `notes` say so.

    Raises
    ------
    Problem
        `file-missing`, `file-unreadable`, `file-too-large`, `weights-unreadable`, `weights-unsafe`,
        `weights-program`, `weights-onnx`, or what is wrong with a checkpoint or a document in the header.
    """
    path = Path(path)
    kind = kind_of(path)
    if kind not in _READERS:
        raise _refusal(path, kind)
    if path.is_file() and (size := path.stat().st_size) > MAX_BYTES:
        raise Problem("file-too-large", path=path, size=size, limit=MAX_BYTES)
    return _READERS[kind](path)


def preprocessing_beside(path: Path) -> Preprocessing | None:
    """What the JSON file beside a model file says; None where there is none.

    Raises
    ------
    Problem
        `weights-unreadable` where it says something else.
    """
    beside = preprocessing.beside(path)
    return _described(read_bytes(beside, 2**20), beside) if beside.exists() else None


def _refusal(path: Path, kind: Kind) -> Problem:
    if kind in PROGRAMS:
        return Problem("weights-program", path=path, format=PROGRAMS[kind])
    if kind == "onnx":
        return Problem("weights-onnx", path=path)
    if kind == "pickle":
        return Problem("weights-unsafe", path=path)
    detail = "it is empty" if kind == "empty" else "it is neither safetensors nor a file of torch.save, or is damaged"
    if path.is_dir():
        detail = f"the folder holds neither {CHECKPOINT_INDEX} nor {FOLDER_WEIGHTS}"
    return Problem("weights-unreadable", path=path, detail=detail)


def _checkpoint(path: Path) -> Weights:
    from playground.engine.training import checkpoint  # imports all of training, which other files do not need

    record = checkpoint.read(path if path.is_dir() else path.parent)
    return replace(_safetensors(record.weights), kind="checkpoint", document=record.document)


def _folder(path: Path) -> Weights:
    found = _safetensors(path / FOLDER_WEIGHTS)
    return replace(found, kind="folder", preprocessing=found.preprocessing or preprocessing_beside(path))


def _safetensors(path: Path) -> Weights:
    tensors, header = read_tensors(path, "weights-unreadable")
    text, described = header.get(model_file.KEY), header.get(preprocessing.KEY)
    return Weights(
        tensors=_sound(tensors, path),
        document=documents.decode(text.encode("utf-8"), path) if text is not None else None,
        kind="safetensors" if text is None else "model",
        preprocessing=_described(described, path) if described is not None else preprocessing_beside(path),
    )


def _state_dict(path: Path) -> Weights:
    loaded = _loaded(path)
    found = _named_tensors(loaded)
    if found is None:
        raise Problem("weights-unreadable", path=path, detail="it holds no tensors under names")
    tensors, notes = _without_prefix(_sound(found, path))
    return Weights(tensors, None, "state_dict", preprocessing_beside(path), in_order=True, notes=notes)


def _loaded(path: Path) -> object:
    """What torch makes of the file, with nothing but tensors and plain values allowed."""
    try:
        with path.open("rb") as file:  # of a path torch would look at the suffix
            return torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        if any(word in str(error) for word in _OBJECTS):
            raise Problem("weights-unsafe", path=path) from error
        raise Problem("weights-unreadable", path=path, detail="it is damaged") from error
    except Exception as error:  # a damaged archive raises whatever its reader stumbles over
        raise Problem("weights-unreadable", path=path, detail=_brief(error)) from error


def _brief(error: Exception) -> str:
    """torch explains at length how files may be loaded unsafely; its first sentence is enough."""
    return reason(error).split(". ")[0][:200]


def _named_tensors(loaded: object) -> dict[str, Tensor] | None:
    """The tensors of a state_dict, or of the one that stands in the dictionary under a usual name."""
    if not isinstance(loaded, Mapping):
        return None
    inner = next((loaded[name] for name in _WRAPPERS if isinstance(loaded.get(name), Mapping)), None)
    for candidate in (loaded, inner):
        tensors = {name: value for name, value in (candidate or {}).items() if isinstance(value, Tensor)}
        if tensors and all(isinstance(name, str) for name in tensors):
            return tensors
    return None


def _sound(tensors: Mapping[str, Tensor], path: Path) -> dict[str, Tensor]:
    """Plain tensors only, none of which says that it holds more than the whole file."""
    size = path.stat().st_size
    for name, tensor in tensors.items():
        plain = type(tensor) in (Tensor, nn.Parameter) and tensor.layout is torch.strided and not tensor.is_quantized
        if tensor.is_complex():
            raise Problem("weights-unreadable", path=path, detail=f"{name!r} holds complex numbers")
        if not plain or tensor.device.type != "cpu" or tensor.numel() * tensor.element_size() > size:
            raise Problem("weights-unreadable", path=path, detail=f"{name!r} is no plain tensor with its values")
    if sum(tensor.numel() * tensor.element_size() for tensor in tensors.values()) > MAX_BYTES:
        raise Problem("weights-unreadable", path=path, detail="its tensors share memory that would not fit apart")
    return {name: tensor.detach() for name, tensor in tensors.items()}


def _without_prefix(tensors: dict[str, Tensor]) -> tuple[dict[str, Tensor], tuple[str, ...]]:
    notes: list[str] = []
    while prefix := next((one for one in _PREFIXES if all(name.startswith(one) for name in tensors)), None):
        tensors = {name.removeprefix(prefix): tensor for name, tensor in tensors.items()}
        notes.append(f'The prefix "{prefix}" of {_PREFIXES[prefix]} was taken off every name.')
    return tensors, tuple(notes)


def _described(text: str | bytes, path: Path) -> Preprocessing:
    try:
        return preprocessing.from_text(text)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        detail = f"what it says of preprocessing is wrong ({reason(error)})"
        raise Problem("weights-unreadable", path=path, detail=detail) from error


_READERS: Mapping[Any, Callable[[Path], Weights]] = {
    "checkpoint": _checkpoint,
    "folder": _folder,
    "safetensors": _safetensors,
    "state_dict": _state_dict,
}
