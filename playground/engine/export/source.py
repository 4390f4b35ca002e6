"""Where an exported model comes from: a run, a checkpoint, a model file, or an experiment that was not trained yet."""

import json
import re
import struct
from dataclasses import dataclass
from pathlib import Path

from playground.engine import document as documents
from playground.engine import presets
from playground.engine.document import Document
from playground.engine.export.reading.kinds import CHECKPOINT_INDEX, FOLDER_WEIGHTS
from playground.engine.export.spec import FORMATS, ExportSpec
from playground.engine.files import backup_of, read_bytes, reason
from playground.engine.folders import data_folder
from playground.engine.problems import Problem

_LONGEST_NAME = 80
_HEADER_LIMIT = 2**26
_FORBIDDEN = re.compile(r'[/\\:*?"<>|\x00-\x1f]+')


@dataclass(frozen=True, slots=True)
class ExportSource:
    """A model to export.

    `weights` is a model file (safetensors, the document in its header); None gives the weights that the document's seed
    draws. `name` is what files are called after. `steps` counts the steps of training: 0 where there were none, None
    where nobody knows.
    """

    document: Document
    weights: Path | None
    name: str
    steps: int | None


def open_source(text: str | Path) -> ExportSource:
    """The model that a text names.

    It may be a preset; the folder of a run, a checkpoint or an export, or the name of a run in the user's data folder;
    a model file; a document. Presets and documents are not trained.

    Raises
    ------
    Problem
        `export-source-unknown`, or what is wrong with the checkpoint, the model file or the document.
    """
    if text in presets.names():
        return untrained(presets.preset(str(text)), str(text))
    path = Path(text)
    if not path.exists() and path.name == str(text) and (data_folder() / "runs" / path).is_dir():
        path = data_folder() / "runs" / path
    if path.name == CHECKPOINT_INDEX:
        path = path.parent
    if path.is_dir():
        return _of_folder(path)
    if path.suffix == ".playground":
        return untrained(documents.decode(read_bytes(path, documents.MAX_BYTES), path), path.stem)
    if not path.exists():
        raise Problem("export-source-unknown", name=text, known=", ".join(presets.names()))
    return ExportSource(_document_in(path), path, path.stem, None)


def untrained(document: Document, name: str) -> ExportSource:
    """The net of a document with the weights that its seed draws."""
    return ExportSource(document, None, name, 0)


def file_name(name: str, spec: ExportSpec) -> str:
    """What an export of a model of this name is called: usable on every system."""
    inside = f"{'-normalised' if spec.normalise else ''}{'-softmax' if spec.softmax else ''}"
    return f"{plain_name(name)}{inside}{FORMATS[spec.format].suffix}"


def plain_name(name: str) -> str:
    """The beginning of a name that files can have on every system; quotes would part it in a file dialog of Qt's."""
    return _FORBIDDEN.sub("-", name).strip(" .-")[:_LONGEST_NAME].rstrip(" .-") or "model"


def _of_folder(folder: Path) -> ExportSource:
    index = folder / CHECKPOINT_INDEX
    if index.exists() or backup_of(index).exists():
        return _of_run(folder)
    weights = folder / FOLDER_WEIGHTS
    if weights.exists():
        return ExportSource(_document_in(weights), weights, folder.resolve().name, None)
    detail = f"the folder holds neither {CHECKPOINT_INDEX} nor {FOLDER_WEIGHTS}"
    raise Problem("model-unreadable", path=folder, detail=detail)


def _of_run(folder: Path) -> ExportSource:
    from playground.engine.training import checkpoint

    record = checkpoint.read(folder)
    return ExportSource(record.document, record.weights, folder.resolve().name, record.step)


def _document_in(path: Path) -> Document:
    """The document in the header of a model file, read without torch."""
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(min(length, _HEADER_LIMIT)))
        text = header["__metadata__"]["document"]
    except OSError as error:
        raise Problem("file-unreadable", path=path, detail=reason(error)) from error
    except (struct.error, ValueError, RecursionError) as error:
        detail = "it is no safetensors file; name the run that it came from"
        raise Problem("model-unreadable", path=path, detail=detail) from error
    except (LookupError, TypeError) as error:
        raise Problem("model-unreadable", path=path, detail="its header names no document") from error
    return documents.decode(str(text).encode("utf-8", "surrogatepass"), path)
