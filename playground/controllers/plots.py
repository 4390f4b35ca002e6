"""The plots of the run: loss and accuracy, fed with its events, saved as pictures and tables."""

import csv
import io
import math
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QObject, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from playground.engine.files import write_atomic
from playground.engine.problems import Problem
from playground.engine.training.events import EpochDone, Event, Steps
from playground.live_run import LiveRun
from playground.widgets.plots.panel import CurvePanel


class PlotController(QObject):
    """Feeds one curve panel with one metric of the run.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    saved(str) : this file was written.
    """

    problem_found = Signal(object)
    saved = Signal(str)

    def __init__(self, run: LiveRun, panel: CurvePanel, metric: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._panel = panel
        self._metric = metric
        run.happened.connect(self._show_events)
        run.state_changed.connect(self._show_state)
        panel.save_image_requested.connect(self.save_image)
        panel.save_table_requested.connect(self.save_table)

    @Slot(list)
    def _show_events(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Steps):
                self._panel.append_steps(event.first, getattr(event, self._metric))
            elif isinstance(event, EpochDone):
                self._show_epoch(event)

    def _show_epoch(self, event: EpochDone) -> None:
        if event.validation is not None:
            self._panel.append_point("validation", event.step, getattr(event.validation, self._metric))
        if event.test is not None:
            self._panel.append_point("test", event.step, getattr(event.test, self._metric))

    @Slot(str)
    def _show_state(self, state: str) -> None:
        if state in ("idle", "starting"):
            self._panel.clear()
        self._panel.set_live(state == "running")

    @Slot()
    def save_image(self) -> None:
        """Ask where to, and write the plot as a PNG."""
        path = self._ask(self.tr("Save the plot"), "png", self.tr("PNG picture (*.png)"))
        if path is not None:
            self._write(path, png(self._panel.image()))

    @Slot()
    def save_table(self) -> None:
        """Ask where to, and write the curves as CSV."""
        path = self._ask(self.tr("Save the curves"), "csv", self.tr("Table (*.csv)"))
        if path is not None:
            self._write(path, table_text(self._panel).encode())

    def _ask(self, title: str, suffix: str, kinds: str) -> Path | None:
        name, _ = QFileDialog.getSaveFileName(self._panel, title, f"{self._metric}.{suffix}", kinds)
        return Path(name) if name else None

    def _write(self, path: Path, data: bytes) -> None:
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


def table_text(panel: CurvePanel) -> str:
    """The panel's columns as CSV, empty where a step has no value."""
    columns = panel.table()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    for row in zip(*(column.values.tolist() for column in columns), strict=True):
        writer.writerow(["" if math.isnan(value) else value for value in row])
    return text.getvalue()
