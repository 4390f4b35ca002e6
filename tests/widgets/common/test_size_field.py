"""Sizes of layers: one number or one for each dimension, typed or stepped, and never a wrong one."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from playground.widgets.common.argument_grid import field_for
from playground.widgets.common.arguments import Argument
from playground.widgets.common.size_field import SizeField

PADDING = Argument("padding", ("text", "int", "pair"), 0, choices=("valid", "same"), minimum=0)


@pytest.fixture
def kernel(qtbot):
    field = SizeField(most=2, least=2, minimum=1, required=True)
    qtbot.addWidget(field)
    field.resize(120, 28)
    field.show()
    field.set_value(3)
    return field


def commit(qtbot, field, text):
    field.setText(text)  # QTest cannot type what is not Latin
    qtbot.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("text", "value"), [("5", 5), ("3, 5", (3, 5)), ("3x5", (3, 5)), ("(2\uff0c 4)", (2, 4)), ("1 \u00d7 7", (1, 7))]
)
def test_one_number_or_a_pair_as_people_write_it(qtbot, kernel, text, value):
    with qtbot.waitSignal(kernel.edited) as edited:
        commit(qtbot, kernel, text)
    assert edited.args == [value]


@pytest.mark.parametrize("text", ["0", "-1", "2.5", "three", "1, 2, 3", "3, 0"])
def test_what_does_not_fit_is_refused_with_a_sentence(qtbot, kernel, text):
    with qtbot.waitSignal(kernel.refused) as refused, qtbot.assertNotEmitted(kernel.edited):
        commit(qtbot, kernel, text)
    assert refused.args[0].endswith(".")
    assert kernel.value() == 3


def test_the_arrow_keys_step_every_number_and_stop_at_the_least(qtbot, kernel):
    kernel.set_value((1, 3))
    qtbot.keyClick(kernel, Qt.Key.Key_Up)
    assert kernel.value() == (2, 4)
    qtbot.keyClick(kernel, Qt.Key.Key_PageDown)
    assert kernel.value() == (1, 1)


def test_the_arrows_step_from_what_was_typed(qtbot, kernel):
    up, down = kernel.findChildren(QToolButton)
    kernel.setText("7")
    qtbot.mouseClick(up, Qt.MouseButton.LeftButton)
    assert kernel.value() == 8
    qtbot.mouseClick(down, Qt.MouseButton.LeftButton)
    assert kernel.value() == 7


def test_a_default_is_shown_faintly_and_a_word_is_taken_where_the_class_takes_one(qtbot):
    field = field_for(PADDING)
    qtbot.addWidget(field)
    field.show()
    assert (field.text(), field.placeholderText()) == ("", "0")
    commit(qtbot, field, "Same")
    assert field.value() == "same"
    commit(qtbot, field, "")
    assert field.value() == 0


def test_a_comma_in_a_single_number_parts_thousands(qtbot):
    field = SizeField(0)
    qtbot.addWidget(field)
    commit(qtbot, field, "10,000")
    assert field.value() == 10_000


def test_none_is_taken_only_where_the_class_takes_it(qtbot, kernel):
    stride = SizeField(None, most=2, least=2, minimum=1, may_be_none=True)
    qtbot.addWidget(stride)
    commit(qtbot, stride, "none, 7")
    assert stride.value() == (None, 7)
    commit(qtbot, kernel, "none")
    assert kernel.is_wrong()
