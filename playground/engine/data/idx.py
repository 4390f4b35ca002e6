"""Files of the MNIST family: gzip-compressed IDX arrays of bytes, taken only when their checksum agrees."""

import hashlib
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from playground.engine.files import read_bytes
from playground.engine.problems import Problem

UNSIGNED_BYTE = 8


def read_idx(
    path: Path, shape: tuple[int, ...], *, sha256: str | None = None, md5: str | None = None
) -> NDArray[np.uint8]:
    """Read one file, compressed where its name ends in `.gz`.

    Parameters
    ----------
    path : Path
    shape : tuple of int
        What the array must have; more than that is never unpacked.
    sha256 : str, optional
        Of the unpacked bytes.
    md5 : str, optional
        Of the compressed file, as torchvision lists it; looked at only where the file is compressed.

    Returns
    -------
    NDArray uint8
        Read-only, of the shape asked for.

    Raises
    ------
    Problem
        `data-corrupt`, or `file-unreadable`.
    """
    size = 4 + 4 * len(shape) + int(np.prod(shape))
    content = _content(path, size, md5)
    if sha256 is not None:
        check(path, "SHA-256", hashlib.sha256(content).hexdigest(), sha256)
    header = struct.pack(f">BBBB{len(shape)}I", 0, 0, UNSIGNED_BYTE, len(shape), *shape)
    if len(content) != size or not content.startswith(header):
        wanted = f"{size:,} bytes that hold {' x '.join(f'{length:,}' for length in shape)} numbers"
        raise Problem("data-corrupt", path=path, found=f"{len(content):,} bytes that do not", wanted=wanted)
    return np.frombuffer(content, np.uint8, offset=len(header)).reshape(shape)


def check(path: Path, name: str, found: str, wanted: str) -> None:
    """Raise `data-corrupt` unless both checksums are the same."""
    if found != wanted:
        raise Problem("data-corrupt", path=path, found=f"{name} {found}", wanted=wanted)


def _content(path: Path, size: int, md5: str | None) -> bytes:
    try:
        packed = read_bytes(path)
        if path.suffix != ".gz":
            return packed
        if md5 is not None:
            check(path, "MD5", hashlib.md5(packed, usedforsecurity=False).hexdigest(), md5)
        return unpack(packed, size)
    except (zlib.error, EOFError) as error:
        raise Problem("data-corrupt", path=path, found="a damaged gzip file", wanted="a whole one") from error


def unpack(packed: bytes, limit: int) -> bytes:
    """What a gzip file holds, of which at most `limit` + 1 bytes are ever unpacked.

    Raises
    ------
    zlib.error
        When it is not a gzip file, or damaged.
    EOFError
        When it is cut short.
    """
    decoder = zlib.decompressobj(wbits=31)
    content = decoder.decompress(packed, limit + 1)
    if not decoder.eof and len(content) <= limit:
        raise EOFError("the file is cut short")
    return content
