"""What one layer takes and gives while samples pass a net, and what there is to say about it."""

import copy
from contextlib import nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd

from playground.engine.network.private_draws import PrivateDraws
from playground.engine.network.probe_events import Activations, BatchStatistics
from playground.engine.network.probe_weights import TILES, copied, histogram

NEAR_END = 0.05  # of a sigmoid's or tanh's range: there its slope is at most a fifth of the steepest

_RANGES: dict[type[nn.Module], tuple[float, float]] = {nn.Sigmoid: (0.0, 1.0), nn.Tanh: (-1.0, 1.0)}


class _Reached(Exception):
    """The layer that is looked at has answered; those behind it need not."""


class Passage:
    """One passage of samples through the net as far as one layer.

    Parameters
    ----------
    net : nn.Module
        Left as it is: what training changes (batch norm's running statistics) changes in a copy.
    name : str
        The layer's name in `net`.
    inputs : Tensor [B, ...]
        The samples.
    training : bool
        Whether the layers behave as in training; their random numbers are those of `torch.manual_seed(seed)`.

    Attributes
    ----------
    layer : nn.Module
        The layer as it was before the samples passed, in eval or train mode.
    taken, given : Tensor [B, ...]
        The layer's input and output.
    kept : Tensor [B, ...] or None
        Where a dropout layer let values pass: its output for ones, with the same draws.

    Raises
    ------
    RuntimeError, ValueError and what else torch raises
        Where the samples do not fit.
    """

    def __init__(self, net: nn.Module, name: str, inputs: Tensor, *, training: bool = False, seed: int = 0) -> None:
        self.layer = copy.deepcopy(net.get_submodule(name)).train(training)
        self.taken = self.given = inputs
        self.kept: Tensor | None = None
        self._draws = PrivateDraws(seed) if training else None
        passing = copy.deepcopy(net).train() if training else net.eval()
        hooks = (
            passing.get_submodule(name).register_forward_pre_hook(self._enter),
            passing.get_submodule(name).register_forward_hook(self._leave),
        )
        try:
            with torch.no_grad(), self._draws or nullcontext():
                passing(inputs)
        except _Reached:
            pass
        finally:
            for hook in hooks:
                hook.remove()

    def _enter(self, module: nn.Module, inputs: tuple[Any, ...]) -> None:
        self.taken = inputs[0].clone()  # the layer may work in place
        if isinstance(module, _DropoutNd) and self._draws is not None:
            before = self._draws.generator.get_state()
            self.kept = copy.deepcopy(self.layer)(torch.ones_like(self.taken))
            self._draws.generator.set_state(before)

    def _leave(self, _module: nn.Module, _inputs: tuple[Any, ...], outputs: Any) -> None:
        while not isinstance(outputs, Tensor):
            outputs = outputs[0]  # recurrent layers and attention give their output first
        self.given = outputs.clone()
        raise _Reached


def activations(passage: Passage) -> Activations:
    """The output for the first sample, and what there is to say about such a layer."""
    layer, given = passage.layer, passage.given
    first = given[0]
    images = _as_images(first)
    return Activations(
        images=copied(images[:TILES]),
        shape=tuple(first.shape),
        histogram=histogram(first),
        batch=len(given),
        saturated=_saturated(layer, first),
        silent=float((first == 0).double().mean()) if isinstance(layer, nn.ReLU) else None,
        dead=_dead(given) if isinstance(layer, nn.ReLU) and len(given) > 1 else None,
        kept=None if passage.kept is None else copied((_as_images(passage.kept[0]) != 0)[:TILES]),
        statistics=_statistics(layer, passage.taken) if isinstance(layer, _BatchNorm) else None,
    )


def _as_images(values: Tensor) -> Tensor:
    """One sample's values as [c, h, w]: a vector as one row, a matrix as one picture."""
    if values.ndim == 3:
        return values
    if values.ndim > 3:
        return values.flatten(0, -3)
    return values.reshape(1, -1, values.shape[-1] if values.ndim else 1)


def _saturated(layer: nn.Module, values: Tensor) -> float | None:
    span = _RANGES.get(type(layer))
    if span is None:
        return None
    low, high = span
    margin = NEAR_END * (high - low)
    return float(((values < low + margin) | (values > high - margin)).double().mean())


def _dead(values: Tensor) -> float:
    """The share of the layer's values that are 0 for every sample of the batch [B, ...]."""
    return float((values == 0).all(dim=0).double().mean())


def _statistics(layer: _BatchNorm, taken: Tensor) -> BatchStatistics:
    values = taken.transpose(0, 1).flatten(1)  # [C, B * the rest]
    mean, variance = layer.running_mean, layer.running_var
    return BatchStatistics(
        running_mean=None if mean is None else copied(mean),
        running_variance=None if variance is None else copied(variance),
        batch_mean=copied(values.mean(dim=1)),
        batch_variance=copied(values.var(dim=1, correction=0)),
        uses_batch=layer.training or mean is None,
    )
