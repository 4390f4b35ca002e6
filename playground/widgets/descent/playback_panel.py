"""The panel that goes through a race: step by step, at a chosen speed, or to any place of its history."""

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QWidget

from playground.widgets.common.fields import ChoiceField
from playground.widgets.common.icon_button import IconButton
from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.descent.history_slider import HistorySlider
from playground.widgets.descent.playback_clock import ALL_IN_A_SECOND, PlaybackClock
from playground.widgets.descent.transport import Transport

SPEEDS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 200.0, 1000.0)  # steps/s
NARROWEST = 37 * GRID  # pixels of width
_ROOMY = 62 * GRID  # pixels of width from which all controls stand in one row


class PlaybackPanel(Panel):
    """Buttons, speed and history of one cursor, which it moves itself.

    Signals
    -------
    step_changed : the cursor moved, by the user or by the time; `set_step` does not report.
    playing_changed : it began to play or came to rest.
    """

    step_changed = Signal(int)
    playing_changed = Signal(bool)

    def __init__(self, now: Callable[[], float] = perf_counter, parent: QWidget | None = None) -> None:
        """`now` gives the time in seconds."""
        super().__init__(self.tr("Playback"), "playback", parent=parent)
        self.clock = PlaybackClock(now, self)
        self.transport = Transport()
        self.slider = HistorySlider()
        self.speed = ChoiceField()
        self.loop = IconButton(
            "playback_loop", "repeat", self.tr("Loop: begin again after the last step."), self.tr("Loop")
        )
        self.line = QLabel()
        self._is_roomy = False
        self._first, self._last = QHBoxLayout(), QHBoxLayout()
        self._set_up()
        self._fill()
        self._connect()
        self._refresh()

    @property
    def step(self) -> int:
        """Where the cursor is."""
        return self.clock.step

    @Slot(int)
    def set_total(self, total: int) -> None:
        """How many steps the race makes; a cursor beyond moves to the end and reports it."""
        self.clock.set_total(total)
        self.slider.setRange(0, self.clock.total)
        self.slider.setPageStep(max(1, self.clock.total // 10))
        self._refresh()

    @Slot(int)
    def set_computed(self, computed: int) -> None:
        """How many of them are there; cheap. Playback waits for the next one where it has none."""
        self.clock.set_computed(computed)
        self._refresh()

    @Slot(int)
    def set_step(self, step: int) -> None:
        """Put the cursor somewhere without reporting it."""
        self.clock.set_step(step)
        self._refresh()

    @Slot()
    def play(self) -> None:
        """Play on from here; from the start, if this is the end."""
        self.clock.play()

    @Slot()
    def pause(self) -> None:
        """Stay at this step."""
        self.clock.pause()

    @Slot()
    def toggle(self) -> None:
        """Play or pause."""
        if self.clock.is_playing:
            self.pause()
        else:
            self.play()

    @Slot()
    def go_to_start(self) -> None:
        """Show the start."""
        self.clock.seek(0)

    @Slot()
    def go_back(self) -> None:
        """Pause, one step back."""
        self.pause()
        self.clock.seek(self.step - 1)

    @Slot()
    def go_forward(self) -> None:
        """Pause, one step on."""
        self.pause()
        self.clock.seek(self.step + 1)

    @Slot()
    def go_to_end(self) -> None:
        """Show the last step there is."""
        self.clock.seek(self.clock.computed)

    def _set_up(self) -> None:
        speeds = [(speed, self.tr("{speed} steps/s").format(speed=f"{speed:,.0f}"), "") for speed in SPEEDS]
        tip = self.tr("The whole history in a second, or as fast as its steps are computed.")
        self.speed.set_choices([*speeds, (ALL_IN_A_SECOND, self.tr("As fast as it goes"), tip)])
        self.speed.set_value(10.0)
        self.speed.setObjectName("playback_speed")
        self.speed.setAccessibleName(self.tr("Speed"))
        self.speed.setToolTip(self.tr("How many steps a second are played."))
        self.speed.setFixedWidth(17 * GRID)
        self.loop.setCheckable(True)
        self.slider.setObjectName("playback_history")
        self.slider.setAccessibleName(self.tr("Step shown"))
        self.slider.setToolTip(self.tr("The steps of the race; those already computed have a stronger line."))
        self.line.setObjectName("playback_line")
        self.line.setProperty("muted", True)
        self.line.setFont(tabular(self.line.font()))

    def _fill(self) -> None:
        self._first.setSpacing(GRID // 2)
        self._last.setSpacing(GRID // 2)
        self._first.addWidget(self.transport)
        self._first.addStretch(1)
        self._last.addStretch(1)
        self.header.addWidget(self.line)
        self._place_speed()
        self.body.addLayout(self._first)
        self.body.addWidget(self.slider)
        self.body.addLayout(self._last)
        self.body.addStretch(1)
        self.setFocusProxy(self.slider)
        # Else the wide arrangement could never be made narrow again.
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)

    def _connect(self) -> None:
        self.transport.start_requested.connect(self.go_to_start)
        self.transport.back_requested.connect(self.go_back)
        self.transport.play_toggled.connect(self.toggle)
        self.transport.forward_requested.connect(self.go_forward)
        self.transport.end_requested.connect(self.go_to_end)
        self.slider.moved.connect(self._seek)
        self.speed.edited.connect(self._take_speed)
        self.loop.toggled.connect(self._take_loop)
        self.clock.step_changed.connect(self._report_step)
        self.clock.playing_changed.connect(self._report_playing)
        keys = Qt.Key
        for key, slot in (
            (keys.Key_Left, self.go_back),
            (keys.Key_Right, self.go_forward),
            (keys.Key_Home, self.go_to_start),
            (keys.Key_End, self.go_to_end),
        ):
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _place_speed(self) -> None:
        row = self._first if self._is_roomy else self._last
        row.addWidget(self.speed)  # Qt takes it out of the other row
        row.addWidget(self.loop)
        self.transport.set_roomy(self._is_roomy)

    @Slot(int)
    def _seek(self, step: int) -> None:
        self.clock.seek(step)
        self._refresh()

    @Slot(object)
    def _take_speed(self, steps_per_s: float) -> None:
        self.clock.set_speed(steps_per_s)

    @Slot(bool)
    def _take_loop(self, on: bool) -> None:
        self.clock.loops = on

    @Slot(int)
    def _report_step(self, step: int) -> None:
        self._refresh()
        self.step_changed.emit(step)

    @Slot(bool)
    def _report_playing(self, playing: bool) -> None:
        self.transport.set_playing(playing)
        self.playing_changed.emit(playing)

    def _refresh(self) -> None:
        clock = self.clock
        self.transport.offer(clock.step, clock.computed, clock.total)
        self.slider.setEnabled(clock.total > 0)
        self.slider.set_computed(clock.computed)
        self.slider.set_step(clock.step)
        self.line.setText(self._line_text())

    def _line_text(self) -> str:
        clock = self.clock
        if clock.total == 0:
            return self.tr("no race yet")
        text = self.tr("step {step} of {total}").format(step=f"{clock.step:,}", total=f"{clock.total:,}")
        if self._is_roomy and clock.computed < clock.total:
            text += " · " + self.tr("{count} computed").format(count=f"{clock.computed:,}")
        return text

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, super().minimumSizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.toggle()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        roomy = self.width() >= _ROOMY
        if roomy != self._is_roomy:
            self._is_roomy = roomy
            self._place_speed()
            self._refresh()
