"""Cells and training take turns: a cell that touches live objects runs between two steps."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from playground.engine.tensors.console.interrupts import Interrupts
from playground.engine.tensors.console.worklist import GiveWay
from playground.engine.training.control import Control
from playground.engine.training.run import TrainingRun

POLL_S = 0.05  # how often a waiting cell can be interrupted
CLOSING_S = 0.5  # how long a run waits at most for a cell that does not end, when the console closes
PATIENT_POLL_S = 0.005  # how often a waiting question looks whether it has to give way


class Turns:
    """Asks the run for its place between two steps, and gives it back."""

    def __init__(self) -> None:
        self._control: Control | None = None
        self._closing = threading.Event()

    def close(self) -> None:
        """Let a run that waits for a cell go on soon, even where the cell does not end."""
        self._closing.set()

    def attach(self, control: Control, started: Callable[[TrainingRun], None]) -> "Future[None]":
        """Take turns with the run of `control` from when it is built; `started` is then called on the run's thread."""

        def begin(run: TrainingRun) -> None:
            self._control = control
            started(run)

        return control.between_steps(begin)

    @property
    def is_attached(self) -> bool:
        """Whether there is a run to take turns with, be it over or not."""
        return self._control is not None

    @contextmanager
    def held(
        self, interrupts: Interrupts, is_pressed: Callable[[], bool] | None = None
    ) -> Iterator[TrainingRun | None]:
        """Keep the run waiting inside; gives the run, or None where none goes on. The wait can be interrupted.

        Parameters
        ----------
        is_pressed : callable, optional
            Whether something is to be done before what waits here, which then raises `GiveWay`.
        """
        if self._control is None:
            yield None
            return
        granted: Future[TrainingRun | None] = Future()
        released = threading.Event()

        def hold(run: TrainingRun) -> None:
            granted.set_result(run)
            while not released.wait(CLOSING_S):
                if self._closing.is_set():
                    return

        asked = self._control.between_steps(hold)
        try:
            with interrupts.allowed():
                run = _wait(asked, granted, is_pressed)
            yield run
        finally:
            asked.cancel()
            released.set()


def _wait(
    asked: "Future[None]", granted: "Future[TrainingRun | None]", is_pressed: Callable[[], bool] | None
) -> TrainingRun | None:
    """The run once it waits, None when it ended; looks up now and then, so that an interrupt can come through."""
    while not granted.done():
        if asked.done():  # only a run that has ended answers without waiting
            return None
        if is_pressed is not None and is_pressed():
            raise GiveWay
        try:
            granted.result(POLL_S if is_pressed is None else PATIENT_POLL_S)
        except TimeoutError:
            continue
    return granted.result()
