"""Exports appear whole or not at all: made in a hidden folder beside their place, then renamed into it. No torch."""

import contextlib
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from playground.engine.export.events import Proof
from playground.engine.export.preprocessing import beside
from playground.engine.files import reason
from playground.engine.problems import Problem

FAILED = ".failed"
PROOF = ".proof.json"

_LONGEST = 250  # bytes of a file's name, with room for the `.json` that some have beside them
_DIGITS = 8
_TEMPORARY = ".playground-tmp"
_DAY = 86_400.0  # seconds; no export takes as long


@contextlib.contextmanager
def workplace(folder: Path, wanted: Path | None = None) -> Iterator[Path]:
    """A hidden folder in `folder`, on the same disk; gone afterwards with all that is in it.

    Raises
    ------
    Problem
        `file-unwritable`, said of the file that is wanted there in the end, where that is named.
    """
    _sweep(folder)
    place = folder.absolute() / f".{secrets.token_hex(6)}{_TEMPORARY}"
    try:
        place.mkdir()
    except (OSError, ValueError) as error:
        raise Problem("file-unwritable", path=wanted or folder, detail=reason(error)) from error
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def extended(path: Path, ending: str) -> Path:
    """The path with `ending` behind its name; a name too long for that becomes its beginning and a digest."""
    name = os.fsencode(path.name)
    if len(name) + len(ending) > _LONGEST:
        digest = hashlib.sha256(name).hexdigest()[:_DIGITS].encode()
        name = os.fsencode(name[: _LONGEST - len(ending) - _DIGITS - 1].decode("utf-8", "ignore")) + b"-" + digest
    return path.with_name(os.fsdecode(name) + ending)


def check_room(path: Path) -> None:
    """Refuse a place that holds something else than an earlier export.

    Raises
    ------
    Problem
        `file-unwritable`.
    """
    if path.is_dir() and not extended(path, PROOF).exists():
        raise Problem("file-unwritable", path=path, detail="a folder with other things has that name")


def put(made: Path, path: Path, proof: Proof) -> None:
    """Give a whole export its name, and lay its proof beside it as JSON; an earlier export there makes room.

    Raises
    ------
    Problem
        `file-unwritable`; what was there is then as it was.
    """
    check_room(path)
    told = made.with_name("proof.json")
    try:
        told.write_bytes(msgspec.json.format(msgspec.json.encode(proof), indent=2) + b"\n")
        for file in (told, *made.rglob("*")) if made.is_dir() else (told, made):
            _flush(file)
        about = None if made.is_dir() else beside(made)
        _swap(made, path)
        told.replace(extended(path, PROOF))
        if about is not None and about.exists():
            about.replace(beside(path))
    except (OSError, ValueError) as error:
        raise Problem("file-unwritable", path=path, detail=reason(error)) from error


def remove(proof: Proof) -> None:
    """Take an export away again, with its proof and what lies beside it."""
    path = Path(proof.path)
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
        beside(path).unlink(missing_ok=True)
    extended(path, PROOF).unlink()


def _sweep(folder: Path) -> None:
    """Remove what a killed process left behind long ago."""
    for place in folder.glob(f".*{_TEMPORARY}"):
        with contextlib.suppress(OSError):
            if place.is_dir() and time.time() - place.stat().st_mtime > _DAY:
                shutil.rmtree(place, ignore_errors=True)


def _swap(made: Path, path: Path) -> None:
    """Rename, which for folders needs the place to be free."""
    before = made.with_name(f"{made.name}.before")
    if path.is_dir() or (made.is_dir() and path.exists()):
        path.rename(before)
    try:
        made.replace(path)
    except OSError:
        if before.exists():
            before.rename(path)
        raise


def _flush(file: Path) -> None:
    if file.is_file():
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
