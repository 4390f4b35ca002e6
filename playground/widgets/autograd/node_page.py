"""The selected node: what is known of it, and on demand what it saved for backward."""

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.widgets.autograd.array_table import ArrayTable
from playground.widgets.autograd.node_item import details
from playground.widgets.autograd.step_page import empty
from playground.widgets.autograd.values import GradientRowValues, NodeValues, SavedValues
from playground.widgets.common.theme import GRID
from playground.widgets.common.wrapped_label import WrappedLabel


class NodePage(QWidget):
    """Facts, two buttons, and the saved tensors below.

    Signals
    -------
    saved_requested : the id of the node whose saved tensors are asked for.
    start_requested : the id of the node that backward is to start from.
    retain_requested : the name of the tensor that is to keep its gradient.
    """

    saved_requested = Signal(int)
    start_requested = Signal(int)
    retain_requested = Signal(str)

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
        self.retain_button = QPushButton(self.tr("retain_grad()"))
        self.retain_button.setObjectName("autograd_retain")
        self.retain_button.setToolTip(
            self.tr("Have this tensor keep its gradient in .grad at the next backward(), as leaves do.")
        )
        self.gradient = WrappedLabel()
        self.gradient.setObjectName("autograd_kept")
        self._saved = QVBoxLayout()
        self._saved.setSpacing(GRID // 2)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.saved_button)
        row.addWidget(self.start_button)
        row.addWidget(self.retain_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, GRID, 0)
        column.setSpacing(GRID)
        column.addWidget(self.facts)
        column.addWidget(self.gradient)
        column.addLayout(row)
        column.addLayout(self._saved)
        column.addStretch(1)
        self.saved_button.clicked.connect(self._ask_saved)
        self.start_button.clicked.connect(self._ask_start)
        self.retain_button.clicked.connect(self._ask_retain)
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
        self.set_gradient(None)

    def set_gradient(self, row: GradientRowValues | None) -> None:
        """What the node's tensor has in .grad; None where nobody can look."""
        node = self._node
        self.gradient.setVisible(row is not None)
        self.gradient.setText(_kept(row) if row else "")
        can_keep = node is not None and node.kind in ("intermediate", "output") and node.name.isidentifier()
        self.retain_button.setVisible(can_keep and row is not None)
        self.retain_button.setEnabled(row is not None and not row.retains)

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

    @Slot()
    def _ask_retain(self) -> None:
        if self._node is not None:
            self.retain_requested.emit(self._node.name)


def _kept(row: GradientRowValues) -> str:
    """What is in .grad, and why nothing is."""
    if row.gradient:
        return f"{row.name}.grad: {row.gradient}"
    if row.is_leaf:
        return QCoreApplication.translate("autograd", "{name}.grad: None, no backward() has come here.").format(
            name=row.name
        )
    why = QCoreApplication.translate(
        "autograd", "{name}.grad: None. It is no leaf, so backward() passes through and leaves nothing here."
    )
    kept = QCoreApplication.translate(
        "autograd", "{name}.grad: None yet. The next backward() leaves its gradient here."
    )
    return (kept if row.retains else why).format(name=row.name)
