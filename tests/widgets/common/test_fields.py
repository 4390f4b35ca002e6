"""The small editors: what fits is reported once, what does not is refused with a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.widgets.common.fields import (
    CheckField,
    ChoiceField,
    CountField,
    FloatField,
    IntField,
    NumbersField,
    number_text,
)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_written_so_that_it_reads_back_the_same(number):
    assert float(number_text(number)) == number


@pytest.mark.parametrize(
    ("value", "text"), [(0.01, "0.01"), (1e-5, "1e-5"), (20.0, "20"), (1e16, "1e16"), (None, "none"), (3, "3")]
)
def test_numbers_are_written_as_people_write_them(value, text):
    assert number_text(value) == text


def enter(qtbot, field, text):
    field.setText(text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.parametrize("text", ["1e-3", "0.001", " 1E-3 "])
def test_a_float_takes_any_notation(qtbot, text):
    field = FloatField(1.0)
    qtbot.addWidget(field)
    with qtbot.waitSignal(field.edited) as edited:
        enter(qtbot, field, text)
    assert edited.args == [0.001]


@pytest.mark.parametrize("text", ["abc", "0,1", "nan", "inf", "1e999", "-1", "11"])
def test_a_float_refuses_what_does_not_fit(qtbot, text):
    field = FloatField(1.0, minimum=0, maximum=10)
    qtbot.addWidget(field)
    with qtbot.assertNotEmitted(field.edited), qtbot.waitSignal(field.refused) as refused:
        enter(qtbot, field, text)
    assert refused.args[0].endswith(".")
    assert field.value() == 1.0


def test_an_optional_count_is_empty_for_none(qtbot):
    field = IntField(None, minimum=0)
    qtbot.addWidget(field)
    assert field.placeholderText() == "none"
    enter(qtbot, field, "12")
    assert field.value() == 12
    enter(qtbot, field, "")
    assert field.value() is None
    enter(qtbot, field, "1.5")
    assert field.is_wrong()


def test_a_pair_takes_two_numbers_only(qtbot):
    field = NumbersField((0.9, 0.999), count=2)
    qtbot.addWidget(field)
    enter(qtbot, field, "(0.8, 0.9)")
    assert field.value() == (0.8, 0.9)
    enter(qtbot, field, "0.8")
    assert field.is_wrong()
    assert field.value() == (0.8, 0.9)


def test_a_count_reports_a_typed_number_once(qtbot):
    field = CountField(1, 100_000)
    qtbot.addWidget(field)
    seen = []
    field.edited.connect(seen.append)
    field.selectAll()
    qtbot.keyClicks(field, "512")
    assert seen == []
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert seen == [512]


def test_the_wheel_passes_over_fields_without_the_focus(qtbot):
    count, choice = CountField(1, 10), ChoiceField()
    choice.set_choices([("a", "A", ""), ("b", "B", "")])
    for field in (count, choice):
        qtbot.addWidget(field)
        before = field.value()
        wheel = QWheelEvent(
            QPointF(5, 5),
            QPointF(5, 5),
            QPoint(0, -120),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        field.wheelEvent(wheel)
        assert field.value() == before
        assert not wheel.isAccepted()


def test_a_choice_keeps_its_value_when_the_offer_changes(qtbot):
    field = ChoiceField()
    qtbot.addWidget(field)
    field.set_choices([(1, "one", ""), (2, "two", "")])
    field.set_value(2)
    with qtbot.assertNotEmitted(field.edited):
        field.set_choices([(2, "two", ""), (3, "three", "")])
    assert field.value() == 2


def test_a_check_reports_clicks_and_not_what_it_is_told(qtbot):
    field = CheckField("x")
    qtbot.addWidget(field)
    with qtbot.assertNotEmitted(field.edited):
        field.set_value(True)
    with qtbot.waitSignal(field.edited) as edited:
        qtbot.mouseClick(field, Qt.MouseButton.LeftButton, pos=QPoint(8, field.height() // 2))
    assert edited.args == [False]


@pytest.mark.parametrize("make", [lambda: FloatField(0.1), lambda: CountField(1, 100_000)])
def test_ctrl_z_takes_back_typing_before_and_is_the_windows_after_a_commit(qtbot, make):
    window, field, asked = QWidget(), make(), []
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(field)
    field.set_value(5)
    QShortcut(QKeySequence.StandardKey.Undo, window).activated.connect(lambda: asked.append(field.value()))
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    field.setFocus()
    QTest.keyClicks(field, "2")
    QTest.keySequence(field, QKeySequence.StandardKey.Undo)
    assert asked == []
    QTest.keySequence(field, QKeySequence.StandardKey.SelectAll)
    QTest.keyClicks(field, "1234")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keySequence(field, QKeySequence.StandardKey.Undo)
    assert asked == [1234]
