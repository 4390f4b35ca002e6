"""Files that survive a crash: written beside, flushed, renamed; the one before stays as `.bak`. Imports no torch."""

import contextlib
import errno
import os
import re
import tempfile
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


def write_atomic(path: str | Path, data: bytes, *, backup: bool = False) -> None:
    """Replace a file as a whole or not at all, even through a crash; with `backup` the old one stays as `.bak`.

    Raises
    ------
    Problem
        `file-unwritable`; the old file is then as it was, and no temporary file is left.
    """
    path = Path(path)
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f"{path.name[:80]}.", suffix=_TEMPORARY, dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if backup and path.exists():
            _keep_backup(path)
        temporary.replace(path)
        _flush_folder(path.parent)
    except (OSError, ValueError) as error:
        raise Problem("file-unwritable", path=path, detail=reason(error)) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


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
    number = getattr(error, "errno", None)
    if number in _REASONS:
        return _REASONS[number]
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return re.sub(r"\s+", " ", text).strip().rstrip(".").lower()


def _keep_backup(path: Path) -> None:
    """Make the present file the backup without a moment in which neither exists."""
    backup = backup_of(path)
    handle, name = tempfile.mkstemp(prefix=f"{backup.name[:80]}.", suffix=_TEMPORARY, dir=path.parent)
    os.close(handle)
    link = Path(name)
    try:
        link.unlink()
        try:
            os.link(path, link)
        except OSError:  # a file system without hard links
            link.write_bytes(path.read_bytes())
        link.replace(backup)
    finally:
        link.unlink(missing_ok=True)


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
