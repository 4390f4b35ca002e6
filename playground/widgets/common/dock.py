"""A dock whose title bar is its panel's own header."""

import qtawesome
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDockWidget, QFrame, QToolButton, QWidget

from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import theme


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

    def hold(self, panel: Panel) -> None:
        """Show this panel, its header as the title bar."""
        self.setTitleBarWidget(self._title_bar(panel))
        self.setWidget(panel)
        theme.changed.connect(self._restyle)
        self._restyle()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.widget() is None:
            self.wanted.emit()

    def _title_bar(self, panel: Panel) -> QFrame:
        bar, row = panel.take_header()
        self._close_button = QToolButton()
        self._close_button.setObjectName(f"{panel.objectName()}_close")
        self._close_button.setAccessibleName(self.tr("Close %s") % panel.title_label.text())
        self._close_button.setToolTip(self.tr("Close this panel; the View menu brings it back."))
        self._close_button.clicked.connect(self.close)
        row.addWidget(self._close_button)
        return bar

    @Slot()
    def _restyle(self) -> None:
        self._close_button.setIcon(qtawesome.icon("mdi6.close", color=theme.color("muted")))
