"""A list to choose one of few from, each known by a key."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QWidget


class Choice(QComboBox):
    """Tells of a choice by `currentIndexChanged`, and of no other change."""

    def __init__(
        self, name: str, tool_tip: str, items: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        """`items` as (text, key)."""
        super().__init__(parent)
        self.set_items(items)
        self.setObjectName(name)
        self.setAccessibleName(tool_tip)
        self.setToolTip(tool_tip)

    @property
    def key(self) -> str:
        """What is chosen."""
        return str(self.currentData())

    def set_key(self, key: str) -> None:
        """Show what is chosen, or the first where that is not offered."""
        with QSignalBlocker(self):
            self.setCurrentIndex(max(self.findData(key), 0))

    def set_items(self, items: Sequence[tuple[str, str]]) -> None:
        """Offer these, and keep what is chosen if it is among them."""
        chosen = self.key
        with QSignalBlocker(self):
            self.clear()
            for text, key in items:
                self.addItem(text, key)
        self.set_key(chosen)
