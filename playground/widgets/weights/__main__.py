"""The report alone: `python -m playground.widgets.weights [dark] [small] [names]`."""

import sys

from PySide6.QtWidgets import QApplication

from playground.widgets.common.theme import theme
from playground.widgets.weights.examples import another_head, other_names
from playground.widgets.weights.report import WeightsDialog


def main(words: list[str]) -> int:
    """Show the report until it is closed."""
    application = QApplication(sys.argv[:1])
    theme.install(application)
    theme.choose("dark" if "dark" in words else "light")
    dialog = WeightsDialog()
    if "small" in words:
        dialog.resize(380, 320)
    dialog.show_report(other_names() if "names" in words else another_head())
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
