"""A field over a list of commands that narrows as one types."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from playground.widgets.common.theme import GRID

_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True, slots=True)
class Command:
    """What can be done: its key for the code, its text, its shortcut."""

    key: str
    text: str
    shortcut: str = ""


class CommandPalette(QDialog):
    """Finds commands by any part of their text, in any order of words.

    Signals
    -------
    chosen(str) : the key of the command the user wants.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("command_palette")
        self.setAccessibleName(self.tr("Find a command"))
        self._commands: tuple[Command, ...] = ()
        self.field = QLineEdit()
        self.field.setObjectName("command_palette_field")
        self.field.setAccessibleName(self.tr("Part of a command's name"))
        self.field.setPlaceholderText(self.tr("Type part of a command"))
        self.field.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setObjectName("command_palette_list")
        self.list.setAccessibleName(self.tr("Commands"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.resize(60 * GRID, 48 * GRID)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._narrow)
        self.field.returnPressed.connect(self._choose)
        self.list.itemActivated.connect(self._choose)
        self.list.itemClicked.connect(self._choose)

    def offer(self, commands: Sequence[Command]) -> None:
        """Show these commands and wait for a choice."""
        self._commands = tuple(commands)
        self.field.clear()
        self._narrow()
        self.show()
        self.field.setFocus()

    @Slot()
    def _narrow(self) -> None:
        words = self.field.text().casefold().split()
        self.list.clear()
        for command in self._commands:
            if all(word in command.text.casefold() for word in words):
                text = f"{command.text}    {command.shortcut}" if command.shortcut else command.text
                item = QListWidgetItem(text)
                item.setData(Qt.ItemDataRole.UserRole, command.key)
                self.list.addItem(item)
        self.list.setCurrentRow(0)

    @Slot()
    def _choose(self) -> None:
        item = self.list.currentItem()
        self.hide()
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _KEYS:
            self.list.event(event)
            return True
        return super().eventFilter(watched, event)
