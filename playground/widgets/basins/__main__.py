"""The panel alone, with a made-up picture: `python -m playground.widgets.basins [SIDE] [--dark] [--empty]`."""

import sys

import numpy as np
from PySide6.QtWidgets import QApplication

from playground.widgets.basins.panel import BasinsPanel
from playground.widgets.basins.values import DIVERGED, NOT_ARRIVED, BasinsValues
from playground.widgets.common.arguments import Argument
from playground.widgets.common.choices import Choice
from playground.widgets.common.theme import theme

_MINIMA = ((3.0, 2.0, ""), (-2.8051, 3.1313, ""), (-3.7793, -3.2832, ""), (3.5844, -1.8481, ""))
_RATE = Argument("lr", ("float",), 0.001, doc="learning rate")
_CHOICES = (
    Choice("Adam", (_RATE, Argument("betas", ("floats", "pair"), (0.9, 0.999)), Argument("amsgrad", ("bool",), False))),
    Choice("LBFGS", (_RATE,), refused="LBFGS cannot show basins: its line search looks at all starts at once."),
    Choice("SGD", (_RATE, Argument("momentum", ("float",), 0.0), Argument("nesterov", ("bool",), False))),
)


def main() -> int:
    """Show which minimum of Himmelblau's function is nearest to each start, as if that were where it goes."""
    application = QApplication(sys.argv)
    theme.install(application)
    theme.choose("dark" if "--dark" in sys.argv else "light")
    panel = BasinsPanel()
    panel.set_choices(_CHOICES)
    panel.show_values({"name": "SGD", "args": {"lr": 0.01, "momentum": 0.9}}, 256, 500)
    if "--empty" not in sys.argv:
        side = next((int(word) for word in sys.argv if word.isdigit()), 256)
        panel.set_picture(_nearest(side))
        panel.set_start(-0.6, 0.4)
    panel.set_running("--running" in sys.argv)
    panel.start_chosen.connect(panel.set_start)
    if "--problem" in sys.argv:
        panel.show_message("LBFGS cannot show basins: its line search looks at all starts at once.")
    if "--open" in sys.argv:
        panel.form.fold.open()
    panel.resize(*((340, 400) if "--small" in sys.argv else (340, 600)))
    panel.show()
    return application.exec()


def _nearest(side: int) -> BasinsValues:
    middles = -6 + 12 * (np.arange(side) + 0.5) / side
    x, y = np.meshgrid(middles, middles)
    distances = np.stack([np.hypot(x - a + np.sin(2 * y), y - b + np.cos(x)) for a, b, _ in _MINIMA])
    labels = distances.argmin(0).astype(np.int16)
    steps = (20 * (1 + distances.min(0)) ** 2).astype(np.int32)
    labels[(np.abs(x) > 5.2) & (y > 4.5)] = DIVERGED
    labels[np.hypot(x - 0.3, y + 0.9) < 0.6] = NOT_ARRIVED
    shares = tuple(float((labels == i).mean()) for i in range(len(_MINIMA)))
    sentence = f"SGD, rate 0.01: which minimum each of {side**2:,} starts reaches"
    return BasinsValues((-6, 6, -6, 6), labels, steps, _MINIMA, shares, 500, 1.1, True, sentence)


if __name__ == "__main__":
    sys.exit(main())
