"""The training job: from a document to a trained, kept model, as one generator of events."""

from collections.abc import Generator
from pathlib import Path

import torch

from playground.engine.data.sets import load
from playground.engine.document import Document
from playground.engine.problems import Problem
from playground.engine.training import checkpoint
from playground.engine.training.control import Control
from playground.engine.training.events import EpochDone, Event, Preparing, Result, SaveFailed
from playground.engine.training.run import TrainingRun


def training_job(
    document: Document, control: Control, *, out: Path | None = None, resume: bool = False
) -> Generator[Event, None, Result]:
    """Load the data, build the run, train it, and keep a checkpoint in `out` after every epoch and at the end.

    With `resume` the run goes on from the checkpoint in `out`, under the document kept there.

    Raises
    ------
    Problem
        Whatever keeps the run from starting or going on; what was learned before is then in `out`.
    """
    restore = None
    if resume:
        if out is None:
            raise Problem("checkpoint-missing", path="--out")
        document, restore = checkpoint.load(out)
    try:
        yield Preparing("data")
        dataset = yield from load(document.data, control.stop_event)
        yield Preparing("model")
        run = TrainingRun(document, dataset)
        if restore is not None:
            restore(run)
        result = yield from _kept(run, control, out)
    except torch.OutOfMemoryError:
        raise _out_of_memory(document) from None
    finally:
        control.end()
    return result


def _kept(run: TrainingRun, control: Control, out: Path | None) -> Generator[Event, None, Result]:
    """The run's own events, with a checkpoint after every epoch and at the end, whatever the end is."""
    events = run.events(control)
    try:
        while True:
            try:
                event = next(events)
            except StopIteration as end:
                result: Result = end.value
                break
            yield event
            if out is not None and isinstance(event, EpochDone) and not run.done:
                yield from _try_to_save(run, out)
    except Problem:
        if out is not None:
            yield from _try_to_save(run, out)
        raise
    if out is not None:
        checkpoint.save(run, out)
    return result


def _try_to_save(run: TrainingRun, out: Path) -> Generator[Event]:
    """A failed save in the middle of a run is told, and the run goes on."""
    try:
        checkpoint.save(run, out)
    except Problem as problem:
        yield SaveFailed(problem)


def _out_of_memory(document: Document) -> Problem:
    """Said outside the except block's frame, whose traceback would keep the memory alive."""
    torch.cuda.empty_cache()
    size = document.training.batch_size
    return Problem("device-memory", device=document.training.device, batch_size=size, smaller=max(1, size // 2))
