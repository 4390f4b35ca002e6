"""The window on its own, with this file as the program: `python -m playground.widgets.code [dark]`."""

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from playground.widgets.code.code_view import CodeView
from playground.widgets.common.theme import theme


def main(words: list[str]) -> int:
    """Show the window until it is closed."""
    application = QApplication(sys.argv[:1])
    theme.install(application)
    theme.choose("dark" if "dark" in words else "light")
    view = CodeView()
    view.set_code("The plain PyTorch program", Path(__file__).read_text(encoding="utf-8"))
    view.resize(640, 560)
    if "find" in words:
        view.show()
        view.show_find()
        view.find_field.setText("theme")
    view.show()
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
