"""The inspector panel: its facts, which pages fit, what it asks for, and what its pages show."""

from dataclasses import replace

import numpy as np
import pytest
from driving import wait_until
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from playground.widgets.common.theme import GRID, theme
from playground.widgets.inspector import examples, values
from playground.widgets.inspector.image_page import scale_of
from playground.widgets.inspector.panel import InspectorPanel
from playground.widgets.inspector.wording import PAGES, facts_text, misfits, statistics_text

TIMES = "\N{MULTIPLICATION SIGN}"


@pytest.fixture
def panel(qtbot):
    """A visible panel with nothing to inspect."""
    panel = InspectorPanel()
    qtbot.addWidget(panel)
    panel.resize(720, 560)
    with qtbot.waitExposed(panel):
        panel.show()
    yield panel
    theme.choose("light")


@pytest.fixture
def asked(panel):
    """What the panel has asked for, as (page, options)."""
    found = []
    panel.page_requested.connect(lambda page, options: found.append((page, options)))
    return found


def strides(shape):
    return tuple(int(np.prod(shape[dim + 1 :])) for dim in range(len(shape)))


def tensor(shape, **changes):
    return replace(examples.facts("t", shape, strides(shape)), **changes)


def array(shape, dtype="float64"):
    return values.ArrayFacts("n", dtype, shape, (8,) * len(shape), "C", 96, 4096, True, True)


def test_an_empty_panel_offers_an_expression(panel, qtbot):
    assert panel.invitation.isVisible()
    assert not panel.bar.isVisible()
    with qtbot.waitSignal(panel.expression_entered) as entered:
        QTest.mouseClick(panel.invitation.button, Qt.MouseButton.LeftButton)
    assert entered.args == ["torch.arange(12.).view(3, 4).t()"]


def test_an_expression_is_entered_with_return(panel, qtbot):
    QTest.keyClicks(panel.expression, " net[0].weight ")
    with qtbot.waitSignal(panel.expression_entered) as entered:
        QTest.keyClick(panel.expression, Qt.Key.Key_Return)
    assert entered.args == ["net[0].weight"]


def test_the_facts_line_says_what_the_tensor_is():
    text = facts_text(examples.facts())
    for part in ("float32 (torch.FloatTensor)", "cpu", f"4 {TIMES} 3", "strides (1, 4), offset 0", "not contiguous",
                 "version 0", "view"):  # fmt: skip
        assert part in text.split("  ·  ")
    grown = facts_text(tensor((2,), grad_fn="MulBackward0", requires_grad=True, is_leaf=False))
    assert "grad_fn MulBackward0" in grown
    assert "leaf, requires_grad" in facts_text(tensor((2,), requires_grad=True))


def test_in_a_low_panel_the_facts_take_one_line_and_leave_their_room_to_the_page(panel):
    panel.set_facts(tensor((2, 3, 4, 5)))
    label, line = panel.facts_label, panel.facts_label.fontMetrics().height()
    panel.resize(360, 560)
    wait_until(lambda: label.height() > 2 * line, "lines enough")
    assert label.toolTip() == ""
    panel.resize(360, 300)
    wait_until(lambda: label.height() == line, "one line")
    assert label.toolTip() == label.text() == facts_text(tensor((2, 3, 4, 5)))
    panel.grab()
    panel.resize(360, 560)
    wait_until(lambda: label.height() > 2 * line, "the lines again")


def test_the_field_shows_its_whole_invitation(panel):
    text = panel.expression.fontMetrics().horizontalAdvance(panel.expression.placeholderText())
    assert panel.expression.width() > text + 2 * GRID


