"""Which tensor's graph is shown: that which a cell of the console made or named last, or a variable that was chosen."""

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal

from playground.controllers.autograd_shown import ShownGraph
from playground.controllers.kernel_questions import KernelQuestions
from playground.engine.problems import Problem
from playground.engine.tensors.console.cells import CellDone
from playground.engine.tensors.console.console import Console
from playground.engine.tensors.graph_following import graph_session, shown_by
from playground.engine.tensors.graph_session import GraphSession
from playground.engine.worker import unexpected


class GraphFollowing(QObject):
    """Looks for the graph to show after each cell, while training still waits for it.

    Parameters
    ----------
    console : Console
        Its namespace is read on its own thread only.

    Signals
    -------
    found(object) : the `GraphSession` to show from now on, or still; None where the console let go of it.
    refused(object) : a `Problem`, why the tensor asked for has no graph here.
    bound() : the objects of a run came or went.
    """

    found = Signal(object)
    refused = Signal(object)
    bound = Signal()
    _watched = Signal(object)
    _was_refused = Signal(object)
    _was_bound = Signal()

    def __init__(
        self, questions: KernelQuestions, console: Console, shown: ShownGraph, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._questions = questions
        self._console = console
        self._shown = shown
        self._watched.connect(self.found, Qt.ConnectionType.QueuedConnection)
        self._was_refused.connect(self.refused, Qt.ConnectionType.QueuedConnection)
        self._was_bound.connect(self.bound, Qt.ConnectionType.QueuedConnection)
        console.watchers.after_cell.append(self._watch)
        console.watchers.after_bind.append(self._watch_binding)

    @property
    def has_run(self) -> bool:
        """Whether the console has the objects of a run."""
        return bool(self._console.live)

    def choose(self, name: str) -> None:
        """Look for the graph of a variable, which may have none."""
        before = self._shown.session if name == self._shown.name else None
        work = partial(self._graph_of, name, before)
        self._questions.ask("session", work, self._take, self.refused.emit, naming=name)

    def _take(self, session: GraphSession | None) -> None:
        if session is not None and session is not self._shown.session:
            self.found.emit(session)

    def _watch(self, done: CellDone) -> None:
        """On the console's thread, while training still waits for the cell."""
        try:
            self._watched.emit(self._followed(done))
        except Exception as error:  # the cell is not to fail for it
            self._questions.problem_found.emit(unexpected("the autograd graph", error))

    def _followed(self, done: CellDone) -> GraphSession | None:
        before = self._shown.session
        name = "" if done.result.error else shown_by(done.result.code)
        found = self._named(name, before) if name else None
        if before is not None:
            kept = self._graph_of(before.name, before)  # nothing may keep a graph alive that the console has let go
            found = found or kept
        return found

    def _named(self, name: str, before: GraphSession | None) -> GraphSession | None:
        try:
            return self._graph_of(name, before)
        except Problem as problem:
            self._was_refused.emit(problem)
            return None

    def _watch_binding(self, _names: tuple[str, ...]) -> None:
        """On the console's thread."""
        self._was_bound.emit()

    def _graph_of(self, name: str, before: GraphSession | None) -> GraphSession | None:
        """On the console's thread: the graph of a variable; the one before where it is that still."""
        return graph_session(name, self._console.namespace, before, self._console.modules, self._console.live)
