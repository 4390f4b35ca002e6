"""The training run of the window: its control, its history and its folder, and what happens to it as signals."""

import copy
import secrets
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from playground.engine import document as documents
from playground.engine.document import Document
from playground.engine.folders import data_folder
from playground.engine.network.spec import NetworkSpec
from playground.engine.training.control import Control, RunEnded
from playground.engine.training.events import EpochDone, Event, Paused, Preparing, Resumed, Started, Steps
from playground.engine.training.history import History
from playground.jobs import Jobs, Watcher

if TYPE_CHECKING:
    from torch import nn

    from playground.engine.training.run import TrainingRun

NetSource = Callable[[], "nn.Module"]
State = Literal["idle", "starting", "running", "paused", "stopping", "finished", "failed"]
JOB = "training"


class LiveRun(QObject):
    """At most one run at a time; a new one follows the old one's end.

    Signals
    -------
    state_changed(str) : one of `State`.
    happened(list) : training events in order, already in `history`.
    learned() : the weights are worth looking at again: an epoch ended, the run paused or is over.
    failed(object) : the run ended with this `Problem`.
    """

    state_changed = Signal(str)
    happened = Signal(list)
    learned = Signal()
    failed = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.state: State = "idle"
        self.document: Document | None = None
        self.started: Started | None = None
        self.history = History()
        self.folder: Path | None = None
        self._model: Path | None = None
        self._control = Control()

    @property
    def control(self) -> Control:
        """What pauses the run and asks it for things between two steps; another one for each run."""
        return self._control

    @property
    def kept(self) -> Path | None:
        """Where what the run learned lies when it is over: a model file, or a folder with checkpoints."""
        return self._model or self.folder

    @property
    def is_from_file(self) -> bool:
        """Whether nothing was trained here: what a run elsewhere learned was opened as a model file."""
        return self._model is not None

    @property
    def is_active(self) -> bool:
        """Whether the run holds a thread."""
        return self.state in ("starting", "running", "paused", "stopping")

    def start(self, document: Document, *, first: Literal["run", "batch", "epoch", "nothing"] = "run") -> None:
        """Train `document` from its beginning: to the end, or one batch or epoch and then pause."""
        self._control = Control(paused=first != "run")
        if first == "batch":
            self._control.step_batch()
        elif first == "epoch":
            self._control.step_epoch()
        self.document, self.started, self.history = document, None, History()
        self._model = None
        self.folder = data_folder() / "runs" / _new_name(document)
        self._set_state("starting")
        self._jobs.start(
            JOB,
            _job(document, self._control, self.folder),
            stop=self._control.stop,
            watcher=Watcher(self._take, self._complete, self._fail, discarded=self._control.end),
        )

    def pause(self) -> None:
        """Wait before the next step."""
        self._control.pause()

    def resume(self) -> None:
        """Go on."""
        self._control.resume()

    def step_batch(self) -> None:
        """Train one batch, then pause."""
        self._control.step_batch()

    def step_epoch(self) -> None:
        """Train to the end of the epoch, then pause."""
        self._control.step_epoch()

    def stop(self) -> None:
        """End the run and keep what it learned."""
        if self.is_active:
            self._set_state("stopping")
            self._control.stop()

    def between_steps(self, request: "Callable[[TrainingRun], Any]") -> "Future[Any]":
        """Have the run's own thread call `request` between two steps."""
        return self._control.between_steps(request)

    def take_network(self, network: NetworkSpec) -> None:
        """Know that the run goes on with another network."""
        if self.document is not None:
            self.document = documents.replace(self.document, "network", network)
            self.learned.emit()

    def adopt(self, document: Document, model: Path) -> None:
        """Take a model file as what a run of `document` has learned."""
        self.document, self.started, self.history = document, None, History()
        self._model = model
        self._control = Control()
        self._control.end()
        self._set_state("idle")  # so that whoever shows the run before forgets it
        self._set_state("finished")
        self.learned.emit()

    def net_source(self) -> "NetSource":
        """What gives a copy of the net as it is now: of the run between two steps, of its file when it is over.

        To be called on a warm thread, since it waits. Raises `Problem` where there is nothing to copy.
        """
        promised = self._control.between_steps(_copy_of_net)
        model, folder = self._model, self.folder

        def source() -> "nn.Module":
            from playground.engine.export.model_file import load_model
            from playground.engine.training.checkpoint import weights_file

            try:
                return promised.result()
            except RunEnded:
                path = model or (weights_file(folder) if folder is not None else Path())
                return load_model(path)[1]

        return source

    def _take(self, events: list[Event]) -> None:
        state, learned = self.state, False
        for event in events:
            self.history.record(event)
            if isinstance(event, Started):
                self.started = event
            state = _state_after(event, state)
            learned |= isinstance(event, EpochDone | Paused)
        self.happened.emit(events)
        if self.state != "stopping":
            self._set_state(state)
        if learned:
            self.learned.emit()

    def _complete(self, result: object) -> None:
        if result is None:  # stopped before there was anything to keep
            self.document = self.folder = None
            self._set_state("idle")
            return
        self._set_state("finished")
        self.learned.emit()

    def _fail(self, problem: object) -> None:
        self._set_state("failed")
        self.failed.emit(problem)

    def _set_state(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


def _copy_of_net(run: "TrainingRun") -> "nn.Module":
    return copy.deepcopy(run.net).cpu().eval()


def _job(document: Document, control: Control, folder: Path) -> Callable[[], Generator[Event, None, Any]]:
    def job() -> Generator[Event, None, Any]:
        from playground.engine.threads import give_way  # imports torch, so on the job's own thread
        from playground.engine.training.job import training_job

        give_way()
        return training_job(document, control, out=folder)

    return job


def _state_after(event: Event, state: State) -> State:
    if isinstance(event, Paused):
        return "paused"
    if isinstance(event, Resumed | Steps):
        return "running"
    if isinstance(event, Preparing) and event.phase == "train":
        return "running"
    return state


def _new_name(document: Document) -> str:
    kept = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in document.title)[:40]
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{kept or 'run'}-{secrets.token_hex(3)}"
