"""`descend`: optimisers of torch.optim on functions of two numbers, without the window."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Generator

from playground.commands import descend_arguments, descend_basins
from playground.commands.descend_reports import DescentReport, choose_report
from playground.engine.descent.events import PathSteps, RaceDone, RaceEvent, RacerEnded
from playground.engine.descent.spec import DescentSpec, Point, Racer

HELP = "Go down a function of two numbers with an optimiser."
STEPS = 20_000


def add_arguments(parser: ArgumentParser) -> None:
    """What `descend` takes."""
    descend_arguments.add_descent(parser)
    descend_basins.add_arguments(parser)


def run(arguments: Namespace) -> int:
    """Go down from every start in turn; 1 where one of them left the finite numbers, after all others were made."""
    if arguments.basins:
        return descend_basins.run(arguments)
    optimizer = descend_arguments.optimizer(arguments)
    spec = DescentSpec(
        function=arguments.function, racers=(Racer(optimizer=optimizer),), steps=arguments.steps or STEPS
    )
    starts = descend_arguments.starts(arguments)
    with choose_report(spec, starts, json=arguments.json) as report:
        report.preparing()
        races = [_begun(spec, start) for start in starts]
        report.started()
        arrived = [_arrived(race, start, report) for race, start in zip(races, starts, strict=True)]
    return 0 if all(arrived) else 1


def _begun(spec: DescentSpec, start: Point) -> Generator[RaceEvent, None, None]:
    """The race from one start, ready for its first step: bad input is refused before anything else begins."""
    import msgspec

    from playground.engine.descent.job import race_job

    race = race_job(msgspec.structs.replace(spec, start=start), _never)
    next(race)
    return race


def _arrived(race: Generator[RaceEvent, None, None], start: Point, report: DescentReport) -> bool:
    """Follow one race to its end; whether all its steps were made."""
    report.begin(start)
    end = RacerEnded(0, 0)
    for event in race:
        match event:
            case PathSteps():
                report.steps(event)
            case RacerEnded():
                end = event
                if event.problem is not None:
                    sys.stderr.write(f"{event.problem.sentence}\n")
            case RaceDone(seconds=seconds):
                report.done(end, seconds)
    return end.problem is None


def _never() -> bool:
    return False
