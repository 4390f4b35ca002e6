"""The page of numbers: what it asks for while it is scrolled, and what typing over a number says."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from playground.widgets.common.theme import GRID, theme
from playground.widgets.inspector import examples, values
from playground.widgets.inspector.table_model import MOST_ROWS, PAGE
from playground.widgets.inspector.table_page import NumbersPage

MINUS = "\N{MINUS SIGN}"


class Source:
    """A matrix that answers what the page asks for."""

    def __init__(self, page, matrix):
        self.page, self.matrix, self.windows = page, matrix, []
        page.window_requested.connect(self.answer)

    def answer(self, options):
        self.windows.append(options["window"])
        self.page.set_page(examples.page(self.matrix, options))


@pytest.fixture
def page(qtbot):
    """A visible page without numbers."""
    page = NumbersPage()
    qtbot.addWidget(page)
    page.resize(640, 420)
    with qtbot.waitExposed(page):
        page.show()
    return page


def cell(page, row, column, role=Qt.ItemDataRole.DisplayRole):
    return page.model.index(row, column).data(role)


def test_only_the_pages_that_are_seen_are_asked_for(page, qtbot):
    source = Source(page, np.arange(1000.0 * 1000).reshape(1000, 1000))
    page.set_shape((1000, 1000))
    page.grab()
    qtbot.waitUntil(lambda: cell(page, 0, 0) == "0")
    assert set(source.windows) == {(0, 0, PAGE, PAGE)}
    page.table.scrollTo(page.model.index(700, 900))
    page.grab()
    qtbot.waitUntil(lambda: cell(page, 700, 900) == "700900")
    assert len(source.windows) <= 5
    assert len(source.windows) == len(set(source.windows))


def test_a_refresh_shows_the_old_numbers_until_the_new_ones_come(page, qtbot):
    source = Source(page, np.zeros((4, 4)))
    page.set_shape((4, 4))
    page.grab()
    qtbot.waitUntil(lambda: cell(page, 0, 0) == "0")
    source.matrix = np.ones((4, 4))
    page.set_shape((4, 4))
    assert cell(page, 0, 0) == "0"
    qtbot.waitUntil(lambda: cell(page, 0, 0) == "1")


def test_numbers_of_an_earlier_choice_are_not_taken(page):
    page.set_shape((2, 3, 4))
    late = values.TablePage(np.ones((3, 4)), 0, 0, (3, 4), 1, 2, (1, 0, 0))
    page.set_page(late)
    assert page.model.value(0, 0) is None
    page.dimensions.sliders.sliders[0].setValue(1)
    page.set_page(late)
    assert page.model.value(0, 0) == 1


def test_what_is_not_finite_is_marked(page):
    page.set_shape((1, 3))
    page.set_page(values.TablePage(np.array([[np.nan, -np.inf, -1.5]]), 0, 0, (1, 3), 0, 1, (0, 0)))
    assert [cell(page, 0, column) for column in range(3)] == ["nan", f"{MINUS}inf", f"{MINUS}1.5"]
    marks = [cell(page, 0, column, Qt.ItemDataRole.ForegroundRole) for column in range(3)]
    assert marks == [theme.color("bad"), theme.color("bad"), None]


@pytest.mark.parametrize(
    ("numbers", "texts"),
    [
        (np.array([[0.82583, -0.312298, 2.5]], np.float32), ["0.82583", "-0.31230", "2.50000"]),
        (np.array([[7.25, 1.0, -30.5]], np.float32), ["7.25", "1.00", "-30.50"]),
        (np.array([[0.1, 0.2]], np.float32), ["0.1", "0.2"]),
        (np.array([[1.0, 2.0, -3.0]]), ["1", "2", "-3"]),
        (np.array([[1e-5, 3.0]]), ["0.00001", "3.00000"]),
        (np.array([[1e-5, -3e-7]]), ["1.00000e-05", "-3.00000e-07"]),
        (np.array([[1.5e9, 2.0]]), ["1.50000e+09", "2.00000e+00"]),
        (np.array([[12345.678]]), ["12345.7"]),
        (np.array([[-(2**61), 7]]), ["-2305843009213693952", "7"]),
        (np.array([[True, False]]), ["True", "False"]),
        (np.array([[1.5 + 2j, -1j]]), ["1.5+2.0j", "-0.0-1.0j"]),
        (np.array([[np.nan, 0.25]]), ["nan", "0.25"]),
    ],
)
def test_points_and_signs_stand_below_each_other_and_columns_hold_the_longest(page, numbers, texts):
    page.set_shape(numbers.shape)
    page.set_page(values.TablePage(numbers, 0, 0, numbers.shape, 0, 1, (0, 0)))
    found = [cell(page, 0, column) for column in range(numbers.shape[1])]
    assert found == [text.replace("-", MINUS) for text in texts]
    assert max(map(page.table.fontMetrics().horizontalAdvance, found)) < page.table.columnWidth(0) - GRID


def test_a_zero_among_decimals_has_none_and_keeps_its_place(page):
    page.set_shape((1, 2))
    page.set_page(values.TablePage(np.array([[0.0, 1.25]]), 0, 0, (1, 2), 0, 1, (0, 0)))
    zero = cell(page, 0, 0)
    assert zero.strip() == "0"
    advance = page.table.fontMetrics().horizontalAdvance
    assert abs(advance(zero) - advance("1.25")) <= 2


def test_pages_of_one_table_are_written_alike(page):
    page.set_shape((2 * PAGE, 1))
    for place, number in ((0, 0.5), (PAGE, 0.125)):
        page.set_page(values.TablePage(np.full((PAGE, 1), number), place, 0, (2 * PAGE, 1), 0, 1, (0, 0)))
    assert (cell(page, 0, 0), cell(page, PAGE, 0)) == ("0.500", "0.125")
    page.set_shape((3, 1))
    page.set_page(values.TablePage(np.full((3, 1), 0.5), 0, 0, (3, 1), 0, 1, (0, 0)))
    assert cell(page, 0, 0) == "0.5"


def test_a_tip_has_every_figure_of_the_type(page):
    page.set_shape((1, 1))
    page.set_page(values.TablePage(np.array([[0.1]], np.float32), 0, 0, (1, 1), 0, 1, (0, 0)))
    assert cell(page, 0, 0, Qt.ItemDataRole.ToolTipRole) == "0.1"
    page.set_page(values.TablePage(np.array([[1 / 3]]), 0, 0, (1, 1), 0, 1, (0, 0)))
    assert float(cell(page, 0, 0, Qt.ItemDataRole.EditRole)) == 1 / 3


def test_typing_over_a_number_names_its_index_and_waits_for_the_answer(page, qtbot):
    page.set_shape((2, 3, 4))
    page.dimensions.rows_choice.setCurrentIndex(0)
    page.dimensions.rows_choice.activated.emit(0)
    page.dimensions.sliders.sliders[1].setValue(2)
    page.set_page(values.TablePage(np.zeros((2, 4)), 0, 0, (2, 4), 0, 2, (0, 2, 0)))
    with qtbot.waitSignal(page.edit_requested) as asked:
        assert page.model.setData(page.model.index(1, 3), " 1e-3 ")
    assert asked.args == [(1, 2, 3), "1e-3"]
    assert cell(page, 1, 3) == "0"
    with qtbot.assertNotEmitted(page.edit_requested):
        assert not page.model.setData(page.model.index(1, 3), "0.0")


@pytest.mark.parametrize(("shape", "size", "index"), [((), (1, 1), ()), ((5,), (1, 5), (4,)), ((0, 3), (0, 3), None)])
def test_scalars_vectors_and_empty_tensors_have_tables_too(page, qtbot, shape, size, index):
    page.set_shape(shape)
    assert (page.model.rowCount(), page.model.columnCount()) == size
    options = page.dimensions.options
    page.set_page(values.TablePage(np.zeros(size), 0, 0, size, options["rows"], options["columns"], options["fixed"]))
    if index is not None:
        with qtbot.waitSignal(page.edit_requested) as asked:
            page.model.setData(page.model.index(size[0] - 1, size[1] - 1), "7")
        assert asked.args == [index, "7"]


def test_a_table_of_a_hundred_million_rows_is_seen_in_parts(page, qtbot):
    page.set_shape((100_000_000, 2))
    assert page.model.rowCount() == MOST_ROWS
    assert page.first_row.isVisible()
    page.first_row.setValue(99_999_990)
    assert page.model.rowCount() == 10
    assert page.model.headerData(0, Qt.Orientation.Vertical) == "99,999,990"
    first = 99_999_990 // PAGE * PAGE
    source = values.TablePage(np.arange(2.0 * PAGE).reshape(PAGE, 2), first, 0, (100_000_000, 2), 0, 1, (0, 0))
    page.set_page(source)
    assert page.model.value(0, 1) == 2 * (99_999_990 - first) + 1
    with qtbot.waitSignal(page.edit_requested) as asked:
        page.model.setData(page.model.index(0, 0), "-1")
    assert asked.args == [(99_999_990, 0), "-1"]


def test_undo_and_redo_are_offered_only_where_there_is_an_edit(page, qtbot):
    for button, asked in ((page.undo, page.undo_requested), (page.redo, page.redo_requested)):
        assert not button.isEnabled()
        page.set_edits(can_undo=button is page.undo, can_redo=button is page.redo)
        with qtbot.waitSignal(asked):
            button.click()
