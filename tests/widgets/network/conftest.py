"""Rows that the tests of the network's panels share, and drops as the window system delivers them."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from playground.widgets.network.rows import NodeRow, part


@pytest.fixture
def rows():
    """A layer, a residual block of two layers with an empty shortcut, a repeat of one, and a layer."""
    body = part("res", "body", "body", [NodeRow("c1", "Conv2d", "Conv2d"), NodeRow("c2", "ReLU", "ReLU")])
    shortcut = part("res", "shortcut", "shortcut: x", [])
    return (
        NodeRow("a", "Conv2d", "Conv2d", shape=(6, 28, 28)),
        NodeRow("res", "Residual", "Residual", children=(body, shortcut)),
        NodeRow("rep", "Repeat \u00d7 2", "Repeat", children=(NodeRow("r1", "Linear", "Linear"),), slot="body"),
        NodeRow("z", "Linear", "Linear", shape=(10,)),
    )


@pytest.fixture
def drop():
    """Drop mime data on a view at a point; tells whether the view took it."""

    def drop_at(view, mime: QMimeData, point, action=Qt.DropAction.CopyAction) -> bool:
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        target = view.viewport()
        enter = QDragEnterEvent(point, action, mime, left, none)
        QApplication.sendEvent(target, enter)
        if not enter.isAccepted():
            return False
        move = QDragMoveEvent(point, action, mime, left, none)
        QApplication.sendEvent(target, move)
        if not move.isAccepted():
            return False
        QApplication.sendEvent(target, QDropEvent(QPointF(point), action, mime, left, none))
        return True

    return drop_at
