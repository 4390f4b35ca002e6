"""Framing a drawing as MNIST's digits are framed."""

import math
import time

import numpy as np
import pytest

from playground.engine.digits.preprocess import to_digit


def box_of(image):
    rows, columns = np.flatnonzero(image.max(axis=1) > 0), np.flatnonzero(image.max(axis=0) > 0)
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


def test_digits_of_mnist_come_out_as_they_went_in(digits):
    same = [np.abs(to_digit(digit) - digit).max() < 0.005 for digit in digits]  # their brightest is 254 or 255
    assert np.mean(same) > 0.95  # a few have a box of 19 pixels, or a centre between two pixels


def test_an_empty_drawing_gives_an_empty_digit():
    digit = to_digit(np.zeros((280, 280), np.float32))
    assert digit.shape == (28, 28)
    assert digit.dtype == np.float32
    assert not digit.any()


@pytest.mark.parametrize(("height", "width"), [(200, 100), (30, 90), (10, 10), (3, 150), (280, 280), (1, 1)])
def test_a_bar_fills_twenty_pixels_and_keeps_its_aspect(height, width):
    ink = np.zeros((280, 280), np.float32)
    ink[:height, 280 - width :] = 1
    digit = to_digit(ink)
    top, bottom, left, right = box_of(digit)
    assert max(bottom - top, right - left) == 20
    scale = 20 / max(height, width)
    assert digit.sum() == pytest.approx(height * width * scale**2 / min(1, min(height, width) * scale), rel=1e-4)


def test_the_centre_of_mass_lies_in_the_middle_pixel():
    ink = np.zeros((280, 280), np.float32)
    ink[20:220, 30:60] = 1
    ink[190:220, 60:130] = 1
    digit = to_digit(ink).astype(np.float64)
    at = np.arange(28) + 0.5
    assert 14 <= digit.sum(axis=1) @ at / digit.sum() <= 15
    assert 14 <= digit.sum(axis=0) @ at / digit.sum() <= 15


def test_no_ink_is_cut_off_however_lopsided_the_drawing():
    ink = np.zeros((200, 200), np.float32)
    ink[:, :60] = 1
    ink[-1:, :] = 1
    top, bottom, left, right = box_of(to_digit(ink))
    assert (bottom - top, right - left) == (20, 20)


def test_where_and_how_big_the_drawing_is_does_not_matter():
    small, big = np.zeros((280, 280), np.float32), np.zeros((500, 300), np.float32)
    shape = np.zeros((40, 40), np.float32)
    shape[:, 10:20] = 1
    shape[30:, :] = 1
    small[5:45, 200:240] = shape
    big[200:320, 7:127] = np.kron(shape, np.ones((3, 3), np.float32))
    assert np.allclose(to_digit(small), to_digit(big), atol=1e-5)


def test_every_pixel_is_the_mean_of_the_area_it_covers():
    draw = np.random.default_rng(0)
    ink = draw.uniform(0.1, 1, (60, 60)).astype(np.float32)
    means = ink.reshape(20, 3, 20, 3).mean(axis=(1, 3))
    digit = to_digit(ink)
    top, bottom, left, right = box_of(digit)
    assert np.allclose(digit[top:bottom, left:right], means / means.max(), atol=1e-5)


def test_a_canvas_is_framed_within_a_fraction_of_a_frame(drawings):
    best = math.inf
    for ink in (*drawings, *drawings):
        start = time.perf_counter()
        to_digit(ink)
        best = min(best, time.perf_counter() - start)
    assert best < 0.002
