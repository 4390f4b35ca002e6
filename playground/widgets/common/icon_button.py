"""The small button with an icon that headers and captions have."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QToolButton, QWidget

from playground.widgets.common.icons import drawn_icon
from playground.widgets.common.theme import theme


class IconButton(QToolButton):
    """Its icon is muted, has the accent while it is checked, and follows the palette."""

    def __init__(self, name: str, icon: str, tip: str, title: str = "", parent: QWidget | None = None) -> None:
        """`title`: how it is called where the tip says more than that."""
        super().__init__(parent)
        self._icon = icon
        self.setObjectName(name)
        self.setToolTip(tip)
        self.setAccessibleName(title or tip.rstrip("."))
        theme.changed.connect(self._restyle)
        self._restyle()

    @Slot()
    def _restyle(self) -> None:
        self.setIcon(drawn_icon(self._icon, theme.color("muted"), on=theme.color("accent")))
