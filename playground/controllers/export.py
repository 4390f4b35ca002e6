"""Exports with proof: which nets can leave, which formats can hold them, and the export under way."""

import re
import threading
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QFileInfo, QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from playground.controllers.export_jobs import (
    EXPORT,
    FITTING,
    Fitting,
    KeptWorkshop,
    Source,
    export_job,
    fitting_job,
    run_source,
    untrained_source,
)
from playground.controllers.mirror import mirror
from playground.controllers.model_card import JOB as CARD
from playground.controllers.model_card import ModelCardController
from playground.engine.document import Document
from playground.engine.export.events import Exported, ExportEvent, Exporting, NotExported, Proof
from playground.engine.export.source import file_name, untrained
from playground.engine.export.spec import FORMATS, ExportSpec
from playground.engine.problems import Problem
from playground.jobs import Jobs, Watcher
from playground.live_run import LiveRun
from playground.session import Session
from playground.settings import Settings
from playground.widgets.common.messages import sentence
from playground.widgets.common.numbers import per_cent
from playground.widgets.export.values import FormatChoice, ProofValues, Refusals, SourceChoice, Wish
from playground.widgets.export.window import ExportWindow

FIRST_TICKED = ("safetensors", "onnx")
KEPT_MS = 60_000  # for which the children wait for another export


