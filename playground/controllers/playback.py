"""The cursor over the race's history: it stays at the end while the race grows, or where the user put it."""

from PySide6.QtCore import QObject, Signal, Slot

from playground.live_race import LiveRace
from playground.widgets.descent.playback_panel import PlaybackPanel


class PlaybackController(QObject):
    """Joins race and playback panel.

    Signals
    -------
    moved(int) : this step is shown now.
    """

    moved = Signal(int)

    def __init__(self, race: LiveRace, panel: PlaybackPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._race = race
        self._panel = panel
        self._follows = True
        self._wanted = 0
        panel.step_changed.connect(self._take)
        panel.playing_changed.connect(self._take_playing)
        race.restarted.connect(self._begin)
        race.grown.connect(self._grow)
        race.finished.connect(self._finish)

    @property
    def step(self) -> int:
        """The step shown."""
        return self._panel.step

    @Slot(int)
    def seek(self, step: int) -> None:
        """Show this step, as a click into a plot asks."""
        self._panel.pause()
        self._panel.set_step(step)
        self._take(self._panel.step)

    @Slot()
    def tell_again(self) -> None:
        """Have the step shown once more."""
        self.moved.emit(self._panel.step)

    @Slot()
    def _begin(self) -> None:
        self._panel.set_computed(0)
        self._panel.set_total(self._race.spec.steps if self._race.spec else 0)

    @Slot()
    def _grow(self) -> None:
        self._panel.set_computed(self._race.computed)
        wanted = self._race.computed if self._follows else min(self._wanted, self._race.computed)
        if not self._is_playing:
            self._panel.set_step(wanted)
        self.moved.emit(self._panel.step)

    @Slot()
    def _finish(self) -> None:
        """Where every racer left the finite numbers, there is nothing more to wait for."""
        self._panel.set_total(self._race.computed)

    @Slot(int)
    def _take(self, step: int) -> None:
        self._wanted = step
        self._follows = not self._is_playing and step >= self._race.computed
        self.moved.emit(step)

    _is_playing = False

    @Slot(bool)
    def _take_playing(self, playing: bool) -> None:
        self._is_playing = playing
        self._take(self._panel.step)
