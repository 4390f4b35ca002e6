"""Playback: the cursor follows the time gone by, waits for what is not computed, and is moved by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame

from playground.widgets.descent.playback_clock import ALL_IN_A_SECOND, FASTEST, REST, PlaybackClock
from playground.widgets.descent.playback_panel import NARROWEST, SPEEDS, PlaybackPanel


class Clock:
    """A time that moves only when it is told to."""

    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def time():
    return Clock()


@pytest.fixture
def clock(qapp, time):  # noqa: ARG001 - its timer needs an application
    """160 steps, all computed, 10 steps a second."""
    clock = PlaybackClock(time)
    clock.set_total(160)
    clock.set_computed(160)
    yield clock
    clock.pause()


@pytest.fixture
def panel(qtbot, time):
    panel = PlaybackPanel(time)
    qtbot.addWidget(panel)
    panel.set_total(160)
    panel.set_computed(160)
    panel.set_step(85)
    panel.resize(340, 160)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.pause()


@pytest.fixture
def steps(panel):
    seen = []

    def remember(step):
        seen.append(step)

    panel.step_changed.connect(remember)
    return seen


def advance(clock, time, seconds, ticks=1):
    for _ in range(ticks):
        time.seconds += seconds / ticks
        clock.tick()


@pytest.mark.parametrize("ticks", [1, 7, 60, 1000])
def test_the_step_depends_on_the_time_gone_by_and_not_on_the_number_of_ticks(clock, time, ticks):
    clock.play()
    advance(clock, time, 12.35, ticks)
    assert clock.step == 123


@pytest.mark.usefixtures("qapp")
@given(gaps=st.lists(st.floats(0, 0.3), max_size=60), speed=st.sampled_from(SPEEDS))
def test_uneven_ticks_do_not_drift(gaps, speed):
    time = Clock()
    time.seconds = 0.0
    clock = PlaybackClock(time)
    clock.set_total(10**6)
    clock.set_computed(10**6)
    clock.set_speed(speed)
    clock.play()
    for gap in gaps:
        advance(clock, time, gap)
    clock.pause()
    assert abs(clock.step - time.seconds * speed) < 1 + 1e-6


def test_it_waits_for_steps_that_are_not_computed_and_skips_none_of_them(clock, time):
    clock.set_computed(30)
    clock.play()
    advance(clock, time, 60.0, 600)
    assert clock.step == 30
    assert clock.is_waiting
    clock.set_computed(160)
    assert not clock.is_waiting
    advance(clock, time, 0.5, 30)
    assert 34 <= clock.step <= 35


def test_at_the_very_end_it_stops_and_playing_again_begins_at_the_start(clock, time):
    clock.set_step(158)
    clock.play()
    advance(clock, time, 5.0, 300)
    assert clock.step == 160
    assert not clock.is_playing
    clock.play()
    assert clock.step == 0
    assert clock.is_playing


def test_a_loop_shows_the_end_for_a_moment_and_begins_again(clock, time):
    clock.loops = True
    clock.set_step(159)
    clock.play()
    advance(clock, time, 0.11)
    assert clock.step == 160
    advance(clock, time, REST - 0.01)
    assert clock.step == 160
    advance(clock, time, 0.02)
    assert clock.step == 0
    advance(clock, time, 1.0)
    assert clock.step == 10


def test_another_speed_holds_from_here_on(clock, time):
    clock.play()
    advance(clock, time, 1.0)
    clock.set_speed(60.0)
    advance(clock, time, 0.5)
    assert clock.step == 40


def test_as_fast_as_it_goes_plays_any_history_in_a_second(clock, time):
    clock.set_speed(ALL_IN_A_SECOND)
    clock.play()
    advance(clock, time, 0.05)
    assert clock.step == FASTEST * 0.05
    clock.set_total(20_000)
    clock.set_computed(20_000)
    clock.set_step(0)
    advance(clock, time, 0.5)
    assert clock.step == 10_000


def test_a_cursor_stays_while_its_step_is_computed_anew(clock, time):
    clock.set_step(85)
    clock.play()
    clock.set_computed(0)
    advance(clock, time, 3.0, 100)
    assert clock.step == 85
    clock.set_computed(160)
    advance(clock, time, 0.2, 10)
    assert clock.step > 85


def test_a_shorter_race_takes_the_cursor_to_its_end_and_says_so(panel, steps):
    panel.set_total(50)
    assert panel.step == 50
    assert steps == [50]


def test_an_empty_race_cannot_be_played(qtbot):
    panel = PlaybackPanel()
    qtbot.addWidget(panel)
    panel.play()
    assert not panel.clock.is_playing
    assert not panel.transport.play.isEnabled()
    assert panel.line.text() == "no race yet"


def test_a_race_that_vanishes_ends_the_playback_even_in_a_loop(clock, time):
    clock.loops = True
    clock.play()
    clock.set_total(0)
    advance(clock, time, 1.0)
    assert not clock.is_playing


def test_putting_the_cursor_somewhere_is_not_reported(panel, steps):
    panel.set_step(12)
    panel.set_computed(100)
    panel.set_total(160)
    assert steps == []
    assert panel.line.text() == "step 12 of 160"


def test_the_buttons_step_and_pause(qtbot, panel, steps):
    panel.play()
    for button in ("back", "forward", "end", "start"):
        qtbot.mouseClick(getattr(panel.transport, button), Qt.MouseButton.LeftButton)
    assert steps == [84, 85, 160, 0]
    assert not panel.clock.is_playing
    assert not panel.transport.start.isEnabled()
    assert not panel.transport.back.isEnabled()


def test_the_primary_button_plays_and_pauses(qtbot, panel):
    told = []
    panel.playing_changed.connect(told.append)
    qtbot.mouseClick(panel.transport.play, Qt.MouseButton.LeftButton)
    assert panel.transport.play.text() == "Pause"
    qtbot.mouseClick(panel.transport.play, Qt.MouseButton.LeftButton)
    assert panel.transport.play.text() == "Play"
    assert told == [True, False]


def test_the_keyboard_does_all_of_it(qtbot, panel, steps):
    panel.activateWindow()
    panel.setFocus()
    qtbot.waitUntil(panel.slider.hasFocus)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
        QTest.keyClick(panel.slider, key)
    assert steps == [84, 85, 0, 160]
    QTest.keyClick(panel.slider, Qt.Key.Key_PageDown)
    assert steps[-1] == 144
    QTest.keyClick(panel.slider, Qt.Key.Key_Space)
    assert panel.clock.is_playing
    QTest.keyClick(panel.slider, Qt.Key.Key_Space)
    assert not panel.clock.is_playing


def test_a_press_on_the_history_goes_there_but_not_beyond_what_is_computed(qtbot, panel, steps):
    panel.set_computed(100)
    at = panel.slider.place_of
    qtbot.mouseClick(panel.slider, Qt.MouseButton.LeftButton, pos=QPoint(round(at(40)), 12))
    assert abs(steps[-1] - 40) <= 1
    qtbot.mouseClick(panel.slider, Qt.MouseButton.LeftButton, pos=QPoint(round(at(150)), 12))
    assert steps[-1] == panel.slider.value() == 100
    QTest.keyClick(panel.slider, Qt.Key.Key_PageUp)
    assert panel.step == panel.slider.value() == 100


def test_every_speed_on_offer_is_taken(panel, time):
    for index, speed in enumerate(SPEEDS):
        panel.speed.setCurrentIndex(index)
        panel.set_step(0)
        panel.play()
        advance(panel.clock, time, 0.1)
        panel.pause()
        assert panel.step == int(speed * 0.1 + 1e-9)


def test_loop_is_a_switch(qtbot, panel):
    qtbot.mouseClick(panel.loop, Qt.MouseButton.LeftButton)
    assert panel.clock.loops


def test_a_wide_panel_has_all_controls_in_one_row_and_can_become_narrow_again(qtbot, panel):
    panel.set_computed(120)
    assert QFrame.minimumSizeHint(panel).width() <= NARROWEST <= 300
    panel.resize(640, 120)
    qtbot.waitUntil(lambda: panel.speed.y() < panel.slider.y())
    assert panel.line.text() == "step 85 of 160 · 120 computed"
    assert panel.minimumSizeHint().width() <= NARROWEST
    panel.resize(NARROWEST, 160)
    qtbot.waitUntil(lambda: panel.speed.y() > panel.slider.y())
    assert panel.width() == NARROWEST
    assert panel.line.text() == "step 85 of 160"
