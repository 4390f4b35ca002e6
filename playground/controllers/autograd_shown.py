"""The graph that the autograd panel shows, and questions about it to the console's thread."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from playground.controllers.kernel_questions import KernelQuestions
from playground.engine.problems import Problem
from playground.engine.tensors.graph_session import GraphSession
from playground.widgets.autograd.panel import AutogradPanel
from playground.widgets.common.messages import sentence

Answer = TypeVar("Answer")


class ShownGraph:
    """One graph at a time, or none; what cannot be answered about it is said in the panel.

    Attributes
    ----------
    session : GraphSession or None
        The graph; to be looked into on the console's thread only.
    """

    def __init__(self, questions: KernelQuestions, panel: AutogradPanel) -> None:
        self._questions = questions
        self._panel = panel
        self.session: GraphSession | None = None

    @property
    def name(self) -> str:
        """The variable whose graph it is; empty without one."""
        return self.session.name if self.session else ""

    def ask(
        self, what: str, work: Callable[[GraphSession], Answer], take: Callable[[Answer], None], *, naming: str = ""
    ) -> None:
        """Have the console's thread look at the graph, if there is one; as `KernelQuestions.ask`."""
        if self.session is not None:
            self._questions.ask(what, partial(work, self.session), take, self.refuse, naming=naming)

    def refuse(self, problem: Problem) -> None:
        """Say in the panel what cannot be done."""
        self._panel.set_state("")
        self._panel.show_message(sentence(problem.code, problem.fields))
