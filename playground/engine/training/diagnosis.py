"""Where a loss that is not finite came from: the steps since the last snapshot, taken again and watched."""

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from playground.engine.problems import Problem

if TYPE_CHECKING:
    from playground.engine.training.run import State, TrainingRun


class _Found(Exception):
    """The first value that is not finite."""

    def __init__(self, where: str, what: str) -> None:
        self.where = where
        self.what = what
        super().__init__(where)


def explain(run: "TrainingRun", snapshot: "State", bad_step: int, value: float) -> Problem:
    """Go back to the snapshot and on again to the first step in which anything is not finite.

    The run is left in the state before that step, the last good one.

    Returns
    -------
    Problem
        `loss-not-finite` with that step, the layer, and whether its output, the loss, a gradient or a weight was first.
    """
    run.restore(snapshot, keep_history=True)
    found, before = None, snapshot
    while found is None and run.step_count <= bad_step:
        before = run.state()
        found = _first_not_finite(run)
        if found is None:
            run.restore(before, keep_history=True)
            run.train_batch()
            found = _bad_weight(run.net)
    run.restore(before if found else snapshot, keep_history=True)
    run.history.truncate(run.step_count)
    if found is None:  # an accelerator need not repeat itself to the bit
        found = _Found("the loss", "it could not be reproduced when taken again")
        return _problem(bad_step, value, found)
    return _problem(run.step_count, value, found)


def has_finite_weights(net: nn.Module) -> bool:
    """Whether every number the net learns is finite."""
    return all(_finite(parameter) for parameter in net.parameters())


def _first_not_finite(run: "TrainingRun") -> _Found | None:
    """Forward, loss and backward on the next batch, without an update."""
    handles = [layer.register_forward_hook(_watch(f"layers[{name}]")) for name, layer in _leaves(run.net)]
    try:
        with run.context.active():
            batch = run.batches[run.step_count]
            loss = run.loss(run.net(batch.inputs), batch.targets)
            if not _finite(loss):
                return _Found(f"the loss {run.document.training.loss.name}", "its value, from finite outputs")
            run.optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
    except _Found as found:
        return found
    finally:
        for handle in handles:
            handle.remove()
    return _bad_gradient(run.net)


def _watch(where: str) -> Any:
    def hook(layer: nn.Module, _inputs: object, output: Tensor) -> None:
        if not _finite(output):
            raise _Found(f"{where} ({type(layer).__name__})", "its output")

    return hook


def _bad_gradient(net: nn.Module) -> _Found | None:
    for name, layer in reversed(_leaves(net)):
        for own, parameter in layer.named_parameters(recurse=False):
            if parameter.grad is not None and not _finite(parameter.grad):
                return _Found(f"layers[{name}] ({type(layer).__name__})", f"the gradient of its {own}")
    return None


def _bad_weight(net: nn.Module) -> _Found | None:
    for name, layer in _leaves(net):
        for own, parameter in layer.named_parameters(recurse=False):
            if not _finite(parameter):
                return _Found(f"layers[{name}] ({type(layer).__name__})", f"its {own} after the update")
    return None


def _leaves(net: nn.Module) -> list[tuple[str, nn.Module]]:
    return [(name, layer) for name, layer in net.named_modules() if name and not list(layer.children())]


def _finite(value: Tensor) -> bool:
    return bool(torch.isfinite(value).all())


def _problem(step: int, value: float, found: _Found) -> Problem:
    return Problem("loss-not-finite", value=value, step=step, where=found.where, what=found.what)
