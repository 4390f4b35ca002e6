"""One grad_fn's turn in a backward, with its living gradients."""

import math
from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor

from playground.engine.problems import Problem
from playground.engine.tensors.backward_call import Gradients, added, call, largest
from playground.engine.tensors.backward_events import Chain, Rule, StopReason
from playground.engine.tensors.graph import GraphHandle
from playground.engine.tensors.graph_nodes import GradFn, Place, is_leaf
from playground.engine.tensors.rules import explain

Origins = tuple[tuple["Turn", int], ...]
"""Turns that handed a gradient on to this one, and through which of their inputs."""


@dataclass(frozen=True, eq=False)
class Turn:
    """What came, and what went on.

    `hooks` are those known of, `is_replaced` whether any hook gave another gradient than came. `gathered` are the
    tensors whose `.grad` is asked for here, with what they get; `paths` is on how many ways the gradient came,
    `arrived` the chain up to here once it has been put together.
    """

    grad_fn: GradFn
    incoming: Gradients
    outgoing: Gradients
    gathered: tuple[tuple[Tensor, Tensor], ...]
    hooks: int
    is_replaced: bool
    origins: Origins
    paths: int
    arrived: list[Chain] = field(default_factory=list)

    @cached_property
    def raw(self) -> Gradients:
        """What the grad_fn gave, before broadcasting was undone; what went on where that is not to be had again."""
        if not self.outgoing or hasattr(self.grad_fn, "_forward_cls"):  # the user's own, which is to be called once
            return self.outgoing
        try:
            return call(self.grad_fn, self.incoming)
        except Problem:  # freed since
            return self.outgoing

    @cached_property
    def largest(self) -> tuple[float, ...]:
        """The largest magnitude of each outgoing gradient, 0 where there is none."""
        return tuple(0.0 if gradient is None else largest(gradient) for gradient in self.outgoing)

    @cached_property
    def _rules(self) -> dict[int, Rule]:
        return {}

    def rule(self, index: int, element: tuple[int, ...] | None = None) -> Rule:
        """How one number of outgoing gradient `index` came about, by default the largest."""
        if element is not None or index not in self._rules:
            rule = explain(self.grad_fn, self.incoming, self.raw, self.outgoing, index, element)
            return rule if element is not None else self._rules.setdefault(index, rule)
        return self._rules[index]

    def stop_reason(self, bound: float | None, stop_at_not_finite: bool) -> StopReason | None:
        """Why to stop after this turn, if at all."""
        if stop_at_not_finite and not all(map(math.isfinite, self.largest)) and self._came_finite():
            return "not-finite"
        return "bound" if bound is not None and any(size > bound for size in self.largest) else None

    def apply(self, handle: GraphHandle) -> None:
        """Do to `.grad` what backward does here."""
        for tensor, gradient in self.gathered:
            _accumulate(tensor, gradient)
        if not is_leaf(self.grad_fn):
            self._retain(handle)
        elif self.gathered:
            for hook in (self.grad_fn.variable._post_accumulate_grad_hooks or {}).values():
                hook(self.grad_fn.variable)

    def _retain(self, handle: GraphHandle) -> None:
        gathered = [tensor for tensor, _ in self.gathered]
        for output, gradient in enumerate(self.incoming):
            tensor = handle.tensor(Place(self.grad_fn, output))
            if gradient is None or tensor is None or not tensor.retains_grad:
                continue
            if not any(tensor is each for each in gathered):
                _accumulate(tensor, gradient)

    def _came_finite(self) -> bool:
        return all(gradient is None or math.isfinite(largest(gradient)) for gradient in self.incoming)


def _accumulate(tensor: Tensor, gradient: Tensor) -> None:
    with torch.no_grad():
        if tensor.grad is None:
            tensor.grad = gradient.clone()
        elif tensor.grad.is_sparse or gradient.is_sparse:
            tensor.grad = added(tensor.grad, gradient)
        else:
            tensor.grad += gradient
