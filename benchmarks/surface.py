"""B10: how long a frame of the 3-D view takes while it is turned, and what a longer path costs beside a new surface."""

import time
from collections.abc import Iterator

import numpy as np

from benchmarks.event_loop import spin
from benchmarks.measure import Row, Target, measure_pairs
from playground.app import make_application
from playground.widgets.surface.samples import himmelblau, spiral
from playground.widgets.surface.surface_panel import SurfacePanel

SIDE = 520, 640  # pixels of the panel: a third of a window
FRAMES = 20
RACERS = 3
ROWS = 20_000
BLOCK = 100  # new rows between two frames


def space_view(rounds: int) -> Iterator[Row]:
    """B10, both halves."""
    panel = _shown()
    frames = tuple(_frame_ms(panel) for _ in range(rounds + 1))[1:]
    yield Row("B10", "ms a frame of the turning surface, on this machine's OpenGL", Target(25, at_least=False), frames)
    pairs = measure_pairs(lambda: _path_ms(panel), lambda: _surface_ms(panel), rounds)
    what = f"{RACERS} paths of {ROWS:,} rows grown by {BLOCK} / surface built anew"
    yield Row("B10", what, Target(0.1, at_least=False), pairs.ratios, pairs.behind("ms"))
    panel.close()


def _shown() -> SurfacePanel:
    """A panel with a surface and long paths, all drawn."""
    make_application()
    panel = SurfacePanel()
    panel.resize(*SIDE)
    panel.set_surface(himmelblau())
    panel.set_racers(tuple(f"racer {racer}" for racer in range(RACERS)))
    for racer in range(RACERS):
        panel.set_path(racer, spiral(racer, ROWS), np.zeros(ROWS))
    panel.show()
    while panel.view is None:
        spin(50)
    panel.image(1.0)
    return panel


def _frame_ms(panel: SurfacePanel) -> float:
    """Mean milliseconds from a turn of the camera to the picture on the widget."""
    view = panel.view
    assert view is not None
    began = time.perf_counter()
    for _ in range(FRAMES):
        view.orbit(2, 0)
        view.repaint()
    return 1000 * (time.perf_counter() - began) / FRAMES


def _path_ms(panel: SurfacePanel) -> float:
    """Mean milliseconds to bring the scene up to date after every racer made some steps."""
    view = panel.view
    assert view is not None
    paths = [spiral(racer, ROWS) for racer in range(RACERS)]
    panel.clear_paths()
    _grow(panel, paths, ROWS - FRAMES * BLOCK)
    view.refresh({"paths"})
    began = time.perf_counter()
    for frame in range(1, FRAMES + 1):
        _grow(panel, paths, ROWS - (FRAMES - frame) * BLOCK)
        view.refresh({"paths"})
    return 1000 * (time.perf_counter() - began) / FRAMES


def _grow(panel: SurfacePanel, paths: list[np.ndarray], rows: int) -> None:
    for racer, path in enumerate(paths):
        panel.set_path(racer, path[:rows], path[:rows, 0])


def _surface_ms(panel: SurfacePanel) -> float:
    """Milliseconds to bring the scene up to date after another function was chosen."""
    view = panel.view
    assert view is not None
    began = time.perf_counter()
    panel.set_surface(himmelblau())
    view.refresh({"function"})
    return 1000 * (time.perf_counter() - began)
