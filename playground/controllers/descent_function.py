"""The function of the race: what is asked for is tried first, so that the document holds only what can be shown."""

import msgspec
import numpy as np
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QObject, Signal, Slot

from playground.controllers.descent_questions import DescentQuestions
from playground.engine import document as documents
from playground.engine.descent import facts, presets
from playground.engine.descent.events import Surface
from playground.engine.descent.questions import Answer, SurfaceQuestion
from playground.engine.descent.spec import Bowl, DescentSpec, FunctionSpec, Point, Regression
from playground.engine.problems import Problem
from playground.live_race import LiveRace
from playground.session import Session, concerns
from playground.widgets.common.messages import sentence
from playground.widgets.descent.function_panel import FunctionPanel
from playground.widgets.descent.values import FunctionChoice

PAUSE_MS = 500  # between two clicks that are not one drag


class FunctionController(QObject):
    """Joins session, the function's form and the warm thread that computes surfaces.

    Signals
    -------
    surface_found(object) : the `Surface` of the document's function.
    """

    surface_found = Signal(object)

    def __init__(
        self,
        session: Session,
        race: LiveRace,
        questions: DescentQuestions,
        panel: FunctionPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._race = race
        self._session = session
        self._questions = questions
        self._panel = panel
        self._merge_key = ""
        self._drags = 0
        self._since_start = QElapsedTimer()
        self.surface: Surface | None = None
        panel.set_functions(_functions())
        panel.set_presets(tuple((name, presets.title(name)) for name in presets.names()))
        panel.edited.connect(self._edit)
        panel.dragged.connect(self._drag)
        panel.drag_ended.connect(self._end_drag)
        panel.preset_chosen.connect(self._choose_preset)
        questions.answered.connect(self._take)
        session.changed.connect(self._follow)
        self._show()

    def start(self) -> None:
        """Ask for the first surface."""
        self._questions.ask(SurfaceQuestion(self._spec.function))

    @Slot(float, float)
    def choose_start(self, x: float, y: float) -> None:
        """Start the race somewhere else; what follows each other quickly, as in a drag, is one step of undo."""
        if not self._since_start.isValid() or self._since_start.restart() > PAUSE_MS:
            self._since_start.start()
            self._drags += 1
        self._set_start((x, y), f"drag {self._drags}")

    @Slot(int)
    def show_step(self, step: int) -> None:
        """Draw the line that each racer of a regression has come to."""
        spec = self._race.spec
        if spec is not None and isinstance(spec.function, Regression):
            ends = (trace.position[min(step, trace.count - 1)] for trace in self._race.traces if trace.count)
            self._panel.set_lines(tuple((float(w), float(b)) for w, b in ends))

    @property
    def _spec(self) -> DescentSpec:
        return self._session.document.descent

    @Slot(str, object)
    def _edit(self, path: str, value: object) -> None:
        self._change(path, value, "")

    @Slot(str, object)
    def _drag(self, path: str, value: object) -> None:
        self._change(path, value, f"drag {self._drags}")

    @Slot()
    def _end_drag(self) -> None:
        self._drags += 1

    def _change(self, path: str, value: object, merge_key: str) -> None:
        try:
            changed = documents.set_plain(self._session.document, f"descent.{path}", documents.to_plain(value))
        except Problem as problem:
            self._panel.set_problem(_key(path, value), sentence(problem.code, problem.fields))
            return
        if path == "start":
            self._set_start(changed.descent.start, merge_key)
        elif path == "steps":
            self._session.push("descent.steps", changed.descent.steps, self.tr("steps of the race"))
        else:
            self._merge_key = merge_key
            self._questions.ask(SurfaceQuestion(changed.descent.function, is_trial=True))

    def _set_start(self, start: Point, merge_key: str) -> None:
        try:
            facts.check_start(self._spec.function, start)
        except Problem as problem:
            self._panel.set_problem("start", sentence(problem.code, problem.fields))
            return
        self._panel.set_problem("start", "")
        self._session.push("descent.start", start, self.tr("start of the race"), merge_key)

    @Slot(str)
    def _choose_preset(self, name: str) -> None:
        kept = self._spec
        preset = msgspec.structs.replace(presets.preset(name), basins=kept.basins, curve=kept.curve)
        self._session.push("descent", preset, self.tr("race {title}").format(title=presets.title(name)))

    @Slot(object)
    def _take(self, answer: Answer) -> None:
        if not isinstance(answer.question, SurfaceQuestion):
            return
        if not isinstance(answer.found, Surface):
            self._refuse(answer.question.function, answer.problem)
            return
        self._panel.set_remark(_said(answer.found.remark))
        if answer.question.is_trial:
            self.surface = answer.found
            spec = _moved_inside(self._spec, answer.found)
            self._session.push(
                "descent", spec, self.tr("function {title}").format(title=answer.found.title), self._merge_key
            )
        if answer.question.function == self._spec.function:
            self.surface = answer.found
            self.surface_found.emit(answer.found)

    def _refuse(self, function: FunctionSpec, problem: Problem | None) -> None:
        self._panel.set_problem(_key("function", documents.to_plain(function)), _said(problem))
        self._panel.offer_correction(str(problem.fields.get("correction", "")) if problem is not None else "")

    @Slot(str)
    def _follow(self, path: str) -> None:
        if not concerns(path, "descent"):
            return
        self._show()
        if self.surface is None or self.surface.function != self._spec.function:
            self._questions.ask(SurfaceQuestion(self._spec.function))

    def _show(self) -> None:
        spec = self._spec
        values = {"function": documents.to_plain(spec.function), "start": spec.start, "steps": spec.steps}
        self._panel.show_values(values)
        self._panel.set_names(facts.axis_names(spec.function))


def _functions() -> tuple[FunctionChoice, ...]:
    known = [FunctionChoice(name, each.title, each.formula, each.source) for name, each in facts.FACTS.items()]
    others = (("bowl", Bowl()), ("regression", Regression()))
    made = [FunctionChoice(key, facts.title(spec), facts.formula_text(spec)) for key, spec in others]
    return (*known, *made, FunctionChoice("formula", QCoreApplication.translate("FunctionController", "Own formula")))


def _key(path: str, value: object) -> str:
    """Where the form says what is wrong: at the text of a formula, or at the whole."""
    is_formula = isinstance(value, dict) and value.get("kind") == "formula"
    return f"{path}.text" if path == "function" and is_formula else path


def _said(problem: Problem | None) -> str:
    return "" if problem is None else sentence(problem.code, problem.fields)


def _moved_inside(spec: DescentSpec, surface: Surface) -> DescentSpec:
    """The race on another function; starts outside of it, or where it has no value, are given up for one inside."""
    start = spec.start if _fits(surface, spec.start) else _place_inside(surface)
    racers = tuple(
        racer if racer.start is None or _fits(surface, racer.start) else msgspec.structs.replace(racer, start=None)
        for racer in spec.racers
    )
    return msgspec.structs.replace(spec, function=surface.function, start=start, racers=racers)


def _place_inside(surface: Surface) -> Point:
    """A quarter from the upper left corner, or the nearest point from there that has a gradient."""
    left, right, bottom, top = facts.domain(surface.function)
    wished = (round(left + (right - left) / 4, 3), round(top - (top - bottom) / 4, 3))
    if _fits(surface, wished):
        return wished
    x, y = np.meshgrid(surface.gradient_x, surface.gradient_y)
    has_gradient = np.isfinite(surface.gradient).all(axis=-1)
    away = np.where(has_gradient, np.hypot(x - wished[0], y - wished[1]), np.inf)
    nearest = np.argmin(away)
    return round(float(x.flat[nearest]), 3), round(float(y.flat[nearest]), 3)


def _fits(surface: Surface, point: Point) -> bool:
    try:
        facts.check_start(surface.function, point)
    except Problem:
        return False
    column, row = (np.abs(grid - at).argmin() for grid, at in zip((surface.x, surface.y), point, strict=True))
    return bool(np.isfinite(surface.value[row, column]))
