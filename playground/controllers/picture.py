"""The picture of the network, saved as SVG or PNG."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from playground.controllers.saver import png
from playground.engine.files import write_atomic
from playground.engine.problems import Problem
from playground.widgets.network.picture import PicturePanel


class PictureController(QObject):
    """Asks where the picture goes, and writes it.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    saved(str) : this file was written.
    """

    problem_found = Signal(object)
    saved = Signal(str)

    def __init__(self, panel: PicturePanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._panel = panel
        panel.save_requested.connect(self.save)

    @Slot(str)
    def save(self, kind: str) -> None:
        """Ask for a file and write the picture there; `kind` is "svg" or "png"."""
        kinds = {"svg": self.tr("SVG picture (*.svg)"), "png": self.tr("PNG picture (*.png)")}
        name, _ = QFileDialog.getSaveFileName(self._panel, self.tr("Save the picture"), f"network.{kind}", kinds[kind])
        if not name:
            return
        picture = self._panel.picture
        try:
            write_atomic(Path(name), picture.svg() if kind == "svg" else png(picture.image()))
        except Problem as problem:
            self.problem_found.emit(problem)
        else:
            self.saved.emit(name)
