"""Clipping, arrows and the draped paths, against closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.widgets.surface.drape import DrapedPath
from playground.widgets.surface.levels import Levels, colors
from playground.widgets.surface.relief import FLOOR, HEIGHT, Relief
from playground.widgets.surface.samples import himmelblau, spiral
from playground.widgets.surface.strokes import arrow_scales, arrow_strokes, clipped, field_strokes
from playground.widgets.surface.values import Arrow

BOX = (-1.0, 1.0, -2.0, 2.0)
NUMBERS = st.floats(-10, 10)


@pytest.fixture(scope="module")
def function():
    return himmelblau()


@pytest.fixture(scope="module")
def relief(function):
    return Relief(function, Levels(function))


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_a_clipped_piece_is_what_of_it_lies_inside(x0, y0, x1, y1):
    piece = np.array([[[x0, y0], [x1, y1]]])
    found, owners = clipped(piece, BOX)
    samples = piece[0, 0] + np.linspace(0, 1, 301)[:, None] * (piece[0, 1] - piece[0, 0])
    inside = (np.abs(samples[:, 0]) < 1) & (np.abs(samples[:, 1]) < 2)
    if inside.any():
        assert owners.tolist() == [0]
        assert np.abs(found[0, :, 0]).max() <= 1 + 1e-9
        assert np.abs(found[0, :, 1]).max() <= 2 + 1e-9
        length = np.hypot(*(found[0, 1] - found[0, 0]))
        whole = np.hypot(*(piece[0, 1] - piece[0, 0]))
        assert length == pytest.approx(inside.mean() * whole, abs=0.02 * whole + 1e-9)


def test_a_piece_outside_is_gone_and_one_inside_stays_as_it_is():
    pieces = np.array([[[3.0, 0], [4, 1]], [[0, 0], [0.5, 1]]])
    found, owners = clipped(pieces, BOX)
    assert owners.tolist() == [1]
    assert found.tolist() == [[[0, 0], [0.5, 1]]]


def test_an_arrow_has_a_shaft_and_two_barbs_at_its_tip():
    strokes = arrow_strokes(np.array([[1.0, 1.0]]), np.array([[3.0, 4.0]]))
    assert strokes[0].tolist() == [[1, 1], [4, 5]]
    assert strokes[1:, 0].tolist() == [[4, 5], [4, 5]]
    assert ((strokes[1:, 1] - [4, 5]) @ [3, 4] < 0).all()


@pytest.mark.parametrize(("length", "scale"), [(2.0, 1.0), (26.0, 0.05), (0.18, 10.0), (1e-6, 2e6), (0.0, None)])
def test_arrows_too_long_or_too_short_to_see_are_scaled_by_a_round_number(length, scale):
    arrows = (Arrow("step", 0, 0, 0, length, 0), Arrow("step", 0, 0, 0, 0, length / 2))
    assert arrow_scales(arrows, 12.0).get("step") == (pytest.approx(scale) if scale else None)


def test_the_field_points_downhill_and_leaves_out_holes():
    axis = np.array([0.0, 1.0, 2.0])
    gradient = np.zeros((3, 3, 2))
    gradient[..., 0] = 1.0
    gradient[1, 1] = np.nan
    strokes = field_strokes(axis, axis, gradient)
    assert len(strokes) == 3 * 8
    assert ((strokes[:8, 1] - strokes[:8, 0])[:, 0] < 0).all()


def test_values_and_parts_lead_to_each_other(function):
    levels = Levels(function)
    assert levels.logarithmic
    for value in (0.0, 0.5, 100.0, 2000.0):
        assert levels.value_at(float(levels.part(np.array([value]))[0])) == pytest.approx(value, abs=1e-9)
    assert levels.part(np.array([levels.high])) == pytest.approx(1)
    assert [label for _, label in levels.ticks()] == ["0", "1", "10", "100", "1000"]


def test_a_constant_is_half_way_and_has_no_contours():
    levels = Levels(himmelblau(flat=True))
    assert levels.part(np.array([3.0, np.nan])).tolist() == [0.5, pytest.approx(np.nan, nan_ok=True)]
    assert len(levels.contour_parts()) == 0
    assert levels.ticks() == [(0.5, "3")]


def test_colours_are_clear_where_there_is_no_value():
    assert colors(np.array([np.nan, 0.0, 1.0])).tolist() == [[0, 0, 0, 0], [68, 1, 84, 255], [253, 231, 37, 255]]


def test_the_mesh_goes_through_its_own_points(relief):
    points = np.stack(np.meshgrid(relief.u, relief.v), axis=-1).reshape(-1, 2)
    assert relief.height_at(points) == pytest.approx(relief.heights.ravel(), abs=1e-9)
    assert np.isnan(relief.height_at(np.array([[1.1, 0.0]]))).all()


def test_a_hole_has_no_triangles():
    function = himmelblau(holes=True)
    relief = Relief(function, Levels(function))
    whole = 2 * (len(relief.u) - 1) * (len(relief.v) - 1)
    faces = relief.faces()
    assert 0 < whole - len(faces) < 0.1 * whole
    assert np.isfinite(relief.heights.ravel()[faces]).all()
    assert (relief.vertices()[np.unique(faces), 2] > FLOOR).all()


def test_a_long_step_is_bent_over_the_surface(relief):
    vertices = relief.draped(np.array([[[-0.9, -0.9], [0.9, 0.8]]]))
    assert len(vertices) > 100
    assert vertices[:, 2] == pytest.approx(relief.height_at(vertices[:, :2].astype(float)), abs=1e-4)


def test_a_draped_path_grown_in_pieces_equals_one_laid_at_once(relief):
    path = spiral(1, 3000)
    whole, grown = DrapedPath(relief), DrapedPath(relief)
    whole.feed(path)
    for end in (1, 2, 500, 501, 2000, 3000):
        grown.feed(path[:end])
    assert np.array_equal(grown.until(None), whole.until(None))
    assert len(grown.until(1000)) < len(grown.until(2000)) < len(grown.until(None))
    assert len(grown.until(0)) == 0


def test_a_ray_finds_the_surface_else_the_floor_else_nothing(relief):
    straight_down = relief.hit(np.array([0.3, -0.2, 5.0]), np.array([0.3, -0.2, -5.0]))
    assert straight_down == pytest.approx((0.3, -0.2))
    function = himmelblau(holes=True)
    with_hole = Relief(function, Levels(function))
    through = with_hole.to_plane(np.array([1.0, -3.0]))
    assert with_hole.hit(np.append(through, 5.0), np.append(through, -5.0)) == pytest.approx(tuple(through))
    assert relief.hit(np.array([1.5, 0.0, 5.0]), np.array([1.5, 0.0, -5.0])) is None
    assert relief.hit(np.array([0.0, 0.0, 5.0]), np.array([0.0, 0.0, 2 * HEIGHT])) is None


def test_a_slanting_ray_stops_at_the_first_slope_it_meets(relief):
    near, target = np.array([3.0, 0.0, 2.0]), np.array([[0.2, 0.1]])
    far = np.append(target, relief.height_at(target))
    far = near + 1.5 * (far - near)
    hit = np.array([relief.hit(near, far)])
    share = (hit[0, 0] - near[0]) / (far[0] - near[0])
    assert near[2] + share * (far[2] - near[2]) == pytest.approx(float(relief.height_at(hit)[0]), abs=0.01)
