"""Run as `python -m benchmarks.first_paint bare|playground`: opens a window and says when it is first painted."""

import json
import os
import sys

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget


class FirstPaint(QObject):
    """Prints one line when a part of a window, and so all of it, was painted, and ends the process."""

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        self._part = part
        part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """All parts of a window are painted before the event loop goes on."""
        if event.type() == QEvent.Type.Paint:
            self._part.removeEventFilter(self)
            self._torch = "torch" in sys.modules
            QTimer.singleShot(0, self._tell)
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        sys.stdout.write(json.dumps({"torch": self._torch}) + "\n")
        sys.stdout.flush()
        os._exit(0)


def bare() -> tuple[QMainWindow, QWidget]:
    """The least a program with a live plot can show."""
    import pyqtgraph as pg

    window = QMainWindow()
    plot = pg.PlotWidget()
    plot.plot(range(100), range(100))
    window.setCentralWidget(plot)
    window.resize(1600, 1000)
    return window, plot.viewport()  # which hides the window's own ground, so that only it is painted


def main(which: str) -> int:
    """Open one of the two windows."""
    if which == "bare":
        application = QApplication([])
        window, part = bare()
        FirstPaint(part)
        window.show()
    else:
        from playground.app import make_application
        from playground.program import Program

        application, program = make_application(), Program()
        FirstPaint(program.window)
        program.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
