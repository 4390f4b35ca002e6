"""Times of the same work on each device, as bars with their numbers."""

import pytest
from PySide6.QtCore import Qt

from playground.widgets.common.theme import theme
from playground.widgets.devices.bars import Bars, Measurement, number
from playground.widgets.devices.devices import DevicesPanel

BOTH = (("cpu", "product", 200.0, 90.0), ("cuda:0", "product", 0.5, 41_700.0), ("cpu", "step", 4.0, None))


@pytest.fixture
def panel(qtbot):
    panel = DevicesPanel()
    qtbot.addWidget(panel)
    panel.resize(440, 300)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def test_the_button_asks_for_measurements(qtbot, panel):
    with qtbot.waitSignal(panel.measure_requested):
        qtbot.mouseClick(panel.measure, Qt.MouseButton.LeftButton)


def test_while_it_runs_the_button_waits_and_a_bar_moves(panel):
    panel.set_running(True)
    assert not panel.measure.isEnabled()
    assert panel.bar.isVisible()
    panel.set_running(False)
    assert panel.measure.isEnabled()
    assert not panel.bar.isVisible()


def test_each_task_has_its_bars(panel):
    panel.set_measurements(BOTH)
    bars = panel.findChildren(Bars)
    assert [each.accessibleName() for each in bars] == [
        "cpu: 200 ms · 90 GFLOP/s, cuda:0: 0.5 ms · 41.7 TFLOP/s · 400 times",
        "cpu: 4 ms",
    ]


def test_new_measurements_replace_old_ones(qtbot, panel):
    panel.set_measurements(BOTH)
    panel.set_measurements([("cpu", "step", 3.0, None)])

    def shown():
        return [each.accessibleName() for each in panel.findChildren(Bars) if each.isVisible()]

    qtbot.waitUntil(lambda: shown() == ["cpu: 3 ms"])


def test_one_device_alone_is_explained(panel):
    panel.set_measurements([("cpu", "step", 3.0, None)])
    assert "no other device than cpu" in panel.note.text()
    panel.set_measurements(BOTH)
    assert "no other device" not in panel.note.text()
    assert "synchronised" in panel.note.text()


def test_a_bar_is_as_long_as_its_time(qtbot):
    bars = Bars()
    qtbot.addWidget(bars)
    bars.set_measurements((Measurement("cpu", "x", 10.0), Measurement("cuda:0", "x", 5.0)))
    bars.resize(480, bars.sizeHint().height())
    picture = bars.grab().toImage()
    slow, fast = (
        sum(picture.pixelColor(x, y) == theme.color(role) for x in range(80, 480))
        for y, role in ((16, "muted"), (48, "accent"))
    )
    assert slow > 100
    assert fast == pytest.approx(slow / 2, abs=4)


def test_a_number_says_time_rate_and_gain():
    fast, slow = Measurement("a", "x", 1.0), Measurement("b", "x", 1.02)
    assert number(fast, (fast, slow)) == "1 ms"
    assert number(Measurement("c", "x", 12_345.6), (Measurement("c", "x", 12_345.6),)) == "12,346 ms"
