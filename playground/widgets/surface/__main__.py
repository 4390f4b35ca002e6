"""Both views alone, with Himmelblau and made-up spirals: `python -m playground.widgets.surface [options]`.

Options: --dark, --holes (no values in places), --empty, --flat (a constant), --play, --basins, --no-opengl, --many.
"""

import sys

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from playground.widgets.common.theme import theme
from playground.widgets.surface import graphics
from playground.widgets.surface.contour_panel import ContourPanel
from playground.widgets.surface.samples import SAMPLE_ARROWS, basins, circle, himmelblau, spiral
from playground.widgets.surface.surface_panel import SurfacePanel

_STEPS = 300


def main() -> int:
    """Show the two panels side by side."""
    application = QApplication(sys.argv)
    theme.install(application)
    if "--dark" in sys.argv:
        theme.choose("dark")
    if "--no-opengl" in sys.argv:
        graphics.Graphics = _no_graphics  # type: ignore[misc, assignment]
    window = QWidget()
    panels = (SurfacePanel(), ContourPanel())
    row = QHBoxLayout(window)
    for panel in panels:
        row.addWidget(panel, 1)
        if "--empty" not in sys.argv:
            fill(panel)
    for panel in panels:
        for other in panels:
            panel.start_chosen.connect(other.set_start)
    window.resize(1100, 640)
    window.show()
    step = 0

    def advance() -> None:
        nonlocal step
        step = (step + 1) % _STEPS
        for panel in panels:
            panel.set_step(step)

    timer = QTimer(interval=16)
    timer.timeout.connect(advance)
    if "--play" in sys.argv:
        timer.start()
    return application.exec()


def fill(panel: SurfacePanel | ContourPanel) -> None:
    """Tell a panel everything it can be told."""
    function = himmelblau(holes="--holes" in sys.argv, flat="--flat" in sys.argv)
    panel.set_surface(function)
    racers = 12 if "--many" in sys.argv else 3
    panel.set_racers(("Adam", "SGD", "SGD 0.9", *(f"RMSprop {k}" for k in range(3, racers)))[:racers])
    for racer in range(racers):
        positions = spiral(racer, _STEPS)
        panel.set_path(racer, positions, np.zeros(len(positions)))
    panel.set_start(-0.6, 0.4)
    panel.set_arrows(SAMPLE_ARROWS)
    panel.set_ellipse(circle(2.0, 1.0, 0.8, 0.4))
    panel.set_step(120)
    if "--basins" in sys.argv:
        panel.set_basins(basins())


def _no_graphics() -> None:
    raise graphics.NoOpenGL("no OpenGL context can be created")


sys.exit(main())
