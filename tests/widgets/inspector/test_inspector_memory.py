"""The memory picture: which cell each index reaches, what shares, what is hollow, and the sum that gives a cell."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from playground.widgets.common.theme import theme
from playground.widgets.inspector import examples, values
from playground.widgets.inspector.memory_page import MemoryPage
from playground.widgets.inspector.memory_places import MOST, lead_of
from playground.widgets.inspector.memory_text import cell_text, formula


@pytest.fixture
def page(qtbot):
    """A visible page with b = a.t()."""
    page = MemoryPage()
    qtbot.addWidget(page)
    page.resize(640, 480)
    page.show_memory(examples.transpose())
    with qtbot.waitExposed(page):
        page.show()
    yield page
    theme.choose("light")


def point_at(page, rect):
    QTest.mouseMove(page.view, rect.center().toPoint() + QPoint(1, 0))
    QTest.mouseMove(page.view, rect.center().toPoint())


def colour(page, rect):
    """The colour of a cell beside its number and inside any frame."""
    return page.view.grab().toImage().pixelColor(rect.topLeft().toPoint() + QPoint(5, 5)).name()


def test_the_base_stands_before_its_view_and_a_middle_element_is_explained(page):
    assert [grid.placement.name for grid in page.view.places.grids] == ["a", "b"]
    assert page.view.cell == 6
    assert page.address.text() == "b[2, 1]  →  offset 0 + 2 * 1 + 1 * 4 = 6".replace("*", "\N{MULTIPLICATION SIGN}")


def test_an_element_keeps_its_colour_in_every_name_and_in_the_storage(page):
    places = page.view.places
    page.view.choose_cell(0)
    for cell in range(1, 12):
        seen = {colour(page, grid.rect(*grid.places(cell)[0])) for grid in places.grids}
        seen.add(colour(page, places.storage_rect(cell)))
        assert len(seen) == 1
    assert len({colour(page, places.storage_rect(cell)) for cell in range(1, 12)}) == 11


def test_pointing_at_any_element_tells_its_cell_as_the_strides_say(page):
    for grid in page.view.places.grids:
        placement = grid.placement
        for index in product(*map(range, placement.shape)):
            point_at(page, grid.rect(*index))
            expected = placement.offset + sum(i * step for i, step in zip(index, placement.stride, strict=True))
            assert page.view.cell == expected
            assert page.address.text().startswith(f"{placement.name}[{index[0]}, {index[1]}]")
            assert page.address.text().endswith(f"= {expected}")


def test_pointing_at_the_storage_tells_who_reads_the_cell(page):
    point_at(page, page.view.places.storage_rect(7))
    assert page.address.text() == "cell 7  ←  a[1, 3], b[3, 1]"


def test_an_expanded_dimension_shares_cells_and_the_rest_is_hollow(page):
    page.show_memory(examples.expanded())
    places = page.view.places
    shared = places.grids[1].places(5)
    assert shared == [(0, 1), (1, 1), (2, 1), (3, 1)]
    page.view.choose_cell(0)
    ground = page.view.grab().toImage().pixelColor(page.view.width() - 1, page.view.height() - 1).name()
    hollow = [cell for cell in range(12) if colour(page, places.storage_rect(cell)) == ground]
    assert hollow == [0, 1, 2, 3, 7, 8, 9, 10, 11]
    page.view.choose_cell(9)
    assert page.address.text() == "cell 9  ←  a[2, 1]"
    page.view.choose_cell(5)
    assert page.address.text().endswith("e[0, 1], e[1, 1], e[2, 1] and 1 more")


def test_arrow_keys_go_to_the_next_element_and_stop_at_the_end(page):
    page.view.setFocus()
    for key, cell in ((Qt.Key.Key_Right, 10), (Qt.Key.Key_Right, 10), (Qt.Key.Key_Down, 11), (Qt.Key.Key_Left, 7)):
        QTest.keyClick(page.view, key)
        assert page.view.cell == cell


def test_a_slider_chooses_the_slice_and_the_others_follow_to_it(page):
    page.show_memory(examples.batch())
    assert [slider.maximum() for slider in page.lead.sliders] == [2]
    page.lead.sliders[0].setValue(2)
    base, own = page.view.places.grids
    assert own.lead == (2,)
    assert page.view.cell >= 40
    assert base.lead == (2,)
    assert base.places(page.view.cell)


def test_a_long_storage_is_seen_through_a_window(page, qtbot):
    cells = np.arange(1000, 2000, dtype=np.int64)
    placement = values.Placement("v", "tensor", "float32", (1000,), (1,), 1000, cells, True)
    window = values.MemoryPicture(
        "v", np.zeros(1024, np.float32), np.ones(1024, bool), 1024, 10_000, 4, 40_000, (placement,)
    )
    page.show_memory(window)
    assert page.window_label.text() == "cells 1,024 to 2,047 of 10,000"
    with qtbot.waitSignal(page.window_requested) as later:
        QTest.mouseClick(page.after, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.window_requested) as earlier:
        QTest.mouseClick(page.before, Qt.MouseButton.LeftButton)
    assert (later.args, earlier.args) == ([2048], [0])
    page.show_memory(examples.transpose())
    assert not page.window_label.isVisible()


def test_a_refresh_of_the_same_tensor_keeps_the_chosen_element(page):
    page.view.choose(1, 3, 0)
    page.show_memory(examples.transpose())
    assert page.view.cell == 3


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (1,), (40, 40), (2, 0, 3)])
def test_any_shape_can_be_painted(page, shape):
    stride = tuple(int(np.prod(shape[dim + 1 :])) for dim in range(len(shape)))
    count = int(np.prod(shape))
    page.show_memory(examples.memory(examples.placement("t", shape, stride), count=count))
    grid = page.view.places.grids[0]
    assert grid.cells.shape[0] <= MOST
    assert grid.is_cut is (shape == (40, 40))
    assert (page.view.cell >= 0) is (count > 0)
    page.view.grab()


def test_grids_and_storage_stay_within_a_narrow_page(page):
    page.resize(200, 480)
    page.show_memory(examples.memory(examples.placement("t", (30, 30), (30, 1)), count=900))
    places = page.view.places
    rects = [grid.rect(row, column) for grid in places.grids for row, column in np.ndindex(*grid.cells.shape)]
    rects += [places.storage_rect(i) for i in range(900)]
    assert max(rect.right() for rect in rects) <= page.view.width()
    assert max(rect.bottom() for rect in rects) <= page.view.height()


def test_elements_outside_of_the_storage_say_so():
    lost = values.Placement("w", "array", "uint8", (2,), (1,), -4, np.array([-1, 3]), False)
    assert formula(lost, (0,), -1).endswith("outside of this storage")


@given(st.lists(st.integers(1, 4), min_size=3, max_size=4), st.data())
def test_the_slice_that_shows_a_cell_is_found(shape, data):
    shape = tuple(shape)
    stride = tuple(int(np.prod(shape[dim + 1 :])) for dim in range(len(shape)))
    placement = examples.placement("x", shape, stride)
    index = tuple(data.draw(st.integers(0, size - 1)) for size in shape)
    assert lead_of(placement, int(placement.cells[index]), MOST) == index[:-2]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.float32(0.1), "0.1"), (np.int64(-3), "\N{MINUS SIGN}3"), (np.True_, "T"), (np.float64("nan"), "nan"),
        (np.float32(1e-7), "1e\N{MINUS SIGN}7"), (np.int64(12_345_678), "1.2e7"), (np.complex64(1 + 2j), "1+2j"),
    ],
)  # fmt: skip
def test_numbers_in_cells_are_short(value, text):
    assert cell_text(value) == text
