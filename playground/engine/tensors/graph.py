"""The autograd graph of a tensor: a handle on the living grad_fns, and plain pictures of it."""

from collections.abc import Collection, Mapping

from torch import Tensor, nn

from playground.engine.problems import Problem
from playground.engine.tensors.graph_collapse import collapsed, nearest
from playground.engine.tensors.graph_events import Graph, Saved
from playground.engine.tensors.graph_kinds import check_nodes
from playground.engine.tensors.graph_modules import ModuleRecord
from playground.engine.tensors.graph_names import TensorNames
from playground.engine.tensors.graph_nodes import GradFn, Place, backward_order, is_leaf, place, saved
from playground.engine.tensors.graph_reading import read
from playground.engine.tensors.graph_text import short, signed, values

LIMIT = 2000
"""So many nodes a picture has at most."""


class GraphHandle:
    """The grad_fns behind a tensor, kept alive for looking at saved tensors and for going backward.

    It belongs to the thread that computes with these tensors. Only the grad_fns are held, never `output` itself or the
    namespace; when the handle is dropped nothing is.

    Parameters
    ----------
    output : Tensor
        Where backward would start.
    names : mapping
        The variables that tensors are called by.
    modules : nn.Module, optional
        The net whose parameters are called by their own names.
    record : ModuleRecord, optional
        Calls of modules, those of `modules` and of modules among the names.

    Raises
    ------
    Problem
        `graph-no-gradient` where `output` does not require gradients, `graph-kind` for tensors without numbers.
    """

    def __init__(
        self,
        output: Tensor,
        names: Mapping[str, object] | None = None,
        modules: nn.Module | None = None,
        record: ModuleRecord | None = None,
    ) -> None:
        self.root = place(output)
        self.order = backward_order(self.root.grad_fn)
        check_nodes(self.order)
        self.ids = {grad_fn: id_ for id_, grad_fn in enumerate(self.order)}
        self._reading = read(output, self.root, self.order, TensorNames(names or {}, modules), record)

    def graph(self, collapse: Collection[str] | bool = False, limit: int = LIMIT) -> Graph:
        """A picture of the graph.

        Parameters
        ----------
        collapse : collection of str or bool
            Paths of modules whose calls are drawn as one node each; True for all outermost ones.
        limit : int
            So many nodes at most, those nearest to the output.
        """
        return nearest(collapsed(self._reading, collapse) if collapse else self._reading.graph, limit)

    def modules(self) -> tuple[str, ...]:
        """Paths of the modules whose calls made this graph, in the net's order; those that stand alone left out."""
        return self._reading.modules

    def saved(self, node: int) -> tuple[Saved, ...]:
        """What a node keeps from forward for backward.

        Raises
        ------
        Problem
            `graph-node`, `graph-freed` and `graph-modified`.
        """
        self.check(node)
        return tuple(self._saved(name, value) for name, value in saved(self.order[node]).items())

    def check(self, node: int) -> None:
        """Whether backward has a turn there.

        Raises
        ------
        Problem
            `graph-node`.
        """
        if not 0 <= node < len(self.order):
            raise Problem("graph-node", node=node, count=len(self.order))

    def shape(self, node: int) -> tuple[int, ...]:
        """The shape of the tensor at a node, of its first result where it has several."""
        return tuple(self.order[node]._input_metadata[0 if node else self.root.output].shape)

    def title(self, grad_fn: GradFn) -> str:
        """What a node of this graph is called in it."""
        return self._reading.graph.nodes[self.ids[grad_fn]].title

    def name(self, grad_fn: GradFn) -> str:
        """The variable that a node of this graph is known by, or empty."""
        return self._reading.graph.nodes[self.ids[grad_fn]].name

    def is_freed(self, grad_fn: GradFn) -> bool:
        """Whether its saved tensors were gone when the graph was read."""
        return self._reading.graph.nodes[self.ids[grad_fn]].is_freed

    def tensor(self, at: Place) -> Tensor | None:
        """The tensor at a place, where it is still somebody's."""
        if is_leaf(at.grad_fn):
            variable: Tensor = at.grad_fn.variable
            return variable
        found = self._reading.tensors.get(at)
        return found() if found else None

    def _saved(self, name: str, value: object) -> Saved:
        if not isinstance(value, Tensor):
            return Saved(name, _setting(value))
        source = place(value) if value.requires_grad else None
        node = self.ids.get(source.grad_fn) if source else None
        called = "" if node is None else self._reading.graph.nodes[node].name
        return Saved(name, short(value), values(value), called, node)


def graph(
    output: Tensor,
    names: Mapping[str, object] | None = None,
    modules: nn.Module | None = None,
    collapse: Collection[str] | bool = False,
    limit: int = LIMIT,
    record: ModuleRecord | None = None,
) -> Graph:
    """A picture of a tensor's autograd graph; nothing is kept alive by it.

    Parameters
    ----------
    output, names, modules, record
        As for `GraphHandle`.
    collapse, limit
        As for `GraphHandle.graph`.

    Raises
    ------
    Problem
        `graph-no-gradient` where `output` does not require gradients.
    """
    return GraphHandle(output, names, modules, record).graph(collapse, limit)


def _setting(value: object) -> str:
    """A saved setting as it was written: dimensions signed, tensors in short."""
    if isinstance(value, tuple):
        return f"({', '.join(_setting(each) for each in value)})"
    if isinstance(value, Tensor):
        return short(value)
    return str(signed(value)) if isinstance(value, int) and not isinstance(value, bool) else str(value)
