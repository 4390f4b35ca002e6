"""Columns and rows as pixels, and edges as curves between the boxes."""

from collections import Counter
from collections.abc import Mapping, Sequence
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


def text_places(ways: Mapping[Pair, Sequence[QPointF]], height: float) -> dict[Pair, QPointF]:
    """The middles of the edges' texts: in the gap behind the source, those of one source above each other."""
    placed: Counter[int] = Counter()
    places = {}
    for pair, points in ways.items():
        placed[pair[0]] += 1
        places[pair] = points[0] + QPointF(GAP / 2, -height * (placed[pair[0]] - 0.25))
    return places


def _between_boxes(points: list[QPointF]) -> tuple[QPointF, ...]:
    start, end = points[0] + QPointF(BOX.right(), 0), points[-1] + QPointF(BOX.left(), 0)
    return (start, *points[1:-1], end)
