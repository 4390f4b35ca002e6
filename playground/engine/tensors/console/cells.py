"""What a cell of the console gave, as plain values."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playground.engine.training.run import TrainingRun

Status = Literal["idle", "busy", "waiting", "holding"]
"""Nothing runs; a cell runs; a cell waits for the step under way; a cell runs and training waits for it."""


@dataclass(frozen=True, slots=True)
class CellResult:
    """One cell that was run.

    Attributes
    ----------
    code : str
        What was run.
    text : str
        What it printed, standard error included, and its value as the console shows it.
    error : str
        "ValueError: ..." where it failed, else empty.
    note : str
        What the usual cure of that error is, where it is known.
    traceback : str
        The traceback in plain text; empty without an error.
    seconds : float
        How long it ran, the wait for its turn not counted.
    """

    code: str
    text: str
    error: str
    note: str
    traceback: str
    seconds: float


@dataclass(frozen=True, slots=True)
class CellDone:
    """What whoever watches the namespace is told after each cell, on the console's thread.

    `names` were set, deleted or changed by the cell. Where training waits for the cell, `run` is the waiting run; it
    goes on when all watchers have returned. `run` must not be kept.
    """

    result: CellResult
    names: tuple[str, ...]
    run: "TrainingRun | None"


@dataclass
class Watchers:
    """Who is told of what happens to the namespace; all are called on the console's thread.

    `before_cell` with the waiting run or None, before a cell that may touch live objects; `after_cell` while a run that
    waits still does; `after_bind` with the names that were bound from outside.
    """

    before_cell: "list[Callable[[TrainingRun | None], None]]" = field(default_factory=list)
    after_cell: list[Callable[[CellDone], None]] = field(default_factory=list)
    after_bind: list[Callable[[tuple[str, ...]], None]] = field(default_factory=list)
