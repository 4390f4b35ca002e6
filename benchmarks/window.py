"""B6, B7: the real window while it trains with its plots showing: how late its timers are, how fast training is."""

import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from benchmarks.event_loop import spin, wait_until
from benchmarks.measure import Pairs, Row, Target, measure_pairs, number, percentile
from playground.app import make_application
from playground.engine import presets
from playground.engine.document import Document, replace
from playground.program import Program

if TYPE_CHECKING:
    from playground.engine.training.run import TrainingRun

PERIOD_MS = 5
SECONDS = 4.0  # of training in each round
SETTLE_MS = 2_000
EPOCHS = 10_000  # more than fit into a round

Clock = tuple[int, float]


def window_while_training(rounds: int) -> Iterator[Row]:
    """B6 and B7, measured in the same rounds."""
    make_application()
    program = Program()
    try:
        open_window(program)
        lateness = Lateness()
        pairs = _measure(program, lateness, rounds)
    finally:
        program.close()
    late = tuple(percentile(each, 0.99) for each in lateness.rounds[1:])  # the first one warms up
    ticks = f"{sum(map(len, lateness.rounds[1:])):,} ticks of {PERIOD_MS} ms"
    what = "window's timer lateness while the MLP trains with plots showing, p99 in ms"
    yield Row("B6", what, Target(8, at_least=False), late, f"worst {number(_worst(lateness))} ms of {ticks}")
    what = "training in the window / headless"
    yield Row("B7", what, Target(0.9, at_least=True), pairs.ratios, pairs.behind("samples/s"))


class Lateness(QObject):
    """How many milliseconds after its time each tick of a timer comes, by rounds."""

    def __init__(self) -> None:
        super().__init__()
        self.rounds: list[list[float]] = []
        self._timer = QTimer(self, interval=PERIOD_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._last = 0.0

    def start(self) -> None:
        """Begin a round."""
        self.rounds.append([])
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        """End the round."""
        self._timer.stop()

    @Slot()
    def _tick(self) -> None:
        now = time.perf_counter()
        self.rounds[-1].append(max(1000 * (now - self._last) - PERIOD_MS, 0.0))
        self._last = now


def open_window(program: Program) -> None:
    """Show the window and wait until PyTorch is warm and everything has settled."""
    program.show()
    spin(SETTLE_MS)
    wait_until(lambda: not program.jobs.is_running("warm-up"), program.jobs.changed)
    spin(SETTLE_MS)


def clock(run: "TrainingRun") -> Clock:
    """Read in the run's own thread, between two steps."""
    return run.step_count, time.perf_counter()


def rate(began: Clock, ended: Clock, document: Document) -> float:
    """Samples a second between two readings of the clock."""
    steps, seconds = ended[0] - began[0], ended[1] - began[1]
    return steps * document.training.batch_size / seconds


def _measure(program: Program, lateness: Lateness, rounds: int) -> Pairs:
    document = replace(presets.preset("mnist-mlp"), "training.epochs", EPOCHS)
    with tempfile.TemporaryDirectory(prefix="playground-run-") as folder:
        return measure_pairs(
            lambda: _rate_in_window(program, document, lateness),
            lambda: _in_a_thread(_rate_headless, document, Path(folder)),
            rounds,
        )


def _rate_in_window(program: Program, document: Document, lateness: Lateness) -> float:
    """Samples a second of a run the window shows, evaluation and checkpoints of its epochs included."""
    run = program.run
    run.start(document)
    began = run.between_steps(clock)
    wait_until(lambda: run.state == "running", run.state_changed)
    lateness.start()
    spin(round(1000 * SECONDS))
    lateness.stop()
    ended = run.between_steps(clock).result()  # before the run is stopped: one that is over answers no more
    run.stop()
    wait_until(lambda: run.state == "finished", run.state_changed)
    return rate(began.result(), ended, document)


def _in_a_thread(rate: Callable[[Document, Path], float], document: Document, folder: Path) -> float:
    """Where a run belongs: OpenMP would keep a pool for the window's own thread, and slow every later run down."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(rate, document, folder).result()


def _rate_headless(document: Document, folder: Path) -> float:
    """The same job driven by a plain loop, while no event of the window is handled."""
    from playground.engine.training.control import Control
    from playground.engine.training.events import Started
    from playground.engine.training.job import training_job

    control = Control()
    began, ended, end = control.between_steps(clock), None, float("inf")
    for event in training_job(document, control, out=folder):
        if isinstance(event, Started):
            end = time.perf_counter() + SECONDS
        if ended is None and time.perf_counter() >= end:
            ended = control.between_steps(clock)
            control.stop()
    assert ended is not None
    return rate(began.result(), ended.result(), document)


def _worst(lateness: Lateness) -> float:
    return max(max(each) for each in lateness.rounds[1:])
