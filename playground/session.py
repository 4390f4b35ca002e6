"""The open document: its undo stack, its file, whether it is saved, and an autosave for the next start."""

import contextlib
import hashlib
import os
import secrets
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from playground.engine import document as documents
from playground.engine.document import Document
from playground.engine.files import make_folder, read_bytes, write_atomic
from playground.engine.folders import data_folder
from playground.engine.problems import Problem

AUTOSAVE_MS = 2_000
_OWN = secrets.token_hex(4)  # a later process may have the number of this one


class ReplaceSpec(QUndoCommand):
    """One field of the document gets another value. Edits with the same merge key become one step of undo."""

    def __init__(self, session: "Session", path: str, old: object, new: object, text: str, merge_key: str) -> None:
        super().__init__(text)
        self._session = session
        self._path = path
        self._old = old
        self._new = new
        self._merge_key = merge_key

    def redo(self) -> None:
        """Set the new value."""
        self._session.apply(self._path, self._new)

    def undo(self) -> None:
        """Set the old value again."""
        self._session.apply(self._path, self._old)

    def id(self) -> int:
        """Qt merges neighbours with the same id; -1 never merges."""
        return hash((self._path, self._merge_key)) & 0x7FFFFFFF if self._merge_key else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over the newer edit's value; drop out of the stack when that is where it began."""
        if not isinstance(other, ReplaceSpec) or (other._path, other._merge_key) != (self._path, self._merge_key):
            return False
        self._new = other._new
        self.setObsolete(self._new == self._old)
        return True


class Session(QObject):
    """The experiment that is open. Everything that edits it goes through `push`; everyone who shows it hears `changed`.

    Signals
    -------
    changed(str) : the field at this dotted path has another value; "" after another document was opened.
    file_changed() : the file's name, or whether the document is saved, is another.
    """

    changed = Signal(str)
    file_changed = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._path: Path | None = None
        self._lock: QLockFile | None = None
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self._on_clean_changed)
        self._autosave = QTimer(self, interval=AUTOSAVE_MS, singleShot=True)
        self._autosave.timeout.connect(self.autosave)

    @property
    def document(self) -> Document:
        """The document as it is now: frozen, safe to hand to any thread."""
        return self._document

    @property
    def path(self) -> Path | None:
        """Where it is saved; None before the first time."""
        return self._path

    @property
    def is_saved(self) -> bool:
        """Whether the file holds what is shown."""
        return self.undo_stack.isClean()

    @property
    def holder(self) -> int | None:
        """The process that holds the document's file; None where this one does, or where there is no file."""
        if self._lock is None or self._lock.error() != QLockFile.LockError.LockFailedError:
            return None
        process: int = self._lock.getLockInfo()[0]
        return process

    def push(self, path: str, value: object, text: str, merge_key: str = "") -> None:
        """Edit one field, undoably; the same value again is no edit.

        Parameters
        ----------
        path : str
            Dotted path of a field of the document.
        text : str
            What the edit is called in the Edit menu.
        merge_key : str
            Successive edits of one field with the same key, such as a drag's, are undone together.
        """
        old = documents.get(self._document, path)
        if old != value:
            self.undo_stack.push(ReplaceSpec(self, path, old, value, text, merge_key))

    def apply(self, path: str, value: object) -> None:
        """Set a field without a step of undo; for `ReplaceSpec`."""
        self._document = value if isinstance(value, Document) else documents.replace(self._document, path, value)
        self._autosave.start()
        self.changed.emit(path)

    def replace_document(self, document: Document, text: str) -> None:
        """Exchange the whole document as one undoable edit, such as choosing a preset."""
        if document != self._document:
            self.undo_stack.push(ReplaceSpec(self, "", self._document, document, text, ""))

    def start_over(self, document: Document, path: Path | None = None) -> None:
        """Show another document, with nothing to undo."""
        self._document = document
        self._hold(path)
        self.undo_stack.clear()
        self.forget_autosave()
        self.changed.emit("")
        self.file_changed.emit()

    def open(self, path: Path) -> None:
        """Read a document and show it; what was open stays if that fails.

        Raises
        ------
        Problem
        """
        self.start_over(documents.decode(read_bytes(path, documents.MAX_BYTES), path), path)

    def save(self, path: Path) -> None:
        """Write the document; the version before stays as `.bak`.

        Raises
        ------
        Problem
            `file-unwritable`, or `document-held` for a file that another window holds; the document then still
            counts as unsaved.
        """
        before = self._path
        if path != before:
            self._hold(path)
        try:
            if self.holder is not None:
                raise Problem("document-held", path=path, holder=self.holder)
            write_atomic(path, documents.encode(self._document), backup=True)
        except Problem:
            if path != before:
                self._hold(before)
            raise
        self.undo_stack.setClean()
        self.forget_autosave()
        self.file_changed.emit()

    def close(self) -> None:
        """Let other windows have the file, and let go of the edits.

        A stack that Python's collector destroys together with its commands would delete those a second time.
        """
        self._hold(None)
        self.undo_stack.clear()

    def _hold(self, path: Path | None) -> None:
        """Take the document's file for this window, unless another one has it."""
        if self._lock is not None:
            self._lock.unlock()
        self._path, self._lock = path, None
        if path is not None:
            folder = data_folder() / "locks"
            with contextlib.suppress(Problem):  # where nothing can be written, nothing is held
                make_folder(folder)
            name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:24]
            self._lock = QLockFile(str(folder / f"{name}.lock"))
            self._lock.setStaleLockTime(0)  # held until its process ends, however long that is
            self._lock.tryLock(0)

    @Slot()
    def autosave(self) -> None:
        """Keep unsaved edits where the next start finds them after a crash.

        Raises
        ------
        Problem
            `file-unwritable`.
        """
        if self.is_saved:
            self.forget_autosave()
            return
        make_folder(autosave_file().parent)
        write_atomic(autosave_file(), documents.encode(self._document))

    def keep_edits(self) -> None:
        """Do at once an autosave that is due in a moment: what comes now may end the process.

        Raises
        ------
        Problem
            `file-unwritable`.
        """
        if self._autosave.isActive():
            self._autosave.stop()
            self.autosave()

    def forget_autosave(self) -> None:
        """The edits are saved, or given up on purpose."""
        self._autosave.stop()
        with contextlib.suppress(OSError):
            autosave_file().unlink(missing_ok=True)

    @Slot()
    def _on_clean_changed(self) -> None:
        self.file_changed.emit()


def concerns(path: str, *fields: str) -> bool:
    """Whether a change at `path`, as `Session.changed` tells it, may be one of these fields of the document."""
    return not path or path.partition(".")[0] in fields


def autosave_file() -> Path:
    """Where this process keeps unsaved edits."""
    return data_folder() / "autosave" / f"{os.getpid()}-{_OWN}.playground"


def left_behind() -> list[Path]:
    """Autosaves of processes that are gone, newest first."""
    found = [path for path in autosave_file().parent.glob("*.playground") if not _is_alive(path)]
    return sorted(found, key=_modified, reverse=True)


def recover(path: Path) -> Document:
    """The document of an autosave, which is this process's own from then on, so that another crash loses nothing.

    Raises
    ------
    Problem
    """
    document = documents.decode(read_bytes(path, documents.MAX_BYTES), path)
    with contextlib.suppress(OSError):
        path.replace(autosave_file())
    return document


def _is_alive(path: Path) -> bool:
    process = path.stem.partition("-")[0]
    if process == str(os.getpid()):
        return path == autosave_file()
    try:
        os.kill(int(process), 0)
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another window has just taken it
        return 0.0
