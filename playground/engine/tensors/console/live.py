"""The live objects of a run, under the names that everybody gives them."""

from typing import Any

from playground.engine.training.run import TrainingRun

NAMES = ("net", "optimizer", "loss_fn", "x", "y", "history", "doc")


def live_objects(run: TrainingRun) -> dict[str, Any]:
    """The very objects of a run, by name; `x` and `y` are the batch last trained on, or else the next one.

    To be called between two steps; looking at the next batch leaves the run as it was.
    """
    batch = run.batch
    if batch is None:
        states = run.context.states
        with run.context.active():
            batch = run.batches[run.step_count]
        run.context.states = states
    return {
        "net": run.net,
        "optimizer": run.optimizer,
        "loss_fn": run.loss,
        "x": batch.inputs,
        "y": batch.targets,
        "history": run.history,
        "doc": run.document,
    }
