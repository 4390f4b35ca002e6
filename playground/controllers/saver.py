"""Where every panel's pictures, tables and programs leave the window: one question, one write, one word about it."""

import csv
import io
import math
from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from playground.engine.files import write_atomic
from playground.engine.problems import Problem
from playground.widgets.common.columns import Column


class Saver(QObject):
    """Asks for a file and writes it whole or not at all.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    saved(str) : this file was written.
    """

    problem_found = Signal(object)
    saved = Signal(str)

    def save(self, parent: QWidget, title: str, start: str, kinds: str, make: Callable[[], bytes]) -> None:
        """Ask where to, and write what `make` gives; `start` is the name first offered."""
        path = self.ask(parent, title, start, kinds)
        if path is not None:
            self.write(path, make())

    def ask(self, parent: QWidget, title: str, start: str, kinds: str) -> Path | None:
        """The file that the user names; None where there is none."""
        name, _ = QFileDialog.getSaveFileName(parent, title, start, kinds)
        return Path(name) if name else None

    def write(self, path: Path, data: bytes) -> None:
        """Write a file, and tell how it went."""
        try:
            write_atomic(path, data)
        except Problem as problem:
            self.problem_found.emit(problem)
        else:
            self.saved.emit(str(path))


def png(image: QImage) -> bytes:
    """The image as a PNG file holds it."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # Qt takes text; its stubs say bytes
    return bytes(buffer.data().data())


def csv_table(columns: Iterable[Column]) -> bytes:
    """Columns as CSV, empty where a row has no value."""
    columns = tuple(columns)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    for row in zip(*(column.values.tolist() for column in columns), strict=True):
        writer.writerow(["" if math.isnan(value) else value for value in row])
    return text.getvalue().encode()
