"""How many branches a block has, and buttons for one more and one less."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from playground.widgets.common.theme import GRID


class BranchesRow(QWidget):
    """A line of the form; without a block of branches it is not shown.

    Signals
    -------
    added : the number that the new branch gets.
    removed : the number of the branch that goes, the last one.
    """

    added = Signal(int)
    removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer_branches")
        self._count = 0
        self.add = QPushButton(self.tr("Add a branch"))
        self.add.setObjectName("branch_add")
        self.add.setToolTip(self.tr("A way beside the others; while empty it gives its input on. (Ctrl+B in the list)"))
        self.remove = QPushButton(self.tr("Remove the last"))
        self.remove.setObjectName("branch_remove")
        self.remove.setToolTip(self.tr("Take the last branch away, with its layers."))
        self.add.clicked.connect(self._report_added)
        self.remove.clicked.connect(self._report_removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.add)
        row.addWidget(self.remove)
        row.addStretch(1)

    def set_count(self, count: int | None) -> None:
        """Show a block of so many branches; None for anything else."""
        self._count = count or 0
        self.remove.setEnabled(self._count > 1)
        self.setVisible(count is not None)

    @Slot()
    def _report_added(self) -> None:
        self.added.emit(self._count)

    @Slot()
    def _report_removed(self) -> None:
        self.removed.emit(self._count - 1)
