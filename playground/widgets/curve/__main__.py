"""The panel alone, with curves drawn by numpy: `python -m playground.widgets.curve [NAME] [--dark] [--problem]`."""

import sys
from collections.abc import Callable

import numpy as np
from PySide6.QtWidgets import QApplication

from playground.widgets.common.theme import theme
from playground.widgets.curve.panel import CurvePanel
from playground.widgets.curve.values import CurveChoice, CurveValues, Floats

_FUNCTIONS: dict[str, tuple[str, Callable[[Floats], Floats]]] = {
    "sigmoid": ("1 / (1 + exp(-x))", lambda x: 1 / (1 + np.exp(-x))),
    "tanh": ("tanh(x)", np.tanh),
    "relu": ("max(0, x)", lambda x: np.maximum(x, 0)),
    "mse": ("(x - 1)²", lambda x: (x - 1) ** 2),
    "pole": ("1 / x", lambda x: 1 / x),
}
_CHOICES = (
    CurveChoice("activation", "sigmoid", "Sigmoid", "Activations"),
    CurveChoice("activation", "tanh", "Tanh", "Activations"),
    CurveChoice("activation", "relu", "ReLU", "Activations"),
    CurveChoice("loss", "mse", "Mean squared error", "Losses"),
    CurveChoice("loss", "cross_entropy", "Cross entropy", "Losses"),
    CurveChoice("formula", "", "Your own formula", "Formula"),
)


def main() -> int:
    """Show a curve whose slope is taken by differences."""
    application = QApplication(sys.argv)
    theme.install(application)
    theme.choose("dark" if "--dark" in sys.argv else "light")
    name = next((word for word in sys.argv[1:] if word in _FUNCTIONS), "sigmoid")
    panel = CurvePanel()
    panel.set_choices(_CHOICES)
    if name == "mse":
        panel.show_values({"kind": "loss", "name": "mse", "target": 1.0})
    elif name == "pole" or "--problem" in sys.argv:
        panel.show_values({"kind": "formula", "text": "1 / x"})
    panel.set_curve(_curve(name))
    if "--problem" in sys.argv:
        panel.set_problem("The formula 1 / y cannot be used: there is no y here; use x.")
    panel.edited.connect(print)
    panel.resize(*((300, 360) if "--small" in sys.argv else (340, 460)))
    panel.show()
    return application.exec()


def _curve(name: str) -> CurveValues:
    formula, function = _FUNCTIONS[name]
    x = np.linspace(-6, 6, 1000)
    value = function(x)
    slope = np.gradient(value, x)
    return CurveValues(name, f"f(x) = {formula}", x, value, slope, np.abs(slope) < 0.02)


if __name__ == "__main__":
    sys.exit(main())
