"""The console without a window: cells in, results out, and everything that others may ask of its thread."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from playground.engine.document import Document
from playground.engine.tensors.console import requests
from playground.engine.tensors.console.cells import CellResult, Watchers
from playground.engine.tensors.console.draws import guarded_seeds
from playground.engine.tensors.console.interrupts import Interrupts
from playground.engine.tensors.console.live import live_objects
from playground.engine.tensors.console.namespace import Namespace
from playground.engine.tensors.console.output import Publish
from playground.engine.tensors.console.runner import Runner
from playground.engine.tensors.console.transcript import Transcript
from playground.engine.tensors.console.turns import Turns
from playground.engine.tensors.console.worklist import Worklist
from playground.engine.tensors.graph_modules import ModuleRecord
from playground.engine.training.control import Control
from playground.engine.training.run import TrainingRun

T = TypeVar("T")
Reply = Callable[[dict[str, Any]], None]


class Console:
    """An IPython shell on whichever thread calls `serve` (or enters `opened`); everything else is for any thread.

    Parameters
    ----------
    document : callable, optional
        Gives the document whose data `train_db`, `train_loader` and the others are, and which is `doc` without a run.
    is_shared : bool
        Whether training may go on in this process, so that the random draws of cells have to wait for their turn. That
        costs 6 us an operator.
    remembers : bool
        Whether cells are kept for the next start, in a private file of the data folder.

    Attributes
    ----------
    watchers : Watchers
        Who is told of each cell.
    transcript : Transcript
        What was run, and what was clicked.
    modules : ModuleRecord
        Which modules the cells called, for the graphs that came of it.
    """

    def __init__(
        self, document: Callable[[], Document] | None = None, *, is_shared: bool = True, remembers: bool = True
    ) -> None:
        self.transcript = Transcript(document)
        self.modules = ModuleRecord()
        self.watchers = Watchers(after_cell=[self.transcript.add])
        self._namespace = Namespace(document)
        self._work = Worklist()
        self._interrupts = Interrupts()
        self._turns = Turns()
        self._is_shared, self._remembers = is_shared, remembers
        self._listener: Publish = _nobody
        self._runner: Runner | None = None
        self._thread: int | None = None

    @property
    def namespace(self) -> dict[str, Any]:
        """The globals of the cells. Look into it between two cells only: in a watcher, or by `call`."""
        return self._namespace.values

    @property
    def live(self) -> Mapping[str, Any]:
        """The objects of the run, as they were bound, whatever their names stand for now."""
        return self._namespace.live

    def names(self) -> tuple[str, ...]:
        """The names that the user or a run has made."""
        return self._namespace.names()

    def listen(self, publish: Publish) -> None:
        """Send what is shown to `publish(kind, content)`, from the console's thread; kinds and contents as in Jupyter.

        Besides: "turn" with a `Status`, "note" with the cure of an error, "capped" with all that a cell printed.
        """
        self._listener = publish

    def attach(self, control: Control) -> "Future[None]":
        """Take turns with the run of `control` from when it is built, with its objects under their names.

        Returns
        -------
        Future
            Done when they are about to be bound; `RunEnded` where the run was never built.
        """
        return self._turns.attach(control, self._begin)

    def bind(self, live: Mapping[str, Any]) -> None:
        """Set live objects under their names (net, optimizer, loss_fn, x, y, history, doc) before the next cell."""
        self._work.put(partial(self._bind, dict(live)))

    def rebind(self, names: Iterable[str]) -> tuple[str, ...]:
        """Put objects of the run under their names again; in a watcher only. Gives those that stood for another."""
        return self._namespace.rebind(names)

    def note(self, text: str) -> None:
        """Say something below the cell that has just run; in a watcher only."""
        self._publish("note", {"text": text})

    def call(self, function: "Callable[[], T]", naming: str = "") -> "Future[T]":
        """Call a function on the console's thread between two cells, such as a question about a tensor.

        While it waits for a training step to end, cells that are typed meanwhile go first.

        Parameters
        ----------
        naming : str
            The expression that it looks at: where that touches no live object, training does not wait meanwhile.

        Returns
        -------
        Future
            Its result or exception; cancelled where it was interrupted or the console closed.
        """
        return self._work.put(partial(self._call, function, naming))

    def run_cell(self, code: str) -> CellResult:
        """Run a cell and wait for its end; from the console's own thread at once.

        Raises
        ------
        concurrent.futures.CancelledError
            Where the console was closed before.
        Problem
            What a watcher refused.
        """
        if threading.get_ident() == self._thread:
            return self._run(code)
        return self._work.put(partial(self._run, code), is_pressing=True).result()

    def request(self, kind: str, content: Mapping[str, Any], reply: Reply) -> None:
        """Have a Jupyter request answered; `reply` is called on the console's thread with the content of the reply."""
        self._work.put(partial(self._answer, kind, content, reply), is_pressing=True)

    def interrupt(self) -> bool:
        """Raise KeyboardInterrupt in the cell that runs or waits; False where none does."""
        return self._interrupts.interrupt()

    def serve(self) -> None:
        """Be the console's thread, until `close`."""
        with self.opened():
            self._work.serve()

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Make the calling thread the console's, for `run_cell` without `serve`."""
        self._thread = threading.get_ident()
        self._runner = runner = Runner(
            self._namespace, self._publish, self._interrupts, self._turns, self.watchers, self.modules,
            is_shared=self._is_shared, remembers=self._remembers,
        )  # fmt: skip
        self._namespace.refresh_document()
        try:
            with guarded_seeds():
                yield
        finally:
            self._runner = self._thread = None
            runner.close()

    def close(self) -> None:
        """End the thread that serves: the cell under way is interrupted, what still waits is cancelled.

        A run goes on even where the cell does not end. To be called again where it does not.
        """
        self._work.close()
        self._turns.close()
        self._interrupts.close()

    def _run(self, code: str) -> CellResult:
        return self._opened_runner().run(code)[0]

    def _answer(self, kind: str, content: Mapping[str, Any], reply: Reply) -> None:
        try:
            answered = requests.answer(self._opened_runner(), kind, content)
        except Exception as error:  # of a watcher; the front end waits for a reply all the same
            reply({"status": "error", "ename": type(error).__name__, "evalue": str(error), "traceback": []})
            raise
        reply(answered)

    def _call(self, function: "Callable[[], T]", naming: str) -> T:
        return self._opened_runner().call(function, naming, self._is_pressed)

    def _is_pressed(self) -> bool:
        return self._work.is_pressed

    def _begin(self, run: TrainingRun) -> None:
        self.bind(live_objects(run))

    def _bind(self, live: Mapping[str, Any]) -> None:
        self._namespace.bind(live)
        for tell in self.watchers.after_bind:
            tell(tuple(live))

    def _publish(self, kind: str, content: dict[str, Any]) -> None:
        self._listener(kind, content)

    def _opened_runner(self) -> Runner:
        assert self._runner is not None, "only the thread that opened the console works for it"
        return self._runner


def _nobody(kind: str, content: dict[str, Any]) -> None:
    """Nobody listens: the results say it all."""
