"""The first thing that keeps a network from fitting its data, with all that a repair has to know about it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from playground.engine.network.analysis import analyse
from playground.engine.network.events import Analysis, LayerFacts
from playground.engine.network.labels import kind_of
from playground.engine.network.spec import Custom, Layer, NetworkSpec, Node, Repeat, children, walk, working
from playground.engine.network.tree import find, path_of
from playground.engine.problems import Problem

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Trouble:
    """What does not fit, where, and what arrives there.

    `origin` is the network as the user has it, whose paths the sentences name; `shape` is that of one sample before
    the node, or behind the last one when the network ends in the wrong shape; None where it is not known.
    """

    origin: NetworkSpec
    spec: NetworkSpec
    analysis: Analysis
    problem: Problem
    node: Node | None
    shape: Shape | None
    outputs: int | None

    @property
    def code(self) -> str:
        """The problem's code."""
        return self.problem.code

    @property
    def in_later_pass(self) -> bool:
        """Whether only the second pass of a `Repeat` does not fit."""
        return ", pass " in str(self.problem.fields.get("where", ""))

    def named(self, node: Node) -> str:
        """A node as sentences name it: `layers[3] (Linear)`."""
        try:
            return f"{path_of(self.origin, node.id)} ({kind_of(node)})"
        except KeyError:
            return f"the new {kind_of(node)}"

    def place(self) -> float:
        """How far the data gets, in working nodes; a block's paths meet behind all that is in it."""
        node = self._repetition() if self.in_later_pass else self.node
        if node is None:
            return math.inf
        if isinstance(node, Layer | Custom) or self.code != "layer-misfit":
            return float(self._number(node))
        return self._number(node) + sum(1 for row in children(node) for _ in working(row)) + 0.5

    def layers_before(self) -> list[Layer]:
        """The working layers through which the data came, the nearest first."""
        nodes = [node for node, _, _ in working(self.spec.layers)]
        inside = self.node is not None and not isinstance(self.node, Layer | Custom)
        end = len(nodes) if self.node is None else math.ceil(self.place()) if inside else self._number(self.node)
        return [node for node in reversed(nodes[:end]) if isinstance(node, Layer)]

    def _number(self, wanted: Node) -> int:
        nodes = working(self.spec.layers)
        return next((number for number, (node, _, _) in enumerate(nodes) if node.id == wanted.id), 0)

    def _repetition(self) -> Repeat | None:
        return repeat_around(self.spec, self.node)


def repeat_around(spec: NetworkSpec, node: Node | None) -> Repeat | None:
    """The innermost repetition that holds the node."""
    found = None
    for one in walk(spec.layers):
        inside = {inner.id for row in children(one) for inner in walk(row)}
        if isinstance(one, Repeat) and node is not None and node.id in inside:
            found = one
    return found


def trouble_of(
    spec: NetworkSpec, shape: Shape, outputs: int | None, origin: NetworkSpec | None = None
) -> Trouble | None:
    """The first trouble of a network with samples of that shape; None when it ends in `outputs` values (if given)."""
    analysis = analyse(spec, shape)
    problem = analysis.problem
    if problem is None and outputs is not None and analysis.output != (outputs,):
        problem = Problem("network-output", found=analysis.output, data="the data", wanted=(outputs,))
    if problem is None:
        return None
    node_id = problem.fields.get("node")
    node = find(spec, str(node_id)) if node_id else None
    return Trouble(origin or spec, spec, analysis, problem, node, _shape_at(analysis, problem, node), outputs)


def arriving(analysis: Analysis, node_id: str) -> Shape | None:
    """The shape of one sample before a node; None where a problem stands before it."""
    return _arriving(analysis.layers, analysis.input, node_id)


def ends_of(trouble: Trouble, block: Node) -> list[Shape | None]:
    """The shapes in which the rows of a block end, in the order of its slots."""
    facts = next((one for one in _all(trouble.analysis.layers) if one.id == block.id), None)
    if facts is None:
        return []
    last = {part: list(row)[-1].output for part, row in groupby(facts.children, key=lambda child: child.part)}
    if facts.kind == "Residual":
        return [last.get(part, trouble.shape) for part in ("body", "shortcut")]
    return [last.get(f"branch {number + 1}", trouble.shape) for number in range(_branches(block))]


def _branches(block: Node) -> int:
    return len(getattr(block, "branches", ()))


def _shape_at(analysis: Analysis, problem: Problem, node: Node | None) -> Shape | None:
    if problem.code == "network-output":
        return analysis.output
    shape = problem.fields.get("shape")
    if isinstance(shape, tuple) or node is None:
        return shape if isinstance(shape, tuple) else analysis.input
    return arriving(analysis, node.id)


def _arriving(row: tuple[LayerFacts, ...], shape: Shape | None, node_id: str) -> Shape | None:
    for facts in row:
        if facts.id == node_id:
            return shape
        for _, inner in groupby(facts.children, key=lambda child: child.part):
            found = tuple(inner)
            if any(one.id == node_id for one in _all(found)):
                return _arriving(found, shape, node_id)
        shape = facts.output
    return shape


def _all(row: tuple[LayerFacts, ...]) -> Iterator[LayerFacts]:
    for facts in row:
        yield facts
        yield from _all(facts.children)
