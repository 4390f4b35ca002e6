"""Buttons with a word on them, as panels, their headers and windows of their own have them."""

from PySide6.QtWidgets import QMenu, QPushButton, QToolButton


def text_button(name: str, text: str, tip: str) -> QPushButton:
    """A button of that object name; Return is left to the default button of its window, Space presses it."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button


def header_button(name: str, text: str, tip: str, menu: QMenu | None = None) -> QToolButton:
    """A flat button for a header or a footer; with a menu it opens that."""
    button = QToolButton()
    button.setObjectName(name)
    button.setText(text)
    button.setAccessibleName(tip)
    button.setToolTip(tip)
    if menu is not None:
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(menu)
    return button
