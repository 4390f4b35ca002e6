"""The warm thread that answers short questions about functions and curves."""

from collections.abc import Generator
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from playground.engine.descent.questions import Answer, CurveQuestion, PointQuestion, Question
from playground.engine.inbox import Inbox
from playground.jobs import Jobs, Watcher

JOB = "descent"


class DescentQuestions(QObject):
    """Only the latest question of each kind and purpose waits.

    Signals
    -------
    answered(object) : an `Answer`.
    problem_found(object) : the thread ended with this `Problem`.
    """

    answered = Signal(object)
    problem_found = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._inbox = Inbox()

    def start(self) -> None:
        """Begin to answer; needs torch, so after the window is shown."""
        watcher = Watcher(progress=self._tell, failed=self.problem_found.emit)
        self._jobs.start(JOB, self._job, stop=self._inbox.close, watcher=watcher, interval=0)

    def ask(self, question: Question) -> None:
        """Put a question; the answer comes with `answered`."""
        self._inbox.put(_kind(question), question)

    def _job(self) -> Generator[Any, None, None]:
        from playground.engine.descent.questions import questions_job
        from playground.engine.threads import use_one_core  # imports torch, so on the job's own thread

        use_one_core()
        return questions_job(self._inbox)

    @Slot(list)
    def _tell(self, answers: list[Answer]) -> None:
        for answer in answers:
            self.answered.emit(answer)


def _kind(question: Question) -> str:
    if isinstance(question, PointQuestion):
        return f"point {question.purpose}"
    return "curve" if isinstance(question, CurveQuestion) else f"surface {question.is_trial}"
