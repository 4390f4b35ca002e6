"""The field for what is to be inspected."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLineEdit, QWidget

from playground.widgets.common.theme import GRID, tabular


class ExpressionField(QLineEdit):
    """Wide enough for its invitation and most expressions, narrower where the panel is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector_expression")
        self.setPlaceholderText(self.tr("a name or an expression"))
        self.setAccessibleName(self.tr("Expression"))
        self.setToolTip(self.tr("What to look into, as typed into the console: b, net[0].weight, x[0] * 2."))
        self.setMinimumWidth(12 * GRID)
        self.setMaximumWidth(34 * GRID)
        self.setFont(tabular(self.font()))

    def sizeHint(self) -> QSize:
        """The invitation whole, and a little more."""
        room = self.fontMetrics().horizontalAdvance(self.placeholderText()) + 5 * GRID
        return QSize(room, super().sizeHint().height())
