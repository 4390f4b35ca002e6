"""What an autograd graph looks like, as plain values; imports no torch."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["leaf", "intermediate", "output", "module", "constant"]
CutReason = Literal["constant", "detached", "unknown"]


@dataclass(frozen=True, slots=True)
class Cut:
    """An input through which no gradient goes.

    `index` counts the operation's inputs. `reason` is "constant" for a tensor that does not require gradients,
    "detached" where it shares memory with a tensor that does (`detach()` or `.data`), and "unknown" where the operation
    kept nothing of it: a constant, or a tensor cut by `no_grad`, `detach()` or `.data`.
    """

    index: int
    reason: CutReason
    name: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A tensor that autograd knows of, with the operation that made it.

    Parameters
    ----------
    id : int
        Its place in the order in which backward runs the operations, counted from 0; constants come after all others;
        a module has the id of its first member.
    kind : Kind
        A tensor that gathers a gradient, a step in between, the start of backward, a collapsed module, or a tensor
        that takes part without a gradient.
    title : str
        The operation for people ("select 1"); the tensor's name for leaves and constants.
    operation : str
        The class of the grad_fn, of the module, or empty for a constant.
    name : str
        The variable or parameter, where one is known.
    shape, dtype : tuple of int, str
        Of the tensor (the first one where the operation has several results).
    value, gradient : str
        In short; empty where autograd kept no value, nor what it takes to compute it again, and where there is no
        gradient yet.
    module : str
        Path of the innermost module in whose call it came about, where calls were recorded.
    shares : str
        The name of a tensor in the graph whose memory a leaf shares, so that the graph was cut between the two.
    cuts : tuple of Cut
        Inputs through which no gradient goes.
    is_freed : bool
        Whether its saved tensors are gone, so that backward cannot go through again.
    members : tuple of int
        Ids of the nodes in a collapsed module.
    module_kind : str
        The class of the module.
    """

    id: int
    kind: Kind
    title: str
    operation: str
    name: str = ""
    shape: tuple[int, ...] = ()
    dtype: str = ""
    value: str = ""
    gradient: str = ""
    module: str = ""
    shares: str = ""
    cuts: tuple[Cut, ...] = ()
    is_freed: bool = False
    members: tuple[int, ...] = ()
    module_kind: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A result of `source` is input number `index` of `target`; `output` tells which result."""

    source: int
    target: int
    index: int
    output: int = 0


@dataclass(frozen=True, slots=True)
class Graph:
    """Everything that backward would visit; `left_out` nodes farther from the output are not shown."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """A copy of a tensor's values; where it has too many, its leading corner along each dimension.

    `shape` is that of the whole tensor, `text` a short line of its first values.
    """

    array: NDArray[np.generic]
    shape: tuple[int, ...]
    dtype: str
    text: str

    @property
    def is_whole(self) -> bool:
        """Whether no value was left out."""
        return self.array.shape == self.shape


@dataclass(frozen=True, slots=True)
class Saved:
    """What an operation kept from forward for backward.

    `attribute` is what torch calls it; `values` is None for settings, which `text` then spells. `name` and `node` say
    which variable it is and which node made it, where known.
    """

    attribute: str
    text: str
    values: Values | None = None
    name: str = ""
    node: int | None = None


@dataclass(frozen=True, slots=True)
class GradientRow:
    """A tensor whose `.grad` somebody looks at, now and before it changed last; a gradient is empty where it is None.

    `retains` is whether an intermediate keeps its gradient (`retain_grad()`).
    """

    node: int
    name: str
    value: str
    gradient: str
    value_before: str
    gradient_before: str
    is_leaf: bool
    retains: bool
    has_value_changed: bool
    has_gradient_changed: bool
