"""Which exports this user made here and proved: the only files with programs that may be loaded again. No torch."""

import contextlib
import hashlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from playground.engine.export.events import Proof
from playground.engine.files import make_folder, reason
from playground.engine.folders import data_folder
from playground.engine.problems import Problem

FILE = "history.sqlite"

_TABLE = """
CREATE TABLE IF NOT EXISTS exports (
    sha256 TEXT PRIMARY KEY, format TEXT NOT NULL, path TEXT NOT NULL, source TEXT NOT NULL, time REAL NOT NULL
)
"""
_PATIENCE = 5.0
_PAUSE = 0.01
_CHUNK = 2**20


def note(proof: Proof, source_name: str) -> None:
    """Remember an export whose proof passed.

    Raises
    ------
    Problem
        `file-unwritable`.
    """
    if not proof.passed:
        return
    make_folder(data_folder())
    try:
        with _open() as history:
            history.execute(
                "INSERT OR REPLACE INTO exports VALUES (?, ?, ?, ?, ?)",
                (proof.sha256, proof.format, proof.path, source_name, time.time()),
            )
    except (sqlite3.Error, OSError) as error:
        raise Problem("file-unwritable", path=data_folder() / FILE, detail=reason(error)) from error


def knows(sha256: str) -> bool:
    """Whether an export of that digest was made here and proved; False too where the history cannot be read."""
    if not (data_folder() / FILE).exists():
        return False
    try:
        with _open() as history:
            return history.execute("SELECT 1 FROM exports WHERE sha256 = ?", (sha256,)).fetchone() is not None
    except (sqlite3.Error, OSError):
        return False


def digest(path: Path) -> str:
    """The SHA-256 of a file; of a folder that of its files' names and digests, in the order of the names.

    Raises
    ------
    OSError
    """
    if not path.is_dir():
        return _of_file(path)
    files = sorted(file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file())
    lines = "".join(f"{_of_file(path / name)}  {name}\n" for name in files)
    return hashlib.sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()


def _of_file(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


@contextlib.contextmanager
def _open() -> Iterator[sqlite3.Connection]:
    """The history with its table, in one transaction."""
    with contextlib.closing(sqlite3.connect(data_folder() / FILE, timeout=_PATIENCE)) as history:
        _use_wal(history)
        with history:
            history.execute(_TABLE)
            yield history


def _use_wal(history: sqlite3.Connection) -> None:
    """SQLite itself does not wait for others that change a new file's mode at the same moment."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            history.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return
