"""The panel alone: `python -m playground.widgets.operations [SAMPLE] [lit] [message] [dark] [narrow]`."""

import sys

from PySide6.QtWidgets import QApplication

from playground.widgets.common.theme import theme
from playground.widgets.operations.links import Place
from playground.widgets.operations.panel import OperationsPanel
from playground.widgets.operations.samples import CATALOGUE, SAMPLES


def main(words: list[str]) -> int:
    """Show the panel until it is closed."""
    application = QApplication(sys.argv[:1])
    theme.install(application)
    theme.choose("dark" if "dark" in words else "light")
    panel = OperationsPanel()
    panel.set_catalogue(CATALOGUE)
    panel.resize(*((400, 640) if "narrow" in words else (900, 560)))
    panel.show()
    for word in words:
        if word in SAMPLES:
            panel.set_picture(SAMPLES[word]())
            values = SAMPLES[word]()
            panel.catalogue.choose(values.entry)
            if "lit" in words:
                panel.page.picture.canvas.keep(Place(len(values.operands), 1))
    if "message" in words:
        panel.show_message("The console is busy; the picture comes when it is done.")
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
