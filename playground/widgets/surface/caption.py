"""What a view says above its picture: one line of text that gives way, and small buttons at its right."""

import qtawesome
from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

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
        self._icons: dict[QToolButton, str] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GRID // 2)
        self._row.addWidget(self.label, 1)
        theme.changed.connect(self._restyle)

    def add_button(self, part: str, icon: str, tool_tip: str, *, checkable: bool = False) -> QToolButton:
        """A small button with an icon, named after the panel and its part."""
        button = QToolButton()
        button.setObjectName(f"{self._name}_{part}")
        button.setAccessibleName(tool_tip)
        button.setToolTip(tool_tip)
        button.setCheckable(checkable)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.toggled.connect(self._restyle)
        self._icons[button] = icon
        self._row.addWidget(button)
        self._restyle()
        return button

    @Slot()
    def _restyle(self) -> None:
        for button, icon in self._icons.items():
            button.setIcon(qtawesome.icon(icon, color=theme.color("accent" if button.isChecked() else "muted")))
