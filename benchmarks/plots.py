"""B9: how many points a plot takes in a second, and whether a redraw costs more where there are more of them."""

import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks.event_loop import spin
from benchmarks.measure import Row, Target, measure_pairs
from playground.app import make_application
from playground.widgets.plots.panel import LossPlot

FRAMES = 30
BLOCK = 50_000  # points between two frames
FEW, MANY = 10_000, 1_000_000


def live_plot(rounds: int) -> Iterator[Row]:
    """B9, both halves."""
    make_application()
    taken = tuple(_points_a_second() for _ in range(rounds + 1))[1:]
    what = f"points a plot takes in a second, drawn every {BLOCK:,}"
    yield Row("B9", what, Target(1e6, at_least=True), taken)
    few, many = _shown(FEW), _shown(MANY)
    pairs = measure_pairs(lambda: _frame_ms(many), lambda: _frame_ms(few), 2 * rounds)
    what = f"redraw at {MANY:,} points / at {FEW:,}"
    yield Row("B9", what, Target(1.5, at_least=False), pairs.ratios, pairs.behind("ms"))
    for panel in (few, many):
        panel.close()


def _shown(points: int) -> LossPlot:
    """A panel of a run under way that has so many points."""
    panel = LossPlot()
    panel.resize(1000, 400)
    panel.set_live(True)
    panel.append_steps(0, _losses(0, points))
    panel.show()
    spin(100)
    return panel


def _points_a_second() -> float:
    panel = _shown(1)
    blocks = [_losses(1 + frame * BLOCK, BLOCK) for frame in range(FRAMES)]
    began = time.perf_counter()
    for frame, losses in enumerate(blocks):
        panel.append_steps(1 + frame * BLOCK, losses)
        _draw(panel)
    seconds = time.perf_counter() - began
    panel.close()
    return FRAMES * BLOCK / seconds


def _frame_ms(panel: LossPlot) -> float:
    """Mean milliseconds of a frame in which one point is new."""
    first = len(panel.table()[0].values)
    began = time.perf_counter()
    for step in range(first, first + FRAMES):
        panel.append_steps(step, _losses(step, 1))
        _draw(panel)
    return 1000 * (time.perf_counter() - began) / FRAMES


def _draw(panel: LossPlot) -> None:
    panel.view.redraw()
    panel.view.viewport().repaint()


def _losses(first: int, count: int) -> NDArray[np.float64]:
    """A falling, noisy loss."""
    noise = np.random.default_rng(first).normal(0, 0.02, count)
    losses: NDArray[np.float64] = 0.05 + 1 / np.sqrt(np.arange(first, first + count) + 1.0) + np.abs(noise)
    return losses
