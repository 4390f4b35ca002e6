"""Runs one cell after the other in one namespace, each in its turn beside a training run."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from typing import Any, TypeVar

import torch

from playground.engine.folders import data_folder
from playground.engine.gate import draws
from playground.engine.tensors.console import mentions
from playground.engine.tensors.console.cells import CellDone, CellResult, Status, Watchers
from playground.engine.tensors.console.draws import GuardedDraws
from playground.engine.tensors.console.interrupts import Interrupts
from playground.engine.tensors.console.live import live_objects
from playground.engine.tensors.console.namespace import START, Namespace, changed
from playground.engine.tensors.console.notes import note
from playground.engine.tensors.console.outcome import Outcome
from playground.engine.tensors.console.output import Publish, heard, redirected
from playground.engine.tensors.console.shell import make_shell
from playground.engine.tensors.console.turns import Turns
from playground.engine.tensors.graph_modules import ModuleRecord
from playground.engine.training.run import TrainingRun

T = TypeVar("T")

_INLINE = "module://matplotlib_inline.backend_inline"
_TIMED = "While times are measured, random draws do not wait for their turn: training waits instead.\n"


class Runner:
    """The shell, its namespace, and the rules by which cells and training take turns.

    Made on the console's thread, and used there only.

    Parameters
    ----------
    publish : callable
        Takes what is to be shown.
    modules : ModuleRecord
        Takes note of the modules that cells call.
    is_shared : bool
        Whether runs may go on in this process beside the cells, so that draws have to take turns.
    remembers : bool
        Whether cells are kept for the next start.
    """

    def __init__(
        self,
        namespace: Namespace,
        publish: Publish,
        interrupts: Interrupts,
        turns: Turns,
        watchers: Watchers,
        modules: ModuleRecord,
        *,
        is_shared: bool,
        remembers: bool,
    ) -> None:
        folder = data_folder() / "console"
        self.namespace = namespace
        self._watchers = watchers
        self._modules = modules
        self._publish = publish
        self._interrupts = interrupts
        self._turns = turns
        self._is_shared = is_shared
        history = folder / "history.sqlite" if remembers else None
        self.shell = make_shell(self.namespace.values, START, publish, folder, history)
        _draw_inline()

    def run(self, code: str, *, silent: bool = False, store_history: bool = True) -> tuple[CellResult, dict[str, Any]]:
        """Run a cell to its end, in its turn: its result, and Jupyter's reply to it."""
        outcome = Outcome(code, self._publish, partial(note, code=code, namespace=self.namespace.values))
        self.shell.output, self.shell.failed = outcome.output, outcome.fail
        self.shell.pages.clear()
        self.namespace.refresh_document()
        began = time.perf_counter()
        try:
            touches = self._needs_turn(code)
            with self._turn(is_needed=touches) as run:
                began = time.perf_counter()
                names = self._watched(
                    outcome, partial(self._execute, code, silent, store_history), run, touches=touches
                )
                result = outcome.result(time.perf_counter() - began)
                for tell in self._watchers.after_cell:
                    tell(CellDone(result, names, run))
        except KeyboardInterrupt as error:  # while the cell waited for its turn
            outcome.fail(error, ["KeyboardInterrupt: the cell was not run"])
        finally:
            self._say("idle")
        return outcome.result(time.perf_counter() - began), outcome.reply

    def call(self, function: "Callable[[], T]", naming: str, is_pressed: Callable[[], bool] | None = None) -> T:
        """Call it in its turn, as a cell that mentions what `naming` does; without one it may look at anything.

        Raises
        ------
        GiveWay
            Where it waits for its turn and `is_pressed()` says that something else is to come first.
        """
        guard = GuardedDraws(self._interrupts) if self._is_shared else nullcontext()
        is_needed = self._needs_turn(naming) if naming else self._turns.is_attached
        try:
            with self._turn(is_needed=is_needed, is_pressed=is_pressed), guard, self._interrupts.allowed():
                return function()
        except KeyboardInterrupt:
            raise CancelledError from None
        finally:
            self._say("idle")

    def close(self) -> None:
        """Write the history down and let go of every value."""
        self.shell.close()

    def _watched(
        self, outcome: Outcome, execute: Callable[[Outcome], None], run: TrainingRun | None, *, touches: bool
    ) -> tuple[str, ...]:
        """Run the cell, and find the names that it changed."""
        live = touches or not self._turns.is_attached
        for watch in self._watchers.before_cell if live else ():
            watch(run)
        before = self.namespace.prints(live=live)
        with redirected(outcome.output), heard(outcome.output, outcome.warn):
            execute(outcome)
        outcome.output.finish()
        return changed(before, self.namespace.prints(live=live))

    @contextmanager
    def _turn(self, *, is_needed: bool, is_pressed: Callable[[], bool] | None = None) -> Iterator[TrainingRun | None]:
        """Wait for the place between two steps where the cell needs one."""
        if not is_needed:
            self._say("busy")
            yield None
            return
        self._say("waiting")
        with self._turns.held(self._interrupts, is_pressed) as run:
            self._say("busy" if run is None else "holding")
            if run is not None:
                self.namespace.refresh(live_objects(run))
            yield run

    def _needs_turn(self, code: str) -> bool:
        if not self._turns.is_attached:
            return False
        if mentions.is_timed(code) or torch.get_default_dtype() is not torch.float32:
            return True
        return mentions.touches(mentions.mentioned(code), self.namespace.values, self.namespace.live)

    def _execute(self, code: str, silent: bool, store_history: bool, outcome: Outcome) -> None:
        with ExitStack() as guards:
            guards.enter_context(self._guard(code, outcome))
            # Noting a call takes time where times are measured, and torch.compile warns of whoever listens.
            if not mentions.is_timed(code) and "torch.compile" not in code:
                guards.enter_context(self._modules.open())
            try:
                with self._interrupts.allowed():
                    done = self.shell.run_cell(code, silent=silent, store_history=store_history)
                outcome.settle(done.error_before_exec or done.error_in_exec)
            except KeyboardInterrupt as error:  # while the shell itself was at work
                outcome.fail(error, ["KeyboardInterrupt"])
        self.shell.past.outputs.clear()  # it would keep every figure and text

    def _guard(self, code: str, outcome: Outcome) -> Any:
        """How the random draws of a cell take turns: one by one, or all at once where waiting would be measured."""
        if not self._is_shared:
            return nullcontext()
        if mentions.is_timed(code):
            outcome.output.write("stderr", _TIMED)
            return draws
        return GuardedDraws(self._interrupts)

    def _say(self, status: Status) -> None:
        self._publish("turn", {"status": status})


def _draw_inline() -> None:
    """Have matplotlib, where it is installed, draw into the console."""
    try:
        import matplotlib
    except ImportError:
        return
    matplotlib.use(_INLINE)
