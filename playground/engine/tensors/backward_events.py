"""What happens in a backward that goes one node at a time, as plain values; imports no torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from playground.engine.tensors.graph_events import Values

StopReason = Literal["leaves", "bound", "not-finite"]


@dataclass(frozen=True, slots=True)
class Rule:
    """How one number of an outgoing gradient comes about.

    Parameters
    ----------
    operation : str
        The class of the grad_fn.
    argument : str
        What the operation calls this input ("self", "weight").
    input : int
        Which input of the operation the gradient belongs to.
    element : tuple of int
        Where in that gradient the number stands.
    formula : str
        The rule, in which g is the incoming gradient; empty where none is written here and torch's own was applied.
    numbers : str
        The formula with its numbers.
    value : float
        What the formula gives, computed in float64 (NaN without a formula).
    gradient : float
        What torch gave.
    factor : str
        What this operation contributes to the chain; empty for those that only move numbers.
    factor_value : float, optional
        The same as a number, where it is one and the same for all elements.
    """

    operation: str
    argument: str
    input: int
    element: tuple[int, ...]
    formula: str
    numbers: str
    value: float
    gradient: float
    factor: str
    factor_value: float | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is a formula."""
        return bool(self.formula)

    @property
    def text(self) -> str:
        """The rule in one line."""
        if not self.formula:
            return f"{self.operation}: no formula here; PyTorch's own rule was applied"
        at = f" at [{', '.join(map(str, self.element))}]" if self.element else ""
        return f"{self.operation}: {self.formula} = {self.numbers} = {self.value:.4g}{at}"


@dataclass(frozen=True, slots=True)
class Chain:
    """The factors between the output and what is being computed, along the path that contributes most.

    `factors` are those of the nodes `nodes`, the output's first and those that only move numbers left out; `left_out`
    more came before them. `paths` is on how many ways the gradient gets here: with more than one it is a sum of such
    products. `value` is the product where all factors are numbers.
    """

    start: str
    factors: tuple[str, ...]
    nodes: tuple[int, ...]
    left_out: int
    paths: int
    value: float | None

    @property
    def text(self) -> str:
        """The product in one line."""
        middle = ("…",) if self.left_out else ()
        return " · ".join((self.start, *middle, *self.factors))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The gradient for input `index` of a node, which goes to `node`; `largest` is its largest magnitude.

    `summed_from` is the shape that the rule gave, where broadcasting is undone by summing it to the input's own shape.
    """

    index: int
    node: int
    gradient: Values
    largest: float
    summed_from: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Accumulation:
    """What a tensor's `.grad` would become: `before` (None before the first backward) plus `added`."""

    name: str
    before: Values | None
    added: Values
    after: Values


@dataclass(frozen=True, slots=True)
class BackwardStep:
    """One node's turn.

    Parameters
    ----------
    position, total : int
        This is turn number `position` of `total`.
    node : int
        The node's id in the graph.
    title, operation : str
        As in the graph.
    incoming : tuple of Values
        The gradient for each result of the operation, None where none came.
    outgoing : tuple of Outgoing
        What goes on to the nodes before it.
    accumulated : tuple of Accumulation
        At leaves and at tensors that were asked for.
    rule : Rule, optional
        One number explained; None at leaves.
    chain : Chain
        How the gradient got here.
    hooks : int
        How many hooks of the tensor were called on the incoming gradient, as far as they are known.
    is_replaced : bool
        Whether a hook gave another gradient than came.
    """

    position: int
    total: int
    node: int
    title: str
    operation: str
    incoming: tuple[Values | None, ...]
    outgoing: tuple[Outgoing, ...]
    accumulated: tuple[Accumulation, ...]
    rule: Rule | None
    chain: Chain
    hooks: int = 0
    is_replaced: bool = False


@dataclass(frozen=True, slots=True)
class BackwardRun:
    """Where a run stopped and why; `last` is the turn it stopped after, `gradients` the short text at every node.

    `calls_hooks` is whether all hooks were called, so that the end is that of backward in any case.
    """

    reason: StopReason
    position: int
    total: int
    last: BackwardStep | None
    gradients: Mapping[int, str]
    calls_hooks: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A backward that starts at `node`, with how many of its `total` turns were had.

    `wants_gradient` is the shape of the gradient to choose, None where it starts from one number; `gradient` is the one
    chosen, as code.
    """

    node: int
    title: str
    wants_gradient: tuple[int, ...] | None
    gradient: str
    position: int
    total: int


@dataclass(frozen=True, slots=True)
class SideRow:
    """The gradients of one node in several backwards, in short; empty where it had no turn yet."""

    node: int
    title: str
    gradients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """Backward against finite differences in float64.

    `deviation` is the largest difference, at `element` of input `input`, where backward gave `analytic` and the
    difference quotient `numeric`. `text` says it in one sentence.
    """

    is_right: bool
    deviation: float
    input: str
    element: tuple[int, ...]
    analytic: float
    numeric: float
    checked: int
    text: str
