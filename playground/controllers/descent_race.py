"""The racers: edits go to the session, the race follows the document, and standings come back."""

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from playground.controllers.choices import choices
from playground.engine import document as documents
from playground.engine.descent import facts, optimizers
from playground.engine.descent.events import Surface
from playground.engine.descent.labels import racer_label
from playground.engine.descent.spec import DescentSpec, Racer
from playground.engine.descent.trace import Trace
from playground.engine.network import catalogue
from playground.engine.problems import Problem
from playground.live_race import LiveRace
from playground.session import Session, concerns
from playground.widgets.common.messages import sentence
from playground.widgets.descent.race_panel import RacePanel
from playground.widgets.descent.values import Plain, RacerValues, Standing

NEAR = 1e-6  # above the least value: there a racer has arrived


class RaceController(QObject):
    """Joins session, race and the racers' panel.

    Signals
    -------
    selected(int) : another racer is looked at.
    problem_found(object) : a `Problem` that is no single racer's.
    """

    selected = Signal(int)
    problem_found = Signal(object)

    def __init__(self, session: Session, race: LiveRace, panel: RacePanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._race = race
        self._panel = panel
        self._asked: tuple[object, ...] | None = None
        self._is_warm = False
        self._place = 0
        self._least = 0.0
        self._soon = QTimer(self, singleShot=True, interval=0)  # several edits in one turn are one race
        self._soon.timeout.connect(self._run)
        panel.set_choices(choices(optimizers.entries()), choices(catalogue.schedulers()))
        panel.edited.connect(self._edit)
        panel.added.connect(self._add)
        panel.removed.connect(self._remove)
        panel.selected.connect(self._tell_selected)
        race.failed.connect(self._show_failure)
        session.changed.connect(self._follow)
        self._show()

    def start(self) -> None:
        """Run the first race; needs torch, so after the window is shown."""
        self._is_warm = True
        self._soon.start()

    @Slot(object)
    def show_surface(self, surface: Surface) -> None:
        """Count a racer as arrived from this surface's least value on."""
        self._least = min((mark.value for mark in surface.marks), default=0.0)

    def show_standings(self, step: int) -> None:
        """How every racer does after `step` steps, or at its end where that came before."""
        traces = self._race.traces
        if len(traces) == len(self._spec.racers):
            self._panel.set_standings(tuple(self._standing(index, step) for index in range(len(traces))))

    @property
    def _spec(self) -> DescentSpec:
        return self._session.document.descent

    def _standing(self, index: int, step: int) -> Standing:
        problem = self._race.problems.get(index)
        said = "" if problem is None else sentence(problem.code, problem.fields)
        return standing(self._race.traces[index], step, self._least + NEAR, said)

    @Slot(int, object)
    def _edit(self, index: int, plain: Plain) -> None:
        racer = self._read(index, plain)
        if racer is not None:
            racers = (*self._spec.racers[:index], racer, *self._spec.racers[index + 1 :])
            self._push(racers, self.tr("racer {name}").format(name=racer_label(racer)))

    @Slot(object)
    def _add(self, plain: Plain) -> None:
        racer = self._read(len(self._spec.racers), plain)
        if racer is not None:
            self._push((*self._spec.racers, racer), self.tr("new racer"))
            self._panel.set_selected(len(self._spec.racers) - 1)
            self._tell_selected()

    @Slot(int)
    def _remove(self, index: int) -> None:
        racers = self._spec.racers
        self._push((*racers[:index], *racers[index + 1 :]), self.tr("without a racer"))

    def _read(self, index: int, plain: Plain) -> Racer | None:
        racers = [*documents.to_plain(self._spec.racers)]
        racers[index : index + 1] = [documents.to_plain(plain)]
        try:
            changed = documents.set_plain(self._session.document, "descent.racers", racers)
        except Problem as problem:
            self._panel.set_problem(index, "optimizer", sentence(problem.code, problem.fields))
            return None
        return changed.descent.racers[index]

    def _push(self, racers: tuple[Racer, ...], text: str) -> None:
        self._session.push("descent.racers", racers, text)

    @Slot(str)
    def _follow(self, path: str) -> None:
        if concerns(path, "descent"):
            self._show()
            self._soon.start()

    @Slot()
    def _run(self) -> None:
        spec = self._spec
        asked = (spec.function, spec.start, spec.racers, spec.steps)
        if self._is_warm and asked != self._asked:
            self._asked = asked
            self._race.start(spec)

    @Slot(object)
    def _show_failure(self, problem: Problem) -> None:
        index = problem.fields.get("racer")
        if isinstance(index, int):
            key = "schedule" if problem.code.startswith("schedule") else "optimizer"
            self._panel.set_problem(index, key, sentence(problem.code, problem.fields))
        else:
            self.problem_found.emit(problem)

    def _show(self) -> None:
        spec = self._spec
        self._panel.set_racers(tuple(_values(racer) for racer in spec.racers))
        self._panel.set_start(spec.start, facts.axis_names(spec.function))
        self._tell_selected()

    @Slot()
    def _tell_selected(self) -> None:
        """Adding, removing and undoing select another racer too."""
        place = max(self._panel.place, 0)
        if place != self._place:
            self._place = place
            self.selected.emit(place)


def standing(trace: Trace, step: int, near: float, said: str = "") -> Standing:
    """How a racer does after `step` steps or at its last row; it has arrived where f is below `near`."""
    if trace.count == 0:
        return Standing(float("nan"), float("nan"), None, said)
    row = min(step, trace.count - 1)
    norm = float(np.linalg.norm(trace.gradient[row].astype(float)))
    return Standing(float(trace.value[row]), norm, trace.first_below(near), said)


def _values(racer: Racer) -> RacerValues:
    schedule = None
    if racer.schedule is not None:
        schedule = {"name": racer.schedule.name, "args": dict(racer.schedule.args)}
    return RacerValues(racer_label(racer), racer.optimizer.name, dict(racer.optimizer.args), schedule, racer.start)
