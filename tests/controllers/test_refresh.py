"""A panel that follows: once for many requests, and only while it is seen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow

from playground.controllers.refresh import Refresh


@pytest.fixture
def docks(qtbot):
    """Two panels behind each other, the second in front."""
    window = QMainWindow()
    qtbot.addWidget(window)
    docks = [QDockWidget(name, window) for name in ("back", "front")]
    for dock in docks:
        dock.setWidget(QLabel(dock.windowTitle()))
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    window.tabifyDockWidget(*docks)
    docks[1].raise_()
    window.resize(400, 300)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: docks[0].widget().visibleRegion().isEmpty())
    yield docks
    window.close()


def test_many_requests_are_followed_once_and_not_before_whoever_asks_is_done(qtbot, docks):
    followed = []
    refresh = Refresh(docks[1].widget(), lambda: followed.append(1))
    for _ in range(20):
        refresh.ask()
    assert followed == []
    qtbot.waitUntil(lambda: followed == [1])
    assert not refresh.timer.isActive()
    refresh.ask()
    qtbot.waitUntil(lambda: len(followed) == 2)


def test_a_panel_behind_another_tab_catches_up_when_it_is_raised(qtbot, docks):
    followed = []
    refresh = Refresh(docks[0].widget(), lambda: followed.append(1))
    refresh.ask()
    qtbot.waitUntil(lambda: not refresh.timer.isActive())
    assert followed == []
    docks[0].raise_()
    qtbot.waitUntil(lambda: followed == [1])


def test_a_hidden_panel_catches_up_when_it_is_shown_and_only_if_it_has_to(qtbot, docks):
    followed = []
    refresh = Refresh(docks[1].widget(), lambda: followed.append(1))
    docks[1].hide()
    docks[1].show()
    assert not refresh.timer.isActive()
    docks[1].hide()
    refresh.ask()
    qtbot.waitUntil(lambda: not refresh.timer.isActive())
    assert followed == []
    docks[1].show()
    docks[1].raise_()
    qtbot.waitUntil(lambda: followed == [1])


def test_a_panel_that_goes_takes_what_was_asked_for_it_along(qtbot, docks):
    followed, panel = [], docks[1].widget()
    refresh = Refresh(panel, lambda: followed.append(1))
    refresh.ask()
    with qtbot.waitSignals([panel.destroyed, refresh.destroyed]):
        panel.deleteLater()
    assert followed == []