def test_statistics_of_a_sample_say_so_until_the_exact_ones_come(panel):
    panel.set_facts(tensor((10_000, 10_000)))
    sample = values.Statistics(100_000_000, 1_000_000, -1.0, 1.0, 0.25, 0.5, 10.0, 3, 0, 7)
    panel.set_statistics(sample)
    assert "sampled 1,000,000 of 100,000,000" in panel.statistics_label.text()
    assert "NaN 3" in panel.statistics_label.text()
    panel.set_statistics(replace(sample, counted=sample.total))
    assert "sampled" not in panel.statistics_label.text()
    assert statistics_text(values.Statistics(0, 0, sentence="There is nothing.")) == "There is nothing."


@pytest.mark.parametrize(
    ("facts", "fitting"),
    [
        (None, set()),
        (tensor((2, 2)), set(PAGES)),
        (tensor((3,)), {"memory", "table", "heat", "histogram", "line", "operation"}),
        (tensor((8, 1, 5, 5)), set(PAGES) - {"matrix"}),
        (tensor((8, 6, 5, 5)), set(PAGES) - {"matrix", "image"}),
        (tensor((0, 3)), {"memory", "table", "operation"}),
        (tensor((2, 2), dtype="complex64"), {"memory", "table", "operation"}),
        (tensor((4, 4), device="meta"), set()),
        (tensor((4, 4), stride=None, layout="sparse_coo"), set(PAGES) - {"memory", "matrix"}),
        (array((2, 2)), set(PAGES) - {"operation"}),
        (values.ValueFacts("s", "str", "'text'", 4), set()),
    ],
)
def test_a_page_that_does_not_fit_is_off_and_says_why(panel, facts, fitting):
    panel.set_facts(facts)
    for page, button in panel.bar.buttons.items():
        assert button.isEnabled() is (page in fitting)
        assert (page in misfits(facts)) is (page not in fitting)
        if page not in fitting:
            assert button.toolTip() == misfits(facts)[page] != ""
    assert not fitting or panel.page in fitting


def test_every_page_asks_for_its_numbers_as_it_is_chosen(panel, asked):
    panel.set_facts(tensor((2, 2)))
    for page in PAGES[1:]:
        asked.clear()
        QTest.mouseClick(panel.bar.buttons[page], Qt.MouseButton.LeftButton)
        panel.grab()
        if page != "table":  # which asks as it is painted
            assert [name for name, _ in asked] == [page]


def test_facts_told_again_ask_again_for_the_page_that_is_seen(panel, asked):
    panel.set_facts(tensor((5, 6, 7)))
    panel.choose_page("heat")
    panel.heat.dimensions.sliders.sliders[0].setValue(3)
    asked.clear()
    panel.set_facts(tensor((5, 6, 7), version=1))
    assert asked == [("heat", {"rows": 1, "columns": 2, "fixed": (3, 0, 0)})]


def test_the_window_of_a_storage_stays_through_a_refresh_and_not_for_another_tensor(panel, asked):
    panel.set_facts(examples.facts())
    panel.set_memory(replace(examples.transpose(), first=2048, total=9000))
    asked.clear()
    panel.set_facts(examples.facts())
    panel.set_facts(tensor((4, 3)))
    assert asked == [("memory", {"first": 2048}), ("memory", {})]


def test_a_module_is_described_in_words(panel):
    panel.set_facts(values.ModuleFacts("net", "Sequential", 10, 8, 0, 40, False, ("Sequential(", ")"), 3))
    assert "8 of them learn" in panel.facts_label.text()
    assert panel.details.isVisible()
    assert not panel.bar.isVisible()
    assert panel.details.text().startswith("Sequential(\n)")
    assert "3 more lines" in panel.details.text()


def test_numbers_that_come_too_late_do_not_hide_a_module(panel):
    panel.set_facts(examples.facts())
    panel.set_facts(values.ModuleFacts("net", "Sequential", 10, 8, 0, 40, False, ("Sequential(", ")"), 3))
    panel.set_memory(examples.transpose())
    assert panel.details.isVisible()
    assert not panel.memory.isVisible()


def test_a_message_stands_in_the_panel_and_goes_with_the_next_facts(panel):
    panel.show_message("name 'torhc' is not defined")
    assert panel.message.isVisible()
    panel.set_facts(examples.facts())
    assert not panel.message.isVisible()


