"""Frames as an animated GIF or PNG file."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from playground.engine.export.animated_png import animated_png
from playground.engine.files import write_atomic
from playground.engine.problems import Problem

_FORMATS = {".gif": "GIF", ".png": "PNG", ".apng": "PNG"}
_SHORTEST = {"GIF": 0.02, "PNG": 0.001}  # browsers slow a GIF down that asks for less
_LONGEST = 60.0


def save(frames: Iterable[NDArray[np.uint8]], path: str | Path, seconds_per_frame: float) -> None:
    """Write an animation that repeats for ever, whole or not at all.

    Parameters
    ----------
    frames : iterable of uint8 [H, W, 3] or [H, W, 4]
        Taken one after the other, their alpha left out; for a GIF each gets 256 colours of its own.
    path : str or Path
        Its ending says what is written: `.gif`, or `.png` or `.apng` for an animated PNG.
    seconds_per_frame : float
        How long each is shown. A GIF counts in hundredths of a second, two at least. At most a minute.

    Raises
    ------
    Problem
        `file-unwritable`, also for another ending or where there are no frames; nothing is left behind.
    """
    path = Path(path)
    form = _FORMATS.get(path.suffix.lower())
    if form is None:
        raise Problem("file-unwritable", path=path, detail="the name has to end in .gif, .png or .apng")
    pictures = _pictures(frames, form)
    first = next(pictures, None)
    if first is None:
        raise Problem("file-unwritable", path=path, detail="there are no frames to show")
    milliseconds = round(1000 * min(max(seconds_per_frame, _SHORTEST[form]), _LONGEST))
    write_atomic(path, _WRITERS[form](first, pictures, milliseconds))


def _pictures(frames: Iterable[NDArray[np.uint8]], form: str) -> Iterator[Image.Image]:
    for frame in frames:
        picture = Image.fromarray(np.ascontiguousarray(frame[..., :3]))
        yield picture.quantize(dither=Image.Dither.NONE) if form == "GIF" else picture


def _animated_gif(first: Image.Image, others: Iterable[Image.Image], milliseconds: int) -> bytes:
    buffer = io.BytesIO()
    first.save(buffer, "GIF", save_all=True, append_images=others, duration=milliseconds, loop=0)
    return buffer.getvalue()


_WRITERS = {"GIF": _animated_gif, "PNG": animated_png}
