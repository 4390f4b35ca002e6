"""The window: it constructs the panels, puts them into docks and shows the edges; it decides nothing."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QMenu, QStatusBar, QToolBar, QVBoxLayout, QWidget

from playground.actions import Actions
from playground.settings import Settings
from playground.widgets.command_palette.command_palette import CommandPalette
from playground.widgets.common.buttons import text_button
from playground.widgets.common.dock import PanelDock
from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.devices.devices import DevicesPanel
from playground.widgets.digits.panel import DigitPanel
from playground.widgets.layer.panel import LayerPanel
from playground.widgets.network.layer_form import LayerFormPanel
from playground.widgets.network.panel import NetworkPanel
from playground.widgets.network.picture import PicturePanel
from playground.widgets.notice.notice import Notice
from playground.widgets.plots.panel import AccuracyPlot, LossPlot
from playground.widgets.rail.rail import Rail
from playground.widgets.samples.panel import SamplesPanel
from playground.widgets.training.panel import TrainingPanel
from playground.workspaces import Docks, Workspace, Workspaces, place_columns, stack

NARROW = 1200  # pixels: on a screen of less Train leaves the digit pad to its own workspace
LOW = 800  # pixels: on a screen of less the inspector and the autograd graph have one place, with tabs

LATE_ROOMS = {
    "descent": {
        "surface": "Surface", "playback": "Playback", "contours": "Contours", "measures": "f against step",
        "descent_function": "Function", "descent_race": "Race", "descent_step": "This step", "basins": "Basins",
        "curve": "Activations and losses",
    },
    "tensors": {
        "console": "Console", "variables": "Variables", "inspector": "Inspector", "autograd": "Autograd",
        "operations": "Operations", "transcript": "Transcript",
    },
}  # fmt: skip
"""Rooms made when they are first seen, since their libraries take a second to load: their panels' names and titles."""


class MainWindow(QMainWindow):
    """Panels in docks, a rail of workspaces, menus, a notice and a status bar.

    Signals
    -------
    painted() : the window was drawn for the first time.
    file_dropped(str) : a file was dropped on the window.
    room_wanted(str) : a panel of this late room is about to be seen, and is not there yet.
    """

    painted = Signal()
    file_dropped = Signal(str)
    room_wanted = Signal(str)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setDockNestingEnabled(True)
        self.setAcceptDrops(True)
        self.setContentsMargins(0, 0, GRID, 0)
        self.may_close: Callable[[], bool] = lambda: True
        self._is_painted = False
        self.actions_table = Actions(self)
        self.menus = self.actions_table.fill(self.menuBar())
        self._make_panels()
        self.docks: Docks = self._make_docks()
        self.hold(self.panels)
        self.workspaces = Workspaces(self, self.docks, _workspaces(), settings)
        self.workspaces.entering.connect(self._want_room)
        self.command_palette = CommandPalette(self)
        self._make_edges()
        self._add_dock_menu()
        self.recent_menu = QMenu(self.tr("Open &recent"), self)
        self.recent_menu.setToolTipsVisible(True)
        self.menus["file"].insertMenu(self.actions_table["save"], self.recent_menu)

    def _make_panels(self) -> None:
        self.network = NetworkPanel()
        self.training = TrainingPanel()
        self.loss = LossPlot()
        self.accuracy = AccuracyPlot()
        self.samples = SamplesPanel()
        self.digits = DigitPanel()
        self.machine = DevicesPanel()
        self.layer_form = LayerFormPanel()
        self.picture = PicturePanel()
        self.layer = LayerPanel()
        self.loss.link_x(self.accuracy)
        self.panels: tuple[Panel, ...] = (
            self.network, self.training, self.loss, self.accuracy, self.samples, self.digits, self.machine,
            self.layer_form, self.picture, self.layer,
        )  # fmt: skip

    def _make_docks(self) -> dict[str, PanelDock]:
        docks = {}
        for panel in self.panels:
            docks[panel.objectName()] = PanelDock(panel.objectName(), panel.title_label.text(), self)
        for room, titles in LATE_ROOMS.items():
            for name, title in titles.items():
                docks[name] = PanelDock(name, self.tr(title), self)
                # Queued, since a dock may be shown while the docks are put in their places.
                docks[name].wanted.connect(partial(self._want_room, room), Qt.ConnectionType.QueuedConnection)
        return docks

    def hold(self, panels: Iterable[Panel]) -> None:
        """Put panels into the docks of their names."""
        for panel in panels:
            self.docks[panel.objectName()].hold(panel)

    def _want_room(self, room: str) -> None:
        if room in LATE_ROOMS and any(self.docks[name].widget() is None for name in LATE_ROOMS[room]):
            self.room_wanted.emit(room)

    def _make_edges(self) -> None:
        self.rail = Rail([(each.name, self.tr(each.title), each.icon) for each in _workspaces()])
        for button in self.rail.buttons:
            keys = self.actions_table[f"workspace_{button.name}"].shortcut().toString()
            button.setToolTip(f"{button.text()} ({keys})")
        self._add_rail()
        self.notice = Notice()
        self._add_below_menu(self.notice)
        self.status = QStatusBar()
        self.status.setObjectName("status")
        self.setStatusBar(self.status)
        self.device_label, self.exact_label, self.saved_label = (
            self._status_label(n) for n in ("device", "exact", "saved")
        )
        self.work = text_button("status_work", "", self.tr("Show the window in which this goes on."))
        self.work.setProperty("link", True)
        self.work.hide()
        self.status.insertPermanentWidget(0, self.work)

    def _add_rail(self) -> None:
        bar = QToolBar()
        bar.setObjectName("rail_bar")
        bar.setMovable(False)
        bar.toggleViewAction().setVisible(False)
        bar.addWidget(self.rail)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, bar)

    def _add_below_menu(self, widget: QWidget) -> None:
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.menuBar())
        column.addWidget(widget)
        self.setMenuWidget(top)

    def _status_label(self, name: str) -> QLabel:
        label = QLabel()
        label.setObjectName(f"status_{name}")
        label.setFont(tabular(label.font()))
        label.setProperty("muted", True)
        label.setContentsMargins(GRID, 0, GRID, 0)
        self.status.addPermanentWidget(label)
        return label

    def _add_dock_menu(self) -> None:
        panels = self.menus["view"].addMenu(self.tr("&Panels"))
        for dock in self.docks.values():
            panels.addAction(dock.toggleViewAction())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            self.painted.emit()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes past panels that lie behind another one's tab: Qt keeps them out of sight, not hidden."""
        first = self.focusWidget()
        behind = [dock for dock in self.docks.values() if dock.is_behind]
        while super().focusNextPrevChild(forward):
            reached = self.focusWidget()
            if reached is first or not any(dock.isAncestorOf(reached) for dock in behind):
                return True
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(self.may_close())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls()[:1]:
            self.file_dropped.emit(url.toLocalFile())


