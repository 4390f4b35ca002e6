"""The digit pad: drawings go to a warm thread that keeps the chosen net, readings come back."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from playground.assets import resource
from playground.engine.data.facts import describe
from playground.engine.digits.events import Picture, Reading, Refused
from playground.engine.inbox import Inbox
from playground.engine.problems import Problem
from playground.jobs import Jobs, Watcher
from playground.live_run import LiveRun
from playground.widgets.digits.panel import DigitPanel

if TYPE_CHECKING:
    from playground.engine.digits.predictor import Predictor

JOB = "digits"
SHIPPED, RUN = "shipped", "run"
REFRESH_MS = 1_000  # how often the net in training is copied while it answers


class DigitController(QObject):
    """Joins run, reading job and digit panel.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    """

    problem_found = Signal(object)

    def __init__(self, run: LiveRun, jobs: Jobs, panel: DigitPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._jobs = jobs
        self._panel = panel
        self._inbox = Inbox()
        self._chosen = SHIPPED
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self._take_net)
        panel.ink_changed.connect(self._read)
        panel.stroke_finished.connect(self._read)
        panel.image_pasted.connect(self._read_picture)
        panel.model_chosen.connect(self._choose)
        run.state_changed.connect(self._follow_run)
        run.learned.connect(self._take_net)
        self._offer_models()

    def start(self) -> None:
        """Begin to read; needs torch, so after the window is shown."""
        watcher = Watcher(progress=self._show, failed=self.problem_found.emit)
        self._jobs.start(JOB, self._job, stop=self._inbox.close, watcher=watcher, interval=0)
        self._choose(SHIPPED)

    def _job(self) -> Generator[Any, None, None]:
        from playground.engine.digits.job import reading_job  # imports torch, so on the job's own thread
        from playground.engine.threads import use_one_core

        use_one_core()
        return reading_job(self._inbox)

    @Slot(str)
    def open_image(self, path: str) -> None:
        """Put a picture of a digit on the pad."""
        self._inbox.put("picture", path)

    @Slot(object)
    def _read_picture(self, pixels: NDArray[np.uint8]) -> None:
        self._inbox.put("picture", pixels)

    @Slot(object)
    def _read(self, ink: NDArray[np.float32]) -> None:
        self._inbox.put("ink", ink)

    @Slot(str)
    def _choose(self, key: str) -> None:
        self._chosen = key
        if key == RUN:
            self._take_net()
        else:
            self._inbox.put("model", _shipped)
        self._follow_run(self._run.state)

    @Slot(str)
    def _follow_run(self, state: str) -> None:
        if state == "starting":
            self._offer_models()
        if state == "running" and self._chosen == RUN:
            self._timer.start()
        else:
            self._timer.stop()

    @Slot()
    def _take_net(self) -> None:
        """Have the net of the run answer from now on, as it is now."""
        self._offer_models()
        document = self._run.document
        if self._chosen != RUN or document is None:
            return
        source = self._run.net_source()

        def model() -> "Predictor":
            from playground.engine.digits.predictor import Predictor
            from playground.engine.export.reading.runnable import described_by

            net = source()
            return Predictor.of_net(net, described_by(document, net), document.title)

        self._inbox.put("model", model)

    def _offer_models(self) -> None:
        models = [(SHIPPED, self.tr("shipped: digit-cnn"))]
        document = self._run.document
        if document is not None and self._reads_digits():
            in_training = self.tr("in training: {title}") if self._run.is_active else self.tr("trained: {title}")
            models.append((RUN, in_training.format(title=document.title or self.tr("untitled"))))
        elif self._chosen == RUN:
            self._choose(SHIPPED)
        self._panel.set_models(models)
        self._panel.choose_model(self._chosen)

    def _reads_digits(self) -> bool:
        """Whether the run's data are single grey pictures of 28 by 28, ten kinds of them."""
        assert self._run.document is not None
        try:
            facts = describe(self._run.document.data)
        except Problem:
            return False  # the run says it
        return facts.shape == (1, 28, 28) and len(facts.classes) == 10

    @Slot(list)
    def _show(self, events: list[Reading | Picture | Refused]) -> None:
        for event in events:
            if isinstance(event, Refused):
                self.problem_found.emit(event.problem)
            elif isinstance(event, Picture):
                self._panel.canvas.set_ink_image(event.ink)
                self._read(self._panel.canvas.ink())
        readings = [event for event in events if isinstance(event, Reading)]
        if readings:
            self._show_reading(readings[-1])

    def _show_reading(self, reading: Reading) -> None:
        self._panel.show_input(reading.digit)
        found = reading.prediction
        if found is None:
            self._panel.clear_answer()
            return
        self._panel.set_labels(reading.classes)
        self._panel.show_prediction(found.probabilities, reading.classes[found.digit], 1000 * found.seconds)


def _shipped() -> "Predictor":
    from playground.engine.digits.predictor import Predictor

    return Predictor.from_file(resource("models", "digit-cnn.safetensors"))
