"""One export: the right writer for each format, around a copy of the net on the CPU in eval mode."""

import copy
import io
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from playground.engine.data.facts import describe
from playground.engine.document import Document
from playground.engine.export import preprocessing
from playground.engine.export.formats.culprit import what_is_wrong
from playground.engine.export.formats.described import preprocessing_of
from playground.engine.export.formats.graph import CannotHold, example, pt2_bytes
from playground.engine.export.formats.onnx_model import onnx_bytes
from playground.engine.export.formats.quiet import quiet
from playground.engine.export.formats.refusing import refusal
from playground.engine.export.formats.torchscript import torchscript_bytes
from playground.engine.export.formats.wrapping import wrapped
from playground.engine.export.model_file import model_bytes
from playground.engine.export.preprocessing import Preprocessing
from playground.engine.export.reading.kinds import FOLDER_WEIGHTS
from playground.engine.export.spec import FORMATS, ExportSpec
from playground.engine.files import make_folder, write_atomic
from playground.engine.network.outputs import meaning
from playground.engine.problems import Problem
from playground.engine.scripts.model import PROGRAM, model_script

Write = Callable[[nn.Module, Document, ExportSpec, Preprocessing, Path], None]


def write(net: nn.Module, document: Document, spec: ExportSpec, path: Path) -> None:
    """Write one export of the document's net, whole or not at all. It takes seconds; nothing is printed.

    A `.pt` file has its preprocessing in `NAME.json` beside it, all others inside.

    Parameters
    ----------
    net : nn.Module
        Built of `document.network`, on any device and in any mode, in which it stays.
    document : Document
        What it was built of, and which samples it takes.
    spec : ExportSpec
        What is asked for.
    path : Path
        The file, or the folder of the format "folder".

    Raises
    ------
    Problem
        What `refusal` says; `export-failed` where the conversion found out that the format cannot hold the net;
        `file-unwritable`.
    """
    refused = refusal(document, net, spec)
    if refused is not None:
        raise refused
    plain = copy.deepcopy(net).cpu().eval()
    with quiet(), torch.no_grad():
        _WRITERS[spec.format](plain, document, spec, preprocessing_of(document, plain, spec), path)


def _state_dict(net: nn.Module, _document: Document, _spec: ExportSpec, about: Preprocessing, path: Path) -> None:
    buffer = io.BytesIO()
    torch.save(net.state_dict(), buffer)
    write_atomic(path, buffer.getvalue())
    write_atomic(preprocessing.beside(path), _json(about))


def _safetensors(net: nn.Module, document: Document, _spec: ExportSpec, about: Preprocessing, path: Path) -> None:
    write_atomic(path, model_bytes(net, document, {preprocessing.KEY: preprocessing.to_text(about)}))


def _folder(net: nn.Module, document: Document, spec: ExportSpec, about: Preprocessing, path: Path) -> None:
    text = model_script(document, about, meaning(net))
    was_there = path.exists()
    make_folder(path)
    try:
        _safetensors(net, document, spec, about, path / FOLDER_WEIGHTS)
        write_atomic(preprocessing.beside(path), _json(about))
        write_atomic(path / PROGRAM, text.encode("utf-8"))
    except Problem:
        if not was_there:
            shutil.rmtree(path, ignore_errors=True)
        raise


def _graph(
    convert: Callable[[nn.Module, Tensor, str], bytes],
    net: nn.Module,
    document: Document,
    spec: ExportSpec,
    about: Preprocessing,
    path: Path,
) -> None:
    inputs = example(describe(document.data).shape)
    whole = wrapped(net, document, spec)
    try:
        data = convert(whole, inputs, preprocessing.to_text(about))
    except CannotHold as error:
        detail = what_is_wrong(document.network, net, inputs, convert, error)
        raise Problem("export-failed", format=FORMATS[spec.format].title, detail=detail) from error
    write_atomic(path, data)


def _onnx(net: nn.Module, document: Document, spec: ExportSpec, about: Preprocessing, path: Path) -> None:
    name = "probabilities" if about.output == "probabilities" else "output"
    _graph(partial(onnx_bytes, output=name), net, document, spec, about, path)


def _json(about: Preprocessing) -> bytes:
    return preprocessing.to_text(about).encode("utf-8") + b"\n"


_WRITERS: dict[str, Write] = {
    "state_dict": _state_dict,
    "safetensors": _safetensors,
    "folder": _folder,
    "onnx": _onnx,
    "pt2": partial(_graph, pt2_bytes),
    "torchscript": partial(_graph, torchscript_bytes),
}
