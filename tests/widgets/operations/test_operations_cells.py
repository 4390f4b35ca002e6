"""Cells of a picture: where they stand, what they are called, how they look."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.widgets.operations.cell_text import exact, palettes, texts
from playground.widgets.operations.example_steps import first_result, step_at, steps
from playground.widgets.operations.links import Place, light
from playground.widgets.operations.samples import broadcast, grid, large, product
from playground.widgets.operations.sheets import index_of, sheets
from playground.widgets.operations.values import CellGrid, CellPart, OperationValues
from playground.widgets.operations.words import named, writing

SHAPES = st.lists(st.integers(1, 4), max_size=4).map(tuple)


def positions(found):
    return [(i, cell.row, cell.column) for i, sheet in enumerate(found) for cell in sheet.cells]


@given(SHAPES)
def test_every_cell_has_a_place_of_its_own_in_reading_order(shape):
    found = sheets(grid("a", np.zeros(shape)))
    assert [cell.number for sheet in found for cell in sheet.cells] == list(range(int(np.prod(shape))))
    assert [cell.position for sheet in found for cell in sheet.cells] == list(range(int(np.prod(shape))))
    assert len(set(positions(found))) == int(np.prod(shape))


@given(SHAPES, st.data())
def test_stretched_cells_stand_where_numpy_broadcasts_them_to(goal, data):
    own = tuple(data.draw(st.sampled_from([1, size])) for size in goal)
    own = own[data.draw(st.integers(0, len(own))) :]
    missing = len(goal) - len(own)
    dims = tuple(d for d in range(len(goal)) if d < missing or own[d - missing] != goal[d])
    values = np.arange(int(np.prod(own))).reshape(own)
    cells = [cell for sheet in sheets(grid("a", values, stretched=dims), goal) for cell in sheet.cells]
    if dims:
        assert [cell.number for cell in cells] == np.broadcast_to(values, goal).reshape(-1).tolist()
    assert sorted(cell.number for cell in cells if not cell.ghost) == list(range(values.size))


def test_an_empty_tensor_has_sheets_without_cells():
    assert [sheet.cells for sheet in sheets(grid("a", np.zeros((2, 0))))] == [()]
    assert sheets(grid("a", np.zeros((0, 2, 2)))) == ()


def test_sheets_are_labelled_with_the_index_in_the_whole_tensor():
    shown = CellGrid("a", "float32", (9, 5, 2), (3, 1, 0), np.zeros((2, 3, 2)))
    assert [sheet.label for sheet in sheets(shown)] == ["[3]", "[4]"]
    assert index_of(shown, 8) == (4, 2, 0)
    assert index_of(grid("s", np.array(2.0)), 0) == ()


@pytest.mark.parametrize("values", [broadcast(), product(), large()])
def test_light_goes_both_ways(values):
    first = len(values.operands)
    for cell in range(values.results[0].values.size):
        for operand, made_of in light(values, Place(first, cell)).cells.items():
            for source in made_of if operand < first else ():
                assert cell in light(values, Place(operand, source)).cells[first]


def test_each_result_lights_its_own_cells():
    a = np.arange(4)
    halves = (grid("part 0", a[:2]), grid("part 1", a[2:]))
    parts = tuple(CellPart(i, 0, np.arange(2 * i, 2 * i + 2).reshape(2, 1), np.zeros(2, np.int64)) for i in range(2))
    values = OperationValues("a.chunk(2)", "chunk", "chunk", (grid("a", a),), halves, parts, "")
    assert light(values, Place(2, 1)).cells == {2: (1,), 0: (3,)}
    assert light(values, Place(0, 3)).cells == {0: (3,), 1: (), 2: (1,)}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            np.array([1.0, -2.5, np.nan, np.inf, 123456.0], np.float32),
            ("1", "\N{MINUS SIGN}2.5", "nan", "inf", "1.23e+05"),
        ),
        (np.array([True, False]), ("True", "False")),
        (np.array([-3, 2**40]), ("\N{MINUS SIGN}3", "1.1e+12")),
        (np.array([1 - 2j]), ("1\N{MINUS SIGN}2j",)),
        (np.array(0.1, np.float32), ("0.1",)),
    ],
)
def test_values_are_written_short(values, said):
    assert texts(grid("a", values)) == said


def test_the_readout_has_the_figures_that_the_cell_has_not():
    assert exact(grid("a", np.array([2**40, -1])), 0) == "1099511627776"
    assert exact(grid("a", np.array([1 / 3], np.float32)), 0) == "0.3333333"


def test_a_moved_element_keeps_its_colour():
    a = np.arange(6.0).reshape(2, 3)
    here, there = palettes([grid("a", a)], [grid("result", a.T)])
    assert [color.name() for color in there] == [here[i].name() for i in (0, 3, 1, 4, 2, 5)]


def test_results_beyond_the_operands_do_not_drown_their_colours():
    a = np.arange(6.0)
    alone, _ = palettes([grid("a", a)], [grid("result", a / 5)])
    beside, sums = palettes([grid("a", a)], [grid("result", a * 1e6)])
    assert [color.name() for color in beside] == [color.name() for color in alone]
    assert [color.name() for color in sums] == [color.name() for color in alone]


def test_colours_are_found_for_every_kind_of_value():
    for values in (
        np.array([True, False]),
        np.array([1j, -2.0]),
        np.array([np.nan]),
        np.zeros((0, 2)),
        np.arange(3, dtype=np.uint8),
    ):
        assert len(palettes([grid("a", values)], [])[0]) == values.size


EXAMPLE = """\
a = torch.tensor([1,
                  2])
def f(x):
    return x * 2
f(a)  # [2, 4]
b = a + 1"""


def test_the_lines_of_an_example_are_steps_with_what_goes_before():
    assert [(step.first, step.expression) for step in steps(EXAMPLE)] == [
        (0, "torch.tensor([1,\n                  2])"),
        (4, "f(a)"),
        (5, "a + 1"),
    ]
    assert step_at(EXAMPLE, 1).first == 0
    assert step_at(EXAMPLE, 2).expression == "f(a)"
    assert step_at(EXAMPLE, 9).expression == "a + 1"
    assert first_result(EXAMPLE).expression == "f(a)"
    assert first_result("def f(): pass") is None
    assert steps(EXAMPLE)[1].setup == "\n".join(EXAMPLE.splitlines()[:4])


@pytest.mark.parametrize(
    ("line", "explained"),
    [
        ("t.topk(2, dim=1).indices  # [1]", "t.topk(2, dim=1)"),
        ("picture.permute(2, 0, 1).shape", "picture.permute(2, 0, 1)"),
        ("a[:, 1].T", "a[:, 1].T"),
        ("a.shape", "a.shape"),
        ("(a + b).grad_fn.name", "a + b"),
        ("[part.tolist() for part in t.split(2)]", "t.split(2)"),
        ("[i for i in names]", "[i for i in names]"),
    ],
)
def test_what_is_asked_of_a_result_is_not_the_operation(line, explained):
    assert first_result(line).expression == explained


def test_an_operand_without_a_name_is_cut_off():
    long = grid("torch.tensor([[2, 0], [1, 1]])", np.eye(2))
    assert writing(long, ()).title == "torch.tensor([[2, 0],…"
    assert named(long, 3) == "torch.tensor([[2, 0],…[1, 1]"
