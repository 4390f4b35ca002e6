"""Questions to the console's thread, where the live objects are: asked from the window, answered with plain values."""

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from playground.engine.problems import Problem
from playground.engine.worker import unexpected

Work = Callable[[], Any]
Take = Callable[[Any], None]


class KernelQuestions(QObject):
    """Hands work to the console's thread between two cells, and its result back to the window's thread.

    Parameters
    ----------
    call : callable
        Has the console's thread do some work, given the expression it looks at; gives its Future.

    Signals
    -------
    problem_found(object) : a `Problem` that whoever asked does not show itself.
    """

    problem_found = Signal(object)
    _answered = Signal(str, int, object, object)

    def __init__(self, call: Callable[[Work, str], "Future[Any]"], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._call = call
        self._latest: dict[str, int] = {}
        self._takers: dict[tuple[str, int], tuple[Take, Take]] = {}
        self._answered.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def ask(self, what: str, work: Work, take: Take, refuse: Take | None = None, *, naming: str = "") -> None:
        """Ask something; of several questions of one kind only the answer to the latest is told.

        `take` gets what `work` returned, `refuse` the `Problem` it raised; both are called in this object's thread.
        `naming` is the expression that `work` looks at: training waits where that is one of its own objects.
        """
        ticket = self._latest.get(what, 0) + 1
        self._latest[what] = ticket
        self._takers[what, ticket] = (take, refuse or self.problem_found.emit)
        self._call(work, naming).add_done_callback(partial(self._hand_over, what, ticket))

    def _hand_over(self, what: str, ticket: int, future: "Future[Any]") -> None:
        """On the console's thread."""
        try:
            self._answered.emit(what, ticket, future.result(), None)
        except CancelledError:
            return
        except Problem as problem:
            self._answered.emit(what, ticket, None, problem)
        except Exception as error:
            self._answered.emit(what, ticket, None, unexpected("the inspector", error))

    @Slot(str, int, object, object)
    def _tell(self, what: str, ticket: int, result: object, problem: object) -> None:
        take, refuse = self._takers.pop((what, ticket))
        if ticket != self._latest[what]:
            return
        if problem is not None:
            refuse(problem)
        else:
            take(result)
