"""B16: training while the layer panel looks into a layer, against the same window with the panel out of sight."""

from collections.abc import Iterator
from functools import partial

from benchmarks.event_loop import spin, wait_until
from benchmarks.measure import Row, Target, measure_pairs
from benchmarks.window import EPOCHS, SECONDS, SETTLE_MS, clock, open_window, rate
from playground.app import make_application
from playground.engine import presets
from playground.engine.document import replace
from playground.engine.network.probe_events import View
from playground.program import Program

PRESET = "lenet5"
VIEW: View = "activations"  # the dearest of them: it copies the whole net and sends a sample through
MORE_ROUNDS = 4  # times as many pairs, since a hundredth counts


def watched_training(rounds: int) -> Iterator[Row]:
    """B16."""
    make_application()
    program = Program()
    try:
        open_window(program)
        look_at_first_layer(program)
        watched, alone = (partial(training_rate, program, SECONDS, is_watched=each) for each in (True, False))
        pairs = measure_pairs(watched, alone, MORE_ROUNDS * rounds)
    finally:
        program.close()
    what = f"LeNet-5 training in the window: layer panel showing {VIEW} / out of sight"
    yield Row("B16", what, Target(0.98, at_least=True), pairs.ratios, pairs.behind("samples/s"))


def look_at_first_layer(program: Program) -> None:
    """Open LeNet-5 in the network workspace, with its first layer in the layer panel."""
    document = replace(presets.preset(PRESET), "training.epochs", EPOCHS)
    program.session.start_over(document)
    program.window.workspaces.switch("network")
    program.window.network.select_layer(document.network.layers[0].id)
    program.window.layer.choose_view(VIEW)
    spin(SETTLE_MS)


def training_rate(program: Program, seconds: float, *, is_watched: bool) -> float:
    """Samples a second of a run, with the layer panel in sight or not.

    Raises
    ------
    AssertionError
        Where the panel did not look although it was in sight, or looked although it was not.
    """
    run, caption = program.run, program.window.layer.caption
    program.window.docks["layer_panel"].setVisible(is_watched)
    run.start(program.session.document)
    began = run.between_steps(clock)
    wait_until(lambda: run.state == "running", run.state_changed)
    before = caption.text()
    spin(round(1000 * seconds))
    assert (caption.text() != before) is is_watched, f"the panel says {caption.text()!r}"
    ended = run.between_steps(clock)
    run.stop()
    wait_until(lambda: run.state == "finished", run.state_changed)
    return rate(began.result(), ended.result(), program.session.document)
