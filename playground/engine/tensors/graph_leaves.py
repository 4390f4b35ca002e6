"""The tensors of a graph whose `.grad` somebody looks at, with what they and their gradients were before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from playground.engine.tensors.graph import GraphHandle
from playground.engine.tensors.graph_events import GradientRow
from playground.engine.tensors.graph_nodes import Place, is_leaf
from playground.engine.tensors.graph_text import short, wide

RATE = 0.1
"""The learning rate of a step without an optimiser."""


@dataclass(frozen=True)
class _Look:
    """A tensor and its gradient at one moment: the first numbers, and norms that tell whether others changed."""

    value: str
    gradient: str
    norms: tuple[float, float]


class GradientBook:
    """What `.grad` holds at the leaves of a graph and at those of its tensors that have a name.

    It keeps texts, no tensors.
    """

    def __init__(self, handle: GraphHandle) -> None:
        self._handle = handle
        self._now: dict[int, _Look] = {}
        self._before: dict[int, _Look] = {}

    def look(self) -> tuple[GradientRow, ...]:
        """As it is now, leaves first, beside what it was before it changed last.

        Not while another thread may run a backward.
        """
        tensors = dict(self._tensors())
        found = {node: _looked(tensor) for node, tensor in tensors.items()}
        if found != self._now:
            self._before, self._now = self._now or found, found
        rows = [self._row(node, tensor) for node, tensor in tensors.items()]
        return tuple(sorted(rows, key=lambda row: not row.is_leaf))

    def _tensors(self) -> Iterator[tuple[int, Tensor]]:
        for node, grad_fn in enumerate(self._handle.order):
            tensor = self._handle.tensor(Place(grad_fn, 0))
            if tensor is not None and (is_leaf(grad_fn) or self._handle.name(grad_fn)):
                yield node, tensor

    def _row(self, node: int, tensor: Tensor) -> GradientRow:
        now = self._now[node]
        before = self._before.get(node, now)
        grad_fn = self._handle.order[node]
        name = self._handle.name(grad_fn) or self._handle.title(grad_fn)
        return GradientRow(
            node, name, now.value, now.gradient, before.value, before.gradient, tensor.is_leaf, tensor.retains_grad,
            has_value_changed=before.value != now.value or before.norms[0] != now.norms[0],
            has_gradient_changed=before.gradient != now.gradient or before.norms[1] != now.norms[1],
        )  # fmt: skip


def zero_code(leaves: Sequence[tuple[str, Tensor]], namespace: Mapping[str, object]) -> str:
    """The line that sets the gradients of named leaves to None; empty where none of them can be named."""
    holder = _holder(leaves, namespace)
    if holder:
        return f"{holder}.zero_grad()"
    names = _own(leaves, namespace)
    return "".join(f"{name}.grad = " for name in names) + "None" if names else ""


def step_code(leaves: Sequence[tuple[str, Tensor]], namespace: Mapping[str, object]) -> str:
    """The lines that take one step with the gradients of named leaves; empty where none of them can be named."""
    holder = _holder(leaves, namespace)
    if holder and isinstance(namespace[holder], Optimizer):
        return f"{holder}.step()"
    if holder:
        lines = [f"for each in {holder}.parameters():", f"    each -= {RATE} * each.grad"]
    else:
        lines = [f"{name} -= {RATE} * {name}.grad" for name in _own(leaves, namespace)]
    return "\n".join(["with torch.no_grad():", *(f"    {line}" for line in lines)]) if lines else ""


def _holder(leaves: Sequence[tuple[str, Tensor]], namespace: Mapping[str, object]) -> str:
    """The optimiser, or else the net, that the leaves belong to."""
    wanted = {id(tensor) for _, tensor in leaves}
    for kind in (Optimizer, nn.Module):
        for name, value in namespace.items():
            if isinstance(value, kind) and wanted and wanted & {id(each) for each in _parameters(value)}:
                return name
    return ""


def _parameters(holder: object) -> list[Tensor]:
    if isinstance(holder, Optimizer):
        return [tensor for group in holder.param_groups for tensor in group["params"]]
    return list(holder.parameters()) if isinstance(holder, nn.Module) else []


def _own(leaves: Sequence[tuple[str, Tensor]], namespace: Mapping[str, object]) -> list[str]:
    return [name for name, tensor in leaves if namespace.get(name) is tensor]


def _looked(tensor: Tensor) -> _Look:
    gradient = tensor.grad if tensor.is_leaf or tensor.retains_grad else None
    texts = short(tensor), "" if gradient is None else short(gradient)
    return _Look(*texts, (_norm(tensor), -1.0 if gradient is None else _norm(gradient)))


def _norm(tensor: Tensor) -> float:
    """A number that another tensor hardly has; 0 for what is no number or not dense."""
    with torch.no_grad():
        size = torch.linalg.vector_norm(wide(tensor.detach())) if tensor.layout == torch.strided else torch.zeros(())
        return float(torch.nan_to_num(size))