def test_no_older_picture_stands_beside_the_sentence_that_there_is_none(panel):
    panel.set_facts(tensor((3, 3)))
    panel.choose_page("histogram")
    panel.set_histogram(examples.histogram())
    panel.show_message("That is no number.")  # an edit that failed leaves the picture
    assert panel.histogram.isVisible()
    panel.set_facts(tensor((3, 3), version=1))
    panel.show_message("None of the 9 elements looked at is a finite number, so there is no mean.")
    assert not panel.histogram.isVisible()
    panel.set_facts(tensor((3, 3), version=2))
    panel.set_histogram(examples.histogram())
    assert panel.histogram.isVisible()
    assert not panel.message.isVisible()


def test_a_heat_map_has_zero_in_the_middle_only_where_signs_mix(panel):
    panel.set_facts(tensor((2, 3)))
    panel.choose_page("heat")
    panel.set_heat(examples.heat(np.array([[1, -4, 2], [0, 1, np.nan]], np.float32)))
    assert (panel.heat.bar.scale.low, panel.heat.bar.scale.high, panel.heat.bar.scale.diverging) == (-4, 4, True)
    panel.heat.picture.pointed.emit(0, 1)
    assert panel.heat.value.text() == "row 0, column 1: \N{MINUS SIGN}4"
    panel.set_heat(examples.heat(np.array([[1, 4, 2]], np.float32)))
    assert not panel.heat.bar.scale.diverging
    reduced = values.Heat(np.ones((2, 3), np.float32), (8, 6), (4, 2), (3, 1), 0, 1, (0, 0))
    panel.set_heat(reduced)
    assert panel.heat.note.isVisible()
    assert f"furthest from 0 of 4 {TIMES} 2" in panel.heat.note.text()
    assert "sampled: one row in 3 was looked at" in panel.heat.note.text()


def test_the_number_under_the_pointer_is_told(panel, qtbot):
    panel.set_facts(tensor((2, 2)))
    panel.choose_page("heat")
    panel.set_heat(examples.heat(np.array([[1, 2], [3, 4]], np.float32)))
    picture = panel.heat.picture
    qtbot.waitUntil(lambda: picture.geometry().top() < 2 * panel.bar.height())  # laid out
    for row, column in ((0, 0), (1, 0), (0, 1)):
        QTest.mouseMove(picture, picture.cell_rect(row, column).center().toPoint())
        told = f"row {row}, column {column}: {1 + 2 * row + column}"
        qtbot.waitUntil(lambda told=told: panel.heat.value.text() == told)


def test_a_dimension_cannot_go_down_and_across(panel, asked):
    panel.set_facts(tensor((5, 6, 7)))
    panel.choose_page("heat")
    bar = panel.heat.dimensions
    asked.clear()
    bar.columns_choice.setCurrentIndex(1)
    bar.columns_choice.activated.emit(1)
    assert asked[-1] == ("heat", {"rows": 2, "columns": 1, "fixed": (0, 0, 0)})
    assert [slider.isVisible() for slider in bar.sliders.sliders] == [True, False, False]


def test_a_histogram_shows_its_counts_plainly_or_as_logarithms(panel):
    panel.set_facts(tensor((2, 2)))
    panel.choose_page("histogram")
    found = values.TensorHistogram(np.array([1000, 0, 1]), np.array([0.0, 1.0, 2.0, 3.0]), 5000, 1003, 2)
    panel.set_histogram(found)
    bars = panel.histogram.bars.opts
    assert bars["height"].tolist() == [1000, 0, 1]
    assert "2 not finite" in panel.histogram.note.text()
    assert "sampled 1,003 of 5,000" in panel.histogram.note.text()
    panel.histogram.log.setChecked(True)
    assert np.allclose(bars["y0"] + bars["height"], np.log10([1000, 0.5, 1]))
    assert bars["height"][1] == 0
    assert bars["height"][2] > 0


