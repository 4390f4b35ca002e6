"""A node as an item of the scene: its box with what it is, and its gradient below."""

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from playground.widgets.autograd.kinds import color_of, explanation_of, paint_box
from playground.widgets.autograd.places import BOX, GRADIENT, pixels
from playground.widgets.autograd.rule_text import shape_text
from playground.widgets.autograd.values import NodeValues, Point
from playground.widgets.common.theme import tabular, theme

_TINY = 0.3  # below this scale a node is a plain spot
_LINE = 17.0
_DIMMED = 0.18


class NodeItem(QGraphicsItem):
    """Title, name and value in a box; `set_gradient`, `set_current` and `set_dimmed` follow a backward and a search."""

    def __init__(self, node: NodeValues, place: Point, font: QFont) -> None:
        super().__init__()
        self.node = node
        self.gradient = ""
        self.is_current = False
        self._came = ""
        self._kept = node.gradient
        self._font = tabular(font)
        self._bold = QFont(self._font)
        self._bold.setBold(True)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setPos(pixels(place))
        self.setToolTip(details(node))
        self.set_gradient("")

    def set_gradient(self, text: str) -> None:
        """The gradient that came in a backward; empty for what `.grad` holds."""
        self._came = text
        text = f"g = {text}" if text else f".grad {self._kept}" if self._kept else ""
        if text != self.gradient:
            self.gradient = text
            self.setToolTip("\n".join(each for each in (details(self.node), text) if each))
            self.update()

    def set_kept(self, text: str) -> None:
        """What `.grad` holds; empty for None."""
        self._kept = text
        self.set_gradient(self._came)

    def set_current(self, current: bool) -> None:
        """Whether it is this node's turn."""
        if current != self.is_current:
            self.is_current = current
            self.setZValue(1 if current else 0)
            self.update()

    def set_dimmed(self, dimmed: bool) -> None:
        """Whether a search did not find it."""
        self.setOpacity(_DIMMED if dimmed else 1.0)

    def boundingRect(self) -> QRectF:
        return QRectF(GRADIENT.left(), BOX.top() - 9, GRADIENT.width(), GRADIENT.bottom() - BOX.top() + 11)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        if option.levelOfDetailFromTransform(painter.worldTransform()) < _TINY:
            strong = self.is_current or self.isSelected()
            painter.fillRect(BOX, theme.color("text") if strong else color_of(self.node.kind))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_box(painter, BOX, self.node.kind, current=self.is_current)
        if self.isSelected():
            painter.setPen(QPen(theme.color("text"), 1.5, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(BOX.adjusted(-5, -5, 5, 5), 10, 10)
        self._paint_texts(painter)

    def _paint_texts(self, painter: QPainter) -> None:
        rows = [(self.node.title, self._bold, "text"), (subtitle(self.node), self._font, "muted")]
        rows.append((self.node.value, self._font, "muted"))
        rows = [row for row in rows if row[0]]
        top = -_LINE * len(rows) / 2
        for text, font, role in rows:
            line = QRectF(BOX.left() + 9, top, BOX.width() - 18, _LINE)
            _paint_line(painter, line, text, font, theme.color(role))  # type: ignore[arg-type]
            top += _LINE
        if self.gradient:
            _paint_line(painter, GRADIENT, self.gradient, self._font, color_of(self.node.kind))


def subtitle(node: NodeValues) -> str:
    """The second line: what it is called, or else what it is, or in which module."""
    words = {
        "leaf": QCoreApplication.translate("autograd", "leaf"),
        "output": QCoreApplication.translate("autograd", "output"),
        "constant": QCoreApplication.translate("autograd", "no gradient"),
        "module": node.operation,
        "intermediate": "",
    }
    name = "" if node.name == node.title else node.name
    if node.kind == "intermediate" and not name:
        return " · ".join(each for each in (node.module, node.module_kind) if each)
    return ", ".join(each for each in (name, words[node.kind]) if each)


def details(node: NodeValues) -> str:
    """All that is known of a node, a line each."""
    shape = shape_text(node.shape)
    where = f"{node.module} ({node.module_kind})" if node.module_kind else node.module
    lines = [
        " · ".join(each for each in (node.title, node.name if node.name != node.title else "") if each),
        node.operation,
        f"{shape} · {node.dtype}" if node.dtype else "",
        node.value,
        QCoreApplication.translate("autograd", "in {module}").format(module=where) if where else "",
        explanation_of(node.kind),
        *cut_sentences(node),
    ]
    return "\n".join(line for line in lines if line)


def cut_sentences(node: NodeValues) -> list[str]:
    """Why no gradient goes on, or the saved tensors are gone."""
    said = {
        "constant": QCoreApplication.translate("autograd", "Input {index} ({name}) does not require gradients."),
        "detached": QCoreApplication.translate(
            "autograd", "Input {index} was cut from {name} by detach() or .data: no gradient goes there."
        ),
        "unknown": QCoreApplication.translate(
            "autograd", "No gradient goes to input {index}: a constant, or cut by no_grad, detach() or .data."
        ),
    }
    lines = [said[cut.reason].format(index=cut.index, name=cut.name or cut.value or "?") for cut in node.cuts]
    if node.shares:
        shares = QCoreApplication.translate("autograd", "Shares the memory of {name}, so the graph was cut in between.")
        lines.append(shares.format(name=node.shares))
    if node.is_freed:
        lines.append(
            QCoreApplication.translate(
                "autograd", "Its saved tensors are freed: backward(retain_graph=True) keeps them."
            )
        )
    return lines


def _paint_line(painter: QPainter, line: QRectF, text: str, font: QFont, color: QColor) -> None:
    painter.setFont(font)
    painter.setPen(color)
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, line.width())
    painter.drawText(line, Qt.AlignmentFlag.AlignCenter, shown)
