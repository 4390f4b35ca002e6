"""The panel on its own, with made-up values: `python -m playground.widgets.devices [dark] [one|running|empty]`."""

import sys

from PySide6.QtWidgets import QApplication

from playground.widgets.common.theme import theme
from playground.widgets.devices.devices import DevicesPanel

PRODUCT = "Matrix product, 2,048 by 2,048"
STEP = "Training step, MLP 784-256-64-10, batch 512"
BOTH = (
    ("cpu", PRODUCT, 182.4, 94.2),
    ("cuda:0", PRODUCT, 0.412, 41_700.0),
    ("cpu", STEP, 3.81, None),
    ("cuda:0", STEP, 0.62, None),
)


def main(words: list[str]) -> int:
    """Show the panel until it is closed."""
    application = QApplication(sys.argv[:1])
    theme.install(application)
    theme.choose("dark" if "dark" in words else "light")
    panel = DevicesPanel()
    if "empty" not in words:
        panel.set_measurements([each for each in BOTH if each[0] == "cpu" or "one" not in words])
    panel.set_running("running" in words)
    panel.resize(440, 260)
    panel.show()
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
