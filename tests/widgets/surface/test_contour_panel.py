"""The contours as a person uses them."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from playground.widgets.common.theme import theme
from playground.widgets.surface.content import racer_color
from playground.widgets.surface.contour_panel import ContourPanel
from playground.widgets.surface.samples import SAMPLE_ARROWS, basins, circle, himmelblau, spiral
from playground.widgets.surface.values import Arrow, SurfaceMark, SurfaceValues


def drawn(qtbot, panel):
    qtbot.waitUntil(lambda: not panel._stale)


def at(panel, x, y):
    return panel.view.pixel_of(x, y).toPoint()


def colour_at(panel, x, y):
    return panel.view.viewport().grab().toImage().pixelColor(at(panel, x, y))


def close_to(color, other, tolerance=40):
    return all(abs(a - b) <= tolerance for a, b in zip(color.getRgb()[:3], QColor(other).getRgb()[:3], strict=True))


def wheel(view, notches):
    place = QPointF(view.viewport().rect().center())
    event = QWheelEvent(
        place, QPointF(view.viewport().mapToGlobal(place.toPoint())), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


def double_click(viewport, place):
    """As a mouse does it: QTest's own presses once more in between."""
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(viewport, left, pos=place)
    spot, screen = QPointF(place), QPointF(viewport.mapToGlobal(place))
    for kind, held in ((QEvent.Type.MouseButtonDblClick, left), (QEvent.Type.MouseButtonRelease, Qt.MouseButton(0))):
        QApplication.sendEvent(viewport, QMouseEvent(kind, spot, screen, left, held, none))


def dragged(viewport, place):
    """Move with the button down; pyqtgraph takes only so many moves a second."""
    left = Qt.MouseButton.LeftButton
    spot, screen = QPointF(place), QPointF(viewport.mapToGlobal(place))
    move = QMouseEvent(QEvent.Type.MouseMove, spot, screen, Qt.MouseButton(0), left, Qt.KeyboardModifier.NoModifier)
    return QApplication.sendEvent(viewport, move)


def press(panel, part):
    QTest.mouseClick(panel.findChild(QToolButton, f"contours_{part}"), Qt.MouseButton.LeftButton)


def test_without_a_function_it_says_what_will_be_here(qtbot):
    panel = ContourPanel()
    qtbot.addWidget(panel)
    panel.show()
    assert panel.message.isVisible()
    assert "Choose a function" in panel.message.text()
    panel.show_message("PyTorch is being loaded.")
    assert panel.message.text() == "PyTorch is being loaded."


def test_a_message_leaves_the_picture_and_stands_below_it(contours):
    contours.show_message("The start is outside the domain.")
    assert contours.view.isVisible()
    assert contours.remark.isVisible()
    contours.show_message("")
    assert not contours.remark.isVisible()


def test_the_whole_domain_is_in_view_and_squares_are_square(contours):
    shown = contours.view.shown
    assert shown.left() < -6 < 6 < shown.right()
    assert shown.bottom() > 6
    across = contours.view.pixel_of(1, 0).x() - contours.view.pixel_of(0, 0).x()
    up = contours.view.pixel_of(0, 0).y() - contours.view.pixel_of(0, 1).y()
    assert across == pytest.approx(up, abs=1)


def test_colours_follow_the_values(contours):
    assert close_to(colour_at(contours, 5.8, 5.5), "#fde725", 60)
    assert close_to(colour_at(contours, 3.0, 1.8), "#443983", 90)


def test_a_click_sets_the_start(contours, qtbot):
    with qtbot.waitSignal(contours.start_chosen) as chosen:
        QTest.mouseClick(contours.view.viewport(), Qt.MouseButton.LeftButton, pos=at(contours, 2, -4))
    assert chosen.args == pytest.approx([2, -4], abs=0.05)


def test_a_click_has_no_more_digits_than_tell_pixels_apart(contours, qtbot):
    with qtbot.waitSignal(contours.start_chosen) as chosen:
        QTest.mouseClick(contours.view.viewport(), Qt.MouseButton.LeftButton, pos=at(contours, 2.3, -4.1))
    assert [round(each, 2) for each in chosen.args] == chosen.args


def test_dragging_the_start_moves_it_live(contours, qtbot):
    told = []
    contours.start_chosen.connect(lambda x, y: told.append((x, y)))
    contours.start_chosen.connect(contours.set_start)
    viewport, begin, end = contours.view.viewport(), at(contours, -0.6, 0.4), at(contours, 2, 3)
    QTest.mouseMove(viewport, begin)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=begin)
    for share in (0.3, 0.7, 1.0):
        place, count = begin + (end - begin) * share, len(told)
        qtbot.waitUntil(lambda place=place, count=count: dragged(viewport, place) and len(told) > count)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)
    assert told[0] == pytest.approx((-0.6 + 0.3 * 2.6, 0.4 + 0.3 * 2.6), abs=0.1)
    assert told[-1] == pytest.approx((2, 3), abs=0.1)


