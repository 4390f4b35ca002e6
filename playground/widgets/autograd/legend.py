"""What the boxes mean: a small one of each kind that the graph holds, with its name."""

from collections.abc import Collection

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.widgets.autograd.kinds import KINDS, explanation_of, name_of, paint_box
from playground.widgets.autograd.values import Kind
from playground.widgets.common.theme import GRID, theme

_BOX = 18


class Legend(QWidget):
    """One line; as many kinds as have room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds: tuple[Kind, ...] = ()
        self.setObjectName("autograd_legend")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_kinds(self, kinds: Collection[Kind]) -> None:
        """Explain these kinds."""
        self._kinds = tuple(kind for kind in KINDS if kind in kinds)
        self.setAccessibleName(self.tr("Kinds: {kinds}").format(kinds=", ".join(map(name_of, self._kinds))))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """All kinds in a line."""
        return QSize(sum(map(self._width, self._kinds)), self.fontMetrics().height() + GRID // 2)

    def minimumSizeHint(self) -> QSize:
        """Nothing: the line may be cut."""
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint boxes and names."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for kind, left in self._places():
                box = QRectF(left, (self.height() - _BOX * 0.6) / 2, _BOX, _BOX * 0.6)
                paint_box(painter, box, kind)
                painter.setPen(theme.color("muted"))
                text = QRectF(left + _BOX + 5, 0, self._width(kind), self.height())
                painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, name_of(kind))

    def event(self, event: QHelpEvent) -> bool:  # type: ignore[override]
        """Explain the kind under the pointer."""
        if event.type() == QHelpEvent.Type.ToolTip:
            hit = [kind for kind, left in self._places() if left <= event.pos().x() < left + self._width(kind)]
            QToolTip.showText(event.globalPos(), explanation_of(hit[0]) if hit else "", self)
            return True
        return super().event(event)

    def _width(self, kind: Kind) -> int:
        return _BOX + 5 + self.fontMetrics().horizontalAdvance(name_of(kind)) + 2 * GRID

    def _places(self) -> list[tuple[Kind, float]]:
        left, places = 2.0, []
        for kind in self._kinds:
            if left + self._width(kind) - 2 * GRID > self.width() + 2:
                break
            places.append((kind, left))
            left += self._width(kind)
        return places
