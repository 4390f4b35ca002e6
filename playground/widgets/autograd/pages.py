"""What stands below the graph: this step, the selected node, what .grad holds, and backwards side by side."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from playground.widgets.autograd.gradients_page import GradientsPage
from playground.widgets.autograd.node_page import NodePage
from playground.widgets.autograd.side_page import SidePage
from playground.widgets.autograd.step_page import StepPage
from playground.widgets.autograd.values import NodeValues, SideRowValues, StepValues, WayValues
from playground.widgets.autograd.way_switch import WaySwitch
from playground.widgets.common.scrolled import scrolled
from playground.widgets.common.theme import GRID
from playground.widgets.common.wrapped_label import WrappedLabel

STEP, NODE, GRADIENTS, SIDE = range(4)


class Pages(QWidget):
    """Tabs, the switch between backwards at their right, and the page chosen.

    Signals
    -------
    way_chosen : the node whose backward is to go on.
    """

    way_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step = StepPage()
        self.node = NodePage()
        self.gradients = GradientsPage()
        self.side = SidePage()
        self.switch = WaySwitch()
        self.tabs = QTabBar()
        self.tabs.setObjectName("autograd_tabs")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for text in (self.tr("This step"), self.tr("Selected node"), self.tr("Gradients"), self.tr("Side by side")):
            self.tabs.addTab(text)
        self._waiting = WrappedLabel(
            "muted", self.tr("Step backward: the rule of each node appears here with its numbers.")
        )
        self._pages = QStackedWidget()
        self._fill()
        self.tabs.currentChanged.connect(self._pages.setCurrentIndex)
        self.switch.chosen.connect(self.way_chosen)
        self.set_ways((), (), 0)

    def show_page(self, page: int) -> None:
        """Turn to a page."""
        self.tabs.setCurrentIndex(page)

    def set_step(self, step: StepValues | None, titles: dict[int, str]) -> None:
        """Show a turn of backward; None before the first. The page of several backwards stays in front."""
        self.step.setVisible(step is not None)
        self._waiting.setVisible(step is None)
        if step is not None:
            self.step.set_step(step, titles)
            if self.tabs.currentIndex() != SIDE:
                self.show_page(STEP)

    def set_node(self, node: NodeValues | None) -> None:
        """Tell of a node, without turning to it."""
        self.node.set_node(node)

    def set_ways(self, ways: tuple[WayValues, ...], rows: tuple[SideRowValues, ...], current: int) -> None:
        """The backwards that there are; with one only there is nothing side by side."""
        several = len(ways) > 1
        self.tabs.setTabVisible(SIDE, several)
        self.tabs.updateGeometry()
        self.switch.set_ways(ways, current)
        if several:
            self.side.set_ways(ways, rows)
        elif self.tabs.currentIndex() == SIDE:
            self.show_page(STEP)

    def _fill(self) -> None:
        step = QWidget()
        column = QVBoxLayout(step)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._waiting)
        column.addWidget(self.step, 1)
        column.addStretch(0)
        for page in (
            scrolled("autograd_step_area", step),
            scrolled("autograd_node_area", self.node),
            self.gradients,
            self.side,
        ):
            self._pages.addWidget(page)
        row = QHBoxLayout()
        row.addWidget(self.tabs)
        row.addStretch(1)
        row.addWidget(self.switch)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GRID // 2)
        lines.addLayout(row)
        lines.addWidget(self._pages, 1)
