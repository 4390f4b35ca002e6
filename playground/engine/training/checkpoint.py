"""A run kept in a folder: weights as safetensors, the rest as what `torch.load(weights_only=True)` accepts.

`checkpoint.json` is written last and names the two other files with their SHA-256, so a crash at any moment leaves
either the new checkpoint or the one before whole; the one before stays as `checkpoint.json.bak` with its files.
"""

import contextlib
import hashlib
import io
import json
import pickle
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
import safetensors.torch
import torch

from playground.engine import document as documents
from playground.engine.document import Document
from playground.engine.export.model_file import model_bytes
from playground.engine.files import backup_of, make_folder, read_bytes, reason, sweep, write_atomic
from playground.engine.problems import Problem
from playground.engine.spec import Spec
from playground.engine.training import ends
from playground.engine.training.events import EpochDone, Score, Started, Steps
from playground.engine.training.history import STEP_SERIES, History
from playground.engine.training.run import TrainingRun
from playground.engine.versions import versions

INDEX = "checkpoint.json"
MODEL = "model.safetensors"
FORMAT = 1

Found = TypeVar("Found")


class Index(Spec, frozen=True):
    """What `checkpoint.json` says: file names relative to the folder, and their SHA-256."""

    step: int
    weights: str
    weights_sha256: str
    state: str
    state_sha256: str
    format: int = FORMAT


@dataclass(frozen=True)
class Record:
    """What a checkpoint tells of a run, for reading: the file of its weights after `step` steps, and how it went.

    `started` is how it ran last and `versions` with which libraries; both are missing in early checkpoints.
    """

    document: Document
    weights: Path
    step: int
    history: History
    started: Started | None
    versions: dict[str, str]


class _Version(msgspec.Struct):
    """The one field that every version of the index has."""

    format: int


def save(run: TrainingRun, folder: Path) -> None:
    """Keep the run as it is now in `folder`, beside the checkpoint before.

    Raises
    ------
    Problem
        `file-unwritable`; the checkpoint before is then as it was.
    """
    make_folder(folder)
    sweep(folder)
    run.read_back()
    weights = model_bytes(run.net, run.document)
    state = _state_bytes(run)
    weights_digest, state_digest = _digest(weights), _digest(state)
    # Named by content too, so that another checkpoint of the same step never writes over this one's parts.
    index = Index(
        step=run.step_count,
        weights=f"step-{run.step_count}-{weights_digest[:12]}.safetensors",
        weights_sha256=weights_digest,
        state=f"step-{run.step_count}-{state_digest[:12]}.state",
        state_sha256=state_digest,
    )
    write_atomic(folder / index.weights, weights)
    write_atomic(folder / index.state, state)
    write_atomic(folder / INDEX, msgspec.json.encode(index), backup=True)
    _forget_older(folder)


def load(folder: Path) -> tuple[Document, Callable[[TrainingRun], None]]:
    """The document of the newest whole checkpoint, and what brings a run built from it to where it was.

    Raises
    ------
    Problem
        `checkpoint-missing`, `checkpoint-unsafe`, `checkpoint-corrupt`, or `document-newer`.
    """
    return _newest(folder, _load)


def read(folder: Path) -> Record:
    """The newest whole checkpoint without its run, which needs no data set.

    Raises
    ------
    Problem
        As `load`.
    """
    return _newest(folder, _read)


def weights_file(folder: Path) -> Path:
    """The newest checkpoint's weights, a model file of their own.

    Raises
    ------
    Problem
        `checkpoint-missing` or `checkpoint-corrupt`.
    """
    if not (folder / INDEX).exists():
        raise Problem("checkpoint-missing", path=folder)
    return folder / _read_index(folder / INDEX).weights


def _newest(folder: Path, reader: Callable[[Path, Path], Found]) -> Found:
    """What `reader` makes of the folder and its newest index, or of the one before where that is damaged."""
    candidates = [path for path in (folder / INDEX, backup_of(folder / INDEX)) if path.exists()]
    if not candidates:
        raise Problem("checkpoint-missing", path=folder)
    problems: list[Problem] = []
    for path in candidates:
        try:
            return reader(folder, path)
        except Problem as problem:
            if problem.code == "checkpoint-unsafe":
                raise
            problems.append(problem)
    raise problems[0]


