"""The report of imported weights: three lists, one sentence, and what can be done."""

import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from playground.widgets.common.theme import theme
from playground.widgets.weights.examples import another_head, other_names
from playground.widgets.weights.report import WeightsDialog
from playground.widgets.weights.values import TensorRow, WeightsReport


@pytest.fixture
def dialog(qtbot):
    dialog = WeightsDialog()
    qtbot.addWidget(dialog)
    return dialog


def press(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_what_does_not_fit_comes_first_with_both_shapes(dialog, qtbot):
    dialog.show_report(another_head())
    qtbot.waitExposed(dialog)
    assert dialog.lists.titles() == [
        "! Lacking in the file, or of another shape (3)",
        "○ In the file, without a place in the network (1)",
        "✓ Fit (4)",
    ]
    assert dialog.lists.rows(0) == [
        ("8.weight", "10 \u00d7 1,024", "8.weight", "47 \u00d7 1,024"),
        ("8.bias", "10", "8.bias", "47"),
        ("1.num_batches_tracked", "scalar", "", ""),
    ]
    assert dialog.lists.rows(1) == [("", "", "auxiliary.projection.weight", "128 \u00d7 1,024")]
    assert [dialog.lists.topLevelItem(row).isExpanded() for row in range(3)] == [True, True, False]
    assert dialog.sentence.text().startswith("4 of 7 tensors fit")
    assert "DataParallel" in dialog.sentence.text()
    assert "seed 7" in dialog.consequence.text()


def test_other_names_are_shown_side_by_side_and_named_on_the_button(dialog, qtbot):
    dialog.show_report(other_names())
    qtbot.waitExposed(dialog)
    assert dialog.lists.titles() == ["✓ Fit under other names (4)"]
    assert dialog.lists.rows(0)[0] == (
        "0.weight",
        "32 \u00d7 1 \u00d7 5 \u00d7 5",
        "conv1.weight",
        "32 \u00d7 1 \u00d7 5 \u00d7 5",
    )
    assert dialog.lists.topLevelItem(0).isExpanded()
    assert dialog.use.text() == "Use these names"
    assert dialog.open_whole.isHidden()
    assert dialog.consequence.isHidden()


@pytest.mark.parametrize(("name", "signal"), [("use", "use_requested"), ("open_whole", "open_requested")])
def test_a_decision_is_told_once_and_closes_the_report(dialog, qtbot, name, signal):
    dialog.show_report(another_head())
    qtbot.waitExposed(dialog)
    with qtbot.waitSignal(getattr(dialog, signal)):
        press(getattr(dialog, name))
    assert not dialog.isVisible()


def test_return_uses_what_matches(dialog, qtbot):
    dialog.show_report(another_head())
    qtbot.waitUntil(dialog.use.hasFocus)
    with qtbot.waitSignal(dialog.use_requested):
        qtbot.keyClick(dialog.use, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_cancel_and_escape_ask_for_nothing(dialog, qtbot):
    for close in (lambda: press(dialog.cancel), lambda: QTest.keyClick(dialog, Qt.Key.Key_Escape)):
        dialog.show_report(another_head())
        qtbot.waitExposed(dialog)
        with qtbot.assertNotEmitted(dialog.use_requested), qtbot.waitSignal(dialog.rejected):
            close()


def test_where_nothing_fits_there_is_nothing_to_use(dialog):
    left = (TensorRow(source="a", found=(2, 2)),)
    dialog.show_report(WeightsReport("a.safetensors", "None fits.", (), (), left, seed=1, has_network=True))
    assert not dialog.use.isEnabled()
    assert dialog.open_whole.isEnabled()
    assert dialog.consequence.isHidden()


def test_the_colours_follow_the_theme(dialog):
    dialog.show_report(another_head())
    before = dialog.lists.topLevelItem(0).foreground(0).color()
    try:
        theme.choose("dark" if not theme.is_dark else "light")
        assert dialog.lists.topLevelItem(0).foreground(0).color() == theme.color("warning") != before
    finally:
        theme.choose("system")


def test_thousands_of_tensors_are_shown(dialog):
    rows = tuple(TensorRow(f"{i}.weight", (i,), f"{i}.weight", (i,)) for i in range(5_000))
    dialog.show_report(WeightsReport("big.pt", "All fit.", rows, (), (), seed=1))
    assert len(dialog.lists.rows(0)) == 5_000
    dialog.show_report(other_names())
    assert len(dialog.lists.rows(0)) == 4


def test_it_knows_no_torch():
    check = "import sys, playground.widgets.weights.report; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
