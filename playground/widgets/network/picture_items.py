"""The slabs, frames, joints and wires of a picture as items of a graphics scene."""

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget

from playground.widgets.common.theme import theme
from playground.widgets.network.drawing import Frame, Joint, Slab, Wire, label_room
from playground.widgets.network.marks import color_of
from playground.widgets.network.rows import NodeRow

_RADIUS = 10.0


class RowItem(QGraphicsItem):
    """What stands for one layer or block and can be selected."""

    def __init__(self, row: NodeRow) -> None:
        super().__init__()
        self.row = row
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setToolTip(row.problem or "\n".join(each for each in (row.label, row.output) if each))


class SlabItem(RowItem):
    """A plate in the colour of its kind, its text at the right."""

    def __init__(self, slab: Slab, font: QFont) -> None:
        super().__init__(slab.row)
        self._slab = slab
        self._font = font
        self.setPos(slab.x, slab.y)

    def boundingRect(self) -> QRectF:
        slab = self._slab
        width = slab.width + slab.depth + label_room()
        middle = (slab.height - slab.depth) / 2
        top = min(-slab.depth, middle - 18) - 3
        return QRectF(-6, top, width + 8, max(slab.height, middle + 18) - top + 8)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isSelected():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent", 0.16))
            painter.drawRoundedRect(self.boundingRect().adjusted(1, 1, -1, -1), 5, 5)
        if self._slab.folded:
            self._paint_plate(painter, QPointF(3, 4), 0.45)
        self._paint_plate(painter, QPointF(0, 0), 1.0)
        self._paint_text(painter)

    def _paint_plate(self, painter: QPainter, shift: QPointF, strength: float) -> None:
        slab, color = self._slab, self._color()
        front = QRectF(shift.x(), shift.y(), slab.width, slab.height)
        back = QPointF(slab.depth, -slab.depth)
        top = QPolygonF([front.topLeft(), front.topLeft() + back, front.topRight() + back, front.topRight()])
        side = QPolygonF([front.topRight(), front.topRight() + back, front.bottomRight() + back, front.bottomRight()])
        painter.setPen(self._pen(color))
        for polygon, shade in ((top, 130), (side, 78)):
            painter.setBrush(self._brush(color.lighter(shade), strength))
            painter.drawPolygon(polygon)
        painter.setBrush(self._brush(color, strength))
        painter.drawRect(front)

    def _color(self) -> QColor:
        return theme.color("bad") if self.row.problem else color_of(self.row.kind)

    def _brush(self, color: QColor, strength: float) -> QColor:
        color = QColor(color)
        color.setAlphaF(strength if self.row.enabled else 0.0)
        return color

    def _pen(self, color: QColor) -> QPen:
        pen = QPen(theme.color("bad") if self.row.problem else color.darker(150), 1.0)
        if not self.row.enabled or self.row.problem:
            pen.setStyle(Qt.PenStyle.DashLine)
        return pen

    def _paint_text(self, painter: QPainter) -> None:
        slab = self._slab
        left = slab.width + slab.depth + 8
        middle = (slab.height - slab.depth) / 2
        mark = "⚠ " if self.row.problem else ""
        title = QFontMetricsF(self._font).elidedText(
            mark + self.row.label, Qt.TextElideMode.ElideRight, label_room() - 12
        )
        painter.setFont(self._font)
        painter.setPen(theme.color("bad" if self.row.problem else "text" if self.row.enabled else "muted"))
        painter.drawText(QPointF(left, middle - 2), title)
        painter.setPen(theme.color("muted"))
        painter.drawText(QPointF(left, middle + 13), self._caption())

    def _caption(self) -> str:
        state = [(self.row.output, bool(self.row.output)), (_tr("off"), not self.row.enabled)]
        return " · ".join(text for text, holds in (*state, (_tr("frozen"), self.row.frozen)) if holds)


class FrameItem(RowItem):
    """A faint frame around a block, its title at the top."""

    def __init__(self, frame: Frame, font: QFont) -> None:
        super().__init__(frame.row)
        self._rect = QRectF(0, 0, frame.width, frame.height)
        self._font = font
        self.setPos(frame.x, frame.y)
        self.setZValue(-2)

    def boundingRect(self) -> QRectF:
        return self._rect.adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isSelected()
        painter.setPen(QPen(theme.color("accent" if chosen else "line"), 2 if chosen else 1))
        painter.setBrush(theme.color("raised", 0.55))
        painter.drawRoundedRect(self._rect, 8, 8)
        painter.setFont(self._font)
        painter.setPen(theme.color("bad" if self.row.problem else "muted"))
        painter.drawText(QPointF(10, 15), self.row.label if self.row.enabled else f"{self.row.label} · {_tr('off')}")


class JointItem(QGraphicsItem):
    """A ring with + where paths are added, a bar where they are concatenated."""

    def __init__(self, joint: Joint, font: QFont) -> None:
        super().__init__()
        self._symbol = joint.symbol
        self._font = font
        self.setPos(joint.x, joint.y)

    def boundingRect(self) -> QRectF:
        return QRectF(-26, -_RADIUS - 2, 52, 2 * _RADIUS + 4)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("muted"), 1.4))
        painter.setBrush(theme.color("surface"))
        painter.setFont(self._font)
        if self._symbol == "+":
            painter.drawEllipse(QPointF(0, 0), _RADIUS, _RADIUS)
            painter.drawLine(QPointF(-5, 0), QPointF(5, 0))
            painter.drawLine(QPointF(0, -5), QPointF(0, 5))
        else:
            ring = QRectF(-24, -_RADIUS, 48, 2 * _RADIUS)
            painter.drawRoundedRect(ring, _RADIUS, _RADIUS)
            painter.drawText(ring, Qt.AlignmentFlag.AlignCenter, "cat")


class WireItem(QGraphicsPathItem):
    """A line with round corners; a shortcut stands out."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(_path(wire))
        self._skips = wire.skips
        self.setZValue(-1)
        self.restyle()

    def restyle(self) -> None:
        """Take the colours now in force."""
        self.setPen(QPen(theme.color("accent" if self._skips else "muted"), 2.0 if self._skips else 1.2))


def fill(scene: QGraphicsScene, slabs: list[Slab], frames: list[Frame], joints: list[Joint], wires: list[Wire]) -> None:
    """Put new items for all of these into a scene, in the font of the screen."""
    font = scene.font()
    for item in (
        *(FrameItem(each, font) for each in frames),
        *(WireItem(each) for each in wires),
        *(JointItem(each, font) for each in joints),
        *(SlabItem(each, font) for each in slabs),
    ):
        scene.addItem(item)


def _tr(text: str) -> str:
    return QCoreApplication.translate("picture", text)


def _path(wire: Wire) -> QPainterPath:
    points = [QPointF(*point) for point in wire.points]
    path = QPainterPath(points[0])
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        path.lineTo(_towards(corner, before))
        path.quadTo(corner, _towards(corner, after))
    path.lineTo(points[-1])
    return path


def _towards(corner: QPointF, other: QPointF) -> QPointF:
    way = other - corner
    length = (way.x() ** 2 + way.y() ** 2) ** 0.5
    return corner + way * (min(8.0, length / 2) / length) if length else corner
