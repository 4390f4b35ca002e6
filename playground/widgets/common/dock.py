"""A dock whose title bar is its panel's own header."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDockWidget, QFrame, QWidget

from playground.widgets.common.icon_button import IconButton
from playground.widgets.common.panel import Panel


class PanelDock(QDockWidget):
    """A place for one panel, known by the panel's name before the panel is there.

    Drag the header to move it, double-click to float, or close it and reopen it from View.

    Signals
    -------
    wanted() : the place is shown and still empty.
    """

    wanted = Signal()

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setObjectName(f"{name}_dock")

    @property
    def is_behind(self) -> bool:
        """Whether another panel's tab is in front of it."""
        return self.isVisible() and not self.isFloating() and self.visibleRegion().isEmpty()

    def hold(self, panel: Panel) -> None:
        """Show this panel, its header as the title bar."""
        self.setTitleBarWidget(self._title_bar(panel))
        self.setWidget(panel)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.widget() is None:
            self.wanted.emit()

    def _title_bar(self, panel: Panel) -> QFrame:
        bar, row = panel.take_header()
        tip = self.tr("Close this panel; the View menu brings it back.")
        title = self.tr("Close %s") % panel.title_label.text()
        close = IconButton(f"{panel.objectName()}_close", "close", tip, title)
        close.clicked.connect(self.close)
        row.addWidget(close)
        return bar
