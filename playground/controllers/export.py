"""The export window: which net leaves, in which formats and where to, and what is said while it is closed."""

from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from playground.controllers.export_fitting import ExportFitting
from playground.controllers.export_jobs import EXPORT, KeptWorkshop
from playground.controllers.export_making import ExportMaking
from playground.controllers.export_source import ExportSources, specs_of
from playground.controllers.export_target import ExportTarget
from playground.controllers.mirror import mirror
from playground.controllers.model_card import JOB as CARD
from playground.controllers.model_card import ModelCardController
from playground.engine.export.events import Proof
from playground.engine.export.spec import FORMATS
from playground.engine.problems import Problem
from playground.jobs import Jobs
from playground.live_run import LiveRun
from playground.session import Session
from playground.settings import Settings
from playground.widgets.export.values import FormatChoice, Wish
from playground.widgets.export.window import ExportWindow

FIRST_TICKED = ("safetensors", "onnx")


class ExportController(QObject):
    """Joins session, run, jobs and export window, which is made when it is first shown.

    Signals
    -------
    problem_found(object) : a `Problem` to show, while the export window is closed.
    problem_over(object) : this one needs no showing any more: the window, which says it too, was opened.
    told(str) : how an export ended, in one line.
    under_way(str) : what goes on while the window is closed, in a few words; empty when nothing does.
    """

    problem_found = Signal(object)
    problem_over = Signal(object)
    told = Signal(str)
    under_way = Signal(str)

    def __init__(self, session: Session, run: LiveRun, jobs: Jobs, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._run = run
        self._jobs = jobs
        self._settings = settings
        self._window = window
        self._problem: Problem | None = None
        self._subject: object = None  # what the export under way is made of
        self._workshop = KeptWorkshop()
        self._sources = ExportSources(session, run, self)
        self._soon = QTimer(self, singleShot=True, interval=0)  # several changes in one turn are told once
        self._soon.timeout.connect(self._refresh)

    @cached_property
    def view(self) -> ExportWindow:
        """The window, with all that works for it."""
        view = ExportWindow(self._window)
        view.set_formats([mirror(FormatChoice, each, name=name) for name, each in FORMATS.items()], FIRST_TICKED)
        self._target = ExportTarget(view, self._first_folder())
        self._fitting = ExportFitting(self._jobs, view)
        self._making = ExportMaking(self._jobs, self._workshop, view)
        self.card = ModelCardController(self._session, self._run, self._jobs, view)
        self._fitting.found.connect(self._say_target)
        self._making.over.connect(self._say_target)
        self._making.proved.connect(self._note)
        for worker in (self._making, self.card):
            worker.told.connect(self.told)
            worker.moved.connect(self._tell_work)
            worker.problem_found.connect(self._tell_problem)
        view.finished.connect(self._tell_work)
        view.wished.connect(self._follow_wish)
        view.export_requested.connect(self.export)
        view.cancel_requested.connect(self.cancel)
        for changed in (self._session.changed, self._run.state_changed, self._run.learned):
            changed.connect(self._soon.start)
        return view

    @Slot()
    def show(self) -> None:
        """Bring the window to the front; newly opened, it offers the run's net first, unless an export goes on."""
        if not self.view.isVisible():
            self._fitting.forget()
            self._tell_sources(anew=True)
            if not self.view.is_running:
                self.view.show_settings()
        self.view.show()
        self.view.raise_()
        self.view.activateWindow()
        self._tell_work()
        if self._problem is not None:
            self.problem_over.emit(self._problem)
            self._problem = None

    @Slot()
    def ask_for_card(self) -> None:
        """Show the window, and ask where the model card of its net is to go."""
        self.show()
        if not self._jobs.is_running(CARD):
            self.card.choose()

    @Slot(object)
    def export(self, wish: Wish) -> None:
        """Make what is wished for."""
        if not self._making.is_running:
            self._subject = self._sources.subject(wish.source)
            self._making.start(self._sources.source(wish), specs_of(wish), self._target.place(wish))

    @Slot()
    def cancel(self) -> None:
        """End the export under way."""
        self._jobs.stop(EXPORT)

    @Slot()
    def refit(self) -> None:
        """Find out anew which formats can hold the net: a layer of the user's own was trusted."""
        if self._is_open():
            self._fitting.forget()
        self._refresh()

    def hide(self) -> None:
        """Close the window; an export under way goes on."""
        if self._is_open():
            self.view.close()

    @Slot()
    def close(self) -> None:
        """Let the children go, while no export is under way."""
        self._workshop.let_go()

    @Slot()
    def _refresh(self) -> None:
        if self._is_open():
            self._tell_sources()

    def _is_open(self) -> bool:
        return "view" in vars(self) and self.view.isVisible()

    def _tell_sources(self, *, anew: bool = False) -> None:
        self.view.set_sources(self._sources.choices(), anew=anew)
        self._follow_wish(self.view.form.wish())

    @Slot(object)
    def _follow_wish(self, wish: Wish) -> None:
        document = self._sources.document(wish.source)
        self._target.suggest_name(document, wish)
        self._fitting.fit(document)
        self._say_target()

    @Slot()
    def _say_target(self) -> None:
        self.view.card.set_obstacle(self._fitting.misfit)
        self._target.say(self._fitting.misfit)

    @Slot(object)
    def _note(self, proof: Proof) -> None:
        self.card.note(proof, self._subject)

    @Slot()
    def _tell_work(self) -> None:
        lines = () if self._is_open() else (self._making.line, self.card.line)
        self.under_way.emit(" · ".join(line for line in lines if line))

    @Slot(object)
    def _tell_problem(self, problem: Problem) -> None:
        if not self._is_open():
            self._problem = problem
            self.problem_found.emit(problem)

    def _first_folder(self) -> Path:
        recent = self._settings.recent_files
        return recent[0].parent if recent else Path.home()
