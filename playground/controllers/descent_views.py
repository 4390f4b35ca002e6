"""What the views show of a race: the surface, the paths up to the cursor, and where the nearest minimum is."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Slot

from playground.controllers.descent_questions import DescentQuestions
from playground.controllers.descent_race import RaceController
from playground.engine.descent import facts
from playground.engine.descent.events import PointFacts, Surface
from playground.engine.descent.labels import racer_label
from playground.engine.descent.questions import Answer, PointQuestion
from playground.engine.descent.trace import Trace
from playground.live_race import LiveRace
from playground.session import Session, concerns
from playground.widgets.common.numbers import plain_number
from playground.widgets.measures.panel import MeasuresPanel
from playground.widgets.measures.traces import Quantity
from playground.widgets.surface.contour_panel import ContourPanel
from playground.widgets.surface.surface_panel import SurfacePanel
from playground.widgets.surface.values import SurfaceMark, SurfaceValues

FRAME_MS = 16
POINTER = "pointer"

Doubles = NDArray[np.float64]


class DescentViews(QObject):
    """Joins race, surface, both views and the plot of measures; the cursor is handed in by `show_step`."""

    def __init__(
        self,
        session: Session,
        race: LiveRace,
        racers: RaceController,
        questions: DescentQuestions,
        views: tuple[SurfacePanel, ContourPanel],
        measures: MeasuresPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._race = race
        self._racers = racers
        self._questions = questions
        self._views = views
        self._measures = measures
        self._columns: list[MeasuredTrace] = []
        self._minima: Doubles = np.empty((0, 2))
        self._step = 0
        self._frame = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._frame.timeout.connect(self._draw)
        race.restarted.connect(self._begin)
        race.grown.connect(self._grow)
        session.changed.connect(self._follow)
        questions.answered.connect(self._read_pointer)
        for view in views:
            view.pointer_moved.connect(self._ask_pointer)
            view.pointer_left.connect(self._forget_pointer)
        self._show_start()

    @Slot(object)
    def show_surface(self, surface: Surface) -> None:
        """Draw another function."""
        marks = tuple(SurfaceMark(mark.x, mark.y, mark.value, mark.label) for mark in surface.marks)
        values = SurfaceValues(
            surface.title, surface.formula, surface.names, surface.x, surface.y, surface.value,
            surface.gradient_x, surface.gradient_y, surface.gradient, marks, surface.logarithmic,
        )  # fmt: skip
        for view in self._views:
            view.set_surface(values)
        self._minima = np.array([(mark.x, mark.y) for mark in surface.marks]).reshape(-1, 2)
        self._measures.set_least(min((mark.value for mark in surface.marks), default=0.0))
        for columns in self._columns:
            columns.measure_again(self._minima)
        self._frame.start()

    @Slot(int)
    def show_step(self, step: int) -> None:
        """Draw the paths up to this step, soon."""
        self._step = step
        if not self._frame.isActive():
            self._frame.start()

    @Slot()
    def _begin(self) -> None:
        names = tuple(racer_label(racer) for racer in self._race.spec.racers) if self._race.spec else ()
        self._columns = [MeasuredTrace(trace, self._minima) for trace in self._race.traces]
        self._measures.set_racers(names)
        for view in self._views:
            view.clear_paths()
            view.set_racers(names)

    @Slot()
    def _grow(self) -> None:
        for index, columns in enumerate(self._columns):
            trace = columns.trace
            for view in self._views:
                view.set_path(index, trace.position, trace.value)
            self._measures.set_columns(index, columns.measured())

    @Slot()
    def _draw(self) -> None:
        for view in self._views:
            view.set_step(self._step)
        self._measures.set_step(self._step)
        self._racers.show_standings(self._step)

    @Slot(str)
    def _follow(self, path: str) -> None:
        if concerns(path, "descent"):
            self._show_start()

    def _show_start(self) -> None:
        for view in self._views:
            view.set_start(*self._session.document.descent.start)

    @Slot(float, float)
    def _ask_pointer(self, x: float, y: float) -> None:
        self._questions.ask(PointQuestion(self._session.document.descent.function, x, y, POINTER))

    @Slot()
    def _forget_pointer(self) -> None:
        for view in self._views:
            view.set_reading("")

    @Slot(object)
    def _read_pointer(self, answer: Answer) -> None:
        question = answer.question
        if isinstance(question, PointQuestion) and question.purpose == POINTER:
            text = self._reading(answer.found) if isinstance(answer.found, PointFacts) else ""
            for view in self._views:
                view.set_reading(text)

    def _reading(self, found: PointFacts) -> str:
        first, second = facts.axis_names(self._session.document.descent.function)
        text = self.tr("{first} {x}, {second} {y}: f {value}, gradient ({dx}, {dy})")
        numbers = (found.value, *found.gradient)
        value, dx, dy = (plain_number(number) for number in numbers)
        return text.format(
            first=first, second=second, x=f"{found.x:.3f}", y=f"{found.y:.3f}", value=value, dx=dx, dy=dy
        )


class MeasuredTrace:
    """A trace with the gradient's norm and the distance to the nearest minimum beside it, grown as it grows."""

    def __init__(self, trace: Trace, minima: Doubles) -> None:
        self.trace = trace
        self._minima = minima
        self._norm, self._distance = np.empty(trace.size), np.empty(trace.size)
        self._count = 0

    def measure_again(self, minima: Doubles) -> None:
        """Measure from other minima."""
        self._minima = minima
        self._count = 0

    def measured(self) -> dict[Quantity, NDArray[np.floating]]:
        """The columns as far as the trace goes: value, gradient_norm, distance (NaN where no minimum is known)."""
        rows = slice(self._count, self.trace.count)
        if rows.start < rows.stop:
            self._norm[rows] = np.linalg.norm(self.trace.gradient[rows].astype(float), axis=1)
            self._distance[rows] = nearest(self.trace.position[rows].astype(float), self._minima)
            self._count = self.trace.count
        end = self.trace.count
        return {"value": self.trace.value, "gradient_norm": self._norm[:end], "distance": self._distance[:end]}


def nearest(points: Doubles, minima: Doubles) -> Doubles:
    """The distance of each point [n, 2] to the nearest of the minima [m, 2]; NaN without any."""
    if not len(minima):
        return np.full(len(points), np.nan)
    distances: Doubles = np.linalg.norm(points[:, None] - minima[None], axis=2).min(axis=1)  # [n, m] -> [n]
    return distances
