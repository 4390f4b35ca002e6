"""The user's preferences, as against the experiment's settings: theme, recent files, where the docks are."""

from pathlib import Path
from typing import Any, get_args

from PySide6.QtCore import QByteArray, QSettings

from playground.widgets.common.theme import Choice

RECENT_FILES = 8
LAYOUT_VERSION = 3  # raised when the set of docks changes so much that old arrangements do not fit


class Settings:
    """Typed access to what QSettings keeps."""

    def __init__(self) -> None:
        self._store = QSettings("torch-playground", "torch-playground")

    @property
    def theme(self) -> Choice:
        """Follow the system, or stay light or dark."""
        value: Any = self._store.value("theme", "system")
        return value if value in get_args(Choice) else "system"

    @theme.setter
    def theme(self, choice: Choice) -> None:
        self._store.setValue("theme", choice)

    @property
    def workspace(self) -> str:
        """The workspace that was open last."""
        return str(self._store.value("workspace", ""))

    @workspace.setter
    def workspace(self, name: str) -> None:
        self._store.setValue("workspace", name)

    @property
    def recent_files(self) -> list[Path]:
        """Documents opened or saved before, newest first, those that are gone left out."""
        value: Any = self._store.value("recent_files", [])
        names = [value] if isinstance(value, str) else list(value or [])
        return [Path(name) for name in names if Path(name).is_file()]

    def add_recent_file(self, path: Path) -> None:
        """Put a document at the head of the recent ones."""
        path = path.resolve()
        paths = [path, *(other for other in self.recent_files if other != path)]
        self._store.setValue("recent_files", [str(each) for each in paths[:RECENT_FILES]])

    def arrangement(self, workspace: str) -> QByteArray | None:
        """Where a workspace's docks were left."""
        value = self._store.value(f"arrangement/{LAYOUT_VERSION}/{workspace}")
        return value if isinstance(value, QByteArray) else None

    def keep_arrangement(self, workspace: str, state: QByteArray) -> None:
        """Remember where a workspace's docks are."""
        self._store.setValue(f"arrangement/{LAYOUT_VERSION}/{workspace}", state)

    def forget_arrangements(self) -> None:
        """Let every workspace begin anew."""
        self._store.remove("arrangement")

    @property
    def geometry(self) -> QByteArray | None:
        """Size and place of the window."""
        value = self._store.value("geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, state: QByteArray) -> None:
        self._store.setValue("geometry", state)