def _workspaces() -> tuple[Workspace, ...]:
    return (
        Workspace("train", "Train", "chart-line", _arrange_train),
        Workspace("descent", "Descent", "image-filter-hdr", _arrange_descent),
        Workspace("tensors", "Tensors", "matrix", _arrange_tensors, keyboard="console"),
        Workspace("digits", "Digits", "draw", _arrange_digits),
        Workspace("network", "Network", "layers-outline", _arrange_network),
    )


def _arrange_train(window: QMainWindow, docks: Docks) -> None:
    left = [docks["network_panel"], docks["training_panel"]]
    middle = [docks["loss_plot"], docks["accuracy_plot"], docks["samples"]]
    right = [[docks["digit_pad"]]] if window.screen().availableSize().width() >= NARROW else []
    place_columns(window, [left, middle, *right], [400, 660, 340][: 2 + len(right)])
    window.resizeDocks(left, [350, 640], Qt.Orientation.Vertical)
    window.resizeDocks(middle, [350, 270, 280], Qt.Orientation.Vertical)


def _arrange_descent(window: QMainWindow, docks: Docks) -> None:
    left = [docks["descent_function"], docks["surface"], docks["playback"]]
    middle, right = [docks["contours"], docks["measures"]], [docks["descent_race"], docks["descent_step"]]
    place_columns(window, [left, middle, right], [540, 540, 380])
    stack(window, [docks["descent_step"], docks["basins"], docks["curve"]])
    window.resizeDocks(left, [300, 480, 130], Qt.Orientation.Vertical)
    window.resizeDocks(middle, [540, 370], Qt.Orientation.Vertical)
    window.resizeDocks(right, [360, 550], Qt.Orientation.Vertical)


def _arrange_tensors(window: QMainWindow, docks: Docks) -> None:
    left, right = [docks["console"], docks["variables"]], [docks["inspector"], docks["autograd"]]
    place_columns(window, [left, right], [760, 760])
    stack(window, [docks["variables"], docks["transcript"]])
    is_low = window.screen().availableSize().height() < LOW  # above each other both would be too low to be read
    stack(window, [*(right if is_low else right[1:]), docks["operations"]])
    window.resizeDocks(left, [580, 330], Qt.Orientation.Vertical)
    window.resizeDocks(right, [470, 440], Qt.Orientation.Vertical)


def _arrange_network(window: QMainWindow, docks: Docks) -> None:
    middle = [docks["network_picture"], docks["layer_panel"]]
    place_columns(window, [[docks["network_panel"]], [docks["layer_form"]], middle], [560, 380, 580])
    window.resizeDocks(middle, [420, 520], Qt.Orientation.Vertical)


def _arrange_digits(window: QMainWindow, docks: Docks) -> None:
    right = [docks["samples"], docks["devices_panel"]]
    place_columns(window, [[docks["digit_pad"]], right], [860, 560])
    window.resizeDocks(right, [600, 320], Qt.Orientation.Vertical)
