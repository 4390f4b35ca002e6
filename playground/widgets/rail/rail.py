"""The workspace bar: dark in both schemes, the current workspace marked by a bar, a lighter ground and its name."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from playground.widgets.common.icons import drawn_icon
from playground.widgets.common.theme import GRID, Role, theme

WIDTH = 76
_HEIGHT = 60
_ICON = 22


class RailButton(QAbstractButton):
    """An icon with its title below."""

    def __init__(
        self, name: str, title: str, icon: str, *, checkable: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.name = name
        self._icon_name = icon
        self.setText(title)
        self.setObjectName(f"rail_{name}")
        self.setAccessibleName(title)
        self.setCheckable(checkable)
        self.setFixedSize(WIDTH, _HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            role: Role = "rail_active" if self.isChecked() or self.underMouse() else "rail_text"
            self._paint_ground(painter)
            icon = drawn_icon(self._icon_name, theme.color(role))
            icon.paint(painter, QRect((WIDTH - _ICON) // 2, GRID + 2, _ICON, _ICON))
            self._paint_title(painter, role)

    def _paint_ground(self, painter: QPainter) -> None:
        if self.isChecked() or self.isDown():
            painter.fillRect(self.rect(), theme.color("rail_active", 0.1))
        elif self.underMouse():
            painter.fillRect(self.rect(), theme.color("rail_active", 0.05))
        if self.isChecked():
            painter.fillRect(QRect(0, 0, 3, self.height()), theme.color("accent"))
        if self.hasFocus():
            painter.setPen(theme.color("accent"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(5.5, 2.5, -2.5, -2.5), 5, 5)

    def _paint_title(self, painter: QPainter, role: Role) -> None:
        font = self.font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(theme.color(role))
        place = QRect(2, GRID + 2 + _ICON, WIDTH - 4, _HEIGHT - GRID - 4 - _ICON)
        title = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, title)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()  # the rail moves between its buttons
        else:
            super().keyPressEvent(event)


class Rail(QWidget):
    """Switches workspaces with a click, or with Up and Down.

    Signals
    -------
    selected : the name of the workspace the user wants.
    settings_requested : the user wants the settings.
    """

    selected = Signal(str)
    settings_requested = Signal()

    def __init__(self, entries: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        """`entries` as (name, title, icon), the icons by their names in resources/icons/material (chart-line)."""
        super().__init__(parent)
        self._current = ""
        self.setObjectName("rail")
        self.setAccessibleName(self.tr("Workspaces"))
        self.setFixedWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.buttons = [RailButton(*entry) for entry in entries]
        self.settings = RailButton("settings", self.tr("Settings"), "cog-outline", checkable=False)
        self.settings.setToolTip(self.tr("The playground's settings."))
        self.settings.clicked.connect(self.settings_requested)
        self._assemble()
        theme.changed.connect(self.update)

    def current(self) -> str:
        """The name of the current workspace; empty for none."""
        return self._current

    @Slot(str)
    def set_current(self, name: str) -> None:
        """Mark a workspace as the current one without asking for it."""
        self._current = name
        for button in self.buttons:
            button.setChecked(button.name == name)

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID, 0, GRID)
        column.setSpacing(GRID // 2)
        for number, button in enumerate(self.buttons, 1):
            button.setToolTip(self.tr("{title} (Ctrl+{number})").format(title=button.text(), number=number))
            button.clicked.connect(self._take_click)
            column.addWidget(button)
        column.addStretch(1)
        column.addWidget(self.settings)

    @Slot()
    def _take_click(self) -> None:
        button = self.sender()
        if not isinstance(button, RailButton):
            return
        changed = button.name != self._current
        self.set_current(button.name)  # a click on the current one has switched it off
        if changed:
            self.selected.emit(button.name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        every = [*self.buttons, self.settings]
        focused = next((index for index, button in enumerate(every) if button.hasFocus()), None)
        if step is None or focused is None:
            super().keyPressEvent(event)
            return
        target = every[(focused + step) % len(every)]
        target.setFocus(Qt.FocusReason.TabFocusReason)
        if target is not self.settings:
            target.click()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("rail"))
