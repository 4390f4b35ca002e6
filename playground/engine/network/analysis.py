"""Shapes, counts and misfits of every layer and block, found on the meta device: nothing is allocated."""

import math
from dataclasses import dataclass, field

from playground.engine.data.facts import Facts
from playground.engine.network.builder import (
    Classes,
    giant_problem,
    names,
    node_problem,
    node_sizes,
)
from playground.engine.network.custom import classes
from playground.engine.network.events import Analysis, LayerFacts
from playground.engine.network.joins import joined
from playground.engine.network.labels import kind_of, label_of
from playground.engine.network.receptive_field import Reach, Reaches, chain, start, union, width
from playground.engine.network.signals import (
    Passed,
    Signal,
    embedding_first,
    first_signal,
    through_class,
    through_layer,
)
from playground.engine.network.sizes import Sizes
from playground.engine.network.spec import (
    Custom,
    Layer,
    NetworkSpec,
    Node,
    Repeat,
    Source,
    slots,
    working,
)
from playground.engine.problems import Problem


def check_network(spec: NetworkSpec, facts: Facts) -> None:
    """Refuse a network that cannot take this data's samples, does not end in its outputs, or cannot learn.

    Raises
    ------
    Problem
        The analysis' own, or `network-output`, `network-frozen`, or `layer-misfit` for an embedding of numbers that
        are not whole.
    """
    analysis = analyse(spec, facts.shape)
    if analysis.problem is not None:
        raise analysis.problem
    embedding = embedding_first(spec)
    if embedding:
        layer, path = embedding
        detail = f"it looks up whole numbers, and {facts.title} gives fractions"
        raise Problem("layer-misfit", where=path, kind=layer.kind, shape=facts.shape, detail=detail, node=layer.id)
    if analysis.output != (facts.outputs,):
        raise Problem("network-output", found=analysis.output, data=facts.title, wanted=(facts.outputs,))
    if analysis.parameters and not analysis.trainable:
        raise Problem("network-frozen")


def analyse(spec: NetworkSpec, input_shape: tuple[int, ...], batch: int = 2) -> Analysis:
    """Follow one batch through the network without computing it.

    Parameters
    ----------
    spec : NetworkSpec
        The network, whole or with mistakes.
    input_shape : tuple of int
        One sample's shape, without the batch.
    batch : int
        The batch size that is tried; nothing in the answer depends on it.

    Returns
    -------
    Analysis
        With facts for every node, also behind a problem (`output` is None there). Never raises a Problem.
    """
    shape = tuple(input_shape)
    known = classes(spec)
    giant = giant_problem(spec, known)
    tour = _Tour(known, spec.sources, batch, {} if giant else names(spec), giant)
    last, facts = tour.row(spec.layers, "layers", "", _Place(first_signal(spec, shape), start(shape) if shape else ()))
    problems = ([] if spec.layers else [Problem("network-empty")]) + tour.problems
    return Analysis(
        input=shape,
        layers=facts,
        parameters=sum(layer.parameters for layer in facts),
        trainable=_trainable(spec, known),
        flops=sum(layer.flops or 0 for layer in facts),
        activations=last.written,
        output=last.signal.shape if last.signal and facts else None,
        problem=problems[0] if problems else None,
        problems=tuple(problems),
    )


