"""What the autograd panel is given: the graph where it stands, and each turn of a backward, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["leaf", "intermediate", "output", "module", "constant"]
Point = tuple[float, float]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CutValues:
    """Input number `index` of an operation, through which no gradient goes: "constant", "detached" or "unknown"."""

    index: int
    reason: str
    name: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class NodeValues:
    """A tensor with the operation that made it, or a collapsed module with the ids of its `members`."""

    id: int
    kind: Kind
    title: str
    operation: str = ""
    name: str = ""
    shape: tuple[int, ...] = ()
    dtype: str = ""
    value: str = ""
    gradient: str = ""
    module: str = ""
    shares: str = ""
    cuts: tuple[CutValues, ...] = ()
    is_freed: bool = False
    members: tuple[int, ...] = ()
    module_kind: str = ""


@dataclass(frozen=True, slots=True)
class EdgeValues:
    """A result of `source` is input number `index` of `target`."""

    source: int
    target: int
    index: int = 0


@dataclass(frozen=True, slots=True)
class GraphValues:
    """A graph and where it is drawn.

    `positions` are (column, row) of each node, `routes` the points of each edge with its ends; columns grow towards the
    output. `title` names the tensor that backward starts from, `modules` are the paths of all modules that can be
    collapsed, `left_out` nodes farther from the output are not there, `wants_gradient` is the shape of the gradient
    that has to be chosen, None where the output is one number.
    """

    title: str
    nodes: tuple[NodeValues, ...]
    edges: tuple[EdgeValues, ...]
    positions: Mapping[int, Point]
    routes: Mapping[Pair, tuple[Point, ...]] = field(default_factory=dict)
    modules: tuple[str, ...] = ()
    left_out: int = 0
    wants_gradient: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ArrayValues:
    """Values of a tensor, its leading corner where it has too many; `text` is a short line of the first."""

    array: NDArray[np.generic]
    shape: tuple[int, ...]
    dtype: str
    text: str


@dataclass(frozen=True, slots=True)
class SavedValues:
    """What an operation kept for backward; `node` is the one that made it, `values` is None for a setting."""

    attribute: str
    text: str
    values: ArrayValues | None = None
    name: str = ""
    node: int | None = None


@dataclass(frozen=True, slots=True)
class RuleValues:
    """One number of an outgoing gradient explained; `formula` is empty where only PyTorch knows the rule."""

    operation: str
    argument: str
    input: int
    element: tuple[int, ...]
    formula: str
    numbers: str
    value: float
    gradient: float


@dataclass(frozen=True, slots=True)
class OutgoingValues:
    """The gradient for input `index`, which goes to `node`; `summed_from` is its shape before broadcasting was undone.

    `largest` is its largest magnitude.
    """

    index: int
    node: int
    gradient: ArrayValues
    largest: float
    summed_from: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class AccumulationValues:
    """What `.grad` of a tensor would become: `before` (None before the first backward) plus `added`."""

    name: str
    before: ArrayValues | None
    added: ArrayValues
    after: ArrayValues


@dataclass(frozen=True, slots=True)
class StepValues:
    """The turn number `position` of `total`, that of `node`.

    `chain` is the product of factors so far, `paths` on how many ways the gradient gets here, `product` the chain's
    value where all factors are numbers, `gradients` the short text of the gradient at every node that had its turn.
    """

    position: int
    total: int
    node: int
    title: str
    operation: str
    incoming: tuple[ArrayValues | None, ...] = ()
    outgoing: tuple[OutgoingValues, ...] = ()
    accumulated: tuple[AccumulationValues, ...] = ()
    rule: RuleValues | None = None
    chain: str = ""
    paths: int = 1
    product: float | None = None
    hooks: int = 0
    is_replaced: bool = False
    gradients: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WayValues:
    """A backward that starts at `node`; `wants_gradient` is the shape of what it starts with, None for one number.

    `gradient` is the code of that, empty where it is 1 or not chosen yet.
    """

    node: int
    title: str
    wants_gradient: tuple[int, ...] | None = None
    gradient: str = ""
    position: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class SideRowValues:
    """The gradients of one node in several backwards, in short; empty where it had no turn."""

    node: int
    title: str
    gradients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GradientRowValues:
    """A tensor and its `.grad`, now and before one of the two changed last; a gradient is empty where it is None."""

    node: int
    name: str
    value: str
    gradient: str = ""
    value_before: str = ""
    gradient_before: str = ""
    is_leaf: bool = True
    retains: bool = False
    has_value_changed: bool = False
    has_gradient_changed: bool = False
