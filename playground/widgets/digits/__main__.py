"""The panel alone; a made-up rule answers: `python -m playground.widgets.digits [--empty] [--dark] [--wide]`."""

import sys

import numpy as np
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from playground.widgets.common.theme import theme
from playground.widgets.digits.panel import DigitPanel


def _answer(panel: DigitPanel, ink: np.ndarray) -> None:
    """Show made-up probabilities: they only depend on where the ink is."""
    if not ink.any():
        return
    panel.show_input(ink.reshape(28, 10, 28, 10).mean((1, 3)))
    scores = 30 * ink.reshape(10, 28, 280).mean((1, 2))
    probabilities = np.exp(scores) / np.exp(scores).sum()
    panel.show_prediction(probabilities, str(int(np.argmax(probabilities))), 0.6)


def _draw(panel: DigitPanel) -> None:
    """Draw a three with mouse events."""
    canvas, square = panel.canvas, panel.canvas.square()
    angles = np.linspace(-2.4, 1.5, 15), np.linspace(-1.4, 2.5, 15)
    places = [(0.48 + 0.17 * np.cos(a), 0.34 + 0.15 * np.sin(a)) for a in angles[0]]
    places += [(0.48 + 0.19 * np.cos(a), 0.66 + 0.17 * np.sin(a)) for a in angles[1]]
    kinds = [QMouseEvent.Type.MouseButtonPress, *[QMouseEvent.Type.MouseMove] * len(places)]
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, (x, y) in zip(kinds, places, strict=False):
        at = square.topLeft() + QPointF(x * square.width(), y * square.height())
        QApplication.sendEvent(
            canvas, QMouseEvent(kind, at, canvas.mapToGlobal(at), left, left, Qt.KeyboardModifier(0))
        )
    kind = QMouseEvent.Type.MouseButtonRelease
    QApplication.sendEvent(canvas, QMouseEvent(kind, at, canvas.mapToGlobal(at), left, none, Qt.KeyboardModifier(0)))


def main() -> int:
    """Show the panel, with a digit drawn unless `--empty`."""
    application = QApplication(sys.argv)
    theme.install(application)
    if "--dark" in sys.argv:
        theme.choose("dark")
    panel = DigitPanel()
    panel.set_models([("training", "in training: lenet5"), ("shipped", "digit-cnn, shipped")])
    panel.ink_changed.connect(lambda ink: _answer(panel, ink))
    panel.resize(*((900, 560) if "--wide" in sys.argv else (300, 540)))
    panel.show()
    if "--empty" not in sys.argv:
        QTimer.singleShot(500, lambda: _draw(panel))
    return application.exec()


sys.exit(main())
