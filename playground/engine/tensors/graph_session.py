"""One tensor's graph under the eye of the user: its picture, what its nodes saved, and a backward through it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from playground.engine.tensors.backward import BackwardStepper
from playground.engine.tensors.backward_check import gradcheck, rebuilt
from playground.engine.tensors.backward_events import BackwardRun, BackwardStep
from playground.engine.tensors.graph import GraphHandle
from playground.engine.tensors.graph_events import Graph, Saved
from playground.engine.tensors.layout import Layout

Place = Callable[[Graph], Layout]


@dataclass(frozen=True)
class GraphPicture:
    """A graph and where it stands; `wants_gradient` is the shape of the gradient to choose, None for one number."""

    name: str
    graph: Graph
    layout: Layout
    modules: tuple[str, ...]
    wants_gradient: tuple[int, ...] | None


class GraphSession:
    """Belongs to the console's thread, and is dropped there: it keeps the graph alive, never the tensor.

    Parameters
    ----------
    name : str
        What the user calls the tensor.
    tensor : Tensor
        Where backward starts.
    namespace : mapping
        The variables; `net` among them gives its parameters their own names.

    Raises
    ------
    Problem
        `graph-no-gradient`.
    """

    def __init__(self, name: str, tensor: Tensor, namespace: Mapping[str, object]) -> None:
        net = namespace.get("net")
        self.name = name
        self._modules: tuple[str, ...] = ()
        if isinstance(net, nn.Module):
            self._modules = tuple(path for path, _ in net.named_modules() if path)
        self._handle = GraphHandle(tensor, namespace, net if isinstance(net, nn.Module) else None)
        self._shape = tuple(tensor.shape)
        self._start = 0
        self._gradient: object = None
        self._stepper: BackwardStepper | None = None

    def is_of(self, tensor: Tensor) -> bool:
        """Whether this is the tensor's graph."""
        return tensor.grad_fn is self._handle.root.grad_fn

    def picture(self, collapse: Collection[str], place: Place) -> GraphPicture:
        """The graph with these modules as one box each, placed by `place`."""
        graph = self._handle.graph(frozenset(collapse))
        wants = None if self._shape in ((), (1,)) else self._shape
        return GraphPicture(self.name, graph, place(graph), self._modules, wants)

    def saved(self, node: int) -> tuple[Saved, ...]:
        """What a node kept for backward."""
        return self._handle.saved(node)

    def begin_at(self, node: int) -> None:
        """Start backward from this node instead of the output."""
        self._start, self._stepper = node, None

    def begin_with(self, gradient: object) -> None:
        """Start backward with this gradient of the output."""
        self._gradient, self._stepper = gradient, None

    def reset(self) -> None:
        """Before the first turn again."""
        self._stepper = None

    def step(self) -> BackwardStep | None:
        """The next node's turn; None when all had theirs."""
        return self._backward.step()

    def step_back(self) -> BackwardStep | None:
        """Take the last turn back; None at the beginning."""
        return self._backward.step_back()

    def run(self, bound: float | None, stop_at_not_finite: bool) -> BackwardRun:
        """Go on to the leaves, or to where it has to stop."""
        return self._backward.run(bound, stop_at_not_finite)

    def describe(self, index: int, element: tuple[int, ...]) -> BackwardStep:
        """The last turn with the rule of this number."""
        return self._backward.describe(index, element)

    def apply(self) -> None:
        """Go on to the end, and do to every `.grad` what backward does."""
        self._backward.apply()

    def check(self, source: str, namespace: Mapping[str, object]) -> str:
        """Backward against finite differences in float64, in one sentence; `source` is the code that made the tensor.

        Raises
        ------
        Problem
            `graph-check`.
        """
        leaves = [node.name for node in self._handle.graph().nodes if node.kind == "leaf" and node.name in namespace]
        function, inputs = rebuilt(source, namespace, self.name, leaves)
        return gradcheck(function, inputs).text

    @property
    def gradients(self) -> dict[int, str]:
        """The gradient at every node that had its turn, in short."""
        return self._stepper.gradients() if self._stepper else {}

    @property
    def _backward(self) -> BackwardStepper:
        if self._stepper is None:
            gradient = self._gradient
            if gradient is None and self._shape == (1,):
                gradient = torch.ones(1)
            self._stepper = BackwardStepper(self._handle, gradient, start=self._start)
        return self._stepper
