"""The order in which Tab goes through widgets that were not made in that order."""

from itertools import pairwise

from PySide6.QtWidgets import QWidget


def in_order(*widgets: QWidget) -> None:
    """Let Tab go from each to the next."""
    for first, second in pairwise(widgets):
        QWidget.setTabOrder(first, second)
