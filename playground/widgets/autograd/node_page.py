"""The selected node: what is known of it, and on demand what it saved for backward."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.widgets.autograd.array_table import ArrayTable
from playground.widgets.autograd.node_item import details
from playground.widgets.autograd.step_page import empty
from playground.widgets.autograd.values import NodeValues, SavedValues
from playground.widgets.common.theme import GRID
from playground.widgets.common.wrapped_label import WrappedLabel


class NodePage(QWidget):
    """Facts, two buttons, and the saved tensors below.

    Signals
    -------
    saved_requested : the id of the node whose saved tensors are asked for.
    start_requested : the id of the node that backward is to start from.
    """

    saved_requested = Signal(int)
    start_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._node: NodeValues | None = None
        self._lines: list[QLabel] = []
        self.facts = WrappedLabel()
        self.facts.setObjectName("autograd_facts")
        self.saved_button = QPushButton(self.tr("Saved tensors"))
        self.saved_button.setObjectName("autograd_saved")
        self.saved_button.setToolTip(self.tr("What the operation kept from forward for backward (grad_fn._saved_…)."))
        self.start_button = QPushButton(self.tr("Backward from here"))
        self.start_button.setObjectName("autograd_start_here")
        self.start_button.setToolTip(self.tr("Step through backward from this tensor instead of the output."))
        self._saved = QVBoxLayout()
        self._saved.setSpacing(GRID // 2)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.saved_button)
        row.addWidget(self.start_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, GRID, 0)
        column.setSpacing(GRID)
        column.addWidget(self.facts)
        column.addLayout(row)
        column.addLayout(self._saved)
        column.addStretch(1)
        self.saved_button.clicked.connect(self._ask_saved)
        self.start_button.clicked.connect(self._ask_start)
        self.set_node(None)

    def set_node(self, node: NodeValues | None) -> None:
        """Show a node; its saved tensors come when they are asked for."""
        self._node = node
        self._lines = []
        empty(self._saved)
        self.facts.setText(details(node) if node else self.tr("Click a node, or walk to it with the arrow keys."))
        computed = node is not None and node.kind in ("intermediate", "output")
        self.saved_button.setVisible(computed)
        self.saved_button.setEnabled(computed and node is not None and not node.is_freed)
        self.start_button.setVisible(computed)

    def set_saved(self, node: int, saved: tuple[SavedValues, ...]) -> None:
        """Show what a node saved, if it is still the selected one."""
        if self._node is None or node != self._node.id:
            return
        empty(self._saved)
        self._lines = []
        if not saved:
            self._add_line(WrappedLabel("muted", self.tr("It saved nothing: its rule needs only g.")))
        for each in saved:
            name = f" ({each.name})" if each.name else ""
            self._add_line(WrappedLabel("", f"{each.attribute}{name}: {each.text}"))
            if each.values is not None:
                self._saved.addWidget(ArrayTable(each.values))

    def saved_texts(self) -> list[str]:
        """The lines about saved tensors."""
        return [line.text() for line in self._lines]

    def _add_line(self, line: QLabel) -> None:
        self._lines.append(line)
        self._saved.addWidget(line)

    @Slot()
    def _ask_saved(self) -> None:
        if self._node is not None:
            self.saved_requested.emit(self._node.id)

    @Slot()
    def _ask_start(self) -> None:
        if self._node is not None:
            self.start_requested.emit(self._node.id)
