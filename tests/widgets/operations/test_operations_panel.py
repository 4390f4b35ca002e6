"""The operations panel: what it offers, what it says, and what it asks for."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from playground.widgets.common.theme import theme
from playground.widgets.operations.links import Place
from playground.widgets.operations.panel import OperationsPanel
from playground.widgets.operations.samples import CATALOGUE, SAMPLES, broadcast, grid, in_place, product, refused


@pytest.fixture
def panel(qtbot):
    """A visible panel with a catalogue."""
    panel = OperationsPanel()
    qtbot.addWidget(panel)
    panel.set_catalogue(CATALOGUE)
    panel.resize(900, 600)
    with qtbot.waitExposed(panel):
        panel.show()
    yield panel
    theme.choose("light")


def canvas(panel):
    return panel.page.picture.canvas


def center(panel, place, *, ghost=False):
    """Where a cell is painted."""
    block = canvas(panel).blocks[place.grid]
    for i, sheet in enumerate(block.sheets):
        for cell in sheet.cells:
            if cell.number == place.cell and cell.ghost == ghost:
                return block.cell_rect(i, cell).center().toPoint()
    raise LookupError(place)


def test_it_begins_with_an_invitation_that_leads_to_an_example(panel, qtbot):
    assert panel.invitation.isVisible()
    assert not panel.entry.isVisible()
    with qtbot.waitSignal(panel.example_requested) as asked:
        panel.invitation.button.click()
    assert asked.args == ["a = torch.arange(3).view(3, 1)\nb = torch.arange(4)", "a + b"]
    assert panel.catalogue.current.name == "broadcasting"


def test_without_a_catalogue_nothing_is_promised(panel, qtbot):
    panel.set_catalogue(())
    assert not panel.invitation.button.isVisible()
    with qtbot.assertNotEmitted(panel.example_requested):
        QTest.keyClick(panel.catalogue.search, Qt.Key.Key_Return)


def test_a_search_is_typed_walked_explained_and_run_from_the_keyboard(panel, qtbot):
    search = panel.catalogue.search
    QTest.keyClicks(search, "view")
    assert panel.catalogue.shown() == ["slice", "permute"]
    assert panel.catalogue.current.name == "slice"
    QTest.keyClick(search, Qt.Key.Key_Down)
    assert panel.entry.signature.text() == "t.permute(*dims)"
    with qtbot.waitSignal(panel.example_requested) as explained:
        QTest.keyClick(search, Qt.Key.Key_Return)
    with qtbot.waitSignal(panel.run_requested) as run:
        QTest.keyClick(search, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert explained.args == ["t = torch.arange(24).view(2, 3, 4)", "t.permute(2, 0, 1)[0]"]
    assert run.args == [CATALOGUE[2].example]


def test_a_slip_of_the_pen_is_forgiven_and_nonsense_is_named(panel):
    QTest.keyClicks(panel.catalogue.search, "torch.sigmod(")
    assert panel.catalogue.shown() == ["sigmoid"]
    panel.catalogue.search.setText("qqqq")
    assert panel.catalogue.shown() == []
    assert "qqqq" in panel.catalogue.none.text()
    assert panel.catalogue.none.isVisible()
    QTest.keyClick(panel.catalogue.search, Qt.Key.Key_Escape)
    assert len(panel.catalogue.shown()) == len(CATALOGUE)


def test_an_entry_that_the_search_hides_can_still_be_chosen(panel):
    panel.catalogue.search.setText("mask")
    panel.catalogue.choose("matmul")
    assert panel.catalogue.current.name == "matmul"
    assert panel.catalogue.search.text() == ""


def test_every_line_of_an_example_can_be_explained(panel, qtbot):
    panel.catalogue.choose("slice")
    QTest.keyClick(panel.entry.example, Qt.Key.Key_Up)
    with qtbot.waitSignal(panel.example_requested) as first:
        QTest.keyClick(panel.entry.example, Qt.Key.Key_Return)
    panel.entry.example.moveCursor(panel.entry.example.textCursor().MoveOperation.End)
    with qtbot.waitSignal(panel.example_requested) as last:
        panel.entry.explain.click()
    assert first.args == ["", "torch.arange(12).view(3, 4)"]
    assert last.args[1] == "t[:, 1:3]"
    assert last.args[0].startswith("t = torch.arange(12)")


def test_a_typed_operation_is_asked_for(panel, qtbot):
    with qtbot.assertNotEmitted(panel.explain_requested):
        panel.explain.click()
    QTest.keyClicks(panel.expression, " a @ b")
    with qtbot.waitSignal(panel.explain_requested) as asked:
        QTest.keyClick(panel.expression, Qt.Key.Key_Return)
    assert asked.args == ["a @ b"]


def test_the_entry_of_what_was_typed_is_shown_but_no_choice_is_taken_away(panel):
    panel.catalogue.choose("slice")
    panel.set_picture(product())  # asked for by an example, perhaps that of another entry
    assert panel.catalogue.current.name == "slice"
    panel.expression.setText("a @ b ")
    panel.set_picture(product())
    assert panel.catalogue.current.name == "matmul"


def test_a_pointed_cell_of_the_result_lights_what_it_is_made_of(panel):
    panel.set_picture(product())
    QTest.mouseMove(canvas(panel), center(panel, Place(2, 7)))
    # result[1, 0, 1] of [2, 3, 2]: row 0 of the second matrix of a [2, 3, 4], column 1 of b [4, 2].
    assert canvas(panel).light.cells == {0: (12, 13, 14, 15), 1: (1, 3, 5, 7), 2: (7,)}
    text = panel.page.readout.text()
    assert text.startswith("result[1, 0, 1] = ")
    assert "a[1, 0, 0], a[1, 0, 1], a[1, 0, 2], a[1, 0, 3]" in text


def test_a_pointed_cell_of_an_operand_lights_what_it_goes_into(panel):
    panel.set_picture(product())
    QTest.mouseMove(canvas(panel), center(panel, Place(1, 2)))
    assert canvas(panel).light.cells == {1: (2,), 2: (0, 2, 4, 6, 8, 10)}
    assert "goes into" in panel.page.readout.text()


def test_a_click_keeps_the_light_until_the_next(panel):
    panel.set_picture(broadcast())
    place = Place(2, 6)
    QTest.mouseClick(canvas(panel), Qt.MouseButton.LeftButton, pos=center(panel, place))
    QTest.mouseMove(canvas(panel), QPoint(1, 1))
    assert canvas(panel).light.place == place
    QTest.mouseClick(canvas(panel), Qt.MouseButton.LeftButton, pos=center(panel, place))
    QTest.mouseMove(canvas(panel), QPoint(2, 1))
    assert canvas(panel).light is None
    assert panel.page.readout.text().startswith("Point at a cell")


def test_arrows_walk_through_cells_and_pages_through_tensors(panel):
    panel.set_picture(broadcast())
    went = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_PageDown):
        QTest.keyClick(canvas(panel), key)
        went.append(canvas(panel).light.place)
    assert went == [Place(2, 0), Place(2, 4), Place(2, 5), Place(2, 1), Place(2, 1), Place(0, 0)]
    QTest.keyClick(canvas(panel), Qt.Key.Key_Escape)
    assert canvas(panel).light is None


def test_broadcasting_repeats_cells_as_ghosts_that_lead_to_their_own(panel):
    panel.set_picture(broadcast())
    column, row = canvas(panel).blocks[0].sheets[0], canvas(panel).blocks[1].sheets[0]
    assert (column.rows, column.columns) == (row.rows, row.columns) == (3, 4)
    assert [cell.number for cell in column.cells if cell.ghost] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert [cell.number for cell in row.cells if cell.ghost] == [0, 1, 2, 3] * 2
    QTest.mouseMove(canvas(panel), center(panel, Place(0, 1), ghost=True))
    assert canvas(panel).light.cells == {0: (1,), 2: (4, 5, 6, 7)}
    assert "stretched along dimension 1" in canvas(panel).blocks[0].writing.note


def test_of_the_ghosts_only_the_one_behind_a_result_lights(panel):
    panel.set_picture(broadcast())
    canvas(panel).keep(Place(2, 6))  # result[1, 2]
    lit = canvas(panel)._lit(0)
    assert [(cell.row, cell.column) for cell in canvas(panel).blocks[0].sheets[0].cells if lit.has(cell)] == [
        (1, 0),
        (1, 2),
    ]


def test_a_refusal_has_its_sentence_and_marks_the_dimensions(panel):
    panel.set_picture(refused())
    assert panel.page.sentence.text() == refused().problem
    assert panel.page.sentence.property("tone") == "bad"
    first, second = canvas(panel).blocks
    assert (first.clashes(1), first.clashes(2)) == (True, False)
    assert (second.clashes(1), second.clashes(2)) == (False, True)
    assert "dimension 1 of size 3" in first.writing.note
    panel.set_picture(broadcast())
    assert panel.page.sentence.property("tone") == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("in_place", "changed in place: same memory as a"),
        ("turned", "a view: same memory as a"),
        ("picked", "new memory"),
    ],
)
def test_the_result_says_whose_memory_it_has(panel, name, said):
    panel.set_picture(SAMPLES[name]())
    assert canvas(panel).blocks[-1].writing.note == said


def test_a_window_says_where_it_is_and_what_it_hides(panel):
    panel.set_picture(SAMPLES["large"]())
    assert canvas(panel).blocks[0].writing.note == "shown: [40:52, 0:12]"
    canvas(panel).keep(Place(1, 2))
    text = panel.page.readout.text()
    assert text.startswith("result[42] = 2123456  from  a[42, 0], a[42, 1]")
    assert text.endswith("and 94 more")  # 12 of the 100 are shown, 6 of them named


def test_an_empty_result_says_so(panel):
    values = replace(SAMPLES["picked"](), results=(grid("result", np.zeros(0, np.int64)),), parts=())
    panel.set_picture(values)
    assert canvas(panel).blocks[-1].writing.note == "no elements"
    QTest.keyClick(canvas(panel), Qt.Key.Key_PageDown)
    assert canvas(panel).light.place == Place(0, 0)


def test_a_message_takes_the_pictures_place(panel):
    panel.set_picture(in_place())
    panel.show_message("The console is busy.")
    assert panel.invitation.sentence.text() == "The console is busy."
    assert not panel.invitation.button.isVisible()
    panel.set_picture(in_place())
    assert canvas(panel).isVisible()
    panel.set_picture(None)
    assert panel.invitation.button.isVisible()


@pytest.mark.parametrize(("scheme", "size"), [("light", (300, 420)), ("dark", (640, 420)), ("light", (1200, 800))])
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_picture_paints_at_every_size(panel, scheme, size, name):
    theme.choose(scheme)
    panel.resize(*size)
    values = SAMPLES[name]()
    panel.set_picture(values)
    canvas(panel).keep(Place(len(values.grids) - 1, 0))
    image = canvas(panel).grab().toImage()
    rects = [block.rect.toRect() for block in canvas(panel).blocks]
    assert all(image.rect().contains(rect) for rect in rects)
    assert not any(rect.intersects(other) for i, rect in enumerate(rects) for other in rects[:i])
    filled = canvas(panel)._colors[-1][0].name()
    at = center(panel, Place(len(values.grids) - 1, 0))
    assert image.pixelColor(at.x() - 10, at.y() - 8).name() == filled  # beside the number


def test_where_there_is_little_room_the_picture_of_a_typed_operation_gets_that_of_the_example(panel):
    panel.catalogue.choose("broadcasting")
    panel.expression.setText(refused().text)
    panel.set_picture(refused())
    assert panel.entry.isVisible()
    panel.resize(420, 460)
    panel.set_picture(refused())
    assert not panel.entry.isVisible()
    panel.catalogue.choose(CATALOGUE[0].name)
    assert panel.entry.isVisible()


def test_the_arrow_is_as_long_as_the_name_above_it(panel):
    panel.set_picture(replace(product(), operation="masked_select_by_a_name"))
    (result,) = (block for block in canvas(panel).blocks if block.arrow is not None)
    assert result.at.x() - result.arrow.x() > canvas(panel).fontMetrics().horizontalAdvance("masked_select_by_a_name")
