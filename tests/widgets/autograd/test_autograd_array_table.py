"""The small tables: which numbers they show, where those stand, and what is told of the others."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from playground.widgets.autograd.array_table import ArrayTable
from playground.widgets.autograd.values import ArrayValues


@pytest.fixture
def table(qtbot):
    def make(values, marked=None, shape=None):
        array = np.asarray(values)
        made = ArrayTable(ArrayValues(array, shape or array.shape, str(array.dtype), ""), marked)
        qtbot.addWidget(made)
        made.resize(made.sizeHint())
        return made

    return make


def clicked_places(qtbot, table):
    """What clicks on all cells report, row by row."""
    found = []
    table.element_clicked.connect(found.append)
    rows, columns = len(table.texts()), len(table.texts()[0])
    for row in range(rows):
        for column in range(columns):
            at = QPoint((2 * column + 1) * table.width() // (2 * columns), (2 * row + 1) * table.height() // (2 * rows))
            qtbot.mouseClick(table, Qt.MouseButton.LeftButton, pos=at)
    return found


def test_a_scalar_is_one_cell(qtbot, table):
    scalar = table(2.5)
    assert scalar.texts() == [["2.500"]]
    assert clicked_places(qtbot, scalar) == [()]


def test_a_vector_is_a_row(qtbot, table):
    vector = table([1.0, -2.0, 0.25])
    assert vector.texts() == [["1.000", "-2.000", "0.2500"]]
    assert clicked_places(qtbot, vector) == [(0,), (1,), (2,)]


def test_a_small_matrix_is_whole_and_says_nothing_more(table):
    assert table(np.zeros((3, 2))).note() == ""


def test_of_a_large_one_the_beginning_is_shown_and_told(table):
    large = table(np.zeros((20, 30)), shape=(256, 784))
    assert (len(large.texts()), len(large.texts()[0])) == (4, 6)
    assert large.note() == "4 \u00d7 6 of 256 \u00d7 784"


def test_the_marked_number_is_among_those_shown(qtbot, table):
    values = np.arange(2 * 20 * 30, dtype=np.float64).reshape(2, 20, 30)
    marked = table(values, (1, 17, 29))
    places = clicked_places(qtbot, marked)
    assert (1, 17, 29) in places
    shown = [float(text) for row in marked.texts() for text in row]
    assert shown == [values[place] for place in places]


def test_a_mark_outside_of_what_was_copied_is_left_out(table):
    assert table(np.zeros((2, 2)), (40, 1), shape=(64, 2)).texts() == [["0.000"] * 2] * 2


def test_nan_and_infinity_are_written_as_such(table):
    assert table([np.nan, np.inf, 1.0]).texts() == [["nan", "inf", "1.000"]]


def test_integers_booleans_and_complex_numbers_are_written_plainly(table):
    assert table(np.array([1, 2])).texts() == [["1", "2"]]
    assert table(np.array([True, False])).texts() == [["True", "False"]]
    assert table(np.array([1 + 2j])).texts() == [["(1+2j)"]]


def test_an_empty_tensor_has_no_cells(table):
    empty = table(np.zeros((0, 3)))
    assert empty.texts() == []
    assert not empty.grab().isNull()


def test_all_values_can_be_copied_with_all_digits(table):
    values = np.array([[0.1, 1 / 3], [2.0, -7.0]])
    copied = table(values)
    copied.actions()[0].trigger()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert [[float(each) for each in line.split("\t")] for line in lines] == values.tolist()


def test_positive_and_negative_numbers_have_different_grounds(table):
    picture = table([1.0, -1.0]).grab().toImage()
    row = picture.height() // 2
    left, right = (picture.pixelColor(x, row) for x in (4, picture.width() - 5))
    assert left.red() > left.blue()
    assert right.blue() > right.red()
