"""The buttons that start, pause, step and stop a run, and how far it is."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from playground.widgets.common.theme import GRID, tabular

State = Literal["idle", "starting", "running", "paused", "stopping", "finished"]
_AT_REST = ("idle", "finished")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: `epoch` and `batch` counted from 1, `seconds_left` and `samples_per_s` where known."""

    epoch: int
    epochs: int
    batch: int
    batches: int
    seconds_left: float | None = None
    samples_per_s: float | None = None

    @property
    def fraction(self) -> float:
        """The share of all batches that is done."""
        return ((self.epoch - 1) * self.batches + self.batch) / max(1, self.epochs * self.batches)


class TrainingControls(QWidget):
    """One primary button (Train, Pause or Resume), two that step, one that stops.

    Signals
    -------
    train_requested, pause_requested, resume_requested, step_batch_requested, step_epoch_requested, stop_requested,
    export_requested : the user pressed that button.
    """

    train_requested = Signal()
    pause_requested = Signal()
    resume_requested = Signal()
    step_batch_requested = Signal()
    step_epoch_requested = Signal()
    stop_requested = Signal()
    export_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: State = "idle"
        self.primary = self._button("primary", "", "")
        self.primary.setProperty("primary", True)
        tip = self.tr("Train on one batch: forward, loss, backward, update (optimizer.step), then pause.")
        self.step_batch = self._button("step_batch", self.tr("Step batch"), tip)
        tip = self.tr("Train to the end of this epoch, then pause.")
        self.step_epoch = self._button("step_epoch", self.tr("Step epoch"), tip)
        self.stop = self._button("stop", self.tr("Stop"), self.tr("End the run and keep the network as it is now."))
        self.export = self._button(
            "export",
            self.tr("Export…"),
            self.tr("The network as it is now, in a file that other programs read."),
        )
        self.bar = QProgressBar()
        self.line = QLabel()
        self._assemble()
        self._connect()
        self.set_state("idle")

    @property
    def state(self) -> State:
        """What the run is doing."""
        return self._state

    @Slot(str)
    def set_state(self, state: State) -> None:
        """Offer the buttons that make sense in a state."""
        self._state = state
        text, tip = self._primary_texts()[state]
        self.primary.setText(text)
        self.primary.setAccessibleName(text)
        self.primary.setToolTip(tip)
        self.primary.setEnabled(state not in ("starting", "stopping"))
        steps = state in (*_AT_REST, "paused")
        self.step_batch.setEnabled(steps)
        self.step_epoch.setEnabled(steps)
        self.stop.setEnabled(state in ("starting", "running", "paused"))
        self.export.setVisible(state in ("paused", "finished"))
        self.bar.setRange(0, 0 if state == "starting" else 1000)
        if state == "idle":
            self.bar.setValue(0)
            self.line.setText(self.tr("Ready."))

    @Slot(object)
    def set_progress(self, progress: Progress) -> None:
        """Show how far the run is."""
        if self.bar.maximum() == 0:
            self.bar.setRange(0, 1000)
        self.bar.setValue(round(1000 * progress.fraction))
        self.line.setText(self.progress_text(progress))

    @Slot(str)
    def set_line(self, text: str) -> None:
        """Say something else below the bar, for example what is being prepared."""
        self.line.setText(text)

    @Slot(float)
    def set_fraction(self, fraction: float) -> None:
        """Show the progress of something else, for example a download."""
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(1000 * fraction))

    def progress_text(self, progress: Progress) -> str:
        """The line below the bar."""
        parts = [
            self.tr("epoch {epoch} of {epochs}").format(epoch=progress.epoch, epochs=f"{progress.epochs:,}"),
            self.tr("batch {batch} of {batches}").format(batch=progress.batch, batches=f"{progress.batches:,}"),
        ]
        if progress.seconds_left is not None:
            parts.append(self.tr("{time} left").format(time=duration(progress.seconds_left)))
        if progress.samples_per_s is not None:
            parts.append(self.tr("{rate} samples/s").format(rate=f"{_rounded(progress.samples_per_s):,}"))
        return " · ".join(parts)

    @Slot()
    def press(self) -> None:
        """What the primary button means now."""
        if self._state in _AT_REST:
            self.train_requested.emit()
        elif self._state == "running":
            self.pause_requested.emit()
        elif self._state == "paused":
            self.resume_requested.emit()

    def _primary_texts(self) -> dict[State, tuple[str, str]]:
        train = self.tr("Start a run with these settings.")
        return {
            "idle": (self.tr("Train"), train),
            "finished": (self.tr("Train"), train),
            "starting": (self.tr("Starting"), self.tr("The data and the network are being prepared.")),
            "running": (self.tr("Pause"), self.tr("Pause after the batch under way.")),
            "paused": (self.tr("Resume"), self.tr("Go on with the next batch.")),
            "stopping": (self.tr("Stopping"), self.tr("The batch under way ends first.")),
        }

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"training_{name}")
        button.setAccessibleName(text)
        button.setToolTip(tip)
        button.setProperty("compact", True)
        return button

    def _assemble(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        for button in (self.primary, self.step_batch, self.step_epoch, self.stop):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            row.addWidget(button)
        self.bar.setObjectName("training_progress")
        self.bar.setAccessibleName(self.tr("Progress of the run"))
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.line.setObjectName("training_progress_line")
        self.line.setProperty("muted", True)
        self.line.setFont(tabular(self.line.font()))
        self.line.setWordWrap(True)
        self.export.setProperty("link", True)
        below = QHBoxLayout()
        below.setSpacing(GRID)
        below.addWidget(self.line, 1)
        below.addWidget(self.export)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(row)
        column.addWidget(self.bar)
        column.addLayout(below)

    def _connect(self) -> None:
        self.primary.clicked.connect(self.press)
        self.step_batch.clicked.connect(self.step_batch_requested)
        self.step_epoch.clicked.connect(self.step_epoch_requested)
        self.stop.clicked.connect(self.stop_requested)
        self.export.clicked.connect(self.export_requested)


def duration(seconds: float) -> str:
    """A time as people say it: 7 s, 2 min 5 s, 3 h 20 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _rounded(rate: float) -> int:
    """Two to three digits that do not dance."""
    step = int(10.0 ** max(0, len(str(round(rate))) - 3))
    return round(rate / step) * step
