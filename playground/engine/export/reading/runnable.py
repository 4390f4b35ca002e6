"""A model from a file of any kind as something that maps a batch to outputs, with what its inputs need."""

import base64
import contextlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import torch
from torch import Tensor, nn

from playground.engine.child import Child, ChildDied
from playground.engine.data.facts import describe
from playground.engine.document import Document
from playground.engine.export import ledger, preprocessing
from playground.engine.export.preprocessing import Preprocessing
from playground.engine.export.reading.kinds import Kind, kind_of, member
from playground.engine.export.reading.matching import apply, match
from playground.engine.export.reading.onnx_file import open_onnx
from playground.engine.export.reading.weights import PROGRAMS, preprocessing_beside, read_weights
from playground.engine.files import reason
from playground.engine.network.builder import build
from playground.engine.network.outputs import meaning
from playground.engine.network.private_draws import PrivateDraws
from playground.engine.problems import Problem

CHILD = "playground.engine.export.reading.graph_child"

Answer = Callable[[Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class Runnable:
    """`answer` maps float32 [B, ...] to outputs [B, ...], on the CPU; `close` ends its child process, if it has one."""

    answer: Answer
    preprocessing: Preprocessing
    close: Callable[[], None]


def open_runnable(path: str | Path, document: Document | None = None) -> Runnable:
    """Make a model file answer: safetensors, `.pt`, ONNX, a checkpoint or an exported folder in this process; `.pt2`
    and TorchScript in a child process, and only where this user exported them here.

    Parameters
    ----------
    document : Document, optional
        Names the network, and what its inputs need, where the file does not.

    Raises
    ------
    Problem
        `model-no-network`, `model-no-preprocessing`, `model-unproven`, `model-outside`, `model-broken`,
        `weights-foreign`, or what `read_weights` refuses.
    """
    path = Path(path)
    kind = kind_of(path)
    if kind == "onnx":
        answer, metadata = open_onnx(path)
        return Runnable(answer, _known(path, document, metadata.get(preprocessing.KEY)), _nothing)
    if kind in PROGRAMS:
        return _in_child(path, kind, document)
    return _of_weights(path, document)


def of_net(net: nn.Module, described: Preprocessing) -> Runnable:
    """A net on the CPU in eval mode."""

    def answer(batch: Tensor) -> Tensor:
        with torch.inference_mode():
            outputs: Tensor = net(batch)
        return outputs

    return Runnable(answer, described, _nothing)


def described_by(document: Document, net: nn.Module) -> Preprocessing:
    """What the inputs of a document's net need, and what its outputs mean."""
    facts = describe(document.data)
    return Preprocessing(
        input_shape=facts.shape,
        mean=facts.mean,
        std=facts.std,
        classes=facts.classes,
        output=meaning(net) if facts.task == "classification" else "values",
    )


def _of_weights(path: Path, document: Document | None) -> Runnable:
    weights = read_weights(path)
    known = document or weights.document
    if known is None:
        raise Problem("model-no-network", path=path)
    with PrivateDraws(known.training.seed):
        net = build(known.network)
    matching = match(net, weights.tensors, in_order=weights.in_order)
    if not (matching.is_whole or matching.renaming):
        raise Problem("weights-foreign", path=path, detail=matching.detail)
    filled = apply(net, weights.tensors, matching).eval()
    return of_net(filled, weights.preprocessing or described_by(known, filled))


def _in_child(path: Path, kind: Kind, document: Document | None) -> Runnable:
    try:
        sha256 = ledger.digest(path)
    except OSError as error:
        raise Problem("file-unreadable", path=path, detail=reason(error)) from error
    if not ledger.knows(sha256):
        raise Problem("model-unproven", path=path, format=PROGRAMS[kind])
    known = _known(path, document, _inside(path))
    child = Child("-m", CHILD, threads=1)
    try:
        _ask(child, path, {"path": str(path.absolute()), "format": kind, "sha256": sha256})
    except BaseException:
        child.close()
        raise

    def answer(batch: Tensor) -> Tensor:
        inputs = base64.b64encode(batch.contiguous().numpy().tobytes()).decode()
        found = _ask(child, path, {"inputs": inputs, "shape": list(batch.shape)})
        outputs = torch.frombuffer(bytearray(base64.b64decode(found["outputs"])), dtype=torch.float32)
        return outputs.view(found["shape"])

    return Runnable(answer, known, child.close)


def _ask(child: Child, path: Path, question: dict[str, Any]) -> dict[str, Any]:
    """The child's answer; what goes wrong with a batch is a RuntimeError, as of a net."""
    try:
        found: dict[str, Any] = child.ask(question)
    except ChildDied as death:
        raise Problem("model-broken", path=path, detail=str(death)) from death
    if "error" in found and "path" in question:
        raise Problem("model-broken", path=path, detail=found["error"].rstrip("."))
    if "error" in found:
        raise RuntimeError(found["error"])
    return found


def _inside(path: Path) -> str | None:
    """What an archive of torch says of preprocessing."""
    with contextlib.suppress(OSError, ValueError, zipfile.BadZipFile):
        found = member(path, f"extra/{preprocessing.KEY}")
        return found.decode() if found is not None else None
    return None


def _known(path: Path, document: Document | None, text: str | None) -> Preprocessing:
    """What the file says, or the one beside it, or else the experiment: logits, since its net is not seen here."""
    try:
        found = preprocessing.from_text(text) if text is not None else preprocessing_beside(path)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise Problem("model-broken", path=path, detail=f"what it says of preprocessing is wrong ({error})") from error
    if found is not None:
        return found
    if document is None:
        raise Problem("model-no-preprocessing", path=path)
    return described_by(document, build(document.network, "meta"))


def _nothing() -> None:
    """Nothing to end."""
