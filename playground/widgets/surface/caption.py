"""What a view says above its picture: one line of text that gives way, and small buttons at its right."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from playground.widgets.common.elided_label import ElidedLabel
from playground.widgets.common.icon_button import IconButton
from playground.widgets.common.theme import GRID


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
