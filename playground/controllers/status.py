"""The edges of the window: status bar, title and notice."""

from PySide6.QtCore import QObject, Slot

from playground.engine.problems import Problem
from playground.live_run import LiveRun
from playground.main_window import MainWindow
from playground.session import Session
from playground.widgets.common.messages import sentence

SHOWN_MS = 6_000


class StatusController(QObject):
    """Says what the program is doing, where it computes, and whether the document is saved."""

    def __init__(self, session: Session, run: LiveRun, window: MainWindow) -> None:
        super().__init__(window)
        self._session = session
        self._run = run
        self._window = window
        self._standing = ""
        session.changed.connect(self._show_file)
        session.file_changed.connect(self._show_file)
        run.state_changed.connect(self._show_run)
        window.status.messageChanged.connect(self._come_back)
        self._show_file()

    @Slot(object)
    def show_problem(self, problem: Problem) -> None:
        """One notice, with more for those who ask."""
        self._window.notice.show_message(sentence(problem.code, problem.fields), "bad", problem.details)

    @Slot(str)
    def tell(self, text: str) -> None:
        """Something went well: a line that goes away by itself."""
        self._window.status.showMessage(text, SHOWN_MS)

    def show_standing(self, text: str) -> None:
        """What is going on, until something else is."""
        self._standing = text
        self._window.status.showMessage(text)

    @Slot(str)
    def _come_back(self, text: str) -> None:
        """What goes on is said again after a line that went away by itself."""
        if not text and self._standing:
            self._window.status.showMessage(self._standing)

    @Slot(object)
    def forget_problem(self, problem: Problem) -> None:
        """The notice of a problem goes: what it tells of was tried again."""
        self._window.notice.withdraw(sentence(problem.code, problem.fields))

    @Slot(str)
    def show_work(self, text: str) -> None:
        """What goes on in a window that is closed; nothing where the text is empty."""
        self._window.work.setText(text)
        self._window.work.setAccessibleName(text)
        self._window.work.setVisible(bool(text))

    def show_device(self, text: str) -> None:
        """Where PyTorch computes."""
        self._window.device_label.setText(text)

    @Slot()
    def _show_file(self) -> None:
        path, document = self._session.path, self._session.document
        name = path.name if path is not None else document.title or self.tr("untitled")
        self._window.setWindowTitle(f"{name}[*] - PyTorch Playground")
        self._window.setWindowModified(not self._session.is_saved)
        if self._session.is_saved:
            self._window.saved_label.setText(self.tr("saved") if path is not None else "")
        else:
            self._window.saved_label.setText(self.tr("not saved"))

    @Slot(str)
    def _show_run(self, state: str) -> None:
        title = self._run.document.title if self._run.document is not None else ""
        texts = {
            "starting": self.tr("Preparing {title}"),
            "running": self.tr("Training {title}"),
            "paused": self.tr("{title} is paused"),
            "stopping": self.tr("Stopping {title}"),
            "finished": self.tr("{title} is trained"),
            "failed": self.tr("{title} failed"),
        }
        self.show_standing(texts.get(state, "").format(title=title or self.tr("the network")))
        started = self._run.started
        if started is not None:
            self.show_device(f"{started.device}  {started.device_name}")
            repeatable = self.tr("exactly repeatable on this machine")
            self._window.exact_label.setText(repeatable if started.exact else self.tr("not exactly repeatable"))
