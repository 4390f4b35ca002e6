"""Files that survive a crash: written beside, flushed, renamed; the one before stays as `.bak`. Imports no torch."""

import contextlib
import errno
import os
import re
import secrets
import shutil
from pathlib import Path

from playground.engine.problems import Problem

_TEMPORARY = ".playground-tmp"
_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EACCES: "you may not write there",
    errno.EPERM: "you may not write there",
    errno.EROFS: "the folder is read-only",
    errno.ENOENT: "the folder does not exist",
    errno.ENOTDIR: "the folder does not exist",
    errno.EISDIR: "a folder has that name",
    errno.EEXIST: "a file has that name",
    errno.ENAMETOOLONG: "the name is too long",
}


def read_bytes(path: str | Path, limit: int = 2**34) -> bytes:
    """The whole file.

    Raises
    ------
    Problem
        `file-missing`, `file-too-large` or `file-unreadable`.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        if size > limit:
            raise Problem("file-too-large", path=path, size=size, limit=limit)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Problem("file-missing", path=path) from error
    except (OSError, ValueError) as error:
        raise Problem("file-unreadable", path=path, detail=reason(error)) from error


def make_folder(folder: Path) -> None:
    """Make the folder and those above it, where they are missing.

    Raises
    ------
    Problem
        `file-unwritable`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise Problem("file-unwritable", path=folder, detail=reason(error)) from error


def write_atomic(path: str | Path, data: bytes, *, backup: bool = False) -> None:
    """Replace a file as a whole or not at all, even through a crash; with `backup` the old one stays as `.bak`.

    Raises
    ------
    Problem
        `file-unwritable`; the old file is then as it was, and no temporary file is left.
    """
    path = Path(path)
    temporary = _beside(path)
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
            if backup:
                _keep_backup(path)
        temporary.replace(path)
    except (OSError, ValueError) as error:
        raise Problem("file-unwritable", path=path, detail=reason(error)) from error
    finally:
        _remove(temporary)
    _flush_folder(path.parent)


def sweep(folder: Path) -> None:
    """Remove temporary files that a crash left behind."""
    with contextlib.suppress(OSError):
        for leftover in folder.glob(f"*{_TEMPORARY}"):
            leftover.unlink(missing_ok=True)


def backup_of(path: str | Path) -> Path:
    """Where the version before lies."""
    path = Path(path)
    return path.with_name(f"{path.name}.bak")


def reason(error: BaseException) -> str:
    """What the operating system meant, in plain words without the path."""
    inner = getattr(error, "reason", None)  # urllib wraps what the socket said
    error = inner if isinstance(inner, BaseException) else error
    number = getattr(error, "errno", None)
    if number in _REASONS:
        return _REASONS[number]
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return re.sub(r"\s+", " ", text).strip().rstrip(".").lower()


def _keep_backup(path: Path) -> None:
    """Make the present file the backup without a moment in which neither exists."""
    link = _beside(path)
    try:
        try:
            os.link(path, link)
        except OSError:  # a file system without hard links
            shutil.copy(path, link)
        link.replace(backup_of(path))
    finally:
        _remove(link)


def _beside(path: Path) -> Path:
    """A new name in the same folder; short, since letters may take four bytes each and a name has 255."""
    return path.parent / f"{path.name[:40]}.{secrets.token_hex(6)}{_TEMPORARY}"


def _remove(leftover: Path) -> None:
    with contextlib.suppress(OSError, ValueError):
        leftover.unlink(missing_ok=True)


def _flush_folder(folder: Path) -> None:
    """Make the new name durable where folders can be flushed; where not, a power cut may bring the old file back."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
