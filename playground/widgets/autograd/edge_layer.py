"""All edges of a graph as one item: three long paths are drawn much faster than thousands of short ones."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from playground.widgets.autograd.places import GAP, curve, head, text_places
from playground.widgets.autograd.values import Pair
from playground.widgets.common.theme import blend, tabular, theme

_TINY = 0.3  # below this scale neither heads nor texts are drawn
_STUB = 26.0
_MARGIN = 24.0


class EdgeLayer(QGraphicsItem):
    """Curves with arrow heads; dashed where no gradient goes, strong and with its gradient where one went."""

    def __init__(self, routes: Mapping[Pair, tuple[QPointF, ...]], cut: frozenset[Pair], font: QFont) -> None:
        super().__init__()
        self._routes = routes
        self._cut = cut
        self._font = tabular(font)
        self._font.setPointSizeF(max(font.pointSizeF() - 1.5, 6.0))
        self._stubs: list[QPointF] = []
        self._visited: Mapping[Pair, str] = {}
        self._paths: dict[str, tuple[QPainterPath, QPainterPath]] = {}
        self._rect = QRectF()
        self.setZValue(-1)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._join()

    def add_stubs(self, tips: list[QPointF]) -> None:
        """Short dashed ends into boxes, for inputs without a gradient that no box stands for."""
        self._stubs = tips
        self._join()

    def set_visited(self, gradients: Mapping[Pair, str]) -> None:
        """Edges that a gradient went along, with its text where it is known."""
        if gradients != self._visited:
            self._visited = {pair: text for pair, text in gradients.items() if pair in self._routes}
            self._join()

    def labels(self) -> dict[Pair, str]:
        """The texts at visited edges."""
        return {pair: text for pair, text in self._visited.items() if text}

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        detail = option.levelOfDetailFromTransform(painter.worldTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, detail >= _TINY)
        for style, (lines, heads) in self._paths.items():
            painter.setPen(_pen(style, detail))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(lines)
            if detail >= _TINY and not heads.isEmpty():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(_color(style))
                painter.drawPath(heads)
        if detail >= _TINY:
            self._paint_texts(painter, option.exposedRect)

    def _paint_texts(self, painter: QPainter, exposed: QRectF) -> None:
        painter.setFont(self._font)
        metrics = QFontMetricsF(self._font)
        labels = self.labels()
        places = text_places({pair: self._routes[pair] for pair in labels}, metrics.height())
        for pair, text in labels.items():
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, GAP - 10)
            box = QRectF(0, 0, metrics.horizontalAdvance(shown) + 6, metrics.height())
            box.moveCenter(places[pair])
            if box.intersects(exposed):
                painter.fillRect(box, theme.color("surface", 0.85))
                painter.setPen(theme.color("accent"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)

    def _join(self) -> None:
        """Gather the edges of each style into one path, the visited ones on top."""
        self.prepareGeometryChange()
        joined = {style: (QPainterPath(), QPainterPath()) for style in ("plain", "cut", "visited")}
        for pair, points in self._routes.items():
            style = "cut" if pair in self._cut else "visited" if pair in self._visited else "plain"
            lines, heads = joined[style]
            lines.addPath(curve(points))
            heads.addPolygon(head(points[-1]))
        for tip in self._stubs:
            lines, heads = joined["cut"]
            lines.moveTo(tip - QPointF(_STUB, 0))
            lines.lineTo(tip)
            heads.addEllipse(tip - QPointF(_STUB, 0), 3, 3)
        self._paths = joined
        rect = QRectF()
        for lines, _ in joined.values():
            rect = rect.united(lines.boundingRect())
        self._rect = rect.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)


def _color(style: str) -> QColor:
    if style == "visited":
        return theme.color("accent")
    return blend(theme.color("muted"), theme.color("surface"), 0.75 if style == "plain" else 0.6)


def _pen(style: str, detail: float) -> QPen:
    pen = QPen(_color(style), 2.0 if style == "visited" else 1.2)
    if detail < _TINY:  # a hair line is quick and never vanishes
        pen.setWidth(0)
    elif style == "cut":
        pen.setDashPattern([4, 4])
    return pen
