"""The plots of the run: loss and accuracy, fed with its events, saved as pictures and tables."""

from PySide6.QtCore import QObject, Slot

from playground.controllers.saver import Saver, csv_table, png
from playground.engine.training.events import EpochDone, Event, Steps
from playground.live_run import LiveRun
from playground.widgets.plots.panel import RunPlot


class PlotController(QObject):
    """Feeds one curve panel with one metric of the run."""

    def __init__(self, run: LiveRun, saver: Saver, panel: RunPlot, metric: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._saver = saver
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
        title, kinds = self.tr("Save the plot"), self.tr("PNG picture (*.png)")
        self._saver.save(self._panel, title, f"{self._metric}.png", kinds, lambda: png(self._panel.image()))

    @Slot()
    def save_table(self) -> None:
        """Ask where to, and write the curves as CSV."""
        title, kinds = self.tr("Save the curves"), self.tr("Table (*.csv)")
        self._saver.save(self._panel, title, f"{self._metric}.csv", kinds, lambda: csv_table(self._panel.table()))
