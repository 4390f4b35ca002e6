"""Notices of every tone below each other: `python -m playground.widgets.notice [dark] [open]`."""

import sys

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from playground.widgets.common.theme import GRID, theme
from playground.widgets.notice.notice import Message, Notice

MESSAGES = (
    Message("The experiment was saved as lenet.playground.", "good"),
    Message("PyTorch is being loaded; training can start in a moment.", "info"),
    Message("lenet.playground is damaged; the one before it was opened.", "warning", "", (("show", "Show folder"),)),
    Message(
        "The loss became nan at step 118: layers[2] (Linear) was the first that was not finite (gradient). "
        "Try a smaller learning rate; the state before that step is kept.",
        "bad",
        "Traceback (most recent call last):\n  ...",
        (("retry", "Try 0.001"),),
    ),
)


def main(words: list[str]) -> int:
    """Show the notices until their window is closed."""
    application = QApplication(sys.argv[:1])
    theme.install(application)
    theme.choose("dark" if "dark" in words else "light")
    window = QWidget()
    column = QVBoxLayout(window)
    column.setSpacing(GRID)
    for each in MESSAGES:
        notice = Notice()
        column.addWidget(notice)
        notice.show_message("Something else happened before.")
        notice.show_message(each.sentence, each.tone, each.details, each.actions)
        if each.details and "open" in words:
            notice.details_button.click()
    column.addStretch(1)
    window.resize(900, 440)
    window.show()
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
