"""A button for every page, side by side and wrapped where the panel is narrow."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QPushButton, QSizePolicy, QWidget

from playground.widgets.common.theme import GRID


class PageBar(QWidget):
    """One of the pages is chosen; one that does not fit is off and says why.

    Signals
    -------
    chosen(str) : the user turned to this page.
    """

    chosen = Signal(str)

    def __init__(self, pages: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        """`pages`: key, title and tip of each."""
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.buttons: dict[str, QPushButton] = {}
        self._tips = {key: tip for key, _, tip in pages}
        self._group = QButtonGroup(self)
        for key, title, tip in pages:
            button = QPushButton(title, self)
            button.setObjectName(f"inspector_page_{key}")
            button.setAccessibleName(title)
            button.setToolTip(tip)
            button.setCheckable(True)
            button.toggled.connect(self._dress)
            self._group.addButton(button)
            self.buttons[key] = button
        self._group.buttonClicked.connect(self._tell)
        self.choose(pages[0][0])

    @property
    def page(self) -> str:
        """The chosen page."""
        return next(key for key, button in self.buttons.items() if button.isChecked())

    def choose(self, page: str) -> None:
        """Turn to a page; nothing is told."""
        self.buttons[page].setChecked(True)

    def set_misfits(self, reasons: Mapping[str, str]) -> None:
        """Switch off the pages that do not fit, each with its reason."""
        for key, button in self.buttons.items():
            button.setEnabled(key not in reasons)
            button.setToolTip(reasons.get(key, self._tips[key]))
            button.setAccessibleDescription(reasons.get(key, ""))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        x = y = 0
        gap = GRID // 2
        for button in self.buttons.values():
            size = button.sizeHint()
            if x and x + size.width() > self.width():
                x, y = 0, y + size.height() + gap
            button.setGeometry(x, y, size.width(), size.height())
            x += size.width() + gap
        self.setFixedHeight(y + next(iter(self.buttons.values())).sizeHint().height())

    @Slot(bool)
    def _dress(self, checked: bool) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            button.setProperty("primary", checked)
            button.style().unpolish(button)
            button.style().polish(button)
            self._place()

    @Slot(QAbstractButton)
    def _tell(self, _button: QAbstractButton) -> None:
        self.chosen.emit(self.page)
