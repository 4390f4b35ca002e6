"""Icons: drawings of resources/icons/material in any colour, sharp at any size."""

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from playground.assets import resource
from playground.widgets.common.theme import theme

_PART = 0.875  # of the room given to it that a drawing takes


def drawn_icon(name: str, color: QColor, *, on: QColor | None = None, selected: QColor | None = None) -> QIcon:
    """The drawing of that name; `on` while a button is checked, `selected` in a selected row."""
    return QIcon(_Drawing(name, _Inks(color, on or color, selected or color, theme.color("muted", 0.5))))


@dataclass(frozen=True, slots=True)
class _Inks:
    plain: QColor
    on: QColor
    selected: QColor
    disabled: QColor

    def ink(self, mode: QIcon.Mode, state: QIcon.State) -> QColor:
        if mode == QIcon.Mode.Disabled:
            return self.disabled
        if mode == QIcon.Mode.Selected:
            return self.selected
        return self.on if state == QIcon.State.On else self.plain


class _Drawing(QIconEngine):
    """Qt asks it to paint when an icon is needed, and at the size that is needed."""

    def __init__(self, name: str, inks: _Inks) -> None:
        super().__init__()
        self._svg = _svg(name)
        self._inks = inks

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint it into the middle of `rect`."""
        ink = self._inks.ink(mode, state)
        side = _PART * min(rect.width(), rect.height())
        place = QRectF(0, 0, side, side)
        place.moveCenter(QRectF(rect).center())
        painter.save()
        painter.setOpacity(painter.opacity() * ink.alphaF())
        QSvgRenderer(self._svg.replace(b"<path", b'<path fill="%s"' % ink.name().encode())).render(painter, place)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The icon alone, on nothing."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            self.paint(painter, QRect(QPoint(), size), mode, state)
        return pixmap


@cache
def _svg(name: str) -> bytes:
    return resource("icons", "material", f"{name}.svg").read_bytes()
