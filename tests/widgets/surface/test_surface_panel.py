"""The surface in space as a person uses it, and without OpenGL."""

import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from playground.widgets.common.theme import theme
from playground.widgets.surface import graphics, surface_panel
from playground.widgets.surface.samples import SAMPLE_ARROWS, basins, circle, himmelblau, spiral
from playground.widgets.surface.surface_panel import SurfacePanel


def drawn(qtbot, panel):
    qtbot.waitUntil(lambda: not panel._stale)


def press(panel, part):
    QTest.mouseClick(panel.findChild(QToolButton, f"surface_{part}"), Qt.MouseButton.LeftButton)


def place_of(panel, x, y):
    """The pixel of a point of the surface."""
    view = panel.view
    relief = view._scene.relief
    flat = relief.to_plane(np.array([[x, y]]))
    point = np.column_stack([flat, relief.height_at(flat)])
    return QPointF(*view.project(point, QRectF(view.rect()))[0]).toPoint()


def camera(panel):
    return panel.view.opts["elevation"], panel.view.opts["azimuth"], panel.view.opts["distance"]


def drag(panel, button, modifiers=Qt.KeyboardModifier.NoModifier):
    middle = panel.view.rect().center()
    QTest.mousePress(panel.view, button, modifiers, middle)
    for moved in range(0, 60, 10):
        position = QPointF(middle + QPoint(moved, moved // 2))
        QApplication.sendEvent(panel.view, _move(panel.view, position, button, modifiers))
    QTest.mouseRelease(panel.view, button, modifiers, middle + QPoint(60, 30))


def _move(view, position, button, modifiers):
    place = QPointF(view.mapToGlobal(position.toPoint()))
    return QMouseEvent(QEvent.Type.MouseMove, position, place, Qt.MouseButton.NoButton, button, modifiers)


def colours(panel):
    """How many different colours the view's picture has."""
    picture = panel.view.grab().toImage()
    return len({picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)})


def test_it_opens_at_elevation_60_and_azimuth_minus_30_with_everything_in_sight(surface):
    assert camera(surface)[:2] == (60, -30)
    corners = np.array([(u, v, z) for u in (-1, 1) for v in (-1, 1) for z in (-0.5, 1)], dtype=float)
    places = surface.view.project(corners, QRectF(surface.view.rect()))
    assert (places > 0).all()
    assert (places < [surface.view.width(), surface.view.height()]).all()
    assert colours(surface) > 100


def test_a_drag_turns_and_reset_brings_it_back(surface, qtbot):
    before = camera(surface)
    with qtbot.assertNotEmitted(surface.start_chosen):
        drag(surface, Qt.MouseButton.LeftButton)
    assert camera(surface)[0] != before[0]
    assert camera(surface)[1] != before[1]
    press(surface, "reset")
    assert camera(surface) == before


@pytest.mark.parametrize(
    ("button", "modifiers"),
    [
        (Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier),
        (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier),
    ],
)
def test_middle_and_control_drags_move_the_view(surface, button, modifiers):
    drag(surface, button, modifiers)
    assert camera(surface)[:2] == (60, -30)
    assert surface.view.opts["center"].length() > 0.1
    press(surface, "reset")
    assert surface.view.opts["center"].length() < 0.1


def test_the_wheel_zooms_within_bounds(surface):
    before = camera(surface)[2]
    middle = QPointF(surface.view.rect().center())
    for _ in range(40):
        event = QWheelEvent(
            middle, QPointF(surface.view.mapToGlobal(middle.toPoint())), QPoint(), QPoint(0, 120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(surface.view, event)
    assert 1 < camera(surface)[2] < before


def test_keys_turn_zoom_and_go_home(surface):
    before = camera(surface)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Plus):
        QTest.keyClick(surface.view, key)
    elevation, azimuth, distance = camera(surface)
    assert elevation == before[0] + 5
    assert azimuth == before[1] - 5
    assert distance < before[2]
    QTest.keyClick(surface.view, Qt.Key.Key_Minus)
    assert camera(surface)[2] == pytest.approx(before[2])
    QTest.keyClick(surface.view, Qt.Key.Key_Home)
    assert camera(surface) == before


def test_from_the_top_x_goes_right_and_y_goes_up(surface):
    press(surface, "top")
    left, right, up = (place_of(surface, *point) for point in ((-5, 0), (5, 0), (0, 5)))
    assert left.x() < up.x() < right.x()
    assert up.y() < left.y() == pytest.approx(right.y(), abs=12)


@pytest.mark.parametrize("point", [(-0.6, 0.4), (4.5, -4.5), (-5.0, 3.0)])
def test_a_click_on_the_surface_sets_the_start_there(surface, qtbot, point):
    with qtbot.waitSignal(surface.start_chosen) as chosen:
        QTest.mouseClick(surface.view, Qt.MouseButton.LeftButton, pos=place_of(surface, *point))
    assert chosen.args == pytest.approx(point, abs=0.12)


def test_a_click_beside_everything_sets_nothing(surface, qtbot):
    with qtbot.assertNotEmitted(surface.start_chosen):
        QTest.mouseClick(surface.view, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))


def test_the_pointer_is_told_over_the_surface_and_left_beside_it(surface, qtbot):
    with qtbot.waitSignal(surface.pointer_moved) as moved:
        QTest.mouseMove(surface.view, place_of(surface, 1.0, 1.0))
    assert moved.args == pytest.approx([1.0, 1.0], abs=0.12)
    with qtbot.waitSignal(surface.pointer_left):
        QTest.mouseMove(surface.view, QPoint(2, 2))


def test_the_cursor_shortens_the_paths_and_leaves_the_surface_alone(surface, qtbot):
    mesh, whole = surface.view._scene._shape, len(surface.view._scene.line.pos)
    surface.set_step(100)
    drawn(qtbot, surface)
    assert 0 < len(surface.view._scene.line.pos) < whole
    surface.set_step(None)
    drawn(qtbot, surface)
    assert len(surface.view._scene.line.pos) == whole
    assert surface.view._scene._shape is mesh


def test_shadows_lie_on_the_floor_under_their_paths(surface):
    scene = surface.view._scene
    assert (scene.shadow.pos[:, 2] == -0.5).all()
    assert np.array_equal(scene.shadow.pos[:, :2], scene.line.pos[:, :2])


def test_arrows_ellipse_and_twelve_racers_are_drawn(surface, qtbot):
    before = len(surface.view._scene.line.pos)
    surface.set_arrows(SAMPLE_ARROWS)
    surface.set_ellipse(circle(2, 1, 0.8, 0.4))
    drawn(qtbot, surface)
    assert len(surface.view._scene.line.pos) > before + 100
    surface.set_racers(tuple(f"r{k}" for k in range(12)))
    for racer in range(12):
        surface.set_path(racer, spiral(racer, 300), np.zeros(300))
    drawn(qtbot, surface)
    assert len(surface.view._scene.points.pos) == 24  # a ring and a disc each
    surface.clear_paths()
    drawn(qtbot, surface)
    assert len(surface.view._scene.points.pos) == 0
    assert not surface.view.grab().isNull()


def test_holes_constants_and_basins_can_be_drawn(surface, qtbot):
    surface.set_basins(basins())
    drawn(qtbot, surface)
    with_basins = surface.view.grab().toImage()
    surface.set_basins(None)
    for function in (himmelblau(holes=True), himmelblau(flat=True), himmelblau(side=17)):
        surface.set_surface(function)
        drawn(qtbot, surface)
        assert surface.view.grab().toImage() != with_basins
    assert surface.view is surface.pages.currentWidget()


def test_another_theme_restyles_it(surface, qtbot):
    theme.choose("dark")
    drawn(qtbot, surface)
    corner = surface.view.grab().toImage().pixelColor(1, 1)
    assert corner.name() == theme.color("surface").name()


def test_at_rest_edges_become_smooth(surface, qtbot):
    surface.view._fine_ms = float("inf")  # as on a slow machine
    QTest.keyClick(surface.view, Qt.Key.Key_Left)
    surface.view.repaint()
    quick = surface.view.grab().toImage()
    qtbot.waitUntil(lambda: surface.view._fine_ms < float("inf"))
    assert surface.view.grab().toImage() != quick


def test_the_picture_is_there_before_the_panel_was_ever_shown(qtbot):
    panel = SurfacePanel()
    qtbot.addWidget(panel)
    panel.set_surface(himmelblau())
    image = panel.image(1.5)
    colors = {image.pixel(x, y) for x in range(0, image.width(), 9) for y in range(0, image.height(), 9)}
    assert len(colors) > 100
    assert image.pixelColor(2, 2) == theme.color("surface")


def test_two_surfaces_share_the_context(surface, qtbot):
    other = SurfacePanel()
    qtbot.addWidget(other)
    other.set_surface(himmelblau())
    assert not other.image(1.0).isNull()
    assert colours(surface) > 100
    assert other.view.context() is surface.view.context()


def test_without_opengl_one_sentence_says_why_and_nothing_else_breaks(qtbot, monkeypatch):
    def refuse():
        raise graphics.NoOpenGL("no OpenGL context can be created")

    monkeypatch.setattr(surface_panel, "shared_graphics", refuse)
    panel = SurfacePanel()
    qtbot.addWidget(panel)
    panel.resize(500, 400)
    panel.set_surface(himmelblau())
    with qtbot.waitExposed(panel):
        panel.show()
    qtbot.waitUntil(lambda: "no OpenGL context" in panel.message.text())
    assert panel.message.isVisible()
    assert "contours" in panel.message.text()
    panel.show_message("")
    panel.set_path(0, spiral(0, 50), np.zeros(50))
    panel.set_step(20)
    press(panel, "top")
    assert panel.message.isVisible()
    assert not panel.image(1.0).isNull()


def test_a_context_that_is_lost_later_is_told_too(surface, qtbot, monkeypatch):
    def lose(_):
        raise graphics.NoOpenGL("the OpenGL context cannot be used")

    monkeypatch.setattr(graphics.Graphics, "make_current", lose)
    surface.view.update()
    qtbot.waitUntil(surface.message.isVisible)
    assert "cannot be used" in surface.message.text()


def test_a_platform_without_opengl_is_found_out_before_pyqtgraph_opengl_is_imported():
    program = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.pop("DISPLAY", None)
from PySide6.QtWidgets import QApplication
application = QApplication([])
from playground.widgets.surface.surface_panel import SurfacePanel
panel = SurfacePanel()
assert "pyqtgraph.opengl" not in sys.modules
panel.image(1.0)
assert "pyqtgraph.opengl" not in sys.modules
print(panel.message.text())
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "no OpenGL context can be created" in said
