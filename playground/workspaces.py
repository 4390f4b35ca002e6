"""Workspaces: which docks each one shows, where they begin, and where they were left."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from playground.settings import LAYOUT_VERSION, Settings
from playground.widgets.common.dock import PanelDock

Docks = Mapping[str, PanelDock]
Arrange = Callable[[QMainWindow, Docks], None]


@dataclass(frozen=True)
class Workspace:
    """A named arrangement of docks; `arrange` puts those it shows where they begin; `keyboard` is one to type in."""

    name: str
    title: str
    icon: str
    arrange: Arrange
    keyboard: str = ""


class Workspaces(QObject):
    """Switches between arrangements of one window's docks, and remembers each.

    Signals
    -------
    entering(str) : this workspace is about to be shown.
    switched(str) : this workspace is shown now.
    """

    entering = Signal(str)
    switched = Signal(str)

    def __init__(self, window: QMainWindow, docks: Docks, offered: tuple[Workspace, ...], settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._docks = docks
        self._settings = settings
        self._workspaces = {each.name: each for each in offered}
        self.current = ""
        # A panel that folds where it is narrow still takes the room of its wide shape when it is first put back.
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._restore)

    def switch(self, name: str) -> None:
        """Leave the present workspace as it is and show another."""
        if name not in self._workspaces or name == self.current:
            return
        self.keep()
        self.entering.emit(name)
        self.current = name
        if not self._restore():
            self._begin_anew()
        self._settle.start()
        self._settings.workspace = name
        self.switched.emit(name)
        self._give_keyboard()

    def keep(self) -> None:
        """Remember where the docks are."""
        self._settle.stop()
        if self.current:
            self._settings.keep_arrangement(self.current, self._window.saveState(LAYOUT_VERSION))

    def reset(self) -> None:
        """Put every panel of every workspace back where it began."""
        self._settle.stop()
        self._settings.forget_arrangements()
        self._begin_anew()

    @Slot()
    def _restore(self) -> bool:
        state = self._settings.arrangement(self.current)
        return state is not None and self._window.restoreState(state, LAYOUT_VERSION)

    def _give_keyboard(self) -> None:
        """To the panel that is made for typing; before it is there, to its place."""
        dock = self._docks.get(self._workspaces[self.current].keyboard)
        if dock is not None:
            (dock.widget() or dock).setFocus()

    def _begin_anew(self) -> None:
        for dock in self._docks.values():
            dock.setFloating(False)
            self._window.removeDockWidget(dock)
        for dock in self._docks.values():  # one that the workspace leaves out still needs a place to open in
            self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
            dock.hide()
        self._workspaces[self.current].arrange(self._window, self._docks)


def place_columns(window: QMainWindow, columns: list[list[PanelDock]], widths: list[int]) -> None:
    """Show docks in columns side by side, each from top to bottom."""
    heads = [column[0] for column in columns]
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, heads[0])
    for left, right in pairwise(heads):
        window.splitDockWidget(left, right, Qt.Orientation.Horizontal)
    for column in columns:
        for upper, lower in pairwise(column):
            window.splitDockWidget(upper, lower, Qt.Orientation.Vertical)
        for dock in column:
            dock.show()
    window.resizeDocks(heads, widths, Qt.Orientation.Horizontal)


def stack(window: QMainWindow, docks: list[PanelDock]) -> None:
    """Put docks into one place, with tabs; the first is seen."""
    for dock in docks[1:]:
        window.tabifyDockWidget(docks[0], dock)
        dock.show()
    docks[0].raise_()
