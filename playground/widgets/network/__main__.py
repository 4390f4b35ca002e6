"""The panel on its own, with made-up values: `python -m playground.widgets.network [dark] [wrong|empty]`."""

import sys

from PySide6.QtWidgets import QApplication

from playground.widgets.common.theme import theme
from playground.widgets.network.panel import NetworkPanel
from playground.widgets.network.rows import NodeRow

PRESETS = (
    ("", "MNIST", ""),
    ("lenet5", "LeNet-5", "LeCun's network of 1998 on MNIST."),
    ("mnist-mlp", "MLP on MNIST", "784-256-64-10 with ReLU."),
    ("", "Points in the plane", ""),
    ("spiral-mlp", "Spirals", "A small net that winds around."),
)
LENET = (
    NodeRow("conv1", "Conv2d 1 → 6, 5 by 5, padding 2", "Conv2d", "6 x 28 x 28", 156, 156 / 61_706),
    NodeRow("relu1", "ReLU", "ReLU", "6 x 28 x 28"),
    NodeRow("pool1", "MaxPool2d 2", "MaxPool2d", "6 x 14 x 14"),
    NodeRow("conv2", "Conv2d 6 → 16, 5 by 5", "Conv2d", "16 x 10 x 10", 2_416, 2_416 / 61_706),
    NodeRow("flat", "Flatten", "Flatten", "400"),
    NodeRow("fc1", "Linear 400 → 120", "Linear", "120", 48_120, 48_120 / 61_706),
    NodeRow("fc2", "Linear 120 → 84", "Linear", "84", 10_164, 10_164 / 61_706),
    NodeRow("fc3", "Linear 84 → 10", "Linear", "10", 850, 850 / 61_706),
)
WRONG = NodeRow(
    "fc2",
    "Linear 100 → 84",
    "Linear",
    "",
    None,
    0,
    "layers[6] (Linear) does not take its input of shape 120: it wants 100.",
)


def main(words: list[str]) -> int:
    """Show the panel until it is closed."""
    application = QApplication(sys.argv[:1])
    theme.install(application)
    theme.choose("dark" if "dark" in words else "light")
    panel = NetworkPanel()
    panel.set_presets(PRESETS)
    if "empty" not in words:
        panel.set_current_preset("lenet5")
        wrong = "wrong" in words
        panel.set_rows((*LENET[:6], WRONG, *LENET[7:]) if wrong else LENET, "1 x 28 x 28")
        panel.set_summary("61,706 parameters · fits MNIST" if not wrong else "")
        panel.select_layer("fc1")
    panel.resize(400, 420)
    panel.show()
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
