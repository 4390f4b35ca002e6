"""Animations hold every frame for its time, and a file is there whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from playground.engine.export.animation import save
from playground.engine.problems import Problem

Frame = NDArray[np.uint8]


def bars(count: int, channels: int = 3) -> Iterator[Frame]:
    """A white bar that moves one pixel a frame."""
    for number in range(count):
        frame = np.zeros((24, 32, channels), np.uint8)
        frame[:, number, :] = 255
        frame[..., 3:] = 255
        yield frame


def read(path: Path) -> list[tuple[Frame, float]]:
    with Image.open(path) as picture:
        found = []
        for number in range(picture.n_frames):
            picture.seek(number)
            found.append((np.asarray(picture.convert("RGB")), picture.info["duration"]))
        return found


@pytest.mark.parametrize("name", ["race.gif", "race.png", "race.apng", "RACE.GIF"])
@pytest.mark.parametrize("channels", [3, 4])
def test_every_frame_comes_back_with_its_time(tmp_path: Path, name: str, channels: int) -> None:
    save(bars(5, channels), tmp_path / name, 0.1)
    frames = read(tmp_path / name)
    assert [seconds for _, seconds in frames] == [100] * 5
    for (frame, _), drawn in zip(frames, bars(5), strict=True):
        assert np.array_equal(frame, drawn)


def test_a_png_keeps_every_colour(tmp_path: Path) -> None:
    frame = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    save([frame, frame[::-1]], tmp_path / "noise.png", 0.05)
    assert np.array_equal(read(tmp_path / "noise.png")[1][0], frame[::-1])


def test_a_gif_is_never_faster_than_browsers_allow(tmp_path: Path) -> None:
    save(bars(3), tmp_path / "fast.gif", 0.001)
    assert read(tmp_path / "fast.gif")[0][1] == 20


def test_it_repeats_for_ever(tmp_path: Path) -> None:
    for name in ("race.gif", "race.png"):
        save(bars(3), tmp_path / name, 0.1)
        with Image.open(tmp_path / name) as picture:
            assert picture.info["loop"] == 0


@pytest.mark.parametrize("name", ["race.mp4", "race", "no/such/folder/race.gif"])
def test_a_name_that_cannot_be_is_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(Problem) as raised:
        save(bars(2), tmp_path / name, 0.1)
    assert raised.value.code == "file-unwritable"
    assert list(tmp_path.iterdir()) == []


def test_no_frames_are_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no frames"):
        save([], tmp_path / "race.gif", 0.1)


@pytest.mark.parametrize("name", ["race.gif", "race.png"])
def test_what_was_there_stays_where_a_frame_fails(tmp_path: Path, name: str) -> None:
    def failing() -> Iterator[Frame]:
        yield from bars(2)
        raise RuntimeError("the view is gone")

    path = tmp_path / name
    path.write_bytes(b"the one before")
    with pytest.raises(RuntimeError, match="the view is gone"):
        save(failing(), path, 0.1)
    assert path.read_bytes() == b"the one before"
    assert list(tmp_path.iterdir()) == [path]