class ExportController(QObject):
    """Joins session, run, jobs and export window, which is made when it is first shown.

    Signals
    -------
    problem_found(object) : a `Problem` to show, while the export window is closed.
    told(str) : how an export ended, in one line.
    """

    problem_found = Signal(object)
    told = Signal(str)

    def __init__(self, session: Session, run: LiveRun, jobs: Jobs, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._run = run
        self._jobs = jobs
        self._settings = settings
        self._window = window
        self._fitted: Document | None = None
        self._misfit = ""
        self._given_name = ""
        self._subject: object = None  # what the export under way is made of
        self._workshop = KeptWorkshop()
        self._until_let_go = QTimer(self, singleShot=True, interval=KEPT_MS)
        self._until_let_go.timeout.connect(self.close)
        self._soon = QTimer(self, singleShot=True, interval=0)  # several changes in one turn are told once
        self._soon.timeout.connect(self._refresh)

    @cached_property
    def view(self) -> ExportWindow:
        """The window."""
        view = ExportWindow(self._window)
        choices = [mirror(FormatChoice, each, name=name) for name, each in FORMATS.items()]
        view.set_formats(choices, FIRST_TICKED)
        view.set_target(str(self._first_folder()), "")
        view.wished.connect(self._follow_wish)
        view.browse_requested.connect(self._browse)
        view.export_requested.connect(self.export)
        view.cancel_requested.connect(self.cancel)
        view.folder_requested.connect(self._show_folder)
        self.card = ModelCardController(self._session, self._run, self._jobs, view)
        self.card.told.connect(self.told)
        self.card.problem_found.connect(self.problem_found)
        self._session.changed.connect(self._soon.start)
        self._run.state_changed.connect(self._soon.start)
        self._run.learned.connect(self._soon.start)
        return view

    @Slot()
    def show(self) -> None:
        """Bring the window to the front; newly opened, it offers the run's net first, unless an export goes on."""
        if not self.view.isVisible():
            self._fitted = None
            self._tell_sources(anew=True)
            if not self.view.is_running:
                self.view.show_settings()
        self.view.show()
        self.view.raise_()
        self.view.activateWindow()

    @Slot()
    def ask_for_card(self) -> None:
        """Show the window, and ask where the model card of its net is to go."""
        self.show()
        if not self._jobs.is_running(CARD):
            self.card.choose()

    @Slot(object)
    def export(self, wish: Wish) -> None:
        """Make what is wished for."""
        if self._jobs.is_running(EXPORT):
            return
        specs, stop = _specs(wish), threading.Event()
        folder = _folder(wish)
        out = folder / self._names(wish)[0] if len(specs) == 1 else folder
        self._subject = self.card.subject(wish.source)
        self.view.begin(wish.formats)
        self._until_let_go.stop()
        job = export_job(self._source(wish), specs, out, stop, self._workshop)
        watcher = Watcher(self._take, self._complete, self._fail)
        self._jobs.start(EXPORT, job, stop=stop.set, watcher=watcher)

    @Slot()
    def cancel(self) -> None:
        """End the export under way."""
        self._jobs.stop(EXPORT)

    @Slot()
    def refit(self) -> None:
        """Find out anew which formats can hold the net: a layer of the user's own was trusted."""
        self._fitted = None
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
        self.view.set_sources(self._sources(), anew=anew)
        self._follow_wish(self.view.form.wish())

    def _sources(self) -> list[SourceChoice]:
        seed = self._session.document.training.seed
        line = self.tr("Not trained yet: with the weights that seed {seed} draws.").format(seed=seed)
        sources = [SourceChoice("document", self.tr("The document's net, untrained"), line)]
        if self._run.document is not None:
            sources.insert(0, SourceChoice("run", self.tr("The run's net as it is now"), self._run_line()))
        return sources

    def _run_line(self) -> str:
        assert self._run.document is not None
        history, title = self._run.history, self._run.document.title or self.tr("Untitled")
        if self._run.is_from_file:
            return self.tr("{title} · from a model file").format(title=title)
        if not history.next_step:
            return self.tr("{title} · not trained yet").format(title=title)
        parts = [title, self.tr("{steps} steps").format(steps=f"{history.next_step:,}")]
        last = history.epochs[-1] if history.epochs else None
        for name, score in ((self.tr("test"), last and last.test), (self.tr("validation"), last and last.validation)):
            if score and score.accuracy == score.accuracy:  # not a NaN, as for regressions
                parts.append(self.tr("{split} accuracy {share}").format(split=name, share=per_cent(score.accuracy)))
                break
        return " · ".join(parts)

    @Slot(object)
    def _follow_wish(self, wish: Wish) -> None:
        document = self._document(wish)
        self._suggest_name(document, wish)
        self._fit(document)
        self._say_target(self.view.form.wish())

    def _source(self, wish: Wish) -> Source:
        if wish.source == "run":
            return run_source(self._run, wish.name)
        return untrained_source(self._session.document, wish.name)

    def _document(self, wish: Wish) -> Document:
        return self._run.document if wish.source == "run" and self._run.document else self._session.document

    def _suggest_name(self, document: Document, wish: Wish) -> None:
        name = re.sub(r"\W+", "-", document.title.lower()).strip("-") or "model"
        if wish.name == self._given_name and name != wish.name:
            self._given_name = name
            self.view.set_target(wish.folder, name)

    def _say_target(self, wish: Wish) -> None:
        obstacle = self._misfit or self._obstacle(wish)
        self.view.card.set_obstacle(self._misfit)
        self.view.say_target("" if obstacle else self._target_lines(wish), obstacle)

    def _obstacle(self, wish: Wish) -> str:
        """What is still missing."""
        folder = _folder(wish)
        if not wish.formats:
            return self.tr("Choose a format.")
        if not wish.name:
            return self.tr("Give the files a name.")
        if not folder.is_absolute():
            return self.tr("Write the whole path of a folder, or choose one.")
        return "" if QFileInfo(folder).isDir() else self.tr("There is no such folder.")

    def _target_lines(self, wish: Wish) -> str:
        """What will be written, and what is replaced."""
        folder, names = _folder(wish), self._names(wish)
        there = ", ".join(name for name in names if QFileInfo(folder / name).exists())
        lines = [self.tr("Writes {names}, each with its proof beside it.").format(names=", ".join(names))]
        if there:
            lines.append(self.tr("⚠ There already, and replaced: {names}.").format(names=there))
        return "\n".join(lines)

    def _names(self, wish: Wish) -> list[str]:
        named = untrained(self._session.document, wish.name)
        return [file_name(named, spec) for spec in _specs(wish)]

    def _fit(self, document: Document) -> None:
        """Find out which formats can hold the net of this document."""
        if document == self._fitted:
            return
        self._fitted = document
        watcher = Watcher(completed=self._take_fitting, failed=self._take_misfit)
        self._jobs.start(FITTING, fitting_job(document), watcher=watcher)

    @Slot(object)
    def _take_fitting(self, problems: Fitting) -> None:
        def said(problem: Problem | None) -> str:
            return sentence(problem.code, problem.fields) if problem is not None else ""

        formats: dict[str, str] = {
            name: said(problem) for name, problem in problems.formats.items() if problem is not None
        }
        self._misfit = ""
        self.view.set_refusals(Refusals(formats, said(problems.normalise), said(problems.softmax)))
        self._say_target(self.view.form.wish())

    @Slot(object)
    def _take_misfit(self, problem: Problem) -> None:
        self._misfit = sentence(problem.code, problem.fields)
        self._say_target(self.view.form.wish())

    @Slot(list)
    def _take(self, events: list[ExportEvent]) -> None:
        for event in events:
            if isinstance(event, Exporting):
                self.view.set_stage(event.format, event.stage, event.fraction)
            elif isinstance(event, Exported):
                self.view.set_proof(mirror(ProofValues, event.proof))
                self.card.note(event.proof, self._subject)
            elif isinstance(event, NotExported):
                self.view.set_unmade(event.format, sentence(event.problem.code, event.problem.fields))

    @Slot(object)
    def _complete(self, proofs: tuple[Proof, ...] | None) -> None:
        self._until_let_go.start()
        self.view.end()
        self._say_target(self.view.form.wish())
        if proofs is None:
            self.told.emit(self.tr("The export was cancelled."))
        else:
            self.told.emit(self.tr("Export: {line}").format(line=self.view.summary()))

    @Slot(object)
    def _fail(self, problem: Problem) -> None:
        self._until_let_go.start()
        self.view.fail(sentence(problem.code, problem.fields))
        self._say_target(self.view.form.wish())
        if not self._is_open():
            self.problem_found.emit(problem)

    @Slot(str)
    def _browse(self, folder: str) -> None:
        chosen = QFileDialog.getExistingDirectory(self.view, self.tr("Folder for the files"), folder)
        if chosen:
            self.view.set_target(chosen, self.view.form.wish().name)
            self._say_target(self.view.form.wish())

    @Slot(str)
    def _show_folder(self, path: str) -> None:
        folder = Path(path).parent
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.view.show_message(self.tr("This system shows no folders here; it is {folder}.").format(folder=folder))

    def _first_folder(self) -> Path:
        recent = self._settings.recent_files
        return recent[0].parent if recent else Path.home()


def _folder(wish: Wish) -> Path:
    """The folder as written; a leading ~ is the user's own."""
    text = wish.folder
    return Path.home() / text[2:] if text == "~" or text.startswith("~/") else Path(text)


def _specs(wish: Wish) -> list[ExportSpec]:
    """What is wished for; weights alone take nothing inside."""
    return [
        ExportSpec(name, normalise=wish.normalise and each.has_graph, softmax=wish.softmax and each.has_graph)
        for name, each in FORMATS.items()
        if name in wish.formats
    ]
