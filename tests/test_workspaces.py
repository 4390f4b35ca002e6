"""Docks in workspaces: closed, floating, moved, tabbed, and where they were left, also after a restart."""

import pytest
from driving import button, click, shown_program, wait_until
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

PANELS = ("network_panel", "training_panel", "loss_plot", "accuracy_plot", "samples", "digit_pad")


@pytest.fixture(scope="module")
def program(qapp, tmp_path_factory):  # noqa: ARG001
    with shown_program(tmp_path_factory.mktemp("user")) as program:
        yield program


@pytest.fixture
def window(program):
    """The window as a first start shows it."""
    program.window.workspaces.switch("train")
    program.window.actions_table["reset_layout"].trigger()
    return program.window


def visible(window):
    return {name for name, dock in window.docks.items() if dock.isVisible()}


def places(window):
    return {name: dock.geometry() for name, dock in window.docks.items() if dock.isVisible()}


def press(window, key):
    """A key with Ctrl, where the keyboard is."""
    window.activateWindow()
    window.training.controls.primary.setFocus()
    wait_until(window.isActiveWindow, "the window to take the keys")
    QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)


def test_the_first_window_leaves_room_for_its_frame_on_the_screen(window):
    room = window.screen().availableSize()
    assert window.width() < room.width()
    assert window.height() < room.height()


def test_the_first_start_shows_the_train_workspace(window):
    assert visible(window) == set(PANELS)
    assert window.rail.current() == "train"
    columns = [{window.docks[name].x() for name in column} for column in (PANELS[:2], PANELS[2:5], PANELS[5:])]
    assert [len(column) for column in columns] == [1, 1, 1]
    assert sorted(columns, key=min) == columns


def test_a_closed_panel_comes_back_from_the_view_menu_where_it_was(window):
    before = places(window)
    click(window, "accuracy_plot_close")
    assert visible(window) == set(PANELS) - {"accuracy_plot"}
    action = window.docks["accuracy_plot"].toggleViewAction()
    assert action in window.menus["view"].findChildren(type(window.menus["view"]))[0].actions()
    action.trigger()
    wait_until(lambda: places(window) == before, "the panels to stand as before")


def test_a_panel_that_the_workspace_leaves_out_opens_in_a_place(window):
    dock = window.docks["devices_panel"]
    dock.toggleViewAction().trigger()
    assert dock.isVisible()
    assert window.dockWidgetArea(dock) != Qt.DockWidgetArea.NoDockWidgetArea
    others = [other.geometry() for other in window.docks.values() if other is not dock and other.isVisible()]
    wait_until(lambda: dock.height() >= dock.minimumSizeHint().height(), "the room for it")
    assert not any(dock.geometry().intersects(other) for other in others)


def test_a_double_click_on_the_header_lets_a_panel_float_and_puts_it_back(window):
    dock = window.docks["loss_plot"]
    for floating in (True, False):
        QTest.mouseDClick(dock.titleBarWidget(), Qt.MouseButton.LeftButton, pos=dock.titleBarWidget().rect().center())
        wait_until(lambda floating=floating: dock.isFloating() == floating, "the panel to float or to be back")
        assert dock.isVisible()


def test_panels_move_between_areas_and_become_tabs(window):
    loss, accuracy = window.docks["loss_plot"], window.docks["accuracy_plot"]
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, loss)
    assert window.dockWidgetArea(loss) == Qt.DockWidgetArea.BottomDockWidgetArea
    window.tabifyDockWidget(loss, accuracy)
    assert window.tabifiedDockWidgets(loss) == [accuracy]
    window.workspaces.switch("digits")
    window.workspaces.switch("train")
    assert window.tabifiedDockWidgets(loss) == [accuracy]
    assert window.dockWidgetArea(loss) == Qt.DockWidgetArea.BottomDockWidgetArea


def test_a_workspace_is_found_again_as_it_was_left(window):
    height = window.docks["loss_plot"].height()
    click(window, "accuracy_plot_close")
    wait_until(lambda: window.docks["loss_plot"].height() > height, "the other panels to take the room")
    before = places(window)
    press(window, Qt.Key.Key_4)
    assert window.rail.current() == "digits"
    assert visible(window) == {"digit_pad", "samples", "devices_panel"}
    press(window, Qt.Key.Key_1)
    assert window.rail.current() == "train"
    wait_until(lambda: places(window) == before, "the panels to stand as before")


def test_the_rail_switches_too_and_says_the_keys(window):
    click(window, "rail_digits")
    assert window.workspaces.current == "digits"
    click(window, "rail_train")
    assert window.workspaces.current == "train"
    assert button(window, "rail_train").toolTip() == "Train (Ctrl+1)"
    assert button(window, "rail_digits").toolTip() == "Digits (Ctrl+4)"


def test_all_panels_go_back_where_they_began(window):
    before = places(window)
    window.docks["loss_plot"].setFloating(True)
    window.docks["samples"].close()
    window.tabifyDockWidget(window.docks["network_panel"], window.docks["training_panel"])
    window.actions_table["reset_layout"].trigger()
    wait_until(lambda: places(window) == before, "the panels to stand as at the first start")
    assert not window.docks["loss_plot"].isFloating()


def test_arrangement_size_and_workspace_are_found_again_at_the_next_start(qapp, tmp_path):  # noqa: ARG001
    with shown_program(tmp_path) as program:
        window = program.window
        window.resize(1500, 900)
        window.docks["samples"].close()
        window.tabifyDockWidget(window.docks["accuracy_plot"], window.docks["loss_plot"])
        window.workspaces.switch("digits")
        window.docks["devices_panel"].close()
        digits = visible(window)
    with shown_program(tmp_path) as program:
        window = program.window
        assert (window.width(), window.height()) == (1500, 900)
        assert window.workspaces.current == "digits"
        assert window.rail.current() == "digits"
        assert visible(window) == digits
        window.workspaces.switch("train")
        assert window.docks["samples"].isHidden()
        assert window.tabifiedDockWidgets(window.docks["loss_plot"]) == [window.docks["accuracy_plot"]]


@pytest.mark.parametrize("state", [b"", b"no state at all"])
def test_an_arrangement_that_cannot_be_read_is_begun_anew(qapp, tmp_path, state):  # noqa: ARG001
    with shown_program(tmp_path) as program:
        program.settings.keep_arrangement("train", state)
        program.window.workspaces.current = ""
    with shown_program(tmp_path) as program:
        assert visible(program.window) == set(PANELS)
