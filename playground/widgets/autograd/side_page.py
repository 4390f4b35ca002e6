"""Backwards from several nodes side by side: the gradient at every node, a column for each start."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.widgets.autograd.text_table import TextTable
from playground.widgets.autograd.values import SideRowValues, WayValues
from playground.widgets.common.theme import GRID


class SidePage(QWidget):
    """A row a node, a column a backward.

    Signals
    -------
    node_chosen : the id of the node whose row was clicked.
    """

    node_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[SideRowValues, ...] = ()
        self.table = TextTable("autograd_side_by_side", self.tr("Gradients side by side"))
        self.table.setToolTip(
            self.tr("Empty where that backward has had no turn yet, or never comes; run each of them to the leaves.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.table, 1)
        self.table.row_clicked.connect(self._choose)

    def set_ways(self, ways: tuple[WayValues, ...], rows: tuple[SideRowValues, ...]) -> None:
        """Show the gradients of these backwards."""
        self._rows = rows
        self.table.set_headings([self.tr("gradient at"), *map(self._heading, ways)])
        self.table.set_rows([[(row.title, False), *((text, False) for text in row.gradients)] for row in rows])

    def _heading(self, way: WayValues) -> str:
        if way.gradient:
            return self.tr("from {title}, g = {gradient}").format(title=way.title, gradient=way.gradient)
        return self.tr("from {title}").format(title=way.title)

    @Slot(int)
    def _choose(self, row: int) -> None:
        self.node_chosen.emit(self._rows[row].node)
