"""A wrapped text that is cut to its first line where there is little room below it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.widgets.common.theme import theme
from playground.widgets.common.wrapped_label import WrappedLabel

_ANY_HEIGHT = 2**24 - 1  # Qt's own largest


class BriefLabel(WrappedLabel):
    """Muted; while it is brief, an ellipsis stands for the rest and the tool tip has all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("muted", parent=parent)
        self.is_brief = False

    def set_brief(self, is_brief: bool) -> None:
        """Take one line, or as many as the text needs."""
        if is_brief != self.is_brief:
            self.is_brief = is_brief
            self.setMaximumHeight(self.fontMetrics().height() if is_brief else _ANY_HEIGHT)
            self._tell()

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self._tell()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the first line, or all."""
        if not self.is_brief:
            super().paintEvent(event)
            return
        with QPainter(self) as painter:
            painter.setPen(theme.color("muted"))
            text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _tell(self) -> None:
        self.setToolTip(self.text() if self.is_brief else "")
