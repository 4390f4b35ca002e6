"""Both ways: what a console cell changed becomes an edit of the document, and a click the PyTorch line that does it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from playground.engine.document import Document, get
from playground.engine.problems import Problem
from playground.engine.tensors.both_ways import echo
from playground.engine.tensors.both_ways.adopt import adopt, begin
from playground.engine.tensors.both_ways.changes import changes
from playground.engine.tensors.both_ways.events import Change
from playground.engine.tensors.both_ways.live import Snapshot, snapshot
from playground.engine.tensors.console.cells import CellDone
from playground.engine.tensors.console.console import Console
from playground.live_run import LiveRun
from playground.session import Session

if TYPE_CHECKING:
    from playground.engine.training.run import TrainingRun


class ConsoleEdits(QObject):
    """Watches the cells of a console, on its thread, and the session, in the window's.

    Parameters
    ----------
    console : Console
        Whose cells are watched; the lines of clicks go into its transcript.

    Signals
    -------
    told(str) : what a cell changed, or why it is not taken, in a line.
    echoed() : the transcript has the lines of a click.
    problem_found(object) : a `Problem`: the run broke before the cell.
    """

    told = Signal(str)
    echoed = Signal()
    problem_found = Signal(object)
    _found = Signal(object)

    def __init__(
        self,
        session: Session,
        run: LiveRun,
        console: Console,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._run = run
        self._console = console
        self._namespace = console.namespace
        self._before: Snapshot | None = None
        self._shown = session.document
        self._is_taking = False
        console.watchers.before_cell.append(self._remember)
        console.watchers.after_cell.append(self._compare)
        self._found.connect(self._take, Qt.ConnectionType.QueuedConnection)
        session.changed.connect(self._echo)

    def _remember(self, run: "TrainingRun | None") -> None:
        """On the console's thread, before a cell."""
        try:
            self._before = begin(run, self._namespace) if run is not None else snapshot(self._namespace)
        except Problem as problem:
            self._before = None
            self.problem_found.emit(problem)

    def _compare(self, done: CellDone) -> None:
        """On the console's thread, after a cell; a run that waits goes on with what the cell left."""
        before, self._before = self._before, None
        if before is None or before.net is None:
            return
        try:
            if done.run is not None:
                found = adopt(done.run, self._namespace, before)
            else:
                found = changes(before, self._namespace, self._namespace["doc"])
        except Problem as problem:
            self._refuse(problem)
        else:
            if found:
                self._console.note(_taken(found, done.run))
                self._found.emit(found)

    def _refuse(self, problem: Problem) -> None:
        """The run goes on as it was, and so do the names of its parts."""
        again = self._console.rebind(("net", "optimizer", "loss_fn"))
        verb = "is" if len(again) == 1 else "are"
        told = f" {' and '.join(again)} {verb} the run's own again." if again else ""
        self._console.note(f"{problem.sentence}{told}")
        self.told.emit(problem.sentence)

    @Slot(object)
    def _take(self, found: tuple[Change, ...]) -> None:
        """Make the document what the console made of the objects, undoably."""
        self._is_taking = True
        stack = self._session.undo_stack
        stack.beginMacro(self.tr("from the console"))
        for change in found:
            if change.path and self._session.document != change.value:
                self._know(change)
                self._session.push(change.path, change.value, change.phrase)
        stack.endMacro()
        self._is_taking = False
        self._shown = self._session.document
        self.told.emit(self.tr("From the console: {changes}").format(changes="; ".join(each.phrase for each in found)))

    def _know(self, change: Change) -> None:
        """The run has it already: nobody need hand it over."""
        if change.path == "network" and self._run.document is not None:
            self._run.take_network(change.value)  # type: ignore[arg-type]  # it is the network's

    @Slot(str)
    def _echo(self, _path: str) -> None:
        """The line of a click, into the transcript."""
        before, now = self._shown, self._session.document
        self._shown = now
        if self._is_taking or _same_training(before, now):
            return
        for line in echo.lines(before, now):
            self._console.transcript.echo(line)
        self.echoed.emit()


def _same_training(one: Document, other: Document) -> bool:
    return all(get(one, field) == get(other, field) for field in ("data", "network", "training"))


def _taken(found: tuple[Change, ...], run: "TrainingRun | None") -> str:
    """What the cell changed, and from when on it counts."""
    phrases = "; ".join(each.phrase for each in found)
    return f"{phrases} (no run goes on)" if run is None else f"training: {phrases}, from batch {run.step_count + 1} on"
