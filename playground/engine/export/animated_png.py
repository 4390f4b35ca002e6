"""Pictures as an animated PNG, one after the other: only what is compressed is kept in memory.

Chunks as in "Animated PNG graphics", part of the Portable Network Graphics specification, third edition (W3C).
"""

import io
import struct
import zlib
from collections.abc import Iterable, Iterator
from itertools import count

from PIL import Image, ImageChops

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_REPEAT_FOREVER, _KEEP, _REPLACE = 0, 0, 0


def animated_png(first: Image.Image, others: Iterable[Image.Image], milliseconds: int) -> bytes:
    """The file. Of every picture but the first only the rectangle that changed is stored.

    Parameters
    ----------
    first, others : RGB pictures of one size
    milliseconds : int
        How long each is shown, up to 65,535.
    """
    numbers = count()
    body = [*_frame(first, (0, 0), milliseconds, numbers, is_first=True)]
    before, frames = first, 1
    for picture in others:
        box = ImageChops.difference(before, picture).getbbox() or (0, 0, 1, 1)
        body += _frame(picture.crop(box), box[:2], milliseconds, numbers)
        before, frames = picture, frames + 1
    header = struct.pack(">IIBBBBB", *first.size, 8, 2, 0, 0, 0)  # 8 bits a channel, colour type RGB
    control = struct.pack(">II", frames, _REPEAT_FOREVER)
    return b"".join([_SIGNATURE, _chunk(b"IHDR", header), _chunk(b"acTL", control), *body, _chunk(b"IEND", b"")])


def _frame(
    picture: Image.Image, corner: tuple[int, int], milliseconds: int, numbers: Iterator[int], *, is_first: bool = False
) -> Iterator[bytes]:
    """Its control chunk and its data; both are numbered, the first picture's data excepted, which old viewers show."""
    place = (*picture.size, *corner)
    yield _chunk(b"fcTL", struct.pack(">IIIIIHHBB", next(numbers), *place, milliseconds, 1000, _KEEP, _REPLACE))
    data = _compressed(picture)
    yield _chunk(b"IDAT", data) if is_first else _chunk(b"fdAT", struct.pack(">I", next(numbers)) + data)


def _compressed(picture: Image.Image) -> bytes:
    """The picture's data as Pillow compresses them, out of a PNG of its own."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    text, place, data = buffer.getvalue(), len(_SIGNATURE), b""
    while place < len(text):
        length, kind = struct.unpack_from(">I4s", text, place)
        data += text[place + 8 : place + 8 + length] if kind == b"IDAT" else b""
        place += length + 12
    return data


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
