"""The two plots alone, with a made-up run: `python -m playground.widgets.plots [--empty] [--dark] [--rest]`."""

import sys

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from playground.widgets.common.theme import theme
from playground.widgets.plots.panel import AccuracyPlot, LossPlot

_EPOCH = 235


def main() -> int:
    """Show made-up values growing 40 steps at a time."""
    application = QApplication(sys.argv)
    theme.install(application)
    if "--dark" in sys.argv:
        theme.choose("dark")
    window = QWidget()
    loss, accuracy = LossPlot(), AccuracyPlot()
    loss.link_x(accuracy)
    layout = QVBoxLayout(window)
    layout.addWidget(loss)
    layout.addWidget(accuracy)
    window.resize(700, 700)
    window.show()
    draws = np.random.default_rng(0)
    done = 0

    def feed(count: int = 40) -> None:
        nonlocal done
        steps = np.arange(done, done + count)
        mean = 2.3 * np.exp(-steps / 150) + 0.05
        loss.append_steps(done, mean * np.exp(draws.normal(0, 0.35, count)))
        accuracy.append_steps(done, np.clip(1 - mean / 2.5 + draws.normal(0, 0.01, count), 0, 1))
        done += count
        for step in range(-(-(done - count + 1) // _EPOCH) * _EPOCH, done + 1, _EPOCH):
            value = 2.0 * np.exp(-step / 150) + 0.06
            loss.append_point("validation", step, value)
            loss.append_point("test", step, value * 1.1)
            accuracy.append_point("validation", step, 1 - value / 2.5)

    timer = QTimer(interval=33)
    timer.timeout.connect(feed)
    if "--rest" in sys.argv:
        feed(1500)
    elif "--empty" not in sys.argv:
        loss.set_live(True)
        accuracy.set_live(True)
        timer.start()
    return application.exec()


sys.exit(main())
