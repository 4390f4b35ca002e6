"""What a rule is told and what it answers; sums of products written out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from playground.engine.tensors.graph_nodes import GradFn
from playground.engine.tensors.graph_text import number, signed

_SHOWN = 3


@dataclass(frozen=True)
class Call:
    """A node that was called, and the number to explain: `element` of the gradient for its input `index`.

    `raw` is that gradient as the node gave it, `gradient` the same summed to the input's shape.
    """

    grad_fn: GradFn
    incoming: tuple[Tensor | None, ...]
    raw: Tensor
    gradient: Tensor
    index: int
    element: tuple[int, ...]
    saved: dict[str, Any] = field(default_factory=dict)

    @property
    def g(self) -> Tensor:
        """The gradient of the node's first result."""
        gradient = self.incoming[0]
        return torch.zeros((), device=self.raw.device) if gradient is None else gradient

    def tensor(self, name: str) -> Tensor:
        """A saved tensor without its graph; raises KeyError where the node did not save it."""
        found = self.saved[name]
        if found is None:
            raise KeyError(name)
        return found.detach() if isinstance(found, Tensor) else torch.as_tensor(found, device=self.raw.device)

    def dims(self) -> tuple[int, ...]:
        """The saved dimension or dimensions, counted from 0; all where none is saved."""
        dim = self.saved.get("dim")
        count = self.raw.ndim
        dims = range(count) if dim is None or dim == () else (dim,) if isinstance(dim, int) else dim
        return tuple(sorted(signed(each) % max(count, 1) for each in dims))

    @cached_property
    def block(self) -> tuple[int | slice, ...]:
        """Which numbers of `raw` are summed for the element: one, or those it was broadcast to."""
        ahead = self.raw.ndim - self.gradient.ndim
        own = zip(self.element, self.gradient.shape, self.raw.shape[ahead:], strict=True)
        spread = (slice(None) if size == 1 and size != raw_size else at for at, size, raw_size in own)
        return (*(slice(None),) * ahead, *spread)

    def at_element(self, tensor: Tensor) -> Tensor:
        """The values of something broadcast over `raw` that belong to the element, as float64 [n]."""
        return torch.broadcast_to(tensor.detach(), self.raw.shape)[self.block].reshape(-1).double()


@dataclass(frozen=True)
class Answer:
    """A formula, its numbers and what they give.

    `factor` is what the node contributes to a chain: None for its Jacobian, empty where it only moves numbers.
    """

    argument: str
    formula: str
    numbers: str
    value: float
    factor: str | None = None
    factor_value: float | None = None


Explain = Callable[[Call], Answer | None]


def told(value: float | Tensor) -> str:
    """A number in a product: negative ones in brackets."""
    text = number(value.item() if isinstance(value, Tensor) else value)
    return f"({text})" if text.startswith("-") else text


def summed(terms: Sequence[str], count: int) -> str:
    """A sum of which only the first terms are written out."""
    shown = " + ".join(terms[:_SHOWN]) if terms else "0"
    return shown if count <= _SHOWN else f"{shown} + … ({count} terms)"


def products(argument: str, formula: str, left: Tensor, right: Tensor, factor: float = 1.0) -> Answer:
    """The answer `factor` · Σ left · right; both [n]."""
    left, right = left.detach().reshape(-1).double(), right.detach().reshape(-1).double()
    terms = [f"{told(a)} · {told(b)}" for a, b in zip(left[:_SHOWN], right[:_SHOWN], strict=True)]
    numbers = summed(terms, left.numel())
    value = factor * float(left @ right)
    return Answer(argument, formula, numbers if factor == 1.0 else f"{told(factor)} · ({numbers})", value)


def total(argument: str, formula: str, values: Tensor, factor: float = 1.0) -> Answer:
    """The answer `factor` · Σ values."""
    values = values.detach().reshape(-1).double()
    numbers = summed([told(value) for value in values[:_SHOWN]], values.numel())
    value = factor * float(values.sum())
    return Answer(argument, formula, numbers if factor == 1.0 else f"{told(factor)} · ({numbers})", value)
