"""What a run tells of itself when it begins and when it is over."""

from typing import TYPE_CHECKING

import torch

from playground.engine import devices
from playground.engine.training.events import Result, Started

if TYPE_CHECKING:
    from playground.engine.training.run import TrainingRun


def started(run: "TrainingRun") -> Started:
    """Where the run computes, and how much there is to do."""
    training = run.document.training
    return Started(
        device=str(run.device),
        device_name=devices.title(run.device),
        parameters=sum(parameter.numel() for parameter in run.net.parameters()),
        epochs=training.epochs,
        steps_per_epoch=run.steps_per_epoch,
        batch_size=training.batch_size,
        train_samples=len(run.dataset.train.inputs),
        first_step=run.step_count,
        exact=run.device.type == "cpu" or training.deterministic,
        threads=torch.get_num_threads(),
    )


def result(run: "TrainingRun") -> Result:
    """What the run came to; scores only where it ended with an epoch."""
    last = run.history.epochs[-1] if run.history.epochs else None
    current = last if last is not None and last.step == run.step_count else None
    first, end = run.history.first_step, run.history.next_step
    samples = run.batches.samples_before(end) - run.batches.samples_before(first)
    seconds = run.history.seconds
    return Result(
        device=str(run.device),
        step=run.step_count,
        epoch=run.epochs_done,
        stopped=not run.done,
        seconds=seconds,
        samples_per_s=samples / seconds if seconds else 0.0,
        train=current.train if current else None,
        validation=current.validation if current else None,
        test=current.test if current else None,
    )
