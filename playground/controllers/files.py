"""New, open, save: the document and the model, with the questions that keep anything from being lost."""

from collections.abc import Callable, Generator
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from playground.engine import presets
from playground.engine.document import MAX_BYTES, Document, decode
from playground.engine.files import backup_of, read_bytes
from playground.engine.problems import Problem
from playground.jobs import Jobs, Watcher
from playground.live_run import LiveRun
from playground.session import Session
from playground.settings import Settings

FIRST_PRESET = "mnist-mlp"
SUFFIX = ".playground"
MODEL_SUFFIX = ".safetensors"
JOB = "model"


class FileController(QObject):
    """Joins session, run and files.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    told(str) : something went well, in one line.
    recent_changed() : the list of recent files is another.
    damaged(object) : a document cannot be read, as this `Problem` says, but the version before it is still there.
    """

    problem_found = Signal(object)
    told = Signal(str)
    recent_changed = Signal()
    damaged = Signal(object)

    def __init__(self, session: Session, run: LiveRun, jobs: Jobs, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._run = run
        self._jobs = jobs
        self._settings = settings
        self._window = window
        self._damaged = Path()

    @Slot()
    def new(self) -> None:
        """Start from the first preset again."""
        if self.may_leave():
            self._session.start_over(presets.preset(FIRST_PRESET))
            self._session.forget_autosave()

    @Slot()
    def open(self) -> None:
        """Ask for a document or model and open it."""
        kinds = self.tr("Playground documents (*.playground);;Models (*.safetensors);;All files (*)")
        name, _ = QFileDialog.getOpenFileName(self._window, self.tr("Open"), self._folder(), kinds)
        if name:
            self.open_path(Path(name))

    @Slot()
    def open_model(self) -> None:
        """Ask for a model and open it."""
        kinds = self.tr("Models (*.safetensors);;All files (*)")
        name, _ = QFileDialog.getOpenFileName(self._window, self.tr("Open model"), self._folder(), kinds)
        if name:
            self._read_model(Path(name))

    def open_path(self, path: Path) -> None:
        """Open a document, or a model by its ending; what is open stays if that fails."""
        if path.suffix == MODEL_SUFFIX:
            self._read_model(path)
            return
        if not self.may_leave():
            return
        try:
            self._session.open(path)
        except Problem as problem:
            self._refuse(path, problem)
            return
        self._session.forget_autosave()
        if self._session.holder is not None:
            self.problem_found.emit(Problem("document-held", path=path, holder=self._session.holder))
        self._remember(path)

    def open_backup(self) -> None:
        """Open the version before the document that was damaged, under that document's name."""
        try:
            backup = backup_of(self._damaged)
            self._session.start_over(decode(read_bytes(backup, MAX_BYTES), backup), self._damaged)
        except Problem as problem:
            self.problem_found.emit(problem)

    @Slot()
    def save(self) -> bool:
        """Save to the document's file, asking for one the first time."""
        return self.save_as() if self._session.path is None else self._write(self._session.path)

    @Slot()
    def save_as(self) -> bool:
        """Ask for a file and save there."""
        start = self._session.path or Path(self._folder()) / f"{self._session.document.title or 'untitled'}{SUFFIX}"
        kinds = self.tr("Playground documents (*.playground)")
        name, _ = QFileDialog.getSaveFileName(self._window, self.tr("Save as"), str(start), kinds)
        if not name:
            return False
        path = Path(name)
        return self._write(path if path.suffix else path.with_suffix(SUFFIX))

    @Slot()
    def save_model(self) -> None:
        """Ask for a file and save what the run has learned there."""
        if self._run.document is None:
            self.told.emit(self.tr("There is no trained model yet: press Train first."))
            return
        start = str(Path(self._folder()) / f"{self._run.document.title or 'model'}{MODEL_SUFFIX}")
        kinds = self.tr("Models (*.safetensors)")
        name, _ = QFileDialog.getSaveFileName(self._window, self.tr("Save model"), start, kinds)
        if name:
            path = Path(name)
            self.save_model_to(path if path.suffix else path.with_suffix(MODEL_SUFFIX))

    def save_model_to(self, path: Path) -> None:
        """Save what the run has learned, as it is now."""
        document, source = self._run.document, self._run.net_source()
        assert document is not None

        def job() -> Generator[None, None, Path]:
            from playground.engine.export.model_file import save_model  # imports torch, so on the job's own thread

            yield
            save_model(path, source(), document)
            return path

        self._start(job, self._told_saved)

    def may_leave(self) -> bool:
        """Whether the document may be left: saved, given up, or not changed at all."""
        if self._session.is_saved:
            return True
        buttons = QMessageBox.StandardButton
        text = self.tr("The document has changes that are not saved.")
        answer = QMessageBox.question(
            self._window, self.tr("Save first?"), text, buttons.Save | buttons.Discard | buttons.Cancel, buttons.Save
        )
        if answer == buttons.Save:
            return self.save()
        return answer == buttons.Discard

    def _write(self, path: Path) -> bool:
        try:
            self._session.save(path)
        except Problem as problem:
            self.problem_found.emit(problem)
            return False
        self._remember(path)
        self.told.emit(self.tr("Saved {name}").format(name=path.name))
        return True

    def _read_model(self, path: Path) -> None:
        def job() -> Generator[None, None, tuple[Path, Document]]:
            from playground.engine.export.model_file import load_model  # imports torch, so on the job's own thread

            yield
            return path, load_model(path)[0]

        self._start(job, self._show_model)

    @Slot(object)
    def _show_model(self, found: tuple[Path, Document]) -> None:
        path, document = found
        if self._run.is_active:
            self.told.emit(self.tr("Stop the run before you open another model."))
            return
        text = self.tr("open model {name}").format(name=path.name)
        self._session.replace_document(document, text)
        self._run.adopt(document, path)
        self.told.emit(self.tr("Opened {name}").format(name=path.name))

    @Slot(object)
    def _told_saved(self, path: Path) -> None:
        self.told.emit(self.tr("Saved {name}").format(name=path.name))

    def _start(self, job: Callable[[], Generator[None, None, object]], then: Callable[..., None]) -> None:
        watcher = Watcher(completed=then, failed=self.problem_found.emit)
        self._jobs.start(JOB, job, watcher=watcher)

    def _refuse(self, path: Path, problem: Problem) -> None:
        if problem.code in ("document-syntax", "document-field") and backup_of(path).exists():
            self._damaged = path
            self.damaged.emit(problem)
        else:
            self.problem_found.emit(problem)

    def _remember(self, path: Path) -> None:
        self._settings.add_recent_file(path)
        self.recent_changed.emit()

    def _folder(self) -> str:
        recent = self._settings.recent_files
        return str(recent[0].parent if recent else Path.home())
