"""The colours of the basins, start by start."""

from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtGui import QColor

from playground.widgets.basins.colors import colors, diverged_color, minimum_color, not_arrived_color
from playground.widgets.basins.values import DIVERGED, NOT_ARRIVED, BasinsValues
from playground.widgets.common.theme import SERIES, theme


def picture(labels, steps, minima=3):
    """Values around these arrays."""
    places = tuple((float(i), float(i), "") for i in range(minima))
    return BasinsValues((0, 1, 0, 1), labels, steps, places, (0.0,) * minima, 500, 1.0, is_final=True)


def rgb(color):
    return [color.red(), color.green(), color.blue()]


@given(
    arrays(np.int16, (16, 16), elements=st.integers(-2, 2)), arrays(np.int32, (16, 16), elements=st.integers(0, 500))
)
def test_every_start_keeps_the_hue_of_its_minimum(labels, steps):
    painted = colors(picture(labels, steps))
    assert painted.shape == (16, 16, 4)
    assert painted.dtype == np.uint8
    assert (painted[..., 3] == 255).all()
    for index in range(3):
        own = np.array(rgb(minimum_color(index)))
        found = painted[labels == index][:, :3].astype(float)
        kept = found.max(axis=1, initial=0) / own.max()
        assert (np.abs(found - kept[:, None] * own) <= 1.5).all()
    assert (painted[labels == NOT_ARRIVED][:, :3] == rgb(not_arrived_color())).all()


@given(arrays(np.int32, (8, 8), elements=st.integers(0, 100_000)))
def test_more_steps_are_never_brighter(steps):
    painted = colors(picture(np.zeros((8, 8), np.int16), steps))
    order = np.argsort(steps.ravel(), kind="stable")
    brightness = painted[..., :3].sum(axis=2, dtype=int).ravel()[order]
    assert (np.diff(brightness) <= 0).all()


def test_few_steps_are_bright_and_many_dark():
    steps = np.full((64, 64), 10, np.int32)
    steps[32:] = 400
    painted = colors(picture(np.full((64, 64), 1, np.int16), steps))
    assert painted[0, 0, :3].tolist() == rgb(QColor(SERIES[1]))
    assert painted[63, 0, 0] < 0.5 * painted[0, 0, 0]


def test_diverged_is_nearly_black_and_hatched():
    painted = colors(picture(np.full((64, 64), DIVERGED, np.int16), np.zeros((64, 64), np.int32)))
    kinds = {tuple(pixel) for pixel in painted[..., :3].reshape(-1, 3).tolist()}
    assert tuple(rgb(diverged_color())) in kinds
    assert len(kinds) == 2


def test_twenty_minima_have_twenty_colours():
    assert len({minimum_color(index).name() for index in range(20)}) == 20


def test_nothing_arrived_can_be_painted():
    painted = colors(picture(np.full((16, 16), NOT_ARRIVED, np.int16), np.full((16, 16), 500, np.int32), minima=0))
    assert (painted[..., :3] == rgb(not_arrived_color())).all()


def test_not_arrived_is_grey_in_either_theme():
    try:
        for choice in ("dark", "light"):
            theme.choose(choice)
            assert not_arrived_color().hslSaturationF() < 0.25
    finally:
        theme.choose("light")


def test_a_thousand_by_a_thousand_starts_are_coloured_while_nobody_notices():
    draws = np.random.default_rng(0)
    labels = draws.integers(-2, 4, (1024, 1024)).astype(np.int16)
    values = picture(labels, draws.integers(0, 500, (1024, 1024)).astype(np.int32), minima=4)
    seconds = []
    for _ in range(5):
        began = perf_counter()
        colors(values)
        seconds.append(perf_counter() - began)
    assert min(seconds) < 0.1  # about 0.014 alone; much else may run on the machine that tests


@pytest.mark.parametrize(("cell", "place"), [((0, 0), (-1.5, 10.25)), ((3, 3), (1.5, 11.75)), ((0, 2), (0.5, 10.25))])
def test_a_start_stands_in_the_middle_of_its_cell(cell, place):
    values = picture(np.zeros((4, 4), np.int16), np.zeros((4, 4), np.int32))
    moved = BasinsValues((-2, 2, 10, 12), values.labels, values.steps, (), (), 0, 0.0, is_final=False)
    assert moved.start(*cell) == pytest.approx(place)
