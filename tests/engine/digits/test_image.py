"""Ink from pictures: paper, pens, light, formats, and files that are none."""

import io

import numpy as np
import pytest
from PIL import Image

from playground.engine.digits import image as module
from playground.engine.digits.image import ink_from_array, read_ink
from playground.engine.digits.preprocess import to_digit
from playground.engine.problems import Problem

ACROSS, DOWN = np.meshgrid(np.arange(280) / 280, np.arange(280) / 280)


def grey(light):
    return (np.clip(light, 0, 1) * 255).astype(np.uint8)


def difference(pixels, ink):
    """The mean difference between the digit read from the picture and that of the ink that was drawn."""
    return np.abs(to_digit(ink_from_array(pixels)) - to_digit(ink)).mean()


def problem_of(action, *args):
    with pytest.raises(Problem) as caught:
        action(*args)
    return caught.value


def test_light_on_dark_and_dark_on_light_give_the_ink_exactly(drawings):
    for ink in drawings:
        assert difference(grey(ink), ink) < 0.002
        assert difference(255 - grey(ink), ink) < 0.002


def test_faint_strokes_on_grey_are_as_good_as_black_on_white(drawings):
    for ink in drawings:
        assert difference(grey(0.7 - 0.2 * ink), ink) < 0.01  # 51 levels of grey are left


def test_shading_of_the_paper_is_removed(drawings):
    for ink in drawings:
        assert difference(grey((0.85 - 0.4 * ACROSS - 0.1 * DOWN) * (1 - 0.75 * ink)), ink) < 0.02


def test_noise_and_a_stray_speck_do_not_move_the_frame(drawings):
    noise = np.random.default_rng(0).normal(0, 0.02, (280, 280))
    for ink in drawings:
        picture = 0.8 - 0.6 * ink + noise
        picture[3, 3] = picture[277, 270] = 0.1
        assert difference(grey(picture), ink) < 0.06


def test_a_digit_of_28_pixels_stays_the_same_digit(digits):
    for digit in digits[:20]:
        ink = ink_from_array(grey(1 - digit))
        assert ink.shape == (28, 28)
        assert np.corrcoef(ink.ravel(), digit.ravel())[0, 1] > 0.95


@pytest.mark.parametrize("dark", [True, False])
def test_strokes_on_a_transparent_background_are_seen(drawings, dark):
    ink = drawings[0]
    pixels = np.zeros((280, 280, 4), np.uint8)
    pixels[..., :3] = 0 if dark else 255
    pixels[..., 3] = grey(ink)
    assert difference(pixels, ink) < 0.005


def test_coloured_strokes_on_coloured_paper_are_seen(drawings):
    ink = drawings[0][..., None]
    pixels = (ink * np.array([20, 40, 160]) + (1 - ink) * np.array([250, 240, 200])).astype(np.uint8)
    assert difference(pixels, drawings[0]) < 0.005


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tiff", ".webp", ".gif", ".pgm"])
def test_files_of_many_formats_are_read(tmp_path, drawings, suffix):
    path = tmp_path / f"eine Ziffer ü{suffix}"
    options = {"lossless": True} if suffix == ".webp" else {}
    Image.fromarray(255 - grey(drawings[0])).save(path, **options)
    assert np.abs(to_digit(read_ink(path)) - to_digit(drawings[0])).mean() < 0.005


def test_a_jpeg_is_turned_as_its_camera_says(tmp_path, drawings):
    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # to be shown turned by 90 degrees clockwise
    Image.fromarray(np.rot90(255 - grey(drawings[1])).copy()).save(path, exif=exif, quality=95)
    assert np.abs(to_digit(read_ink(path)) - to_digit(drawings[1])).mean() < 0.06


def test_sixteen_bits_a_pixel_are_read_in_full(tmp_path, drawings):
    path = tmp_path / "scan.png"
    Image.fromarray((drawings[0] * 9_000 + 30_000).astype(np.uint16)).save(path)
    assert np.abs(to_digit(read_ink(path)) - to_digit(drawings[0])).mean() < 0.005


def test_a_large_picture_is_made_smaller(drawings):
    assert max(ink_from_array(np.kron(grey(drawings[0]), np.ones((4, 3), np.uint8))).shape) == 512


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_picture_of_one_colour_is_empty(level):
    assert problem_of(ink_from_array, np.full((50, 50, 3), level, np.uint8)).code == "image-empty"


@pytest.mark.parametrize("shape", [(0, 5), (5,), (5, 5, 2), (2, 5, 5, 3)])
def test_an_array_that_is_no_picture_is_refused(shape):
    assert problem_of(ink_from_array, np.zeros(shape, np.uint8)).code == "image-unreadable"


def test_files_that_are_no_pictures_get_one_sentence(tmp_path):
    packed = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8)).save(packed, "PNG")
    for name, content in {
        "text.png": b"not a picture",
        "empty.png": b"",
        "half.png": packed.getvalue()[: len(packed.getvalue()) // 2],
    }.items():
        path = tmp_path / name
        path.write_bytes(content)
        problem = problem_of(read_ink, path)
        assert problem.code == "image-unreadable"
        assert str(path) in problem.sentence
    assert problem_of(read_ink, tmp_path).code == "image-unreadable"
    assert problem_of(read_ink, tmp_path / "none.png").code == "file-missing"


def test_a_picture_too_large_to_unpack_is_refused_by_its_header(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_PIXELS", 1_000)
    path = tmp_path / "large.png"
    Image.new("L", (40, 30)).save(path)
    problem = problem_of(read_ink, path)
    assert problem.code == "image-unreadable"
    assert "40 x 30" in problem.sentence