def test_the_wheel_zooms_and_a_double_click_shows_everything_and_keeps_the_start(contours):
    before = contours.view.shown
    wheel(contours.view, 3)
    assert contours.view.shown.width() < 0.8 * before.width()
    contours.start_chosen.connect(contours.set_start)
    place = at(contours, 1, 2)
    double_click(contours.view.viewport(), place)
    assert contours.view.shown.width() == pytest.approx(before.width())
    assert contours._content.start == (-0.6, 0.4)


def test_a_changed_function_over_the_same_domain_keeps_the_zoom(contours, qtbot):
    wheel(contours.view, 3)
    zoomed = contours.view.shown
    contours.set_surface(himmelblau(holes=True))
    drawn(qtbot, contours)
    assert contours.view.shown == zoomed


def test_reset_and_keys(contours):
    before = contours.view.shown
    contours.view.setFocus()
    QTest.keyClick(contours.view, Qt.Key.Key_Right)
    assert contours.view.shown.left() > before.left()
    QTest.keyClick(contours.view, Qt.Key.Key_Plus)
    assert contours.view.shown.width() < before.width()
    press(contours, "reset")
    assert contours.view.shown.width() == pytest.approx(before.width())
    assert contours.view.shown.left() == pytest.approx(before.left())


def test_the_pointer_is_told_and_its_leaving_too(contours, qtbot):
    with qtbot.waitSignal(contours.pointer_moved) as moved:
        QTest.mouseMove(contours.view.viewport(), at(contours, 1, 1))
    assert moved.args == pytest.approx([1, 1], abs=0.05)
    contours.set_reading("x 1, y 1: f 106")
    assert contours.caption.label.text() == "x 1, y 1: f 106"
    with qtbot.waitSignal(contours.pointer_left):
        QTest.mouseMove(contours.view.viewport(), QPoint(3, 3))
    contours.set_reading("")
    assert contours.caption.label.text().startswith("log scale · f(x, y)")


def test_paths_end_at_the_cursor(contours, qtbot):
    row = 150
    contours.set_step(row)
    drawn(qtbot, contours)
    x, y = spiral(0, 300)[row]
    assert close_to(colour_at(contours, x, y), racer_color(0))
    dots = contours.view._strokes.dots.getData()
    assert dots[0][0] == pytest.approx(x)
    later = spiral(0, 300)[200]
    assert not close_to(colour_at(contours, *later), racer_color(0))
    contours.set_step(None)
    drawn(qtbot, contours)
    assert close_to(colour_at(contours, *later), racer_color(0))


def test_a_path_grows_and_clear_takes_all_away(contours, qtbot):
    path = spiral(0, 300)
    contours.clear_paths()
    contours.set_path(0, path[:50], np.zeros(50))
    drawn(qtbot, contours)
    contours.set_path(0, path[:200], np.zeros(200))
    drawn(qtbot, contours)
    assert contours.view._strokes.dots.getData()[0][0] == pytest.approx(path[199, 0])
    contours.clear_paths()
    drawn(qtbot, contours)
    assert len(contours.view._strokes.dots.getData()[0]) == 0


def test_a_path_that_grows_beyond_the_cursor_is_not_drawn_again(contours, qtbot):
    path = spiral(0, 300)
    contours.set_step(20)
    contours.set_path(0, path[:50], np.zeros(50))
    drawn(qtbot, contours)
    contours.set_path(0, path[:200], np.zeros(200))
    assert not contours._stale
    contours.set_step(150)
    drawn(qtbot, contours)
    assert contours.view._strokes.dots.getData()[0][0] == pytest.approx(path[150, 0])


def test_twelve_racers_have_a_legend_and_a_dot_each(contours, qtbot):
    contours.set_racers(tuple(f"RMSprop lr {k}" for k in range(12)))
    for racer in range(12):
        contours.set_path(racer, spiral(racer, 300), np.zeros(300))
    drawn(qtbot, contours)
    assert len(contours.view._strokes.dots.getData()[0]) == 12
    assert contours.legend.toolTip().count("RMSprop") == 12


def test_a_path_that_diverges_does_no_harm(contours, qtbot):
    path = np.array([[0, 0], [1e3, -1e5], [-1e30, 1e30], [np.inf, np.nan]], dtype=np.float32)
    contours.set_path(0, path, np.zeros(4))
    drawn(qtbot, contours)
    assert not contours.view.viewport().grab().isNull()
    assert len(contours.view._strokes.dots.getData()[0]) == 2


