"""The line about turns: what the console is at, once that takes long enough to be read."""

from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

SHOWN_AFTER_MS = 100
NATIVE_AFTER_MS = 500  # a cell of Python ends long before that when it is interrupted


class TurnStatus(QLabel):
    """Empty while nothing runs, and for the first tenth of a second of what does.

    Parameters
    ----------
    stop : QPushButton
        Interrupts; on while there is something to interrupt.
    """

    def __init__(self, stop: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("console_status")
        self.setProperty("muted", True)
        self.setMinimumWidth(1)  # a panel that is narrow stays so, and the line is cut off
        self._stop = stop
        self._status = "idle"
        self._is_native = False
        self.delay = QTimer(self, singleShot=True, interval=SHOWN_AFTER_MS)
        self.delay.timeout.connect(self._show)
        self.patience = QTimer(self, singleShot=True, interval=NATIVE_AFTER_MS)
        self.patience.timeout.connect(self._suspect_native)
        self._show()

    def set_status(self, content: dict[str, Any]) -> None:
        """Another status: "idle", "busy", "waiting" or "holding"."""
        self._status = content["status"]
        if self._status == "idle":
            self._is_native = False
            self.patience.stop()
            self.delay.stop()
            self._show()
        elif not self._is_native:
            self.delay.start()

    @Slot()
    def interrupted(self) -> None:
        """The cell was asked to end."""
        if self._status != "idle" and not self._is_native:
            self.patience.start()

    @Slot()
    def _suspect_native(self) -> None:
        """Between two lines of Python an interrupt comes through at once."""
        self._is_native = True
        self._show()

    @Slot()
    def _show(self) -> None:
        texts = {
            "idle": "",
            "waiting": self.tr("waiting for the step under way"),
            "holding": self.tr("training waits for the console"),
            "busy": self.tr("running"),
        }
        self.setText(self.tr("waiting for a native call") if self._is_native else texts[self._status])
        self.setToolTip(self.text())
        self._stop.setEnabled(self._status != "idle")
