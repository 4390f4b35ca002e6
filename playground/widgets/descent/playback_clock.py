"""The cursor of a recorded race, and the clock that moves it: steps follow the time gone by, not the ticks."""

from collections.abc import Callable
from math import floor
from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

TICK = 16  # ms between two looks at the time
REST = 0.5  # s that the last step is shown before a loop begins again
ALL_IN_A_SECOND = 0.0  # the speed that plays the whole history in a second, however long it is
FASTEST = 1000.0  # steps/s; a short history is not slowed down by `ALL_IN_A_SECOND`


class PlaybackClock(QObject):
    """Goes through the steps 0 to `total`, of which those up to `computed` are there.

    Where the next step is not computed yet it waits; what is computed later is then not skipped.

    Signals
    -------
    step_changed : the clock or the user moved the cursor; `set_step` does not report.
    playing_changed : it began to play or came to rest.
    """

    step_changed = Signal(int)
    playing_changed = Signal(bool)

    def __init__(self, now: Callable[[], float] = perf_counter, parent: QObject | None = None) -> None:
        """`now` gives the time in seconds."""
        super().__init__(parent)
        self.step = self.total = self.computed = 0
        self.loops = False
        self._now = now
        self._speed = 10.0
        self._begun = (0.0, 0)  # when and at which step the present stretch of even speed began
        self._timer = QTimer(self, interval=TICK)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)

    @property
    def is_playing(self) -> bool:
        """Whether it plays, or waits for steps to play."""
        return self._timer.isActive()

    @property
    def is_waiting(self) -> bool:
        """Whether it would go on if the next step were there."""
        return self.is_playing and self.computed <= self.step < self.total

    def set_total(self, total: int) -> None:
        """How many steps the race makes; a cursor beyond goes to the end."""
        self.total = max(0, total)
        self.computed = min(self.computed, self.total)
        if self.step > self.total:
            self._go(self.total)
        self._begin()

    def set_computed(self, computed: int) -> None:
        """How many steps are there; the cursor stays where it is even if its step is computed anew."""
        self.computed = min(max(0, computed), self.total)

    def set_step(self, step: int) -> None:
        """Put the cursor somewhere without reporting it."""
        self.step = min(max(0, step), self.total)
        self._begin()

    def set_speed(self, steps_per_s: float) -> None:
        """Play at this speed from here on."""
        self._speed = steps_per_s
        self._begin()

    def seek(self, step: int) -> None:
        """Move the cursor, as far as there are steps."""
        self._go(max(0, min(step, self.computed)))
        self._begin()

    @Slot()
    def play(self) -> None:
        """Play on; from the start, if this is the end."""
        if self.is_playing or self.total == 0:
            return
        if self.step >= self.total:
            self._go(0)
        self._begin()
        self._timer.start()
        self.playing_changed.emit(True)

    @Slot()
    def pause(self) -> None:
        """Stay at this step."""
        if self.is_playing:
            self._timer.stop()
            self.playing_changed.emit(False)

    @Slot()
    def tick(self) -> None:
        """Go to the step that is due now."""
        since, first = self._begun
        gone = self._now() - since
        if self.step >= self.total:
            self._end(gone)
            return
        due = first + floor(gone * self._steps_per_s() + 1e-9)
        if due > self.computed or due >= self.total:
            self._go(max(self.step, min(due, self.computed)))
            self._begin()
        else:
            self._go(due)

    def _end(self, rested: float) -> None:
        if not self.loops or self.total == 0:
            self.pause()
        elif rested >= REST:
            self._go(0)
            self._begin()

    def _steps_per_s(self) -> float:
        return max(FASTEST, float(self.total)) if self._speed == ALL_IN_A_SECOND else self._speed

    def _begin(self) -> None:
        self._begun = (self._now(), self.step)

    def _go(self, step: int) -> None:
        if step != self.step:
            self.step = step
            self.step_changed.emit(step)
