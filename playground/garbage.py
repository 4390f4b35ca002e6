"""Cyclic garbage is collected in the window's thread only.

Python collects cycles in whichever thread happens to allocate. A QObject in such a cycle would then be destroyed on a
worker's thread, which Qt does not survive.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 1_000


@contextmanager
def collected_here() -> Iterator[None]:
    """Collect in this thread, in which Qt's events are handled, until the block ends."""
    was_enabled = gc.isenabled()
    gc.disable()
    collector = GarbageCollector()
    try:
        yield
    finally:
        collector.stop()
        if was_enabled:
            gc.enable()


class GarbageCollector(QObject):
    """Looks once a second whether Python's own thresholds are passed, and collects then."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """Collect the oldest generation that is due; what younger ones hold goes with it."""
        due = [count > threshold for count, threshold in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        for generation in (2, 1, 0):
            if due[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()
