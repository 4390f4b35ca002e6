"""What a view says above its picture: one line of text that gives way, and small buttons at its right."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from playground.widgets.common.icon_button import IconButton
from playground.widgets.common.theme import GRID, tabular, theme


class ElidedLabel(QLabel):
    """A muted line that is cut with an ellipsis; the tool tip has all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("muted", True)
        self.setFont(tabular(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def say(self, text: str) -> None:
        """Show a text."""
        if text != self.text():
            self.setText(text)
            self.setToolTip(text)
            self.setAccessibleName(text)

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        return QSize(4 * GRID, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint as much as there is room for."""
        with QPainter(self) as painter:
            painter.setPen(theme.color("muted"))
            text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(self.rect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, text)


class Caption(QWidget):
    """The line and its buttons."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.label = ElidedLabel()
        self.label.setObjectName(f"{name}_caption")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GRID // 2)
        self._row.addWidget(self.label, 1)

    def add_button(self, part: str, icon: str, tool_tip: str, *, checkable: bool = False) -> IconButton:
        """A small button with an icon, named after the panel and its part."""
        button = IconButton(f"{self._name}_{part}", icon, tool_tip)
        button.setCheckable(checkable)
        self._row.addWidget(button)
        return button
