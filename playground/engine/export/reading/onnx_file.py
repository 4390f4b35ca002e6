"""ONNX files run here: checked for weights outside their folder first, then given to onnxruntime."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from playground.engine.files import read_bytes, reason
from playground.engine.problems import Problem

MAX_BYTES = 2**31  # of a protobuf message; larger weights lie in files beside it

_LOCATION = "location"
_LONGEST = 240  # characters
_SOURCE = re.compile(r"\[onnxruntimeerror\] : \d+ : \w+ : |(/\S*/)?\w+\.(cc|h):\d+ ([^()]*\(.*?\) (?=[a-z]))?")


def open_onnx(path: Path) -> tuple[Callable[[Tensor], Tensor], Mapping[str, str]]:
    """What maps a batch to the model's first output, and the file's metadata.

    Raises
    ------
    Problem
        `model-outside` where tensors come from files outside the model's folder, `model-broken`, or what is wrong
        with the file itself.
    """
    data = read_bytes(path, MAX_BYTES)
    model = _parsed(data, path)
    locations = set(_locations(model))
    for location in locations:
        _check_inside(location, path)
    session = _session(str(path.resolve()) if locations else data, path)
    inputs = session.get_inputs()
    if len(inputs) != 1:
        raise Problem("model-broken", path=path, detail=f"it takes {len(inputs)} inputs instead of one")
    name = inputs[0].name

    def answer(batch: Tensor) -> Tensor:
        try:
            found = session.run(None, {name: batch.numpy()})[0]
        except Exception as error:  # onnxruntime's own kinds, which share no other base
            raise RuntimeError(reason(error)) from error
        return torch.from_numpy(found)

    return answer, {one.key: one.value for one in model.metadata_props}


def _parsed(data: bytes, path: Path) -> Any:
    import onnx
    from google.protobuf.message import DecodeError

    try:
        return onnx.load_model_from_string(data)
    except (DecodeError, ValueError) as error:
        raise Problem("model-broken", path=path, detail="it is no ONNX file, or is damaged") from error


def _locations(message: Any) -> Iterator[str]:
    """Where the tensors in a message lie that are kept in other files, however deep they stand."""
    for field, value in message.ListFields():
        if field.name == "external_data":
            yield from (entry.value for entry in value if entry.key == _LOCATION)
        elif field.message_type is not None:
            for each in (value,) if hasattr(value, "ListFields") else value:
                yield from _locations(each)


def _check_inside(location: str, path: Path) -> None:
    """Refuse a location that leads out of the model's folder: absolute, through "..", or by a link."""
    folder = path.resolve().parent
    try:
        target = (folder / location).resolve()
    except (OSError, ValueError) as error:
        raise Problem("model-outside", path=path, location=location) from error
    if not target.is_relative_to(folder):
        raise Problem("model-outside", path=path, location=location)


def _session(source: str | bytes, path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4  # what is wrong is raised too
    try:
        return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own kinds, which share no other base
        raise Problem("model-broken", path=path, detail=_told(error)) from error


def _told(error: Exception) -> str:
    """What onnxruntime means, without its codes and places in its source."""
    return "onnxruntime says: " + _SOURCE.sub("", reason(error))[:_LONGEST].rstrip(". ")
