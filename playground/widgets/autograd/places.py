"""Columns and rows as pixels, and edges as curves between the boxes."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

from playground.widgets.autograd.values import GraphValues, Pair, Point

COLUMN, ROW = 208.0, 112.0
BOX = QRectF(-64, -31, 128, 62)
"""A node's box around its place."""
GRADIENT = QRectF(-100, 33, 200, 18)
"""The line below it."""
GAP = COLUMN - BOX.width()
"""Between two columns of boxes."""
_HEAD = 8.0
_BEND = 0.5


def pixels(point: Point) -> QPointF:
    """The middle of a place."""
    return QPointF(point[0] * COLUMN, point[1] * ROW)


def routes(graph: GraphValues) -> dict[Pair, tuple[QPointF, ...]]:
    """The corners of every edge from box to box; edges without a route run straight."""
    found = {}
    for edge in graph.edges:
        pair = edge.source, edge.target
        if pair not in found:
            ends = graph.positions[edge.source], graph.positions[edge.target]
            found[pair] = _between_boxes([pixels(point) for point in graph.routes.get(pair) or ends])
    return found


def curve(points: Sequence[QPointF]) -> QPainterPath:
    """A smooth way through the points that leaves and arrives level."""
    path = QPainterPath(points[0])
    for start, end in pairwise(points):
        bend = QPointF((end.x() - start.x()) * _BEND, 0)
        path.cubicTo(start + bend, end - bend, end)
    return path


def head(tip: QPointF) -> QPolygonF:
    """An arrow head that points to the right."""
    return QPolygonF([tip, tip + QPointF(-_HEAD, -_HEAD / 2), tip + QPointF(-_HEAD, _HEAD / 2), tip])


def middle(points: Sequence[QPointF]) -> QPointF:
    """Where an edge's text stands: before its head, in the gap between two columns."""
    return points[-1] - QPointF(GAP / 2, 0)


def _between_boxes(points: list[QPointF]) -> tuple[QPointF, ...]:
    start, end = points[0] + QPointF(BOX.right(), 0), points[-1] + QPointF(BOX.left(), 0)
    return (start, *points[1:-1], end)