def _trainable(spec: NetworkSpec, known: Classes) -> int:
    return sum(
        passes * (sizes.weights + sizes.biases)
        for node, _, passes in working(spec.layers)
        if not (isinstance(node, Layer | Custom) and node.frozen)
        for sizes in (node_sizes(node, known),)
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Between two nodes: what flows there (None behind a problem), what it sees, how much was written so far."""

    signal: Signal | None
    reaches: Reaches = ()
    written: int = 0


_Went = tuple[_Place, LayerFacts]


@dataclass
class _Tour:
    """One batch on its way through the tree."""

    known: Classes
    sources: tuple[Source, ...]
    batch: int
    names: dict[str, tuple[str, ...]]
    giant: Problem | None
    problems: list[Problem] = field(default_factory=list)
    turn: str = ""  # which pass of a Repeat, for the sentence of a problem

    def row(
        self, nodes: tuple[Node, ...], path: str, part: str, place: _Place
    ) -> tuple[_Place, tuple[LayerFacts, ...]]:
        facts = []
        for index, node in enumerate(nodes):
            place, found = self.node(node, f"{path}[{index}]", part, place)
            facts.append(found)
        return place, tuple(facts)

    def node(self, node: Node, path: str, part: str, place: _Place) -> _Went:
        if not node.enabled:
            return self._idle(node, path, part, place)
        problem = node_problem(node, path, self.known, self.sources)
        if problem is None and self.giant is not None and self.giant.fields["node"] == node.id:
            problem = self.giant
        if problem is not None:
            self._tell(problem)
            place = _Place(None)
        if isinstance(node, Layer | Custom):
            return self._leaf(node, path, part, place, problem)
        if isinstance(node, Repeat):
            return self._repeat(node, path, part, place, problem)
        return self._parallel(node, path, part, place, problem)

    def _tell(self, problem: Problem) -> None:
        if problem.sentence not in {told.sentence for told in self.problems}:
            self.problems.append(problem)

    def _idle(self, node: Node, path: str, part: str, place: _Place) -> _Went:
        """A node that is switched off: everything passes, nothing inside counts."""
        inner = tuple(
            self._idle(child, f"{path}.{slot}[{index}]", _part(slot), _Place(None))[1]
            for slot, nodes in slots(node)
            for index, child in enumerate(nodes)
        )
        return place, self._facts(node, path, part, place, Sizes(), 0, children=inner, enabled=False)

    def _leaf(self, node: Layer | Custom, path: str, part: str, place: _Place, problem: Problem | None) -> _Went:
        passed, formula, flops = None, "", None
        if place.signal is not None:
            passed = self._through(node, place.signal)
        if isinstance(passed, str):
            problem = self._misfit(node, path, place.signal, passed)
        if isinstance(passed, Passed):
            reaches = chain(place.reaches, passed.reaches)
            place = _Place(passed.signal, reaches, place.written + passed.written)
            formula, flops = passed.formula, passed.flops
        else:
            place = _Place(None)
        sizes = node_sizes(node, self.known)
        return place, self._facts(node, path, part, place, sizes, flops, formula=formula, problem=problem)

    def _through(self, node: Layer | Custom, signal: Signal) -> Passed | str:
        if isinstance(node, Layer):
            return through_layer(node.kind, node.args, signal, self.batch)
        return through_class(self.known[node.name], node.args, repr(node.args), signal, self.batch)

    def _misfit(self, node: Node, path: str, signal: Signal | None, detail: str) -> Problem:
        shape = signal.shape if signal else ()
        where = f"{path}{self.turn}"
        problem = Problem("layer-misfit", node=node.id, where=where, kind=kind_of(node), shape=shape, detail=detail)
        self._tell(problem)
        return problem

    def _parallel(self, node: Node, path: str, part: str, place: _Place, problem: Problem | None) -> _Went:
        before, ends = place, []
        children: list[LayerFacts] = []
        for slot, nodes in slots(node):
            end, facts = self.row(nodes, f"{path}.{slot}", _part(slot), _Place(before.signal, before.reaches))
            ends.append(end)
            children += facts
        signals = [end.signal for end in ends if end.signal is not None]
        place = _Place(None)
        if problem is None and ends and len(signals) == len(ends):
            met = joined(node, signals)
            if isinstance(met, str):
                problem = self._misfit(node, path, before.signal, met)
            else:
                written = before.written + sum(end.written for end in ends) + math.prod(met.shape)
                place = _Place(met, union([end.reaches for end in ends]), written)
        return place, self._facts(node, path, part, place, *_totals(children), children=children, problem=problem)

    def _repeat(self, node: Repeat, path: str, part: str, place: _Place, problem: Problem | None) -> _Went:
        before, outer = place, self.turn
        place, children = self.row(node.body, f"{path}.body", "body", before)
        sizes, flops = _totals(children)
        shown, done = children, 1
        while done < node.times and place.signal is not None and place.signal != before.signal:
            done, before = done + 1, place
            self.turn = f"{outer}, pass {done}"
            place, children = self.row(node.body, f"{path}.body", "body", before)
            flops = _sum(flops, _totals(children)[1])
        self.turn = outer
        if place.signal is None:
            shown = children
        else:  # the passes that are left are like the last one
            left = node.times - done
            flops = _sum(flops, None if flops is None else left * (_totals(children)[1] or 0))
            place = _again(before, place, left)
        sizes = Sizes(sizes.weights * node.times, sizes.biases * node.times)
        return place, self._facts(node, path, part, place, sizes, flops, children=shown, problem=problem)

    def _facts(
        self,
        node: Node,
        path: str,
        part: str,
        place: _Place,
        sizes: Sizes,
        flops: int | None,
        *,
        formula: str = "",
        problem: Problem | None = None,
        children: "tuple[LayerFacts, ...] | list[LayerFacts]" = (),
        enabled: bool = True,
    ) -> LayerFacts:
        return LayerFacts(
            id=node.id,
            path=path,
            kind=kind_of(node),
            label=label_of(node),
            output=place.signal.shape if place.signal else None,
            weights=sizes.weights,
            biases=sizes.biases,
            flops=flops,
            activations=math.prod(place.signal.shape) if place.signal else None,
            receptive_field=width(place.reaches) if place.signal else None,
            formula=formula,
            names=self.names.get(node.id, ()),
            enabled=enabled,
            frozen=isinstance(node, Layer | Custom) and node.frozen,
            problem=problem.sentence if problem else None,
            children=tuple(children),
            part=part,
        )


def _part(slot: str) -> str:
    """`branches[0]` for people: branch 1."""
    return f"branch {int(slot[9:-1]) + 1}" if slot.startswith("branches") else slot


def _sum(a: int | None, b: int | None) -> int | None:
    return None if a is None and b is None else (a or 0) + (b or 0)


def _totals(children: "tuple[LayerFacts, ...] | list[LayerFacts]") -> tuple[Sizes, int | None]:
    counted = [child.flops for child in children if child.flops is not None]
    weights, biases = sum(child.weights for child in children), sum(child.biases for child in children)
    return Sizes(weights, biases), sum(counted) if counted else None


def _again(before: _Place, behind: _Place, times: int) -> _Place:
    """`times` more passes, each as the one that led from `before` to `behind`."""
    steps = tuple(
        Reach((b.low - a.low) // a.jump, (b.high - a.high) // a.jump, b.jump // a.jump)
        for a, b in zip(before.reaches, behind.reaches, strict=False)
    )
    reaches = behind.reaches
    for _ in range(times if steps else 0):
        reaches = chain(reaches, steps)
    written = behind.written + times * (behind.written - before.written)
    return _Place(behind.signal, reaches, written)
