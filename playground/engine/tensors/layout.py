"""Where the nodes of a graph stand and how its edges run: in columns, from the leaves at the left to the output.

The layers and the order in them are those of Sugiyama, Tagawa and Toda, Methods for visual understanding of
hierarchical system structures (1981), by fast-sugiyama. Then each layer is moved so that the longest path is a
straight line: the library centres every node over those before it, and a chain with a leaf at each step would drift.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from playground.engine.tensors.graph_events import Edge, Graph
from playground.engine.tensors.layout_child import SPACING, Pair, Placed, sugiyama

Point = tuple[float, float]
Place = Callable[[list[Pair]], Placed]

_CROSSINGS = 2
"""So many crossed layers for each node are routed; edges longer than that allows run straight."""

_GAP = 1.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns and rows of a graph.

    `positions` are (column, row) of each node by id, one apart at least; columns are whole numbers that grow towards
    the output. `routes` are the points of each edge (source, target), its ends included. `columns` and `rows` are how
    far they reach.
    """

    positions: dict[int, Point]
    routes: dict[Pair, tuple[Point, ...]]
    columns: float
    rows: float


def layout(graph: Graph, place: Place = sugiyama) -> Layout:
    """Place a graph.

    Parameters
    ----------
    graph : Graph
        Whole, collapsed or cut.
    place : callable
        What places one connected part, here by default. `LayoutProcess` does so elsewhere for large ones.
    """
    positions: dict[int, Point] = {}
    routes: dict[Pair, tuple[Point, ...]] = {}
    top = 0.0
    for ids, edges in _parts(graph):
        places, paths = _part(ids, edges, place)
        lift = top - min(row for _, row in (*places.values(), *(point for path in paths.values() for point in path)))
        positions |= {id_: (column, row + lift) for id_, (column, row) in places.items()}
        routes |= {edge: tuple((column, row + lift) for column, row in path) for edge, path in paths.items()}
        top = _GAP + max(row for path in (positions.values(), *routes.values()) for _, row in path)
    return Layout(positions, routes, max((column for column, _ in positions.values()), default=0.0), max(top - _GAP, 0))


def _parts(graph: Graph) -> list[tuple[list[int], list[Pair]]]:
    """The connected parts: ids of nodes, and edges without doubles."""
    root = {node.id: node.id for node in graph.nodes}

    def find(id_: int) -> int:
        while root[id_] != id_:
            root[id_] = id_ = root[root[id_]]
        return id_

    for edge in graph.edges:
        root[find(edge.source)] = find(edge.target)
    parts: dict[int, tuple[list[int], list[Pair]]] = {}
    for id_ in root:
        parts.setdefault(find(id_), ([], []))[0].append(id_)
    for pair in _unique(graph.edges):
        parts[find(pair[0])][1].append(pair)
    return list(parts.values())


def _unique(edges: Iterable[Edge]) -> Iterable[Pair]:
    return dict.fromkeys((edge.source, edge.target) for edge in edges)


def _part(ids: list[int], edges: list[Pair], place: Place) -> tuple[dict[int, Point], dict[Pair, tuple[Point, ...]]]:
    """One connected part, by ids."""
    if not edges:
        return {ids[0]: (0.0, 0.0)}, {}
    number = {id_: i for i, id_ in enumerate(ids)}
    numbered = [(number[source], number[target]) for source, target in edges]
    routed = _short_enough(len(ids), numbered)
    found, pieces = place(routed)
    points = _straightened(found, pieces)
    paths = _paths(len(ids), pieces)
    routes = {(ids[s], ids[t]): tuple(points[n] for n in paths.get((s, t), (s, t))) for s, t in numbered}
    return {id_: points[i] for i, id_ in enumerate(ids)}, routes


def _short_enough(nodes: int, edges: list[Pair]) -> list[Pair]:
    """All edges, or the shortest ones where all of them would cross too many layers; every node keeps one."""
    rank = _ranks(nodes, edges)
    by_length = sorted(edges, key=lambda edge: rank[edge[0]] - rank[edge[1]])
    kept, left, joined = [], _CROSSINGS * nodes, set()
    for source, target in by_length:
        crossed = rank[source] - rank[target] - 1
        if crossed <= left or source not in joined:
            kept.append((source, target))
            joined.add(source)
            left -= crossed
    return kept


def _ranks(nodes: int, edges: list[Pair]) -> list[int]:
    """How many layers each node lies before the last one: one more than any that it goes to."""
    targets: dict[int, list[int]] = {}
    waiting = [0] * nodes
    for source, target in edges:
        targets.setdefault(target, []).append(source)
        waiting[source] += 1
    rank = [0] * nodes
    ready = [node for node in range(nodes) if not waiting[node]]
    for node in ready:  # grows while it is read: an order in which all that a node goes to come before it
        for source in targets.get(node, ()):
            rank[source] = max(rank[source], rank[node] + 1)
            waiting[source] -= 1
            if not waiting[source]:
                ready.append(source)
    return rank


def _straightened(found: Iterable[tuple[int, Point]], pieces: list[Pair]) -> dict[int, Point]:
    """(column, row) of each node, every column moved so that the longest path has one row."""
    place = {node: (round(y / SPACING), x / SPACING) for node, (x, y) in found}
    after: dict[int, list[int]] = {}
    for source, target in pieces:
        after.setdefault(source, []).append(target)
    first = max(place, key=lambda node: (place[node][0], -node))
    deepest, spine, node = place[first][0], {}, first
    while True:
        spine[place[node][0]] = place[node][1]
        following = [each for each in after.get(node, ()) if place[each][0] == place[node][0] - 1]
        if not following:
            break
        node = min(following)
    rows = {each: row - spine.get(layer, 0.0) for each, (layer, row) in place.items()}
    # The library mirrors by chance: the first node beside the path stands below it.
    side = next((row for _, row in sorted(rows.items()) if row), 1.0)
    return {each: (float(deepest - layer), math.copysign(1.0, side) * rows[each]) for each, (layer, _) in place.items()}


def _paths(nodes: int, pieces: list[Pair]) -> dict[Pair, list[int]]:
    """For each edge the nodes that it runs through, its ends included."""
    onward = {source: target for source, target in pieces if source >= nodes}
    paths = {}
    for source, target in pieces:
        if source < nodes:
            path = [source, target]
            while path[-1] >= nodes:
                path.append(onward[path[-1]])
            paths[source, path[-1]] = path
    return paths