def test_scaled_arrows_say_so(contours, qtbot):
    contours.set_arrows(SAMPLE_ARROWS)
    drawn(qtbot, contours)
    texts = [entry.text for entry in contours.legend.entries]
    times = "\N{MULTIPLICATION SIGN}"
    assert texts[3:] == [f"\N{MINUS SIGN}gradient {times} 0.05", f"momentum {times} 0.2", f"step {times} 10"]
    contours.set_arrows((Arrow("step", 0.0, 0.0, 0.0, 3e-7, 0.0),))
    drawn(qtbot, contours)
    assert contours.legend.entries[3].text == f"step {times} 5,000,000"
    contours.set_arrows(())
    drawn(qtbot, contours)
    assert len(contours.legend.entries) == 3


def test_the_ellipse_is_drawn_where_it_is(contours, qtbot):
    contours.set_ellipse(circle(0.0, -4.0, 1.5, 0.8))
    drawn(qtbot, contours)
    assert close_to(colour_at(contours, 1.5, -4.0), theme.color("ink"), 60)
    contours.set_ellipse(None)
    drawn(qtbot, contours)
    assert not close_to(colour_at(contours, 1.5, -4.0), theme.color("ink"), 60)


def test_the_field_can_be_switched_on(contours):
    assert not contours.view._ground.field.isVisible()
    press(contours, "field")
    assert contours.view._ground.field.isVisible()


def test_basins_stand_in_place_of_the_values(contours, qtbot):
    before = colour_at(contours, 5, 5)
    contours.set_basins(basins())
    drawn(qtbot, contours)
    assert close_to(colour_at(contours, 5, 5), "#0072b2", 10)
    contours.set_basins(None)
    drawn(qtbot, contours)
    assert colour_at(contours, 5, 5) == before


def test_holes_show_the_ground_and_a_constant_one_colour(contours, qtbot):
    contours.set_surface(himmelblau(holes=True))
    contours.clear_paths()
    drawn(qtbot, contours)
    assert colour_at(contours, 1, -3) == theme.color("surface")
    contours.set_surface(himmelblau(flat=True))
    drawn(qtbot, contours)
    assert colour_at(contours, 5, 5) == colour_at(contours, -5, 1)


def test_marks_carry_their_labels_and_axes_their_names(contours, qtbot):
    axis = np.linspace(-1, 1, 21)
    value = np.add.outer(axis**2, axis**2)
    marks = (SurfaceMark(0, 0, 0.0, "least squares"), SurfaceMark(0.5, 0.5, 0.5))
    gradient = np.zeros((3, 3, 2))
    coarse = np.linspace(-1, 1, 3)
    contours.set_surface(
        SurfaceValues("loss", "", ("w", "b"), axis, axis, value, coarse, coarse, gradient, marks, False)
    )
    drawn(qtbot, contours)
    assert [label.toPlainText() for label in contours.view._ground.labels] == ["least squares"]
    assert contours.view.axes["bottom"].labelText == "w"
    assert contours.caption.label.text() == "loss"


def test_another_theme_restyles_it(contours, qtbot):
    theme.choose("dark")
    drawn(qtbot, contours)
    corner = contours.view.viewport().grab().toImage().pixelColor(2, 2)
    assert corner == theme.color("surface")
    assert theme.is_dark


def test_the_picture_has_title_view_and_legend_at_any_scale(contours):
    small, large = contours.image(1.0), contours.image(2.0)
    assert large.width() == 2 * small.width()
    assert small.height() > contours.view.height() + contours.legend.height()
    assert large.pixelColor(2, 2) == theme.color("surface")


def test_paths_are_as_wide_in_a_larger_picture(contours):
    areas = []
    for scale in (1.0, 3.0):
        picture = contours.image(scale)
        pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), -1, 4)[..., 2::-1]
        orange = np.array(racer_color(1).getRgb()[:3])
        areas.append((np.abs(pixels.astype(int) - orange) < 12).all(axis=-1).sum())
    assert areas[1] / areas[0] > 8  # nine times the pixels; lines of the same pen would have about three times


def test_saving_is_asked_for_from_the_menu(contours, qtbot):
    picture, animation, path = contours.findChild(QToolButton, "contours_save").menu().actions()
    with qtbot.waitSignal(contours.save_image_requested):
        picture.trigger()
    with qtbot.waitSignal(contours.save_animation_requested):
        animation.trigger()
    with qtbot.waitSignal(contours.save_path_requested):
        path.trigger()


def test_it_fits_into_a_third_of_a_small_window(contours):
    assert contours.minimumSizeHint().width() <= 300
    assert contours.minimumWidth() <= 300
