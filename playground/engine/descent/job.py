"""The race as a job: all racers in turn, their steps in blocks."""

from collections.abc import Callable, Generator
from time import perf_counter

from playground.engine.descent import functions
from playground.engine.descent.events import RaceDone, RaceEvent, RaceStarted
from playground.engine.descent.race import RacerRun
from playground.engine.descent.spec import DescentSpec

ROUND_SECONDS = 1 / 30
"""In a round every racer that still runs has its turn."""


def race_job(spec: DescentSpec, stop: Callable[[], bool]) -> Generator[RaceEvent, None, None]:
    """Every step of every racer; the starts come first, then blocks of about a thirtieth of a second a round.

    Stopped by `stop()`, it ends after the step under way, without `RaceDone`. A racer whose numbers are no longer
    finite ends alone. The process's number of threads stays what it is.

    Raises
    ------
    Problem
        Before anything is yielded, for whatever keeps a racer from its start; the field `racer` says which one.
    """
    function = functions.build(spec.function)
    going = [RacerRun(spec, index, function) for index in range(len(spec.racers))]
    yield RaceStarted(spec)
    began = perf_counter()
    for run in going:
        yield run.begin()
    while going:
        for run in going:
            if stop():
                return
            yield from run.advance(ROUND_SECONDS / len(going), stop)
        going = [run for run in going if not run.has_ended]
    yield RaceDone(perf_counter() - began)
