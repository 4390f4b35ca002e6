"""The step at the cursor, in numbers and arrows, and what the curvature says about its rate."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from playground.controllers.descent_questions import DescentQuestions
from playground.engine.descent import facts
from playground.engine.descent.events import PointFacts, StepExplanation
from playground.engine.descent.explain import explain
from playground.engine.descent.questions import Answer, PointQuestion
from playground.engine.descent.spec import Racer
from playground.engine.descent.trace import Trace
from playground.live_race import LiveRace
from playground.widgets.common.messages import sentence
from playground.widgets.common.numbers import plain_number
from playground.widgets.descent.step_panel import StepPanel
from playground.widgets.descent.values import ExplanationLine
from playground.widgets.surface.contour_panel import ContourPanel
from playground.widgets.surface.surface_panel import SurfacePanel
from playground.widgets.surface.values import ARROW_KINDS, Arrow

EXPLAIN_MS = 50  # nobody reads numbers that change faster
CURVATURE = "curvature"
STEP = "step"  # the line that all others lead to
PLAIN = ("SGD", "CourseMomentum")

Doubles = NDArray[np.float64]


class StepController(QObject):
    """Joins race, step panel and the arrows and ellipse in both views.

    Signals
    -------
    step_requested() : the user wants to see a step.
    """

    step_requested = Signal()

    def __init__(
        self,
        race: LiveRace,
        questions: DescentQuestions,
        panel: StepPanel,
        views: tuple[SurfacePanel, ContourPanel],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._race = race
        self._questions = questions
        self._panel = panel
        self._views = views
        self._racer = self._step = 0
        self._explanation: StepExplanation | None = None
        self._explained: tuple[Trace, int] | None = None
        self._curved: PointFacts | None = None
        self._timer = QTimer(self, singleShot=True, interval=EXPLAIN_MS)
        self._timer.timeout.connect(self._explain)
        panel.step_requested.connect(self.step_requested)
        panel.arrows_toggled.connect(self._draw)
        panel.ellipse_toggled.connect(self._draw)
        questions.answered.connect(self._take)
        race.restarted.connect(self._ask_soon)

    @Slot(int)
    def select(self, racer: int) -> None:
        """Explain this racer's steps from now on."""
        self._racer = racer
        self._ask_soon()

    @Slot(int)
    def show_step(self, step: int) -> None:
        """Explain this step, soon."""
        self._step = step
        self._ask_soon()

    @Slot()
    def _ask_soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    @property
    def _shown(self) -> tuple[Racer, Trace, int] | None:
        """The racer, its rows and the step to explain; None where there is no step."""
        spec, traces = self._race.spec, self._race.traces
        if spec is None or self._racer >= len(traces):
            return None
        trace = traces[self._racer]
        step = min(self._step, trace.count - 1)
        return (spec.racers[self._racer], trace, step) if step >= 1 else None

    @property
    def _is_coming(self) -> bool:
        """Whether the racer's first step is still to be computed: until then what is shown stays."""
        traces = self._race.traces
        if self._racer >= len(traces):
            return bool(traces)
        has_ended = self._race.seconds is not None or self._racer in self._race.problems
        return traces[self._racer].count <= 1 and not has_ended

    @Slot()
    def _explain(self) -> None:
        shown = self._shown
        if self._is_coming:
            return
        if shown is None or self._race.spec is None:
            self._explain_nothing()
            return
        racer, trace, step = shown
        if self._explained == (trace, step):  # the race computes on, beyond the cursor
            return
        self._explained = trace, step
        self._explanation = explain(racer.optimizer, trace, step)
        title = self.tr("{name}, step {step}").format(name=racer.optimizer.name, step=f"{step:,}")
        names = facts.axis_names(self._race.spec.function)
        self._panel.set_explanation(title, _lines(self._explanation), names)
        x, y = (float(value) for value in trace.position[step - 1])
        if math.isfinite(x) and math.isfinite(y):
            self._questions.ask(PointQuestion(self._race.spec.function, x, y, CURVATURE))
        else:
            self._forget_curvature()
        self._draw()

    def _explain_nothing(self) -> None:
        """There is no step: the cursor stands at the start, or the first step led to no finite number."""
        self._explanation = self._explained = self._curved = None
        self._panel.clear()
        problem = self._race.problems.get(self._racer)
        if problem is not None:
            self._panel.set_curvature(sentence(problem.code, problem.fields), diverges=True)
        self._draw()

    @Slot(object)
    def _take(self, answer: Answer) -> None:
        question, shown = answer.question, self._shown
        if not isinstance(question, PointQuestion) or question.purpose != CURVATURE or shown is None:
            return
        if not isinstance(answer.found, PointFacts):
            self._forget_curvature()
            self._draw()
            return
        self._curved = answer.found
        racer, trace, step = shown
        point, rate = answer.found, float(trace.rate[step - 1])
        overshoots = racer.optimizer.name in PLAIN and point.stable_rate is not None and rate >= point.stable_rate
        said = self._said(point)
        if overshoots:
            text = self.tr("The rate {rate} lies above, so its steps overshoot and grow.")
            said = f"{said} {text.format(rate=plain_number(rate))}"
        self._panel.set_curvature(said, point.eigenvalues, point.stable_rate, diverges=overshoots)
        self._draw()

    def _forget_curvature(self) -> None:
        self._curved = None
        self._panel.set_curvature("")

    def _said(self, point: PointFacts) -> str:
        if point.eigenvalues is None:
            return self.tr("The function has no second derivative here, so its curvature says nothing about the rate.")
        low, high = point.eigenvalues
        shape = self._shape(low, high)
        if point.stable_rate is None:
            return self.tr("{shape}: no rate is too large for plain descent here.").format(shape=shape)
        bound = plain_number(point.stable_rate)
        text = self.tr("{shape}: plain descent is stable here below 2/{high} = {bound}.")
        return text.format(shape=shape, high=plain_number(high), bound=bound)

    def _shape(self, low: float, high: float) -> str:
        if low > 0:
            ratio = plain_number(high / low)
            return self.tr("A bowl, {ratio} times steeper one way than the other").format(ratio=ratio)
        if low == 0:
            return self.tr("A valley, level one way")
        if high == 0:
            return self.tr("A ridge, level one way")
        if high > 0:
            return self.tr("A saddle region, curved up one way and down the other")
        return self.tr("A hilltop, curved down both ways")

    @Slot()
    def _draw(self) -> None:
        arrows = self._arrows() if self._panel.arrows.value() else ()
        ellipse = local_ellipse(self._curved) if self._curved and self._panel.ellipse.value() else None
        for view in self._views:
            view.set_arrows(arrows)
            view.set_ellipse(ellipse)

    def _arrows(self) -> tuple[Arrow, ...]:
        shown = self._shown
        if shown is None or self._explanation is None:
            return ()
        _, trace, step = shown
        (x, y), value = trace.position[step - 1].astype(float), float(trace.value[step - 1])
        found = self._explanation.arrows
        return tuple(Arrow(kind, x, y, value, *found[kind]) for kind in ARROW_KINDS if kind in found)


def local_ellipse(point: PointFacts) -> Doubles | None:
    """The level line [n, 2] through a point of the quadratic that fits the function there; None without a bowl.

    With gradient g and Hessian H the quadratic is lowest at c = p - H^-1 g, and the line is the set of q with
    (q - c)' H (q - c) = (p - c)' H (p - c).
    """
    if point.hessian is None or point.eigenvalues is None or point.eigenvectors is None or point.eigenvalues[0] <= 0:
        return None
    hessian, at = np.array(point.hessian), np.array((point.x, point.y))
    centre = at - np.linalg.solve(hessian, np.array(point.gradient))
    level = float((at - centre) @ hessian @ (at - centre))
    angles = np.linspace(0, 2 * np.pi, 129)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)  # [n, 2]
    radii = np.sqrt(level / np.array(point.eigenvalues))
    ellipse: Doubles = centre + circle * radii @ np.array(point.eigenvectors)
    return ellipse


def _lines(explanation: StepExplanation) -> tuple[ExplanationLine, ...]:
    return tuple(
        ExplanationLine(line.label, line.formula, line.values, line.label == STEP, line.is_count)
        for line in explanation.lines
    )
