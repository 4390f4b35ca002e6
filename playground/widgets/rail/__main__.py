"""The rail on its own: `python -m playground.widgets.rail [dark]`."""

import sys

from PySide6.QtWidgets import QApplication

from playground.widgets.common.theme import theme
from playground.widgets.rail.rail import Rail

ENTRIES = (
    ("train", "Train", "chart-line"),
    ("descent", "Descent", "image-filter-hdr"),
    ("tensors", "Tensors", "matrix"),
    ("digits", "Digits", "draw"),
)


def main(words: list[str]) -> int:
    """Show the rail until it is closed."""
    application = QApplication(sys.argv[:1])
    theme.install(application)
    theme.choose("dark" if "dark" in words else "light")
    rail = Rail(ENTRIES)
    rail.set_current("train")
    rail.resize(rail.width(), 600)
    rail.show()
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
