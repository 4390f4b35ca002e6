"""Backwards from several nodes of one graph, each with its own place, gradient and turns, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch

from playground.engine.tensors.backward import BackwardStepper
from playground.engine.tensors.backward_events import BackwardStep, SideRow, Way
from playground.engine.tensors.graph import GraphHandle

_MOST = 3
"""So many are kept; the oldest but the one from the output goes first."""


@dataclass
class _Way:
    gradient: object = None
    code: str = ""
    stepper: BackwardStepper | None = None


class Ways:
    """The backwards of one graph: that from the output, and those that the user began elsewhere.

    Parameters
    ----------
    handle : GraphHandle
        The graph.
    """

    def __init__(self, handle: GraphHandle) -> None:
        self._handle = handle
        self._ways: dict[int, _Way] = {0: _Way()}
        self.current = 0

    def choose(self, node: int) -> None:
        """Go on with the backward from this node; it begins where there is none yet."""
        self._handle.check(node)
        if node not in self._ways and len(self._ways) == _MOST:
            del self._ways[next(each for each in self._ways if each)]
        self._ways.setdefault(node, _Way())
        self.current = node

    def begin_with(self, gradient: object, code: str) -> None:
        """Start the present one anew with this gradient, which `code` spells; None for the usual one.

        Raises
        ------
        Problem
            As `stepper`; it then goes on with the gradient that it had.
        """
        way = _Way(gradient, code)
        way.stepper = self._started(way)
        self._ways[self.current] = way

    def reset(self) -> None:
        """Before the first turn of the present one."""
        self._ways[self.current].stepper = None

    @property
    def stepper(self) -> BackwardStepper:
        """The present one's.

        Raises
        ------
        Problem
            `graph-gradient-missing`, `graph-gradient-shape` and `graph-freed`.
        """
        way = self._ways[self.current]
        if way.stepper is None:
            way.stepper = self._started(way)
        return way.stepper

    def described(self) -> BackwardStep | None:
        """The last turn of the present one; None before the first."""
        stepper = self._ways[self.current].stepper
        return stepper.describe() if stepper and stepper.position else None

    def code(self) -> str:
        """The gradient that the present one starts with, as an argument of `backward`; empty where it needs none."""
        shape = self._handle.shape(self.current)
        return self._ways[self.current].code or ("" if shape in ((), (1,)) else _ones(shape))

    def ways(self) -> tuple[Way, ...]:
        """Where backwards start, with how far they came."""
        return tuple(
            Way(node, self._title(node), self._wanted(node), way.code or self._usual(node), *_progress(way.stepper))
            for node, way in self._ways.items()
        )

    def gradients(self) -> dict[int, str]:
        """The gradient at every node that had its turn in the present one, in short."""
        return _gradients(self._ways[self.current])

    def rows(self) -> tuple[SideRow, ...]:
        """The gradients of every node that had a turn, side by side; none while there is one backward only."""
        if len(self._ways) == 1:
            return ()
        columns: list[Mapping[int, str]] = [_gradients(way) for way in self._ways.values()]
        nodes = sorted({node for column in columns for node in column})
        return tuple(
            SideRow(node, self._title(node), tuple(column.get(node, "") for column in columns)) for node in nodes
        )

    def _started(self, way: _Way) -> BackwardStepper:
        gradient = self._ones() if way.gradient is None else way.gradient
        return BackwardStepper(self._handle, gradient, start=self.current)

    def _ones(self) -> object:
        """What a backward starts with if nothing is said: of an output of many numbers it has to be said."""
        shape = self._handle.shape(self.current)
        return torch.ones(shape) if self.current or shape == (1,) else None

    def _usual(self, node: int) -> str:
        shape = self._handle.shape(node)
        return _ones(shape) if node and shape else ""

    def _wanted(self, node: int) -> tuple[int, ...] | None:
        shape = self._handle.shape(node)
        return None if shape in ((), (1,)) else shape

    def _title(self, node: int) -> str:
        grad_fn = self._handle.order[node]
        return self._handle.name(grad_fn) or self._handle.title(grad_fn)


def _ones(shape: tuple[int, ...]) -> str:
    return f"torch.ones({', '.join(map(str, shape))})"


def _gradients(way: _Way) -> dict[int, str]:
    return way.stepper.gradients() if way.stepper else {}


def _progress(stepper: BackwardStepper | None) -> tuple[int, int]:
    return (stepper.position, stepper.total) if stepper else (0, 0)
