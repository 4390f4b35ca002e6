"""Both panels, filled as a race fills them."""

import numpy as np
import pytest

from playground.widgets.common.theme import theme
from playground.widgets.surface.contour_panel import ContourPanel
from playground.widgets.surface.samples import himmelblau, spiral
from playground.widgets.surface.surface_panel import SurfacePanel

ROWS = 300


@pytest.fixture(autouse=True)
def light(qapp):
    """The light theme, before and after."""
    theme.install(qapp)
    theme.choose("light")
    yield
    theme.choose("light")


@pytest.fixture
def contours(qtbot):
    """The contours with Himmelblau, three paths and a start, drawn."""
    return filled(qtbot, ContourPanel())


@pytest.fixture
def surface(qtbot):
    """The surface with the same."""
    panel = filled(qtbot, SurfacePanel())
    qtbot.waitUntil(lambda: panel.view is not None and not panel._stale, timeout=20_000)
    return panel


def filled(qtbot, panel, racers=3):
    qtbot.addWidget(panel)
    panel.resize(560, 560)
    panel.set_surface(himmelblau())
    panel.set_racers(tuple(f"racer {k}" for k in range(racers)))
    for racer in range(racers):
        path = spiral(racer, ROWS)
        panel.set_path(racer, path, np.zeros(ROWS))
    panel.set_start(-0.6, 0.4)
    with qtbot.waitExposed(panel):
        panel.show()
    qtbot.waitUntil(lambda: not panel._stale)
    return panel
