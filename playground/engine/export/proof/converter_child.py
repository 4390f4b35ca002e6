"""The child process that builds nets, runs them on samples, and writes exports; see `converter`."""

import contextlib
import os
import shutil
import traceback
from pathlib import Path
from typing import Any

import msgspec
import safetensors.torch
import torch
from torch import Tensor, nn

from playground.engine import document as documents
from playground.engine.data.facts import describe
from playground.engine.document import Document
from playground.engine.export.formats import refusal, write
from playground.engine.export.model_file import load_model
from playground.engine.export.proof.converter import Answer, Compared, Question, as_answer
from playground.engine.export.proof.samples import Samples, samples_of
from playground.engine.export.spec import FORMATS
from playground.engine.files import reason
from playground.engine.network.builder import build
from playground.engine.problems import Problem
from playground.engine.serving import serve

_NICENESS = 5
_FULL = 2**20  # bytes; torch and ONNX do not always say that it was the disk


class _Reader:
    """Keeps the net that was asked for last, and what was computed with it."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._found: tuple[Document, nn.Module] | None = None
        self.compared: dict[Path, Compared] = {}
        self.folders: set[Path] = set()

    def read(self, question: Question) -> tuple[Document, nn.Module]:
        key = (question.document, question.weights, _time_of(question.weights))
        if self._found is None or key != self._key:
            self._found = None  # two large nets at a time would be too many
            self._found, self._key = _read(question), key
        return self._found


_reader = _Reader()


def answer(plain: Any) -> Any:
    """The answer to a question of `converter`."""
    question = msgspec.convert(plain, Question)
    try:
        return msgspec.to_builtins(_answer(question))
    except Problem as problem:
        return msgspec.to_builtins(as_answer(problem))
    except Exception as error:
        return msgspec.to_builtins(as_answer(_problem(question, error)))


def _answer(question: Question) -> Answer:
    path = Path(question.path)
    _reader.folders.add(path.parent)
    document, net = _reader.read(question)
    refused = refusal(document, net, question.spec)
    if refused is not None:
        raise refused
    if question.ask == "convert":
        write(net, document, question.spec, path)
        return Answer()
    if path not in _reader.compared:
        _reader.compared[path] = _compared(question, document, net, path)
    return Answer(_reader.compared[path])


def _read(question: Question) -> tuple[Document, nn.Module]:
    """Document and net of the model file, or those that the document's seed gives; in eval mode."""
    if question.weights is not None:
        return load_model(question.weights)
    document = documents.decode(question.document.encode())
    torch.manual_seed(document.training.seed)
    return document, build(document.network).eval()


def _compared(question: Question, document: Document, net: nn.Module, path: Path) -> Compared:
    """Run the net, and write what the prover compares with."""
    samples = samples_of(document.data)
    outputs, notes = _outputs(net, samples, softmax=question.spec.softmax)
    tensors = {"inputs": samples.pixels if question.spec.normalise else samples.inputs}
    tensors |= {f"outputs-{len(one)}": one for one in outputs}
    facts = describe(document.data)
    if samples.targets is not None and facts.task == "classification" and outputs[-1].ndim == 2:
        tensors["targets"] = samples.targets
    safetensors.torch.save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path)
    return Compared(samples.data, len(samples), (*samples.notes, *notes))


def _outputs(net: nn.Module, samples: Samples, *, softmax: bool) -> tuple[list[Tensor], list[str]]:
    """What the plain net gives at batch 1, 2 and N, and notes on it; batches that it refuses are left out."""
    torch.seed()  # random numbers that the net draws are not to be those of the prover by chance
    outputs: list[Tensor] = []
    notes, why = [], ""
    for batch in (1, 2, len(samples)):
        try:
            outputs.append(_output(net, samples.inputs[:batch]))
        except (RuntimeError, ValueError, TypeError, IndexError) as error:
            notes.append(f"the net itself takes no batch of {batch:,}")
            why = _first_line(error)
    if not outputs:
        raise Problem("export-misfit", shape=tuple(samples.inputs.shape[1:]), detail=why)
    again = _output(net, samples.inputs[: len(outputs[0])])
    if not torch.equal(again.nan_to_num(), outputs[0].nan_to_num()):
        notes.append("the net itself gives other outputs each time: it draws random numbers")
    if not all(one.isfinite().all() for one in outputs):
        notes.append("some outputs of the net itself are not finite numbers")
    return [one.softmax(dim=1) if softmax else one for one in outputs], notes


@torch.no_grad()
def _output(net: nn.Module, inputs: Tensor) -> Tensor:
    output = net(inputs)
    if not isinstance(output, Tensor) or len(output) != len(inputs):
        raise ValueError("it does not give one tensor with a row a sample")
    return output


def _problem(question: Question, error: Exception) -> Problem:
    """What a library raised, in a sentence."""
    path = Path(question.path)
    if isinstance(error, OSError) or _free(path.parent) < _FULL:
        detail = reason(error) if isinstance(error, OSError) else "the disk is full"
        return Problem("file-unwritable", path=path, detail=detail)
    return Problem(
        "export-failed",
        format=FORMATS[question.spec.format].title,
        detail=_first_line(error),
        details="".join(traceback.format_exception(error)),
    )


def _free(folder: Path) -> int:
    with contextlib.suppress(OSError):
        return shutil.disk_usage(folder).free
    return _FULL


def _first_line(error: BaseException) -> str:
    line = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    return f"{type(error).__name__}: {line}".rstrip(": .")


def _time_of(path: str | None) -> int:
    with contextlib.suppress(OSError):
        return Path(path or "").stat().st_mtime_ns
    return 0


def _leave_nothing() -> None:
    """The parent has gone, and cannot clear up the folders in which this process wrote."""
    for folder in _reader.folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    serve(answer, _leave_nothing)
