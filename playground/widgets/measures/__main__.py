"""The panel alone, with made-up descents: `python -m playground.widgets.measures [--empty] [--dark] [--table]`."""

import sys

import numpy as np
from PySide6.QtWidgets import QApplication

from playground.widgets.common.theme import theme
from playground.widgets.measures.panel import MeasuresPanel

_NAMES = ("Adam lr 0.1", "SGD lr 0.01", "SGD 0.9 lr 0.002", "SGD lr 0.05")


def main() -> int:
    """Show three racers that arrive and one that flies away."""
    application = QApplication(sys.argv)
    theme.install(application)
    theme.choose("dark" if "--dark" in sys.argv else "light")
    panel = MeasuresPanel()
    if "--empty" not in sys.argv:
        _fill(panel)
    if "--table" in sys.argv:
        panel.fold.open()
    panel.step_chosen.connect(panel.set_step)
    panel.resize(*((620, 420) if "--wide" in sys.argv else (340, 400)))
    panel.show()
    return application.exec()


def _fill(panel: MeasuresPanel) -> None:
    steps = np.arange(301)
    waves = 1 + 0.9 * np.sin(steps / 4)
    descents = (
        150 * np.exp(-steps / 15) * waves,
        150 * np.exp(-steps / 1.5) + 1e-8,
        150 * np.exp(-steps / 20) * (1 + 0.95 * np.cos(steps / 3)),
        150 * 3.0 ** steps[:70],
    )
    panel.set_racers(_NAMES)
    for racer, values in enumerate(descents):
        norms = np.sqrt(values) * 8
        panel.set_columns(racer, {"value": values, "gradient_norm": norms, "distance": norms / 50})
    panel.set_step(85)


if __name__ == "__main__":
    sys.exit(main())
