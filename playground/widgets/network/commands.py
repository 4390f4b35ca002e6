"""What can be done with the selected layers, with its keys: the tree's keyboard and its context menu read it."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtGui import QKeySequence


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the menu; `alone` says that it needs no selected layer."""

    name: str
    text: Any
    keys: tuple[str, ...] = ()
    alone: bool = False
    separated: bool = False

    def title(self) -> str:
        """The line with its first key."""
        text = QCoreApplication.translate("network", self.text)
        native = QKeySequence(self.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if self.keys else ""
        return f"{text}\t{native}" if native else text


COMMANDS = (
    Command("edit", QT_TRANSLATE_NOOP("network", "Edit &arguments"), ("Return", "Enter", "F2")),
    Command("add", QT_TRANSLATE_NOOP("network", "Add a &layer after it…"), ("Ins", "Ctrl+Return"), alone=True),
    Command("toggle", QT_TRANSLATE_NOOP("network", "Switch &on or off"), ("Space",), separated=True),
    Command("freeze", QT_TRANSLATE_NOOP("network", "&Freeze or let it learn"), ("Shift+Space",)),
    Command("cut", QT_TRANSLATE_NOOP("network", "Cu&t"), ("Ctrl+X",), separated=True),
    Command("copy", QT_TRANSLATE_NOOP("network", "&Copy as Python"), ("Ctrl+C",)),
    Command("paste", QT_TRANSLATE_NOOP("network", "&Paste layers or Python"), ("Ctrl+V",), alone=True),
    Command("duplicate", QT_TRANSLATE_NOOP("network", "&Duplicate"), ("Ctrl+D",)),
    Command("remove", QT_TRANSLATE_NOOP("network", "&Remove"), ("Del", "Backspace")),
    Command("up", QT_TRANSLATE_NOOP("network", "Move &up"), ("Alt+Up",), separated=True),
    Command("down", QT_TRANSLATE_NOOP("network", "Move do&wn"), ("Alt+Down",)),
    Command("into", QT_TRANSLATE_NOOP("network", "Move &into the block above"), ("Alt+Right",)),
    Command("out", QT_TRANSLATE_NOOP("network", "Move out of its &block"), ("Alt+Left",)),
    Command("residual", QT_TRANSLATE_NOOP("network", "Put a &shortcut around it (residual)"), separated=True),
    Command("branches", QT_TRANSLATE_NOOP("network", "Make it a branc&h, beside others")),
    Command("add_branch", QT_TRANSLATE_NOOP("network", "Add a&nother branch"), ("Ctrl+B",)),
    Command("remove_branch", QT_TRANSLATE_NOOP("network", "Remove this branch with its layers (&x)")),
    Command("repeat", QT_TRANSLATE_NOOP("network", "R&epeat it")),
    Command("unwrap", QT_TRANSLATE_NOOP("network", "Take the block awa&y, keep its layers")),
    Command("unfold", QT_TRANSLATE_NOOP("network", "Unfold all bloc&ks"), ("Ctrl+Right",), alone=True, separated=True),
    Command("fold", QT_TRANSLATE_NOOP("network", "Fold all blocks (&z)"), ("Ctrl+Left",), alone=True),
)
BY_KEY = {QKeySequence(keys).toString(): command for command in COMMANDS for keys in command.keys}
