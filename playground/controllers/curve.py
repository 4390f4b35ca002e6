"""The 1-D companion view: what is asked for is tried first, so that a formula that cannot be drawn changes nothing."""

from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Slot

from playground.controllers.code import CodeController
from playground.controllers.descent_questions import DescentQuestions
from playground.engine import document as documents
from playground.engine.descent.curve_texts import ACTIVATIONS, LOSSES
from playground.engine.descent.events import Curve
from playground.engine.descent.questions import Answer, CurveQuestion
from playground.engine.descent.spec import CurveSpec
from playground.engine.document import Document
from playground.engine.problems import Problem
from playground.session import Session, concerns
from playground.widgets.common.messages import sentence
from playground.widgets.curve.panel import CurvePanel
from playground.widgets.curve.values import CurveChoice, CurveValues


class CurveController(QObject):
    """Joins session, the curve's panel and the warm thread that computes curves."""

    def __init__(
        self,
        session: Session,
        questions: DescentQuestions,
        code: CodeController,
        panel: CurvePanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._questions = questions
        self._code = code
        self._panel = panel
        self._shown: CurveSpec | None = None
        panel.set_choices(_choices())
        panel.edited.connect(self._edit)
        panel.code_requested.connect(self.show_code)
        questions.answered.connect(self._take)
        session.changed.connect(self._follow)
        self._panel.show_values(documents.to_plain(self._spec))

    def start(self) -> None:
        """Ask for the first curve."""
        self._questions.ask(CurveQuestion(self._spec))

    @Slot()
    def show_code(self) -> None:
        """The plain program that draws the curve."""
        self._code.write(self.tr("A function and its derivative"), _script)

    @property
    def _spec(self) -> CurveSpec:
        return self._session.document.descent.curve

    @Slot(object)
    def _edit(self, plain: dict[str, Any]) -> None:
        try:
            changed = documents.set_plain(self._session.document, "descent.curve", plain)
        except Problem as problem:
            self._panel.set_problem(sentence(problem.code, problem.fields))
            return
        self._questions.ask(CurveQuestion(changed.descent.curve))

    @Slot(object)
    def _take(self, answer: Answer) -> None:
        if not isinstance(answer.question, CurveQuestion):
            return
        problem = answer.problem
        self._panel.set_problem("" if problem is None else sentence(problem.code, problem.fields))
        if isinstance(answer.found, Curve):
            self._show(answer.found)
            self._session.push("descent.curve", answer.question.spec, self.tr("curve"))

    def _show(self, curve: Curve) -> None:
        self._shown = curve.spec
        values = CurveValues(curve.title, curve.formula, curve.x, curve.value, curve.slope, curve.saturated)
        self._panel.set_curve(values)

    @Slot(str)
    def _follow(self, path: str) -> None:
        if not concerns(path, "descent"):
            return
        self._panel.show_values(documents.to_plain(self._spec))
        if self._shown is not None and self._shown != self._spec:
            self._questions.ask(CurveQuestion(self._spec))


def _choices() -> tuple[CurveChoice, ...]:
    tr = partial(QCoreApplication.translate, "CurveController")
    activations = (
        CurveChoice("activation", name, title, tr("Activations")) for name, (title, _) in ACTIVATIONS.items()
    )
    losses = (CurveChoice("loss", name, title, tr("Losses")) for name, title in LOSSES.items())
    return (*activations, *losses, CurveChoice("formula", "", tr("Own formula"), tr("Own")))


def _script(document: Document) -> str:
    from playground.engine.scripts.curve import script  # imports torch, so on the job's own thread

    return script(document.descent.curve)
