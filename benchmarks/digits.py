"""B11, B14: how soon the digit pad answers, and how well where digits are drawn by other hands."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtTest import QTest

from benchmarks.event_loop import spin, wait_until
from benchmarks.measure import Row, Target, percentile
from playground.app import make_application
from playground.assets import resource
from playground.controllers.digits import DigitController
from playground.jobs import Jobs
from playground.live_run import LiveRun
from playground.widgets.digits.panel import DigitPanel

if TYPE_CHECKING:
    from playground.engine.digits.predictor import Predictor

STROKES = 100  # a round
POINTS = 10  # of a stroke
MOVE_MS = 4  # between two of them
CHUNK = 500  # canvases in memory at a time: 157 MB

Digits = NDArray[np.float32]


def stroke_to_answer(rounds: int) -> Iterator[Row]:
    """B11."""
    make_application()
    panel, jobs = WatchedPad(), Jobs()
    controller = DigitController(LiveRun(jobs), jobs, panel)
    panel.resize(900, 600)
    panel.show()
    try:
        controller.start()
        draw = np.random.default_rng(0)
        _stroke(panel, draw)  # waits for the model
        values = tuple(_p99(panel, draw) for _ in range(rounds))
    finally:
        jobs.stop_all()
        panel.close()
    what = "end of stroke to prediction painted, p99 in ms"
    yield Row("B11", what, Target(16, at_least=False), values, f"{STROKES} strokes a round")


class WatchedPad(DigitPanel):
    """The pad, telling when the answer to what is on it was painted.

    Signals
    -------
    answered() : numbers were painted for the drawing as it is.
    """

    answered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.answered_at: float | None = None
        self._seen: Digits | None = None
        self.bars.installEventFilter(self)

    def show_input(self, pixels: NDArray[np.floating]) -> None:
        """Remember what the answer that follows is about."""
        super().show_input(pixels)
        self._seen = np.asarray(pixels, np.float32)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at the clock after the numbers were painted."""
        if watched is self.bars and event.type() == QEvent.Type.Paint and self.bars.values is not None:
            QTimer.singleShot(0, self._painted)
        return super().eventFilter(watched, event)

    def _painted(self) -> None:
        now = time.perf_counter()
        seen, self._seen = self._seen, None  # the bars glide, and are painted more than once for a reading
        if self.answered_at is None and seen is not None and self._shows_the_drawing(seen):
            self.answered_at = now
            self.answered.emit()

    def _shows_the_drawing(self, seen: Digits) -> bool:
        from playground.engine.digits.preprocess import to_digit

        return np.array_equal(seen, to_digit(self.canvas.ink()))


def other_hands(rounds: int) -> Iterator[Row]:
    """B14; every test digit once, so there is one value however many rounds are asked for."""
    from playground.engine.digits.predictor import Predictor

    del rounds
    predictor = Predictor.from_file(resource("models", "digit-cnn.safetensors"))
    digits, labels = _test_digits()
    clean = float(np.mean(_answers(predictor, digits) == labels))
    drawn = float(np.mean(_read_drawn(predictor, digits) == labels))
    what = "accuracy on moved, scaled, thickened test digits through the pad / clean accuracy"
    yield Row("B14", what, Target(0.985, at_least=True), (drawn / clean,), f"{drawn:.2%} against {clean:.2%}")


def _p99(panel: WatchedPad, draw: np.random.Generator) -> float:
    return percentile((_stroke(panel, draw) for _ in range(STROKES)), 0.99)


def _stroke(panel: WatchedPad, draw: np.random.Generator) -> float:
    """Draw one stroke on a clean pad; milliseconds from its end to its answer."""
    panel.clear()
    points, button = _loop(panel, draw), Qt.MouseButton.LeftButton
    QTest.mousePress(panel.canvas, button, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(panel.canvas, point)
        spin(MOVE_MS)
    panel.answered_at = None
    began = time.perf_counter()
    QTest.mouseRelease(panel.canvas, button, pos=points[-1])
    wait_until(lambda: panel.answered_at is not None, panel.answered)
    assert panel.answered_at is not None
    return 1000 * (panel.answered_at - began)


def _loop(panel: WatchedPad, draw: np.random.Generator) -> list[QPoint]:
    """Part of an ellipse of random size, place and length."""
    square = panel.canvas.square()
    centre = np.array([square.center().x(), square.center().y()]) + draw.uniform(-0.1, 0.1, 2) * square.width()
    radii = draw.uniform(0.1, 0.35, 2) * square.width()
    angles = draw.uniform(0, 2 * np.pi) + np.linspace(0, draw.uniform(2, 6.3), POINTS)
    places = centre + radii * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return [QPoint(round(x), round(y)) for x, y in places]


def _test_digits() -> tuple[Digits, NDArray[np.int64]]:
    """MNIST's test digits [10000, 28, 28] in [0, 1], and what they are."""
    from playground.engine.data.images import read
    from playground.engine.data.spec import Images

    events = read(Images())
    while True:
        try:
            next(events)
        except StopIteration as end:
            pixels, labels = end.value.test
            return (pixels[:, 0] / 255).astype(np.float32), labels


def _read_drawn(predictor: "Predictor", digits: Digits) -> NDArray[np.int64]:
    """What the pad's preprocessing and the model make of every digit drawn anew."""
    from benchmarks.distortions import canvases
    from playground.engine.digits.preprocess import to_digit

    chunks = (canvases(digits[at : at + CHUNK], seed=at) for at in range(0, len(digits), CHUNK))
    return _answers(predictor, np.stack([to_digit(canvas) for chunk in chunks for canvas in chunk]))


def _answers(predictor: "Predictor", digits: Digits) -> NDArray[np.int64]:
    """The digits [N] the model reads, many at a time."""
    import torch

    inputs = torch.from_numpy(digits)[:, None].sub(predictor.mean).div(predictor.std)  # [N, 1, 28, 28]
    with torch.inference_mode():
        outputs = torch.cat([predictor.answer(part) for part in inputs.split(CHUNK)])
    answers: NDArray[np.int64] = outputs.argmax(dim=1).numpy()
    return answers
