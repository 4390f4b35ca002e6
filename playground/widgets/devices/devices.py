"""CPU or CUDA, felt: the same matrix product and the same training step, timed on every device at hand."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import GRID
from playground.widgets.devices.bars import Bars, Measurement


class DevicesPanel(Panel):
    """Bars for each task, made from the measurements handed in.

    Signals
    -------
    measure_requested : the user wants this machine timed.
    """

    measure_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Devices"), "devices_panel", parent=parent)
        self.measure = QPushButton(self.tr("Time this machine"))
        self.bar = QProgressBar()
        self.note = QLabel()
        self._tasks: dict[str, tuple[QLabel, Bars]] = {}
        self._rows = QVBoxLayout()
        self._set_up()
        self._invite()

    @Slot(object)
    def set_measurements(self, measurements: Sequence[tuple[str, str, float, float | None]]) -> None:
        """Show measurements as (device, task, milliseconds, GFLOP/s or None); more may follow while it runs."""
        known = [Measurement(*each) for each in measurements]
        for task in dict.fromkeys(each.task for each in known):
            _, bars = self._tasks.get(task) or self._add_task(task)
            bars.set_measurements(tuple(each for each in known if each.task == task))
        for task in set(self._tasks) - {each.task for each in known}:
            self._remove_task(task)
        self._describe({each.device for each in known})

    @Slot(bool)
    def set_running(self, running: bool) -> None:
        """Show that timing is under way."""
        self.measure.setEnabled(not running)
        self.measure.setText(self.tr("Timing…") if running else self.tr("Time this machine"))
        self.bar.setVisible(running)

    def _set_up(self) -> None:
        self.measure.setObjectName("devices_measure")
        self.measure.setAccessibleName(self.tr("Time this machine"))
        self.measure.setToolTip(self.tr("Time a matrix product (x @ y) and a training step on the CPU and every GPU."))
        self.measure.clicked.connect(self.measure_requested)
        self.bar.setObjectName("devices_progress")
        self.bar.setAccessibleName(self.tr("Timing is under way"))
        self.bar.setRange(0, 0)
        self.bar.setFixedHeight(6)
        self.bar.setVisible(False)
        self.note.setObjectName("devices_note")
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.header.addWidget(self.measure)
        self._rows.setSpacing(GRID // 2)
        for part in (self.bar, self.note):
            self.body.addWidget(part)
        self.body.insertLayout(1, self._rows)
        self.body.addStretch(1)

    def _add_task(self, task: str) -> tuple[QLabel, Bars]:
        title, bars = QLabel(task), Bars()
        title.setProperty("muted", True)
        title.setContentsMargins(0, GRID // 2, 0, 0)
        bars.setObjectName(f"devices_bars_{len(self._tasks)}")
        self._rows.addWidget(title)
        self._rows.addWidget(bars)
        self._tasks[task] = (title, bars)
        return title, bars

    def _remove_task(self, task: str) -> None:
        for widget in self._tasks.pop(task):
            self._rows.removeWidget(widget)
            widget.hide()
            widget.deleteLater()

    def _describe(self, devices: set[str]) -> None:
        if not devices:
            self._invite()
            return
        text = self.tr("Median of several runs, each synchronised: the clock stops when the device is done.")
        if len(devices) == 1:
            alone = self.tr("PyTorch finds no other device than {device} here, so there is one bar.")
            text = f"{alone.format(device=next(iter(devices)))} {text}"
        self.note.setText(text)

    def _invite(self) -> None:
        self.note.setText(
            self.tr("How much faster is a GPU? One button times the same work on every device of this machine.")
        )
