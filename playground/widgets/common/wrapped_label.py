"""A label that wraps to any width and asks for no more height than it then needs."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from playground.widgets.common.theme import tabular


class WrappedLabel(QLabel):
    """Selectable plain text. `look` is a property of the style sheet, such as "muted" or "heading"."""

    def __init__(self, look: str = "", text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        if look:
            self.setProperty(look, True)
        self.setFont(tabular(self.font()))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def minimumSizeHint(self) -> QSize:
        # Qt's own hint is the height at some narrow width, for which a scroll area would show its bar.
        return QSize(0, self.fontMetrics().height())
