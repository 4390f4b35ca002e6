"""The four panels on their own, with made-up values.

`python -m playground.widgets.descent [dark] [empty] [wrong] [narrow] [rosenbrock|bowl|formula|regression]`
"""

import sys

from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from playground.widgets.common.theme import GRID, theme
from playground.widgets.descent import examples
from playground.widgets.descent.function_panel import FunctionPanel
from playground.widgets.descent.playback_panel import NARROWEST, PlaybackPanel
from playground.widgets.descent.race_panel import RacePanel
from playground.widgets.descent.step_panel import StepPanel


def main(words: list[str]) -> int:
    """Show the panels until they are closed."""
    application = QApplication(sys.argv[:1])
    theme.install(application)
    theme.choose("dark" if "dark" in words else "light")
    function, race, playback, step = FunctionPanel(), RacePanel(), PlaybackPanel(), StepPanel()
    race.set_choices(examples.OPTIMIZERS, examples.SCHEDULES)
    function.set_functions(examples.FUNCTIONS)
    function.set_presets(examples.PRESETS)
    function.show_values(examples.values_of(words))
    if "empty" not in words:
        _fill(function, race, playback, step)
    if "wrong" in words:
        function.set_problem("function", "The formula x + z cannot be used: z is neither x nor y nor a function.")
        function.set_problem("start", "The start (9, 0) does not fit: it is outside the domain.")
        race.set_problem(2, "momentum", "SGD: momentum must not be negative.")
    window = _window(function, race, playback, step, NARROWEST if "narrow" in words else 340)
    window.show()
    return application.exec()


def _fill(function: FunctionPanel, race: RacePanel, playback: PlaybackPanel, step: StepPanel) -> None:
    function.set_lines(((1.4, 0.1), (1.0, 1.0)))
    race.set_racers(examples.RACERS)
    race.set_standings(examples.STANDINGS)
    race.set_start((-0.6, 0.4))
    race.set_selected(2)
    playback.set_total(160)
    playback.set_computed(120)
    playback.set_step(85)
    step.set_explanation("Adam, step 31", examples.LINES)
    step.set_curvature(*examples.CURVATURE)


def _window(function: FunctionPanel, race: RacePanel, playback: PlaybackPanel, step: StepPanel, width: int) -> QWidget:
    window = QWidget()
    row = QHBoxLayout(window)
    row.setSpacing(GRID)
    for panels in ((function, playback), (race,), (step,)):
        column = QVBoxLayout()
        for panel in panels:
            panel.setFixedWidth(width)
            column.addWidget(panel)
        row.addLayout(column)
    window.resize(3 * width + 6 * GRID, 620)
    return window


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