def _load(folder: Path, path: Path) -> tuple[Document, Callable[[TrainingRun], None]]:
    _, weights, state, document = _parts(folder, path)

    def restore(run: TrainingRun) -> None:
        try:
            _restore_history(run.history, state["history"])
            run.restore({**state["run"], "model": safetensors.torch.load(weights)})
        except (LookupError, ValueError, TypeError, AttributeError, RuntimeError, safetensors.SafetensorError) as error:
            detail = reason(error)
            raise Problem("checkpoint-mismatch", path=folder, detail=detail) from error

    return document, restore


def _read(folder: Path, path: Path) -> Record:
    index, _, state, document = _parts(folder, path)
    history = History()
    try:
        _restore_history(history, state["history"])
        started = Started(**state["started"]) if "started" in state else None
        kept = dict(state.get("versions", {}))
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise Problem("checkpoint-corrupt", path=folder / index.state, detail=reason(error)) from error
    return Record(document, folder / index.weights, index.step, history, started, kept)


def _parts(folder: Path, path: Path) -> tuple[Index, bytes, dict[str, Any], Document]:
    """What the index at `path` says and names, all of it as it was written."""
    index = _read_index(path)
    weights = _read_part(folder / index.weights, index.weights_sha256)
    state = _read_state(folder / index.state, _read_part(folder / index.state, index.state_sha256))
    try:
        document = documents.decode(state["document"].encode(), folder / index.state)
    except (KeyError, AttributeError, TypeError) as error:
        raise Problem("checkpoint-corrupt", path=folder / index.state, detail="it holds no document") from error
    return index, weights, state, document


def _state_bytes(run: TrainingRun) -> bytes:
    state = run.state()
    del state["model"]
    buffer = io.BytesIO()
    kept = {
        "run": state,
        "history": _history(run.history),
        "document": documents.encode(run.document).decode(),
        "started": asdict(ends.started(run)),
        "versions": versions(),
    }
    torch.save(kept, buffer)
    return buffer.getvalue()


def _read_state(path: Path, data: bytes) -> dict[str, Any]:
    try:
        state = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise Problem("checkpoint-unsafe", path=path) from error
    except Exception as error:
        raise Problem("checkpoint-corrupt", path=path, detail=reason(error)) from error
    if not isinstance(state, dict):
        raise Problem("checkpoint-corrupt", path=path, detail="it holds no state of a run")
    return state


def _read_index(path: Path) -> Index:
    data = read_bytes(path, 2**20)
    try:
        found = msgspec.json.decode(data, type=_Version).format
        if found > FORMAT:
            raise Problem("document-newer", path=path, found=found, known=FORMAT)
        index = msgspec.json.decode(data, type=Index)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem("checkpoint-corrupt", path=path, detail=str(error)) from error
    if any(Path(name).name != name for name in (index.weights, index.state)):
        raise Problem("checkpoint-corrupt", path=path, detail="it names files outside its folder")
    return index


def _read_part(path: Path, digest: str) -> bytes:
    data = read_bytes(path)
    if _digest(data) != digest:
        raise Problem("checkpoint-corrupt", path=path, detail="its SHA-256 is not the one noted when it was written")
    return data


def _forget_older(folder: Path) -> None:
    """Remove the parts that neither this checkpoint nor the one before names."""
    kept = set()
    for path in (folder / INDEX, backup_of(folder / INDEX)):
        with contextlib.suppress(Problem):  # a damaged one names nothing that could be used
            index = _read_index(path)
            kept |= {index.weights, index.state}
    with contextlib.suppress(OSError):  # the next save tries again
        for path in folder.glob("step-*"):
            if path.name not in kept:
                path.unlink(missing_ok=True)


def _history(history: History) -> dict[str, Any]:
    columns = {name: torch.tensor(history.step_series(name)) for name in STEP_SERIES}
    epochs = json.dumps([msgspec.to_builtins(epoch) for epoch in history.epochs])
    return {"first": history.first_step, "seconds": history.seconds, "columns": columns, "epochs": epochs}


def _restore_history(history: History, kept: dict[str, Any]) -> None:
    loss, accuracy, rate = (np.asarray(kept["columns"][name]) for name in STEP_SERIES)
    if len(loss):
        history.record(Steps(kept["first"], loss, accuracy, rate, samples=0, seconds=kept["seconds"]))
    for epoch in json.loads(kept["epochs"]):
        scores = {name: Score(**epoch[name]) if epoch[name] else None for name in ("train", "validation", "test")}
        history.record(EpochDone(**{**epoch, **scores}))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
