"""A layout that fills lines from the left and goes on in the next one where there is no more room."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from playground.widgets.common.theme import GRID


class FlowLayout(QLayout):
    """Parts keep their own size; hidden ones take no room."""

    def __init__(self, parent: QWidget | None = None, spacing: int = GRID) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # Qt asks until there is none
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), moves=False)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, moves=True)

    def _place(self, rect: QRect, *, moves: bool) -> int:
        """Put every part where it belongs; the height of all lines."""
        line: list[tuple[QLayoutItem, int]] = []
        left, top, height = 0, 0, 0
        for item in self._items:
            size = item.sizeHint()
            if item.isEmpty():
                continue
            if line and left + size.width() > rect.width():
                _settle(line, rect.topLeft() + QPoint(0, top), height, moves=moves)
                line, left, top, height = [], 0, top + height + self.spacing() // 2, 0
            line.append((item, left))
            left, height = left + size.width() + self.spacing(), max(height, size.height())
        _settle(line, rect.topLeft() + QPoint(0, top), height, moves=moves)
        return top + height


def _settle(line: list[tuple[QLayoutItem, int]], corner: QPoint, height: int, *, moves: bool) -> None:
    """One line, its parts centred in height."""
    for item, left in line if moves else ():
        size = item.sizeHint()
        item.setGeometry(QRect(corner + QPoint(left, (height - size.height()) // 2), size))
