"""A part of a panel that scrolls up and down where the panel is too low for it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


def scrolled(name: str, content: QWidget) -> QScrollArea:
    """Put `content` into an area of its own width, on the panel's ground."""
    area = QScrollArea()
    area.setObjectName(name)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(content)
    for each in (area.viewport(), content):
        each.setAutoFillBackground(False)
    return area
