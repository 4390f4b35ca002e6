"""Reading a living graph once: its nodes and edges as plain values, and where their tensors can be found again."""

import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from torch import Tensor

from playground.engine.problems import Problem
from playground.engine.tensors.graph_again import computed_again
from playground.engine.tensors.graph_cuts import cuts
from playground.engine.tensors.graph_events import Cut, Edge, Graph, Node
from playground.engine.tensors.graph_modules import Calls, ModuleRecord
from playground.engine.tensors.graph_names import TensorNames
from playground.engine.tensors.graph_nodes import GradFn, Place, is_leaf, saved_tensors
from playground.engine.tensors.graph_text import dtype_name, operation, short, signed, title


@dataclass(frozen=True)
class Reading:
    """A whole graph.

    `calls` has the calls of modules around each of its nodes; `owners` the module of each leaf that is a parameter;
    `tensors` holds weakly. `modules` are the paths of the modules called, without those that stand alone.
    """

    graph: Graph
    calls: tuple[Calls, ...]
    owners: dict[int, str]
    tensors: dict[Place, weakref.ref[Tensor]]
    modules: tuple[str, ...]


def read(
    output: Tensor, root: Place, order: Sequence[GradFn], names: TensorNames, record: ModuleRecord | None
) -> Reading:
    """Read the graph of `output`, whose grad_fns are given in the order of backward."""
    ids = {grad_fn: id_ for id_, grad_fn in enumerate(order)}
    tensors, freed = _tensors(output, root, order, names)
    calls = _calls(order, names, record)
    called = {call.path for around in calls for call in around} - names.single
    owners = {i: names.owners.get(id(each.variable), "") for i, each in enumerate(order) if is_leaf(each)}
    nodes = [_node(i, each, names, tensors, calls[i]) for i, each in enumerate(order)]
    nodes = [replace(node, is_freed=node.id in freed) for node in nodes]
    nodes[0] = replace(nodes[0], kind="output")
    constants = _Constants(len(order), names)
    for i, grad_fn in enumerate(order):
        nodes[i] = replace(nodes[i], cuts=tuple(constants.take(i, cuts(grad_fn, names))))
    graph = Graph((*nodes, *constants.nodes), (*_edges(order, ids), *constants.edges))
    held = {at: weakref.ref(tensor) for at, tensor in tensors.items()}
    return Reading(graph, calls, owners, held, tuple(path for path in names.modules.values() if path in called))


def _calls(order: Sequence[GradFn], names: TensorNames, record: ModuleRecord | None) -> tuple[Calls, ...]:
    if record is None:
        return ((),) * len(order)
    return tuple(record.calls((grad_fn._sequence_nr() for grad_fn in order), names.modules))


def _tensors(
    output: Tensor, root: Place, order: Sequence[GradFn], names: TensorNames
) -> tuple[dict[Place, Tensor], set[int]]:
    """The tensors that can still be reached, and the nodes that have freed theirs."""
    found = {root: output, **names.places}
    freed = set()
    for id_, grad_fn in enumerate(order):
        try:
            for _, tensor in saved_tensors(grad_fn):
                if tensor.grad_fn is not None:
                    found.setdefault(Place(tensor.grad_fn, tensor.output_nr), tensor)
        except Problem as problem:
            if problem.code == "graph-freed":
                freed.add(id_)
    return found, freed


def _node(id_: int, grad_fn: GradFn, names: TensorNames, tensors: dict[Place, Tensor], calls: Calls) -> Node:
    module = calls[-1].path if calls else ""
    if is_leaf(grad_fn):
        return _leaf(id_, grad_fn, names)
    at = Place(grad_fn, 0)
    metadata = grad_fn._input_metadata[0]
    tensor = tensors.get(at)
    value = computed_again(grad_fn) if tensor is None else tensor
    return Node(
        id_,
        "intermediate",
        title(grad_fn),
        operation(grad_fn),
        names.of_place(at) or _selected(grad_fn, names),
        tuple(metadata.shape),
        dtype_name(metadata.dtype),
        "" if value is None else short(value),
        short(tensor.grad) if tensor is not None and tensor.retains_grad and tensor.grad is not None else "",
        module,
        module_kind=calls[-1].kind if calls else "",
    )


def _selected(grad_fn: GradFn, names: TensorNames) -> str:
    """What `p[1]` is called where only p has a name."""
    if operation(grad_fn) != "SelectBackward0":
        return ""
    source, output = grad_fn.next_functions[0]
    name = names.of_tensor(source.variable) if is_leaf(source) else names.of_place(Place(source, output))
    before = ":, " * signed(grad_fn._saved_dim)
    return f"{name}[{before}{signed(grad_fn._saved_index)}]" if name else ""


def _leaf(id_: int, grad_fn: GradFn, names: TensorNames) -> Node:
    variable: Tensor = grad_fn.variable
    name = names.of_tensor(variable)
    return Node(
        id_,
        "leaf",
        name or "leaf",
        operation(grad_fn),
        name,
        tuple(variable.shape),
        dtype_name(variable.dtype),
        short(variable),
        "" if variable.grad is None else short(variable.grad),
        names.owners.get(id(variable), ""),
        names.sharing(variable),
    )


def _edges(order: Sequence[GradFn], ids: dict[GradFn, int]) -> Iterator[Edge]:
    for target, grad_fn in enumerate(order):
        for index, (source, output) in enumerate(grad_fn.next_functions):
            if source is not None:
                yield Edge(ids[source], target, index, output)


class _Constants:
    """Nodes for the tensors that take part without a gradient: one for each tensor, plain numbers left out."""

    def __init__(self, first: int, names: TensorNames) -> None:
        self._first = first
        self._names = names
        self._ids: dict[int, int] = {}
        self._tensors: list[Tensor] = []  # ids are only good while their objects live
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []

    def take(self, target: int, found: Iterator[tuple[Cut, Tensor | None]]) -> Iterator[Cut]:
        for cut, tensor in found:
            if tensor is not None and (cut.name or tensor.ndim):
                self.edges.append(Edge(self._id(cut, tensor), target, cut.index))
            yield cut

    def _id(self, cut: Cut, tensor: Tensor) -> int:
        if id(tensor) not in self._ids:
            self._tensors.append(tensor)
            self._ids[id(tensor)] = self._first + len(self.nodes)
            self.nodes.append(_constant(self._ids[id(tensor)], cut, tensor, self._names.sharing(tensor)))
        return self._ids[id(tensor)]


def _constant(id_: int, cut: Cut, tensor: Tensor, sharing: str) -> Node:
    return Node(
        id_,
        "constant",
        cut.name or "constant",
        "",
        cut.name,
        tuple(tensor.shape),
        dtype_name(tensor.dtype),
        cut.value,
        shares=sharing,
    )
