"""The frame every panel lives in: a card with a title, the panel's own header parts, and "Show code" at the right."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.widgets.common.tab_order import in_order
from playground.widgets.common.theme import GRID


class Panel(QFrame):
    """A titled card. Subclasses fill `body` (a QVBoxLayout) and put small parts into `header`.

    Signals
    -------
    code_requested : the user wants to see the plain PyTorch program behind this panel.
    """

    code_requested = Signal()

    def __init__(self, title: str, name: str, *, shows_code: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setProperty("card", "whole")
        self.title_label = QLabel(title)
        self.title_label.setProperty("heading", True)
        self.header = QHBoxLayout()
        self.header.setSpacing(GRID)
        self.body = QVBoxLayout()
        self.body.setSpacing(GRID)
        self._header_bar = QFrame()
        self._code: QPushButton | None = None
        self._top = QHBoxLayout(self._header_bar)
        self._assemble()
        if shows_code:
            self._add_code_button()

    def take_header(self) -> tuple[QFrame, QHBoxLayout]:
        """Give the header and its layout away, to become a dock's title bar; the card keeps its lower part."""
        self._column.removeWidget(self._header_bar)
        self._header_bar.setProperty("card", "top")
        self._top.setContentsMargins(2 * GRID, GRID, GRID, GRID // 2)
        if self._code is not None:
            others = [part for part in self._header_bar.findChildren(QWidget) if part is not self._code]
            in_order(*[part for part in others if part.focusPolicy() & Qt.FocusPolicy.TabFocus][-1:], self._code)
        self.setProperty("card", "bottom")
        self._column.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID + GRID // 2)
        return self._header_bar, self._top

    def _assemble(self) -> None:
        self._top.setContentsMargins(0, 0, 0, 0)
        self._top.setSpacing(GRID)
        self._top.addWidget(self.title_label)
        self._top.addStretch(1)
        self._top.addLayout(self.header)
        self._column = QVBoxLayout(self)
        layout = self._column
        layout.setContentsMargins(2 * GRID, GRID + GRID // 2, 2 * GRID, GRID + GRID // 2)
        layout.setSpacing(GRID)
        layout.addWidget(self._header_bar)
        layout.addLayout(self.body, 1)

    def _add_code_button(self) -> None:
        button = QPushButton(self.tr("Show code"))
        button.setProperty("link", True)
        button.setObjectName(f"{self.objectName()}_show_code")
        button.setAccessibleName(self.tr("Show the plain PyTorch program"))
        button.setToolTip(self.tr("The plain PyTorch program that does the same, without the playground."))
        button.clicked.connect(self.code_requested)
        self._code = button
        self._top.addWidget(button)
