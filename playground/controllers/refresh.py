"""Following what happens often: a panel is brought up to date a moment later, once, and only while it is seen."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

DELAY_MS = 30  # the console has its next prompt by then


class Refresh(QObject):
    """Brings one panel up to date: of many requests the last one counts, and a hidden panel catches up when it is seen.

    Parameters
    ----------
    panel : QWidget
        What shows it. A panel behind another tab is not seen.
    follow : callable
        Brings it up to date; called in the window's thread.
    """

    def __init__(self, panel: QWidget, follow: Callable[[], None]) -> None:
        super().__init__(panel)  # so that it goes with it
        self._panel = panel
        self._follow = follow
        self._is_due = False
        self.timer = QTimer(self, singleShot=True, interval=DELAY_MS)
        self.timer.timeout.connect(self._catch_up)
        panel.installEventFilter(self)

    @Slot()
    def ask(self) -> None:
        """What the panel shows may be out of date."""
        self._is_due = True
        if not self.timer.isActive():
            self.timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A panel whose tab is raised is painted, though it was never hidden."""
        if self._is_due and event.type() == QEvent.Type.Paint and not self.timer.isActive():
            self.timer.start()
        return super().eventFilter(watched, event)

    @Slot()
    def _catch_up(self) -> None:
        if self._is_due and not self._panel.visibleRegion().isEmpty():
            self._is_due = False
            self._follow()
