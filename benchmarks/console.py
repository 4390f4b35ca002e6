"""B12: from Return in the console to the answer and the next prompt, in the real window, idle and while it trains."""

import time
from collections.abc import Iterator
from statistics import median

from PySide6.QtCore import QEventLoop
from qtconsole.rich_jupyter_widget import RichJupyterWidget

from benchmarks.event_loop import spin, wait_until
from benchmarks.measure import Row, Target
from benchmarks.window import EPOCHS, SETTLE_MS, open_window
from playground.app import make_application
from playground.engine import presets
from playground.engine.document import replace
from playground.program import Program

PRESET = "mnist-mlp"
CELL = "1+1"
TRIPS = 40  # a round


def console_round_trip(rounds: int) -> Iterator[Row]:
    """B12, both rows."""
    make_application()
    program = Program()
    try:
        open_window(program)
        terminal = open_console(program)
        measured = [(_idle(terminal), _training(program, terminal)) for _ in range(rounds + 1)][1:]
    finally:
        program.close()
    idle, training = zip(*measured, strict=True)
    what = f"console round trip of {CELL} in the window, p50 in ms"
    yield Row("B12", f"{what}: idle", Target(15, at_least=False), idle, f"{TRIPS} cells a round")
    yield Row("B12", f"{what}: while the MLP trains", Target(30, at_least=False), training, f"{TRIPS} cells a round")


def open_console(program: Program) -> RichJupyterWidget:
    """Switch to the tensors, and wait for the console's first prompt."""
    program.window.workspaces.switch("tensors")
    spin(SETTLE_MS)
    terminal = program.window.findChild(RichJupyterWidget)
    assert terminal is not None, "there is no console in the window"
    round_trip(terminal)
    return terminal


def round_trip(terminal: RichJupyterWidget) -> float:
    """Milliseconds from sending a cell to its answer and the next prompt."""
    loop = QEventLoop()
    terminal.executed.connect(loop.quit)
    began = time.perf_counter()
    terminal.execute(CELL)  # type: ignore[no-untyped-call]  # qtconsole has no types
    loop.exec()
    milliseconds = 1000 * (time.perf_counter() - began)
    terminal.executed.disconnect(loop.quit)
    return milliseconds


def _idle(terminal: RichJupyterWidget) -> float:
    return median(round_trip(terminal) for _ in range(TRIPS))


def _training(program: Program, terminal: RichJupyterWidget) -> float:
    run = program.run
    run.start(replace(presets.preset(PRESET), "training.epochs", EPOCHS))
    wait_until(lambda: run.state == "running", run.state_changed)
    trips = [round_trip(terminal) for _ in range(TRIPS)]
    assert run.state == "running", f"the run is {run.state}"
    run.stop()
    wait_until(lambda: not program.jobs.is_running("training"), program.jobs.changed)
    return median(trips)
