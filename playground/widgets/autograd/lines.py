"""A graph that is hardly more than a long chain, written in lines like a text, each below the one before."""

from collections.abc import Mapping
from dataclasses import replace
from math import floor

from playground.widgets.autograd.values import GraphValues, Pair, Point

_DENSE = 1.5
"""A chain has at most so many boxes in a column on average."""
_MARGIN = 0.42  # of a column: how far an edge that goes on in another line runs beside the boxes
_APART = 1.0


def in_lines(graph: GraphValues, columns: int) -> GraphValues:
    """The graph with at most so many columns side by side; as it is where that is no chain or has room."""
    if not graph.positions:
        return graph
    used = [floor(column) for column, _ in graph.positions.values()]
    first, wide = min(used), max(used) - min(used) + 1
    if wide <= max(columns, 2) or len(graph.positions) > _DENSE * wide:
        return graph
    lines = -(-wide // columns)
    each = -(-wide // lines)  # lines of one length
    line_of = {id_: (floor(column) - first) // each for id_, (column, _) in graph.positions.items()}
    tops = _tops(graph, line_of, lines)
    positions = {
        id_: (column - first - line_of[id_] * each, row + tops[line_of[id_]])
        for id_, (column, row) in graph.positions.items()
    }
    routes = _routes(graph, line_of, positions, each)
    return replace(graph, positions=positions, routes=routes)


def _tops(graph: GraphValues, line_of: Mapping[int, int], lines: int) -> list[float]:
    """What to add to the rows of each line."""
    rows: list[list[float]] = [[] for _ in range(lines)]
    for id_, (_, row) in graph.positions.items():
        rows[line_of[id_]].append(row)
    for (source, target), points in graph.routes.items():
        if line_of[source] == line_of[target]:
            rows[line_of[source]].extend(row for _, row in points)
    tops, below = [], 0.0
    for found in rows:
        tops.append(below - min(found, default=0.0))
        below += max(found, default=0.0) - min(found, default=0.0) + _APART
    return tops


def _routes(
    graph: GraphValues, line_of: Mapping[int, int], positions: Mapping[int, Point], columns: int
) -> dict[Pair, tuple[Point, ...]]:
    routes: dict[Pair, tuple[Point, ...]] = {}
    for edge in graph.edges:
        pair = edge.source, edge.target
        start, end = positions[edge.source], positions[edge.target]
        if line_of[edge.source] != line_of[edge.target]:
            routes[pair] = _round(start, end, columns)
        elif pair in graph.routes:
            column, row = graph.positions[edge.source]
            shift = start[0] - column, start[1] - row
            routes[pair] = tuple((x + shift[0], y + shift[1]) for x, y in graph.routes[pair])
    return routes


def _round(start: Point, end: Point, columns: int) -> tuple[Point, ...]:
    """Out at the right of one line, and in at the left of another."""
    right, left, between = columns - 1 + _MARGIN, -_MARGIN, end[1] - _APART / 2
    return start, (right, start[1]), (right, between), (left, between), (left, end[1]), end
