"""Buttons with a word on them, as panels and windows of their own have them."""

from PySide6.QtWidgets import QPushButton


def text_button(name: str, text: str, tip: str) -> QPushButton:
    """A button of that object name; Return presses it only where it has the focus."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button
