"""Which of several backwards the buttons move: one small button for each start."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QToolButton, QWidget

from playground.widgets.autograd.step_page import empty
from playground.widgets.autograd.values import WayValues
from playground.widgets.common.theme import GRID


class WaySwitch(QWidget):
    """Nothing while there is one backward; else a button each, the present one pressed.

    Signals
    -------
    chosen : the node that the backward starts from.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[tuple[int, str, bool], ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GRID // 2)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)
        self.hide()

    def set_ways(self, ways: tuple[WayValues, ...], current: int) -> None:
        """Show these backwards."""
        shown = tuple((way.node, way.title, way.node == current) for way in ways)
        if shown == self._shown:
            return
        self._shown = shown
        empty(self._row)
        label = QLabel(self.tr("backward from"))
        label.setProperty("muted", True)
        self._row.addWidget(label)
        for node, title, is_current in shown:
            self._row.addWidget(self._button(node, title, is_current=is_current))
        self.setVisible(len(shown) > 1)

    def _button(self, node: int, title: str, *, is_current: bool) -> QToolButton:
        button = QToolButton()
        button.setText(title)
        button.setObjectName(f"autograd_way_{node}")
        button.setCheckable(True)
        button.setChecked(is_current)
        tip = self.tr("Go on with the backward from {title}; the others stay where they are.")
        button.setToolTip(tip.format(title=title))
        self._group.addButton(button, node)
        return button
