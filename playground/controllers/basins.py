"""The basins: computed on request, and anew at once when the rate is dragged; shown alone or under the contours."""

import threading
from collections.abc import Callable, Generator
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from playground.controllers.choices import choices
from playground.controllers.saver import Saver, png
from playground.engine import document as documents
from playground.engine.descent import facts, optimizers
from playground.engine.descent.events import BasinsPicture
from playground.engine.descent.labels import optimizer_label
from playground.engine.descent.spec import BasinsSpec, FunctionSpec
from playground.engine.problems import Problem
from playground.jobs import Jobs, Watcher
from playground.session import Session, concerns
from playground.widgets.basins.panel import BasinsPanel
from playground.widgets.basins.values import BasinsValues
from playground.widgets.common.messages import sentence
from playground.widgets.surface.contour_panel import ContourPanel

JOB = "basins"


class BasinsController(QObject):
    """Joins session, the basins' job, their panel and the contours' ground.

    Signals
    -------
    start_chosen(float, float) : the race is to start here.
    """

    start_chosen = Signal(float, float)

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        saver: Saver,
        panel: BasinsPanel,
        contours: ContourPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._saver = saver
        self._panel = panel
        self._contours = contours
        self._asked: tuple[FunctionSpec, BasinsSpec] | None = None
        self._is_wanted = False
        self._underlies = False
        self._soon = QTimer(self, singleShot=True, interval=0)  # several edits in one turn are one computation
        self._soon.timeout.connect(self._compute_anew)
        panel.set_choices(tuple(choices(optimizers.entries())))
        panel.compute_requested.connect(self.compute)
        panel.cancel_requested.connect(self.cancel)
        panel.edited.connect(self._edit)
        panel.dragged.connect(self._drag)
        panel.start_chosen.connect(self.start_chosen)
        panel.underlay_toggled.connect(self._lay_under)
        panel.save_image_requested.connect(self.save_image)
        session.changed.connect(self._follow)
        self._show()

    @Slot()
    def compute(self) -> None:
        """Compute the basins of the document, and follow it from now on."""
        self._is_wanted = True
        self._asked = None
        self._compute_anew()

    @Slot()
    def cancel(self) -> None:
        """Stop where it is, and follow no edits until asked again."""
        self._is_wanted = False
        self._jobs.stop(JOB)
        self._panel.set_running(False)

    @Slot()
    def save_image(self) -> None:
        """Ask where to, and write the picture of the basins as a PNG."""
        title, kinds = self.tr("Save the basins"), self.tr("PNG picture (*.png)")
        self._saver.save(self._panel, title, "basins.png", kinds, lambda: png(self._panel.saved_picture()))

    @Slot(str, object)
    def _edit(self, path: str, value: object) -> None:
        self._change(path, value, "")

    @Slot(str, object)
    def _drag(self, path: str, value: object) -> None:
        self._change(path, value, "drag")

    def _change(self, path: str, value: object, merge_key: str) -> None:
        try:
            changed = documents.set_plain(self._session.document, f"descent.basins.{path}", documents.to_plain(value))
        except Problem as problem:
            self._panel.show_message(sentence(problem.code, problem.fields))
            return
        self._session.push("descent.basins", changed.descent.basins, self.tr("basins"), merge_key)

    @Slot(str)
    def _follow(self, path: str) -> None:
        if concerns(path, "descent"):
            self._show()
            if self._is_wanted:
                self._soon.start()

    @Slot()
    def _compute_anew(self) -> None:
        spec = self._session.document.descent
        asked = (spec.function, spec.basins)
        if asked == self._asked:
            return
        self._asked = asked
        stopped = threading.Event()
        watcher = Watcher(self._take, self._complete, self._fail)
        self._panel.set_running(True)
        self._jobs.start(JOB, _job(*asked, stopped), stop=stopped.set, watcher=watcher, interval=0)

    @Slot(list)
    def _take(self, pictures: list[BasinsPicture]) -> None:
        self._panel.show_message("")
        self._panel.set_picture(_values(pictures[-1]))
        if self._underlies:
            self._contours.set_basins(self._panel.image())

    @Slot(object)
    def _complete(self, _result: object) -> None:
        self._panel.set_running(False)

    @Slot(object)
    def _fail(self, problem: Problem) -> None:
        self._panel.set_running(False)
        self._panel.show_message(sentence(problem.code, problem.fields))

    @Slot(bool)
    def _lay_under(self, on: bool) -> None:
        self._underlies = on
        self._contours.set_basins(self._panel.image() if on else None)

    def _show(self) -> None:
        spec = self._session.document.descent.basins
        self._panel.show_values(documents.to_plain(spec.optimizer), spec.side, spec.steps)
        self._panel.set_start(*self._session.document.descent.start)


def _values(picture: BasinsPicture) -> BasinsValues:
    name = optimizer_label(picture.spec.optimizer)
    minima = tuple((mark.x, mark.y, mark.label) for mark in picture.minima)
    return BasinsValues(
        picture.domain, picture.labels, picture.steps, minima, picture.shares, picture.steps_done, picture.seconds,
        picture.is_final, f"{facts.title(picture.function)}, {name}", facts.axis_names(picture.function),
    )  # fmt: skip


def _job(function: FunctionSpec, spec: BasinsSpec, stopped: threading.Event) -> Callable[[], Generator[Any, None, Any]]:
    def job() -> Generator[Any, None, Any]:
        import torch

        from playground.engine.descent.basins_job import basins_job  # imports torch, so on the job's own thread

        return basins_job(function, spec, stopped.is_set, "cuda" if torch.cuda.is_available() else "cpu")

    return job
