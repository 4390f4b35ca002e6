"""The layer panel: what it shows, what it says, and what it asks for."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.widgets.common.color_scale import Scale
from playground.widgets.common.theme import theme
from playground.widgets.layer.panel import VIEWS, LayerPanel
from playground.widgets.layer.values import (
    ActivationSheet,
    Arithmetic,
    ChannelStatistics,
    FilterSheet,
    Matrix,
    ParameterSheet,
    Spread,
)


@pytest.fixture
def panel(qtbot):
    """A visible panel without a layer."""
    panel = LayerPanel()
    qtbot.addWidget(panel)
    panel.resize(420, 620)
    with qtbot.waitExposed(panel):
        panel.show()
    yield panel
    theme.choose("light")


def spread(values):
    counts, edges = np.histogram(values, 60)
    return Spread(counts, edges, values.size, 0, int((values == 0).sum()), float(values.mean()), float(values.std()))


def output(images, **more):
    return ActivationSheet(images, images.shape, spread(images), 1, **more)


def parameter(gradient=True):
    weight = np.linspace(-1, 2, 24).reshape(4, 6)
    matrix = Matrix(weight, (4, 6), (1, 1))
    other = (spread(weight / 10), Matrix(weight / 10, (4, 6), (1, 1))) if gradient else None
    return ParameterSheet(("weight", "bias"), "weight", (4, 6), spread(weight), matrix, other)


def arithmetic():
    """An output of 3 channels from an input of 2, kernel 3, the window half outside."""
    draw = np.random.default_rng(0)
    window, weight = draw.random((2, 3, 3)), draw.random((2, 3, 3)) - 0.5
    total = float((window * weight).sum()) + 0.5
    inputs, outputs = draw.random((2, 6, 6)), draw.random((6, 6))
    return Arithmetic(
        (1, 0, 2), (3, 6, 6), inputs, outputs, 0, window, weight, (-1, 0, 1), (1, 2, 3), 0.5, total, total
    )


def test_without_a_layer_it_says_what_will_be_here(panel):
    assert "Select a layer" in panel.invitation.sentence.text()
    assert panel.invitation.isVisible()
    assert not panel.invitation.button.isVisible()


def test_every_view_can_be_chosen_by_mouse(panel, qtbot):
    for i, view in reversed(list(enumerate(VIEWS))):
        with qtbot.waitSignal(panel.view_chosen) as chosen:
            QTest.mouseClick(panel.tabs, Qt.MouseButton.LeftButton, pos=panel.tabs.tabRect(i).center())
        assert chosen.args == [view]
        assert panel.sample.isVisible() is (view in ("activations", "cell"))


def test_it_tells_when_it_comes_into_sight_and_goes(panel, qtbot):
    with qtbot.waitSignal(panel.visibility_changed) as gone:
        panel.hide()
    with qtbot.waitSignal(panel.visibility_changed) as back:
        panel.show()
    assert (gone.args, back.args) == ([False], [True])


def test_filters_are_tiles_on_a_scale_around_zero(panel):
    images = np.zeros((6, 5, 5))
    images[0], images[1] = 0.5, -0.5
    panel.show_filters(FilterSheet(images, 6, 3, 1, 0.5))
    sheet = panel.filters.tiles.sheet
    found = [sheet.grab().toImage().pixelColor(sheet.tile_rect(i).center()).name() for i in range(3)]
    assert found == [theme.color(role).name() for role in ("validation", "train", "surface")]
    assert panel.filters.bar.scale == Scale(-0.5, 0.5, diverging=True)
    assert (panel.filters.channel.maximum(), panel.filters.channel.value()) == (2, 1)
    assert "6 filters of 5" in panel.filters.what.text()


def test_filters_over_colours_need_no_channel_and_no_scale(panel):
    panel.show_filters(FilterSheet(np.zeros((4, 3, 3, 3)), 400, 3, 0, 0.5))
    assert not panel.filters.channel.isVisible()
    assert not panel.filters.bar.isVisible()
    assert "the first 4 are shown" in panel.filters.what.text()


def test_another_input_channel_is_asked_for_only_by_the_user(panel, qtbot):
    with qtbot.assertNotEmitted(panel.channel_chosen):
        panel.show_filters(FilterSheet(np.zeros((4, 3, 3)), 4, 8, 2, 0.5))
    with qtbot.waitSignal(panel.channel_chosen) as chosen:
        QTest.keyClick(panel.filters.channel, Qt.Key.Key_Up)
    assert chosen.args == [3]


def test_many_tiles_scroll_instead_of_vanishing(panel):
    panel.show_filters(FilterSheet(np.zeros((256, 3, 3)), 256, 1, 0, 0.5))
    tiles = panel.filters.tiles
    assert tiles.sheet.tile_rect(0).width() >= 36
    assert tiles.sheet.height() > tiles.viewport().height()
    assert tiles.sheet.rect().contains(tiles.sheet.tile_rect(255))


def test_weights_and_gradient_have_histogram_map_and_numbers(panel):
    panel.choose_view("weights")
    panel.show_weights(parameter())
    page = panel.weights
    assert page.histogram.summary().startswith("mean 0.5, std")
    assert (page.bar.scale.low, page.bar.scale.high) == (-2.0, 2.0)
    assert page.gradient_bar.scale.high == pytest.approx(0.2)
    assert page.gradient.isVisible()
    assert not page.none.isVisible()
    assert page.histogram.describe(1).startswith("1 of 24 from \N{MINUS SIGN}1 to")


def test_without_a_gradient_it_says_when_there_will_be_one(panel):
    panel.choose_view("weights")
    panel.show_weights(parameter(gradient=False))
    assert panel.weights.none.isVisible()
    assert not panel.weights.gradient.isVisible()


def test_another_parameter_is_asked_for(panel, qtbot):
    panel.choose_view("weights")
    with qtbot.assertNotEmitted(panel.parameter_chosen):
        panel.show_weights(parameter())
    with qtbot.waitSignal(panel.parameter_chosen) as chosen:
        panel.weights.names.activated.emit(1)
    assert chosen.args == ["bias"]


def test_a_map_that_leaves_values_out_says_so(panel):
    sheet = parameter()
    matrix = Matrix(np.ones((100, 128)), (300, 128), (3, 1))
    panel.show_weights(ParameterSheet(("weight",), "weight", (300, 128), sheet.spread, matrix, None))
    assert "the furthest from 0 of 3" in panel.weights.what.text()
    assert "rows from 6" in panel.weights.matrix.describe(2, 0)


def test_a_click_on_a_convolutions_output_asks_for_its_arithmetic(panel, qtbot):
    panel.choose_view("activations")
    panel.show_activations(output(np.random.default_rng(0).random((4, 8, 8)), has_cells=True))
    sheet = panel.activations.tiles.sheet
    tile = sheet.tile_rect(2)
    with qtbot.waitSignal(panel.cell_chosen) as chosen:
        at = tile.topLeft() + QPoint(tile.width() * 3 // 8 + 2, tile.height() * 5 // 8 + 2)
        QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=at)
    assert chosen.args == [2, 5, 3]
    assert panel.view == "cell"


def test_a_click_on_another_layers_output_does_nothing(panel, qtbot):
    panel.choose_view("activations")
    panel.show_activations(output(np.ones((4, 8, 8))))
    sheet = panel.activations.tiles.sheet
    with qtbot.assertNotEmitted(panel.cell_chosen):
        QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=sheet.tile_rect(0).center())


def test_a_vector_is_a_row_of_numbers(panel):
    panel.choose_view("activations")
    panel.show_activations(output(np.array([[[1.0, -2.0, 3.0]]])))
    page = panel.activations
    assert page.row.isVisible()
    assert not page.tiles.isVisible()
    assert page.row.describe(0, 1) == "row 0, column 1: \N{MINUS SIGN}2"


def test_saturation_is_shaded_and_said(panel):
    panel.choose_view("activations")
    images = np.linspace(0, 1, 64).reshape(1, 8, 8)
    panel.show_activations(output(images, ends=(0.0, 1.0), saturated=0.125))
    assert panel.activations.histogram.shaded == ((0.0, 0.05), (0.95, 1.0))
    assert "12.5 %" in panel.activations.notes.text()


def test_silence_and_death_are_said(panel):
    panel.show_activations(output(np.zeros((2, 3, 3)), silent=1.0, dead=0.25))
    assert "100.0 % are 0 for this sample" in panel.activations.notes.text()
    assert "25.0 % are 0 for all of 1" in panel.activations.notes.text()


def test_dropouts_mask_is_shown_and_counted(panel):
    panel.choose_view("activations")
    kept = np.zeros((2, 4, 4))
    kept[0] = 1
    panel.show_activations(output(np.ones((2, 4, 4)), kept=kept))
    assert panel.activations.kept.isVisible()
    assert "16 of 32 pass" in panel.activations.kept_title.text()
    panel.show_activations(output(np.ones((2, 4, 4))))
    assert not panel.activations.kept.isVisible()


@pytest.mark.parametrize(("uses_batch", "said"), [(True, "used: the batch's"), (False, "used: running")])
def test_batch_norm_says_which_statistics_it_uses(panel, uses_batch, said):
    panel.choose_view("activations")
    statistics = ChannelStatistics(np.zeros(3), np.ones(3), np.full(3, 0.5), np.full(3, 2.0), uses_batch)
    panel.show_activations(output(np.ones((3, 4, 4)), statistics=statistics))
    picture = panel.activations.statistics
    assert picture.isVisible()
    assert picture.summary().startswith(said)
    assert picture.describe(1) == "channel 1\nmean: running 0, batch 0.5\nvariance: running 1, batch 2"


def test_a_cell_shows_window_filter_products_and_their_sum(panel):
    panel.choose_view("cell")
    found = arithmetic()
    panel.show_cell(found)
    page = panel.cell
    np.testing.assert_array_equal(page.pictures["products"].values, found.window[0] * found.filter[0])
    page.input_channel.setValue(1)
    np.testing.assert_array_equal(page.pictures["products"].values, found.window[1] * found.filter[1])
    mark = page.pictures["input"].mark
    assert (mark.top(), mark.left(), mark.height(), mark.width()) == (-1, 1, 3, 3)
    text = page.sums.text().replace("\N{MINUS SIGN}", "-")
    assert f"sum to {(found.window[1] * found.filter[1]).sum():.6g}" in text
    assert f"together {found.total:.6g}" in text
    assert "output[1, 0, 2]" in text


def test_other_cells_are_asked_for_by_mouse_and_keyboard(panel, qtbot):
    panel.choose_view("cell")
    panel.show_cell(arithmetic())
    picture = panel.cell.pictures["output"]
    with qtbot.waitSignal(panel.cell_chosen) as clicked:
        QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=picture.cell_rect(3, 4).center().toPoint())
    with qtbot.waitSignal(panel.cell_chosen) as pressed:
        QTest.keyClick(picture, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.cell_chosen) as turned:
        panel.cell.output_channel.setValue(2)
    assert (clicked.args, pressed.args, turned.args) == ([1, 3, 4], [1, 1, 2], [2, 0, 2])


def test_samples_mode_and_copy_are_asked_for_only_by_the_user(panel, qtbot):
    for signal in (panel.sample_chosen, panel.copy_chosen):
        with qtbot.assertNotEmitted(signal):
            panel.set_samples([("sample", "sample 3 of test"), ("digit", "the drawn digit")], "sample")
            panel.set_copies(3, 1)
    assert panel.copies.isVisible()
    with qtbot.waitSignal(panel.sample_chosen) as sample:
        panel.sample.setCurrentIndex(1)
    with qtbot.waitSignal(panel.mode_chosen) as mode:
        panel.mode.setCurrentIndex(1)
    with qtbot.waitSignal(panel.copy_chosen) as copy:
        panel.copies.setCurrentIndex(2)
    assert (sample.args, mode.args, copy.args) == (["digit"], [True], [2])


def test_a_late_answer_of_another_view_does_not_turn_the_page(panel):
    panel.choose_view("weights")
    panel.show_message("wait")
    panel.show_filters(FilterSheet(np.zeros((2, 3, 3)), 2, 1, 0, 1.0))
    assert panel.invitation.isVisible()


def test_what_is_not_finite_is_in_the_colour_of_trouble():
    colors = Scale.around_zero(1.0).colors(np.array([[np.nan, 0.0]]))
    bad = theme.color("bad")
    assert tuple(colors[0, 0]) == (bad.red(), bad.green(), bad.blue())
    assert tuple(Scale.of(np.array([np.nan])).colors(np.array([np.inf]))[0]) == tuple(colors[0, 0])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(240, 260), (360, 520), (900, 640)])
def test_every_view_paints_at_every_size(panel, scheme, size):
    theme.choose(scheme)
    panel.resize(*size)
    shows = {
        "filters": lambda: panel.show_filters(FilterSheet(np.random.default_rng(0).random((9, 5, 5)), 9, 2, 0, 1.0)),
        "weights": lambda: panel.show_weights(parameter()),
        "activations": lambda: panel.show_activations(output(np.full((3, 6, 6), 0.3))),
        "cell": lambda: panel.show_cell(arithmetic()),
    }
    for view, show in shows.items():
        panel.choose_view(view)
        show()
        image = panel.grab().toImage()
        colors = {
            image.pixelColor(x, y).name() for x in range(0, image.width(), 5) for y in range(0, image.height(), 5)
        }
        assert len(colors) > 8, view


def test_the_pointer_tells_the_number_under_it(panel):
    images = np.arange(32.0).reshape(2, 4, 4)
    panel.choose_view("activations")
    panel.show_activations(output(images))
    sheet = panel.activations.tiles.sheet
    assert sheet.describe(1, 2, 3) == "channel 1, row 2, column 3: 27"
    at = sheet.tile_rect(0).center()
    handled = QApplication.sendEvent(sheet, QHelpEvent(QEvent.Type.ToolTip, at, sheet.mapToGlobal(at)))
    assert handled
