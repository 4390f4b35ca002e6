"""Where exports are to lie and what they are called, as the export window says it."""

import re
from pathlib import Path

from PySide6.QtCore import QFileInfo, QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from playground.controllers.export_source import specs_of
from playground.engine.document import Document
from playground.engine.export.source import file_name
from playground.engine.export.spec import FORMATS
from playground.widgets.export.values import Wish
from playground.widgets.export.window import ExportWindow

_SUFFIXES = tuple(each.suffix for each in FORMATS.values() if each.suffix)


class ExportTarget(QObject):
    """Suggests a name, says what will be written or what is in the way, and finds folders."""

    def __init__(self, view: ExportWindow, folder: Path) -> None:
        super().__init__(view)
        self._view = view
        self._given_name = ""
        view.set_target(str(folder), "")
        view.browse_requested.connect(self._browse)
        view.folder_requested.connect(self._show_folder)

    def suggest_name(self, document: Document, wish: Wish) -> None:
        """Name the files after the document, until the user names them."""
        name = re.sub(r"\W+", "-", document.title.lower()).strip("-") or "model"
        if wish.name == self._given_name and name != wish.name:
            self._given_name = name
            self._view.set_target(wish.folder, name)

    def say(self, misfit: str) -> None:
        """Say what will be written, or what keeps everything from being: `misfit`, or what is still missing."""
        wish = self._view.form.wish()
        obstacle = misfit or self._obstacle(wish)
        self._view.say_target("" if obstacle else self._lines(wish), obstacle)

    def place(self, wish: Wish) -> Path:
        """The file of the only format, or the folder of several."""
        folder, names = _folder(wish), _names(wish)
        return folder / names[0] if len(names) == 1 else folder

    def _obstacle(self, wish: Wish) -> str:
        folder = _folder(wish)
        if not wish.formats:
            return self.tr("Choose a format.")
        if not wish.name:
            return self.tr("Give the files a name.")
        if not folder.is_absolute():
            return self.tr("Write the whole path of a folder, or choose one.")
        return "" if QFileInfo(folder).isDir() else self.tr("There is no such folder.")

    def _lines(self, wish: Wish) -> str:
        """What will be written, and what is replaced."""
        folder, names = _folder(wish), _names(wish)
        there = ", ".join(_shown(name) for name in names if QFileInfo(folder / name).exists())
        written = ", ".join(map(_shown, names))
        lines = [self.tr("Writes {names}, each with its proof beside it.").format(names=written)]
        if there:
            lines.append(self.tr("⚠ There already, and replaced: {names}.").format(names=there))
        return "\n".join(lines)

    @Slot(str)
    def _browse(self, folder: str) -> None:
        chosen = QFileDialog.getExistingDirectory(self._view, self.tr("Folder for the files"), folder)
        if chosen:
            self._view.form.folder.setText(chosen)

    @Slot(str)
    def _show_folder(self, path: str) -> None:
        folder = Path(path).parent
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            said = self.tr("This system shows no folders here; it is {folder}.")
            self._view.show_message(said.format(folder=folder))


def _folder(wish: Wish) -> Path:
    """The folder as written; a leading ~ is the user's own."""
    text = wish.folder
    return Path.home() / text[2:] if text == "~" or text.startswith("~/") else Path(text)


def _shown(name: str) -> str:
    """A folder among files is seen as one."""
    return name if name.endswith(_SUFFIXES) else f"{name}/"


def _names(wish: Wish) -> list[str]:
    return [file_name(wish.name, spec) for spec in specs_of(wish)]
