"""The converter as the parent sees it: what the child is asked, and what it answers. Imports no torch.

Conversion happens in a child because torch.export and ONNX hold the interpreter's lock for seconds and cannot be
stopped in the middle.
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from playground.engine import document as documents
from playground.engine.child import Child, ChildDied
from playground.engine.export.source import ExportSource
from playground.engine.export.spec import FORMATS, ExportSpec
from playground.engine.problems import Problem
from playground.engine.spec import Spec

CHILD = "playground.engine.export.proof.converter_child"


class Question(Spec, frozen=True):
    """`reference`: run the plain net and write what came out to `path`; `convert`: write the export to `path`.

    `document` is the text of the source's document, `weights` the path of its model file.
    """

    ask: Literal["reference", "convert"]
    document: str
    weights: str | None
    spec: ExportSpec
    path: str


class Compared(Spec, frozen=True):
    """On what an export is going to be compared: what the samples are called, how many, and what to know of them."""

    data: str = ""
    samples: int = 0
    notes: tuple[str, ...] = ()


class Answer(Spec, frozen=True):
    """`problem` holds a code and its fields where there was one."""

    compared: Compared = Compared()
    problem: tuple[str, dict[str, Any], str] | None = None


class Converter(Child):
    """The child that builds nets and writes exports; one for many."""

    def __init__(self) -> None:
        super().__init__("-m", CHILD, threads=1)

    def reference(
        self, source: ExportSource, spec: ExportSpec, path: Path, stop: threading.Event | None = None
    ) -> Compared:
        """Write inputs, targets and the plain net's outputs at batch 1, 2 and N to `path`, where it is not there yet.

        Raises
        ------
        Problem
            What keeps the source from being read, or this export from being made.
        Stopped
            When `stop` is set.
        """
        return self._answer("reference", source, spec, path, stop).compared

    def convert(self, source: ExportSource, spec: ExportSpec, path: Path, stop: threading.Event | None = None) -> None:
        """Write the export to `path`; problems are those of `reference`."""
        self._answer("convert", source, spec, path, stop)

    def _answer(
        self,
        ask: Literal["reference", "convert"],
        source: ExportSource,
        spec: ExportSpec,
        path: Path,
        stop: threading.Event | None,
    ) -> Answer:
        weights = None if source.weights is None else str(source.weights.absolute())
        question = Question(ask, documents.encode(source.document).decode(), weights, spec, str(path))
        try:
            answer = msgspec.convert(self.ask(msgspec.to_builtins(question), stop), Answer)
        except ChildDied as death:
            title = FORMATS[spec.format].title
            raise Problem("export-child", format=title, detail=str(death)) from death
        if answer.problem is not None:
            code, fields, details = answer.problem
            raise Problem(code, details=details, **fields)
        return answer


def as_answer(problem: Problem) -> Answer:
    """A problem as it crosses to the parent: values that JSON lacks become their text."""
    fields = {name: _plain(value) for name, value in problem.fields.items()}
    return Answer(problem=(problem.code, fields, problem.details))


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | None) else str(value)
