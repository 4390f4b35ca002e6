"""A panel that is made shows nothing by itself: a page without a parent would flash up as a window of its own."""

from importlib import import_module

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

PANELS = (
    ("plots", "LossPlot"),
    ("measures", "MeasuresPanel"),
    ("basins", "BasinsPanel"),
    ("variables", "VariablesPanel"),
    ("layer", "LayerPanel"),
    ("samples", "SamplesPanel"),
    ("transcript", "TranscriptPanel"),
    ("inspector", "InspectorPanel"),
    ("autograd", "AutogradPanel"),
    ("operations", "OperationsPanel"),
    ("console", "ConsolePanel"),
)


class Shown(QObject):
    """Notes every window that is shown."""

    def __init__(self):
        super().__init__()
        self.windows = []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(type(watched).__name__)
        return False


@pytest.mark.parametrize(("room", "name"), PANELS)
def test_making_a_panel_shows_no_window(qapp, qtbot, room, name):
    shown = Shown()
    qapp.installEventFilter(shown)
    try:
        qtbot.addWidget(getattr(import_module(f"playground.widgets.{room}.panel"), name)())
    finally:
        qapp.removeEventFilter(shown)
    assert shown.windows == []
