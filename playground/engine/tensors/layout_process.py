"""Large graphs are placed in a warm child process, so that no other thread waits for the interpreter's lock."""

from types import TracebackType
from typing import Self

from playground.engine.child import Child, ChildDied
from playground.engine.tensors import layout_child
from playground.engine.tensors.graph_events import Graph
from playground.engine.tensors.layout import Layout, layout
from playground.engine.tensors.layout_child import CAREFUL, Pair, Placed, sugiyama


class LayoutProcess:
    """Places graphs; a context. From any thread, one graph at a time."""

    def __init__(self) -> None:
        self._child = Child("-m", layout_child.__name__)

    def layout(self, graph: Graph) -> Layout:
        """Place a graph, in the child where it has more than 200 nodes.

        Raises
        ------
        Stopped
            When it was closed meanwhile.
        """
        return layout(graph, sugiyama if len(graph.nodes) <= CAREFUL else self._ask)

    def warm(self) -> None:
        """Start the child, so that the first large graph need not wait for it."""
        self._child.warm()

    def close(self) -> None:
        """End the child, also in the middle of a graph."""
        self._child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, edges: list[Pair]) -> Placed:
        """Place one part in the child, or here when it died over it twice."""
        for _ in range(2):
            try:
                places, pieces = self._child.ask(edges)
            except ChildDied:
                continue
            return [(node, (x, y)) for node, (x, y) in places], [(source, target) for source, target in pieces]
        return sugiyama(edges)