def test_a_line_shows_lowest_and_highest_where_it_had_to_choose(panel):
    panel.set_facts(tensor((4,)))
    panel.choose_page("line")
    panel.set_line(values.Line(np.arange(4), np.arange(4.0), np.arange(4.0), 4, 4))
    assert panel.line.curve.getData()[1].tolist() == [0, 1, 2, 3]
    panel.set_line(examples.line())
    assert "lowest and highest of each of 2,000 runs" in panel.line.note.text()
    drawn = panel.line.curve.getData()[1]
    assert np.array_equal(drawn[::2], examples.line().low)
    assert np.array_equal(drawn[1::2], examples.line().high)


@pytest.mark.parametrize(
    ("low", "high", "ends"),
    [
        (0.0, 0.9, (0, 1)),
        (0.0, 200.0, (0, 255)),
        (-1.0, 1.0, (-1, 1)),
        (0.0, 1e-3, (0, 1e-3)),
        (np.nan, np.nan, (0, 1)),
    ],
)
def test_a_picture_is_black_and_white_where_its_numbers_say_so(low, high, ends):
    scale = scale_of(low, high)
    assert (scale.low, scale.high) == ends


def test_pictures_are_grey_or_coloured_as_their_numbers_are(panel):
    panel.set_facts(tensor((3, 2, 2)))
    panel.choose_page("image")
    image = np.zeros((1, 2, 2, 3), np.float32)
    image[0, 0, 1] = 1, 0.5, 0
    panel.set_image(values.Gallery(image, "colour", 1, (2, 2), 1, 0.0, 1.0))
    picture = panel.image.tiles.sheet._pictures[0]
    assert picture.pixelColor(1, 0).getRgb()[:3] == (255, 128, 0)
    assert not panel.image.bar.isVisible()
    panel.set_image(values.Gallery(image[..., 0], "batch", 256, (4, 4), 2, 0.0, 1.0))
    assert panel.image.tiles.sheet._pictures[0].pixelColor(1, 0).getRgb()[:3] == (255, 255, 255)
    assert "the first 1 of 256" in panel.image.note.text()
    assert "every 2. pixel" in panel.image.note.text()


def test_a_matrix_shows_its_determinant_and_the_directions_that_stay(panel):
    panel.set_facts(tensor((2, 2)))
    panel.choose_page("matrix")
    panel.set_matrix(examples.matrix())
    text = panel.matrix.sentence.text()
    assert "determinant 3" in text
    assert "eigenvalue 3 along (0.7071, 0.7071)" in text
    assert panel.matrix.before._reach == panel.matrix.after._reach > 9
    far = replace(examples.matrix(), mapped=100 * examples.matrix().mapped)
    panel.set_matrix(far)
    assert panel.matrix.before._reach < 4
    assert panel.matrix.after._reach > 900
    turn = replace(examples.matrix(), eigenvalues=(1j, -1j), kind="complex", determinant=1.0)
    panel.set_matrix(turn)
    assert "no direction stays" in panel.matrix.sentence.text()
    flat = replace(examples.matrix(), mapped=np.zeros((14, 2, 2)), mapped_square=np.zeros((4, 2)), determinant=0.0)
    panel.set_matrix(flat)
    panel.grab()


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_every_page_paints_in_both_themes_and_when_narrow(panel, choice):
    theme.choose(choice)
    panel.set_facts(tensor((2, 2)))
    panel.set_memory(examples.transpose())
    panel.set_heat(examples.heat(examples.numbers()))
    panel.set_image(examples.gallery())
    panel.set_histogram(examples.histogram())
    panel.set_line(examples.line())
    panel.set_matrix(examples.matrix())
    for width in (720, 300):
        panel.resize(width, 400)
        for page in PAGES:
            panel.choose_page(page)
            assert not panel.grab().isNull()
        right = max(button.geometry().right() for button in panel.bar.buttons.values())
        assert right <= panel.bar.width()
