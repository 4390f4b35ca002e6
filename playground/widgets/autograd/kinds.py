"""How the kinds of nodes are told apart: by colour, by the shape of the box and by its border."""

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from playground.widgets.autograd.values import Kind
from playground.widgets.common.theme import SERIES, blend, theme

KINDS: tuple[Kind, ...] = ("leaf", "intermediate", "output", "module", "constant")
_RADIUS = 6.0


def color_of(kind: Kind) -> QColor:
    """The border of a kind."""
    match kind:
        case "leaf":
            return theme.color("good")
        case "output":
            return theme.color("validation")
        case "module":
            return QColor(SERIES[3])
        case "constant":
            return theme.color("muted")
    return theme.color("accent")


def name_of(kind: Kind) -> str:
    """A kind in words."""
    names = {
        "leaf": QCoreApplication.translate("autograd", "leaf"),
        "intermediate": QCoreApplication.translate("autograd", "intermediate"),
        "output": QCoreApplication.translate("autograd", "output"),
        "module": QCoreApplication.translate("autograd", "module"),
        "constant": QCoreApplication.translate("autograd", "no gradient"),
    }
    return names[kind]


def explanation_of(kind: Kind) -> str:
    """A kind in a sentence."""
    sentences = {
        "leaf": QCoreApplication.translate("autograd", "A leaf: made by the user, gathers its gradient in .grad."),
        "intermediate": QCoreApplication.translate("autograd", "The result of an operation; backward passes through."),
        "output": QCoreApplication.translate("autograd", "Where backward starts."),
        "module": QCoreApplication.translate("autograd", "A module's call as one box; double-click to look inside."),
        "constant": QCoreApplication.translate("autograd", "Takes part, but no gradient goes to it."),
    }
    return sentences[kind]


def paint_box(painter: QPainter, box: QRectF, kind: Kind, *, current: bool = False) -> None:
    """Leaves are round, outputs have two borders, modules are a stack, constants are dashed."""
    scale = min(1.0, box.height() / 40)
    color = color_of(kind)
    pen = QPen(color, 3.0 if current else 1.4)
    if kind == "constant":
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(blend(color, theme.color("surface"), 0.22 if current else 0.07))
    radius = box.height() / 2.6 if kind == "leaf" else _RADIUS * scale
    if kind == "module":
        for shift in (6 * scale, 3 * scale):
            painter.drawRoundedRect(box.translated(shift, -shift), radius, radius)
    painter.drawRoundedRect(box, radius, radius)
    if kind == "output":
        inner = 4 * scale
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color, 1.0))
        painter.drawRoundedRect(box.adjusted(inner, inner, -inner, -inner), radius - inner / 2, radius - inner / 2)
