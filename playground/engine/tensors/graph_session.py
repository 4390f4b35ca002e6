"""One tensor's graph under the eye of the user: its picture, what its nodes saved, and backwards through it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from torch import Tensor, nn

from playground.engine.problems import Problem
from playground.engine.rng import undrawn
from playground.engine.tensors.backward_check import gradcheck
from playground.engine.tensors.backward_events import BackwardRun, BackwardStep, SideRow, Way
from playground.engine.tensors.backward_source import has_changed, rebuilt
from playground.engine.tensors.backward_ways import Ways
from playground.engine.tensors.graph import GraphHandle
from playground.engine.tensors.graph_events import GradientRow, Graph, Saved
from playground.engine.tensors.graph_kept import keep_numbers
from playground.engine.tensors.graph_leaves import GradientBook, step_code, zero_code
from playground.engine.tensors.graph_modules import ModuleRecord
from playground.engine.tensors.graph_nodes import backward_order, is_leaf, place
from playground.engine.tensors.layout import Layout

PlaceGraph = Callable[[Graph], Layout]

CHANGED = "What it is made of has changed since; these are the numbers of now."
READABLE = 24
"""So many boxes can be read at once; a larger graph begins with modules as one box each."""


@dataclass(frozen=True)
class GraphPicture:
    """A graph and where it stands; `wants_gradient` is the shape of the gradient to choose, None for one number."""

    name: str
    graph: Graph
    layout: Layout
    modules: tuple[str, ...]
    wants_gradient: tuple[int, ...] | None


@dataclass(frozen=True)
class Progress:
    """How far the backwards of a graph came, and which of them the next turn belongs to."""

    gradients: Mapping[int, str]
    current: int
    ways: tuple[Way, ...]
    rows: tuple[SideRow, ...]


class GraphSession:
    """Belongs to the console's thread: it keeps the graph alive, never the tensor.

    Parameters
    ----------
    name : str
        What the user calls the tensor.
    tensor : Tensor
        Where backward starts.
    namespace : mapping
        The variables; the parameters of the net among them have their own names.
    record : ModuleRecord, optional
        The calls of modules that made the graph.
    changing : iterable of Tensor
        Tensors that are changed in place from now on, such as the weights of a net in training: the graph keeps the
        numbers that they have now.

    Raises
    ------
    Problem
        `graph-no-gradient` and `graph-kind`.
    """

    def __init__(
        self,
        name: str,
        tensor: Tensor,
        namespace: Mapping[str, object],
        record: ModuleRecord | None = None,
        changing: Iterable[Tensor] = (),
    ) -> None:
        self.name = name
        self._handle = GraphHandle(tensor, namespace, _net(tensor, namespace), record)
        keep_numbers(self._handle.order, changing)
        self._ways = Ways(self._handle)
        self._book = GradientBook(self._handle)

    def is_of(self, tensor: Tensor) -> bool:
        """Whether this is the tensor's graph."""
        return tensor.grad_fn is self._handle.root.grad_fn

    def readable(self) -> frozenset[str]:
        """The modules to draw as one box each, so that the graph can be read: none, or as few as are needed."""
        if len(self._handle.order) <= READABLE:
            return frozenset()
        modules = self._handle.modules()
        depths = sorted({path.count(".") for path in modules}, reverse=True)
        cuts = [_at_depth(modules, depth) for depth in depths]
        return next((cut for cut in cuts if self._is_readable(cut)), cuts[-1] if cuts else frozenset())

    def picture(self, collapse: Collection[str], place: PlaceGraph) -> GraphPicture:
        """The graph with these modules as one box each, placed by `place`; looks at no tensor."""
        graph = self._handle.graph(frozenset(collapse))
        wants = self._ways.ways()[0].wants_gradient
        return GraphPicture(self.name, graph, place(graph), self._handle.modules(), wants)

    def saved(self, node: int) -> tuple[Saved, ...]:
        """What a node kept for backward."""
        return self._handle.saved(node)

    def gradients(self) -> tuple[GradientRow, ...]:
        """What `.grad` holds now at leaves and named tensors, and before."""
        return self._book.look()

    def begin_at(self, node: int) -> BackwardStep | None:
        """Go on with the backward from this node, beside that from the output; gives its last turn."""
        self._ways.choose(node)
        return self._ways.described()

    def begin_with(self, code: str, namespace: Mapping[str, object]) -> None:
        """Start the present backward with the gradient that an expression gives; with the usual one if it is empty.

        Raises
        ------
        Problem
            `graph-gradient`, `graph-gradient-missing`, `graph-gradient-shape` and `graph-freed`.
        """
        self._ways.begin_with(_evaluated(code, namespace) if code else None, code)

    def reset(self) -> None:
        """Before the first turn again."""
        self._ways.reset()

    def step(self) -> BackwardStep | None:
        """The next node's turn; the last one when all had theirs."""
        return self._ways.stepper.step() or self._ways.described()

    def step_back(self) -> BackwardStep | None:
        """Take the last turn back; None at the beginning."""
        return self._ways.stepper.step_back()

    def run(self, bound: float | None, stop_at_not_finite: bool) -> BackwardRun:
        """Go on to the leaves, or to where it has to stop."""
        return self._ways.stepper.run(bound, stop_at_not_finite)

    def describe(self, index: int, element: tuple[int, ...]) -> BackwardStep:
        """The last turn with the rule of this number."""
        return self._ways.stepper.describe(index, element)

    def progress(self) -> Progress:
        """How far the backwards came."""
        return Progress(self._ways.gradients(), self._ways.current, self._ways.ways(), self._ways.rows())

    def apply(self) -> None:
        """Take the present backward to its end, and do to every `.grad` what it does."""
        self._ways.stepper.apply()

    def backward_code(self, namespace: Mapping[str, object]) -> str:
        """The line that does the present backward; empty where its start has no name."""
        grad_fn = self._handle.order[self._ways.current]
        name = self._handle.name(grad_fn) if self._ways.current else self.name
        tensor = namespace.get(name)
        if not isinstance(tensor, Tensor) or tensor.grad_fn is not grad_fn:
            return ""
        gradient = self._ways.code()
        return f"{name}.backward({gradient}{', ' if gradient else ''}retain_graph=True)"

    def zero_code(self, namespace: Mapping[str, object]) -> str:
        """The line that sets the gradients of the leaves to None; empty where none has a name."""
        return zero_code(self._leaves(), namespace)

    def step_code(self, namespace: Mapping[str, object]) -> str:
        """The lines that take one step with the gradients of the leaves; empty where none has a name."""
        return step_code(self._leaves(), namespace)

    def check(self, source: str, namespace: Mapping[str, object]) -> str:
        """Backward against finite differences in float64, in one sentence; `source` is the code that made the tensor.

        Raises
        ------
        Problem
            `graph-check`.
        """
        function, inputs = rebuilt(source, namespace, self.name, self._leaves())
        found = gradcheck(function, inputs).text
        return f"{found} {CHANGED}" if has_changed(function, inputs, namespace.get(self.name)) else found

    def _leaves(self) -> list[tuple[str, Tensor]]:
        """The leaves with a name, by the variables that stand for them where there are such."""
        leaves = [grad_fn for grad_fn in self._handle.order if is_leaf(grad_fn)]
        return [(self._handle.name(grad_fn), grad_fn.variable) for grad_fn in leaves if self._handle.name(grad_fn)]

    def _is_readable(self, collapse: frozenset[str]) -> bool:
        nodes = self._handle.graph(collapse).nodes
        return sum(node.kind != "constant" for node in nodes) <= READABLE


