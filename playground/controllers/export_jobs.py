"""What an export does off the window's thread: it takes the net, asks which formats can hold it, and exports."""

import contextlib
import copy
import tempfile
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from playground.engine.document import Document
from playground.engine.export.events import ExportEvent, Proof
from playground.engine.export.source import ExportSource, open_source, untrained
from playground.engine.export.spec import FORMATS, ExportSpec, FormatName
from playground.engine.problems import Problem, Stopped
from playground.engine.training.control import RunEnded
from playground.live_run import LiveRun

if TYPE_CHECKING:
    from torch import nn

    from playground.engine.export.job import Workshop
    from playground.engine.training.run import TrainingRun

EXPORT = "export"
FITTING = "export-formats"

Taken = tuple["nn.Module", Document, int]
"""A copy of a run's net, the run's document, and the steps it was trained."""

Source = Callable[[Path, threading.Event], ExportSource]
"""Gives the model, on the job's own thread, or raises `Stopped`; what it has to write goes into the folder."""

Asked = TypeVar("Asked")
_PATIENCE_S = 0.1  # between two looks whether the export was cancelled


@dataclass(frozen=True, slots=True)
class Fitting:
    """Why a net cannot leave in a format, or with something inside; None where it can."""

    formats: Mapping[FormatName, Problem | None]
    normalise: Problem | None
    softmax: Problem | None


class KeptWorkshop:
    """The children of exports: made with the first, and kept for those that follow, since they import torch."""

    def __init__(self) -> None:
        self._workshop: Workshop | None = None

    def get(self) -> "Workshop":
        """The children (the job's thread only)."""
        from playground.engine.export.job import Workshop

        self._workshop = self._workshop or Workshop()
        return self._workshop

    def let_go(self) -> None:
        """End them; while no export is under way."""
        if self._workshop is not None:
            self._workshop.close()
        self._workshop = None


def result_of(promised: "Future[Asked]", stop: threading.Event) -> Asked:
    """Wait for what a run was asked for; it may still be reading its data. Raises `Stopped` when `stop` is set."""
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            return promised.result(_PATIENCE_S)
    raise Stopped


def run_source(run: LiveRun, name: str) -> Source:
    """The net of the run as it is now: taken between two steps, or from its file when the run is over."""
    promised: Future[Taken] = run.between_steps(_copy_of_net)
    kept = run.kept

    def source(folder: Path, stop: threading.Event) -> ExportSource:
        from playground.engine.export.model_file import save_model  # imports torch, so on the job's own thread

        try:
            net, document, steps = result_of(promised, stop)
        except RunEnded:
            assert kept is not None  # a run that has a document has a folder, or came from a file
            return replace(open_source(kept), name=name)
        weights = folder / "model.safetensors"
        save_model(weights, net, document)
        return ExportSource(document, weights, name, steps)

    return source


def untrained_source(document: Document, name: str) -> Source:
    """The net of a document with the weights that its seed draws."""

    def source(_folder: Path, _stop: threading.Event) -> ExportSource:
        return untrained(document, name)

    return source


def export_job(
    source: Source, specs: Sequence[ExportSpec], out: Path, stop: threading.Event, workshop: KeptWorkshop
) -> Callable[[], Generator[ExportEvent, None, tuple[Proof, ...]]]:
    """The job of taking the net and exporting it to `out`."""

    def job() -> Generator[ExportEvent, None, tuple[Proof, ...]]:
        from playground.engine.export.job import export_job as exports

        with tempfile.TemporaryDirectory(prefix="playground-export-") as folder:
            return (yield from exports(source(Path(folder), stop), specs, out, stop, workshop.get()))

    return job


def fitting_job(document: Document) -> Callable[[], Generator[None, None, Fitting]]:
    """The job of asking which formats can hold the net of a document."""

    def job() -> Generator[None, None, Fitting]:
        from playground.engine.export.formats import refusal  # imports torch, so on the job's own thread
        from playground.engine.network.builder import build

        yield
        net = build(document.network, device="meta")  # only its layers matter
        formats = {name: refusal(document, net, ExportSpec(name)) for name in FORMATS}
        fits = next((name for name, each in FORMATS.items() if each.has_graph and formats[name] is None), None)
        if fits is None:
            return Fitting(formats, None, None)
        return Fitting(
            formats,
            refusal(document, net, ExportSpec(fits, normalise=True)),
            refusal(document, net, ExportSpec(fits, softmax=True)),
        )

    return job


def _copy_of_net(run: "TrainingRun") -> Taken:
    return copy.deepcopy(run.net).cpu().eval(), run.document, run.step_count
