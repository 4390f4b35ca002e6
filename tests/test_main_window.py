"""The window as a whole: everything has a name, every key one meaning, and Tab gets everywhere."""

from collections import Counter

import pytest
from driving import shown_program, start_over, wait_until
from PySide6.QtCore import SIGNAL, Qt
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollBar,
    QWidget,
)

from playground import main_window
from playground.widgets.digits.canvas import DigitCanvas

INTERACTIVE = (
    QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox, QAbstractSlider, QAbstractItemView, QPlainTextEdit,
    DigitCanvas,
)  # fmt: skip


PARTS = ("QComboBoxPrivateContainer", "_Arrows")  # the list of a combo box, the arrows of a number


@pytest.fixture(scope="module")
def program(qapp, tmp_path_factory):  # noqa: ARG001
    with shown_program(tmp_path_factory.mktemp("user")) as program:
        start_over(program)
        QTest.qWait(0)  # the options of the data set before go when the event loop turns
        yield program


@pytest.fixture
def window(program):
    return program.window


def controls(window):
    """What a user can operate; without the parts that Qt puts inside a control of its own."""
    for widget in window.findChildren(QWidget):
        inner = widget.objectName().startswith("qt_") or isinstance(widget, QScrollBar | QHeaderView)
        inside = isinstance(widget.parent(), QLineEdit) or type(widget.parent()).__name__ in PARTS
        popup = isinstance(widget, QAbstractItemView) and widget.window() is not window
        blank = isinstance(widget, QPushButton) and widget.isHidden() and not widget.text()  # nothing to press yet
        if isinstance(widget, INTERACTIVE) and not (inner or inside or popup or blank):
            yield widget


def describe(widget):
    return f"{type(widget).__name__} {widget.objectName()!r} in {type(widget.parent()).__name__}"


def test_every_control_has_a_name_for_code_and_one_for_people(window):
    nameless = [
        describe(widget)
        for widget in controls(window)
        if not widget.objectName() or not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert len(list(controls(window))) > 50
    assert nameless == []


def test_no_two_controls_have_the_same_name(window):
    names = Counter(widget.objectName() for widget in controls(window))
    assert [name for name, count in names.items() if count > 1] == []


def test_every_control_one_can_see_says_what_it_does(window):
    silent = [describe(each) for each in controls(window) if each.isVisible() and not _told(each)]
    assert silent == []


def _told(widget):
    """The tool tip or, for what shows itself, the accessible name."""
    return widget.toolTip() or widget.accessibleName()


def test_every_shortcut_means_one_thing(program, window):
    keys = Counter()
    for action in {*window.findChildren(QAction), *program.findChildren(QAction)}:
        keys.update(shortcut.toString() for shortcut in action.shortcuts())
    keys.update(each.key().toString() for each in window.findChildren(QShortcut))
    assert len(keys) > 12
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_menu_entry_does_something(window):
    idle = [action.objectName() for action in window.actions_table.all() if not _heard(action)]
    assert idle == []


def _heard(action):
    return any(action.receivers(SIGNAL(signal)) for signal in ("triggered(bool)", "triggered()"))


def test_tab_reaches_every_control_of_the_train_workspace(window):
    window.activateWindow()
    start = window.training.controls.primary
    start.setFocus()
    wait_until(start.hasFocus, "the window to take the keys")
    reached = [start]
    for _ in range(200):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if QApplication.focusWidget() in reached:
            break
        reached.append(QApplication.focusWidget())
    missed = [
        describe(widget)
        for widget in controls(window)
        if widget.isVisible() and widget.isEnabled() and widget not in reached
    ]
    assert missed == []
    assert QApplication.focusWidget() is start, "Tab goes round"


def test_shift_tab_goes_back(window):
    window.activateWindow()
    start = window.training.controls.primary
    start.setFocus()
    wait_until(start.hasFocus, "the window to take the keys")
    QTest.keyClick(start, Qt.Key.Key_Tab)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert start.hasFocus()


@pytest.mark.parametrize("size", [(1280, 720), (1600, 1000)])
def test_it_fits_a_small_window(window, size):
    window.resize(*size)
    wait_until(lambda: (window.width(), window.height()) == size, "the size")
    inside = window.rect()
    for dock in window.docks.values():
        if dock.isVisible():
            assert inside.contains(dock.geometry()), dock.objectName()


def test_train_fits_a_screen_of_1024_by_700(window, monkeypatch):
    monkeypatch.setattr(main_window, "NARROW", 10_000)
    window.workspaces.reset()
    assert window.docks["digit_pad"].isHidden()
    wait_until(lambda: window.minimumSizeHint().width() <= 1_000, "the columns to be narrow enough")
    assert window.minimumSizeHint().height() <= 650
    monkeypatch.undo()
    window.workspaces.reset()
    assert window.docks["digit_pad"].isVisible()


def test_tab_goes_past_panels_that_lie_behind_a_tab(window):
    front, behind = window.docks["loss_plot"], window.docks["accuracy_plot"]
    window.tabifyDockWidget(behind, front)
    front.raise_()
    wait_until(lambda: behind.is_behind and not front.is_behind, "the tab in front")
    window.activateWindow()
    start = window.rail.buttons[0]
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        start.setFocus()
        reached = []
        while not reached or reached[-1] is not start:
            QTest.keyClick(window.focusWidget(), key)
            reached.append(window.focusWidget())
        assert any(front.isAncestorOf(widget) for widget in reached)
        assert not any(behind.isAncestorOf(widget) for widget in reached)


def test_tab_goes_through_a_header_from_left_to_right(window):
    controls, code = window.loss.controls, window.docks["loss_plot"].findChild(QPushButton, "loss_plot_show_code")
    controls.setEnabled(True)
    controls.more.setFocus()
    QTest.keyClick(controls.more, Qt.Key.Key_Tab)
    assert window.focusWidget() is code
    QTest.keyClick(code, Qt.Key.Key_Tab)
    assert window.focusWidget().objectName() == "loss_plot_close"
