"""What a model file is, told from its bytes without running any of it. Imports no torch."""

import io
import struct
import zipfile
from pathlib import Path
from typing import Literal

from playground.engine.files import reason
from playground.engine.problems import Problem

Kind = Literal[
    "checkpoint", "folder", "safetensors", "state_dict", "pickle", "pt2", "torchscript", "onnx", "empty", "unknown"
]
"""`state_dict` is what torch.save wrote, whatever it holds; `pickle` any other pickle."""

CHECKPOINT_INDEX = "checkpoint.json"
FOLDER_WEIGHTS = "weights.safetensors"

_HEAD = 64
_MOST_DIRECTORY = 2**24  # bytes of a zip archive's table of contents
_MOST_HEADER = 100_000_000  # bytes of a safetensors header, as the library has it
_LEGACY = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # torch.save before version 1.6
_PICKLE_PROTOCOLS = range(2, 6)
_SUFFIXES: dict[str, Kind] = {".safetensors": "safetensors", ".onnx": "onnx"}
# The first field of an ONNX file is its version, a small number; then one of these.
_ONNX_NEXT = b"\x12\x1a\x22\x28\x32\x3a\x42\x72"


def kind_of(path: str | Path) -> Kind:
    """What lies at `path`.

    A suffix decides only where the bytes say nothing, as in a damaged file.

    Raises
    ------
    Problem
        `file-missing` or `file-unreadable`.
    """
    path = Path(path)
    try:
        if path.is_dir():
            return _of_folder(path)
        if path.name == CHECKPOINT_INDEX:
            return "checkpoint"
        with path.open("rb") as file:
            head = file.read(_HEAD)
            size = file.seek(0, io.SEEK_END)
        if head.startswith(b"PK"):
            return _of_archive(path)
    except FileNotFoundError as error:
        raise Problem("file-missing", path=path) from error
    except (OSError, ValueError) as error:
        raise Problem("file-unreadable", path=path, detail=reason(error)) from error
    return _of_bytes(head, size) or _SUFFIXES.get(path.suffix.lower(), "unknown")


def members(path: Path) -> list[zipfile.ZipInfo]:
    """What a zip archive says it holds; nothing is unpacked.

    Raises
    ------
    OSError, zipfile.BadZipFile
        Where it cannot be read, or its table of contents is beyond all reason.
    """
    with _Sparing(path) as file, zipfile.ZipFile(file) as archive:
        return archive.infolist()


def member(path: Path, name: str, limit: int = 2**20) -> bytes | None:
    """The member of a zip archive that lies below its only folder as `name`; None where there is none so small.

    Raises
    ------
    OSError, zipfile.BadZipFile
    """
    with _Sparing(path) as file, zipfile.ZipFile(file) as archive:
        for one in archive.infolist():
            if _inner(one.filename) == name and one.file_size <= limit:
                return archive.read(one)
    return None


class _Sparing(io.FileIO):
    """A file that gives no more at a time than a sound archive needs: zipfile reads whatever length it is told."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = _MOST_DIRECTORY
        if size > _MOST_DIRECTORY:
            raise zipfile.BadZipFile("its table of contents is too long")
        return super().read(size) or b""


def _of_folder(folder: Path) -> Kind:
    if (folder / CHECKPOINT_INDEX).exists():
        return "checkpoint"
    return "folder" if (folder / FOLDER_WEIGHTS).exists() else "unknown"


def _of_archive(path: Path) -> Kind:
    try:
        names = {_inner(one.filename) for one in members(path)}
    except (zipfile.BadZipFile, NotImplementedError, struct.error, OSError, ValueError, OverflowError):
        return "unknown"
    if "constants.pkl" in names or any(name.startswith("code/") for name in names):
        return "torchscript"
    if "archive_format" in names or any(name.startswith(("models/", "serialized_")) for name in names):
        return "pt2"
    return "state_dict" if "data.pkl" in names else "unknown"


def _inner(name: str) -> str:
    """The name below the folder that torch puts everything into; older `.pt2` files have none."""
    return name.partition("/")[2] or name


def _of_bytes(head: bytes, size: int) -> Kind | None:
    if not size:
        return "empty"
    if head.startswith(_LEGACY):
        return "state_dict"
    if head[0] == 0x80 and len(head) > 1 and head[1] in _PICKLE_PROTOCOLS:
        return "pickle"
    if len(head) > 8 and head[8:9] == b"{" and struct.unpack("<Q", head[:8])[0] <= _MOST_HEADER:
        return "safetensors"
    if len(head) > 2 and head[0] == 0x08 and 0 < head[1] < 0x40 and head[2] in _ONNX_NEXT:
        return "onnx"
    return None