def _evaluated(code: str, namespace: Mapping[str, object]) -> object:
    """The user's own console evaluates the user's own expression; looking moves no generator on."""
    try:
        with undrawn():
            return eval(compile(code, "<gradient>", "eval"), dict(namespace))
    except Exception as error:
        raise Problem("graph-gradient", text=code, detail=f"{type(error).__name__}: {error}") from error


def _at_depth(modules: Collection[str], depth: int) -> frozenset[str]:
    """The modules at a depth, and those above it that hold no other."""
    holders = {path.rpartition(".")[0] for path in modules}
    return frozenset(
        path for path in modules if path.count(".") == depth or (path.count(".") < depth and path not in holders)
    )


def _net(tensor: Tensor, namespace: Mapping[str, object]) -> nn.Module | None:
    """The net whose parameters the graph ends in, `net` before others; single layers are no nets."""
    if not tensor.requires_grad:
        return None
    leaves = {id(grad_fn.variable) for grad_fn in backward_order(place(tensor).grad_fn) if is_leaf(grad_fn)}
    values = (namespace.get("net"), *namespace.values())
    nets = (value for value in values if isinstance(value, nn.Module) and any(True for _ in value.children()))
    return next((net for net in nets if any(id(parameter) in leaves for parameter in net.parameters())), None)
