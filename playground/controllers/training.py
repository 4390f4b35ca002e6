"""The training panel: edits go to the session, buttons to the run, and what happens comes back."""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from playground.controllers.choices import choices
from playground.engine import document as documents
from playground.engine.network import catalogue
from playground.engine.problems import Problem
from playground.engine.training.events import EpochDone, Event, Preparing, SaveFailed, Started, Steps
from playground.live_run import LiveRun, State
from playground.session import Session, concerns
from playground.widgets.training.controls import Progress
from playground.widgets.training.panel import TrainingPanel

if TYPE_CHECKING:
    from playground.engine.training.run import TrainingRun

PATHS = (
    "data", "training.loss", "training.optimizer", "training.schedule", "training.batch_size", "training.epochs",
    "training.seed", "training.device", "training.deterministic",
)  # fmt: skip
SMOOTHING = 0.8  # of the throughput that is shown
READING_MS = 120  # nobody reads numbers that change more often


class TrainingController(QObject):
    """Joins session, run and training panel.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    """

    problem_found = Signal(object)

    def __init__(self, session: Session, run: LiveRun, panel: TrainingPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._run = run
        self._panel = panel
        self._samples_per_s = 0.0
        self._untold: Steps | None = None
        self._reading = QTimer(self, singleShot=True, interval=READING_MS)
        self._reading.timeout.connect(self._tell_steps)
        panel.form.set_catalogue(choices(catalogue.optimizers()), choices(catalogue.schedulers()))
        self._connect()
        self._show_document()

    def _connect(self) -> None:
        form, controls = self._panel.form, self._panel.controls
        form.edited.connect(self._edit)
        form.learning_rate_changed.connect(self._change_rate)
        controls.train_requested.connect(self.train)
        controls.pause_requested.connect(self._run.pause)
        controls.resume_requested.connect(self._run.resume)
        controls.step_batch_requested.connect(self.step_batch)
        controls.step_epoch_requested.connect(self.step_epoch)
        controls.stop_requested.connect(self._run.stop)
        self._session.changed.connect(self._follow_document)
        self._run.state_changed.connect(self._show_state)
        self._run.happened.connect(self._show_events)

    @Slot()
    def train(self) -> None:
        """Start a run of the document."""
        if not self._run.is_active:
            self._run.start(self._session.document)

    @Slot()
    def toggle(self) -> None:
        """Train, pause or resume, whichever the primary button means now."""
        self._panel.controls.press()

    @Slot()
    def step_batch(self) -> None:
        """One batch of the run, or of a new one."""
        if self._run.is_active:
            self._run.step_batch()
        else:
            self._run.start(self._session.document, first="batch")

    @Slot()
    def step_epoch(self) -> None:
        """To the end of the epoch, of the run or of a new one."""
        if self._run.is_active:
            self._run.step_epoch()
        else:
            self._run.start(self._session.document, first="epoch")

    @Slot(str, object)
    def _edit(self, path: str, value: object) -> None:
        try:
            changed = documents.set_plain(self._session.document, path, value)
        except Problem as problem:
            self._panel.form.set_problem(path, problem.sentence)
            return
        self._panel.form.set_problem(path, "")
        name = path.rpartition(".")[2].replace("_", " ")
        text = self.tr("change of the {name}").format(name=name)
        self._session.push(path, documents.get(changed, path), text, merge_key=path)

    @Slot(float)
    def _change_rate(self, rate: float) -> None:
        """The run under way goes on with another rate; the document keeps the one it began with."""

        def change(run: "TrainingRun") -> None:
            run.set_learning_rate(rate)

        self._run.between_steps(change)

    @Slot(str)
    def _follow_document(self, path: str) -> None:
        if concerns(path, "data", "training"):
            self._show_document()

    def _show_document(self) -> None:
        document = self._session.document
        self._panel.form.set_values({path: documents.to_plain(documents.get(document, path)) for path in PATHS})

    @Slot(list)
    def _show_events(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Preparing):
                self._show_preparing(event)
            elif isinstance(event, SaveFailed):
                self.problem_found.emit(event.problem)
        blocks = [event for event in events if isinstance(event, Steps)]
        if blocks:
            self._show_steps(blocks)
        if any(isinstance(event, EpochDone | Started) for event in events):
            self._show_progress()

    @Slot(str)
    def _show_state(self, state: State) -> None:
        self._tell_steps()
        self._panel.set_state("finished" if state == "failed" else state)  # both are at rest; the notice says why
        if state == "starting":
            self._samples_per_s = 0.0
        if state in ("idle", "failed"):
            self._panel.workflow.set_phase("")
        if state in ("finished", "failed"):
            self._show_end(state)

    def _show_end(self, state: State) -> None:
        started, history = self._run.started, self._run.history
        if state == "failed" and not len(history):
            self._panel.controls.set_line(self.tr("The run failed before its first step."))
        if started is None or not len(history):
            return
        if state == "finished":
            self._panel.workflow.set_phase("done")
        parts = [self.tr("{steps} steps in {time:.1f} s").format(steps=f"{len(history):,}", time=history.seconds)]
        test = history.epochs[-1].test if history.epochs else None
        if test is not None and not math.isnan(test.accuracy):
            parts.append(self.tr("test accuracy {share:.2f} %").format(share=100 * test.accuracy))
        self._panel.controls.set_line(" · ".join(parts))

    def _show_preparing(self, event: Preparing) -> None:
        self._panel.workflow.set_phase(event.phase)
        if event.phase in ("train", "validate"):
            return
        lines = {"data": self.tr("Reading the data"), "preprocessing": self.tr("Normalising the data")}
        self._panel.controls.set_line(event.text or lines.get(event.phase, self.tr("Building the network")))
        if event.fraction is not None:
            self._panel.controls.set_fraction(event.fraction)

    def _show_steps(self, blocks: list[Steps]) -> None:
        seconds, samples = (sum(getattr(block, name) for block in blocks) for name in ("seconds", "samples"))
        if seconds > 0:
            now = samples / seconds
            before = self._samples_per_s or now
            self._samples_per_s = SMOOTHING * before + (1 - SMOOTHING) * now
        self._untold = blocks[-1]
        if not self._reading.isActive():
            self._tell_steps()

    @Slot()
    def _tell_steps(self) -> None:
        last, self._untold = self._untold, None
        if last is None:
            return
        self._reading.start()
        self._panel.form.set_learning_rate(float(last.learning_rate[-1]))
        if last.phase_seconds is not None:
            forward, loss, backward, update = (1000 * each for each in last.phase_seconds)
            self._panel.workflow.set_step_times((forward, loss, backward, update))
        self._show_progress()

    def _show_progress(self) -> None:
        started = self._run.started
        if started is None:
            return
        done = max(self._run.history.next_step, started.first_step)
        epoch, batch = divmod(max(done - 1, 0), started.steps_per_epoch)
        left = (started.epochs * started.steps_per_epoch - done) * started.batch_size
        rate = self._samples_per_s
        self._panel.controls.set_progress(
            Progress(
                epoch=epoch + 1,
                epochs=started.epochs,
                batch=min(batch + 1, done),
                batches=started.steps_per_epoch,
                seconds_left=left / rate if rate else None,
                samples_per_s=rate or None,
            )
        )
