"""A race as one plain PyTorch program that runs without the playground and gives the same paths."""

import re

from playground.engine.descent import functions
from playground.engine.descent.facts import axis_names, check_start, facts
from playground.engine.descent.labels import racer_label
from playground.engine.descent.optimizers import entries, refusal
from playground.engine.descent.spec import COURSE_MOMENTUM, DescentSpec, Racer
from playground.engine.network.catalogue import schedulers
from playground.engine.problems import Problem
from playground.engine.scripts.calls import call, keywords
from playground.engine.scripts.descent_parts import COURSE_CLASS, DESCEND, HEADER, PLOT
from playground.engine.scripts.training import known, missing_length
from playground.engine.training.spec import ScheduleSpec

_MANY_BLANKS = re.compile(r"\n{4,}")


def script(spec: DescentSpec) -> str:
    """The program of a race, from its function to its pictures.

    Run as `python FILE.py` it prints where each racer ends and shows the paths; matplotlib is needed only for that. Its
    function `race()` gives for each racer the points after 0, 1, 2, ... steps, [n, 2], and f there, [n]: bit for bit
    those of the engine on the same machine's CPU.

    Parameters
    ----------
    spec : DescentSpec
        What to write down. Texts of the user enter the program only through `repr` or as a checked formula.

    Raises
    ------
    Problem
        `formula-wrong`, `descent-start`, `descent-refused`, `optimizer-unknown`, `optimizer-argument`,
        `schedule-unknown` or `schedule-argument`.
    """
    uses_course = any(racer.optimizer.name == COURSE_MOMENTUM for racer in spec.racers)
    parts = [
        HEADER + _config(spec),
        functions.source(spec.function),
        COURSE_CLASS if uses_course else "",
        _racers(spec),
        DESCEND.format(step=_step(spec), schedule_step=_schedule_step(spec)),
        _plot(spec),
    ]
    return _MANY_BLANKS.sub("\n\n\n", "\n\n".join(part for part in parts if part))


def _config(spec: DescentSpec) -> str:
    return f"\nSTEPS = {spec.steps}\nDOMAIN = {facts(spec.function).domain!r}  # left, right, bottom, top\n\n"


def _racers(spec: DescentSpec) -> str:
    """The list of racers: name, start, what makes the optimiser and what makes the schedule."""
    rows = "".join(f"    {_racer(spec, racer)},\n" for racer in spec.racers)
    return f"# Name, start, optimiser, schedule\nRACERS = [\n{rows}]\n\n"


def _racer(spec: DescentSpec, racer: Racer) -> str:
    start = racer.start or spec.start
    check_start(spec.function, start)
    optimizer = f"lambda point: {_optimizer(racer)}"
    schedule = f"lambda optimizer: {_schedule(racer.schedule)}" if racer.schedule else None
    parts = (repr(racer_label(racer)), repr(start), optimizer, schedule)
    return "(\n" + "".join(f"        {part},\n" for part in parts) + "    )"


def _optimizer(racer: Racer) -> str:
    name, args = racer.optimizer.name, racer.optimizer.args
    known(name, entries(), "optimizer-unknown")
    refused = refusal(name)
    if refused is not None:
        raise Problem("descent-refused", name=name, detail=refused)
    owner = name if name == COURSE_MOMENTUM else f"torch.optim.{name}"
    return call(owner, ["[point]", *keywords(args, ("lr",), "optimizer-argument", name)])


def _schedule(schedule: ScheduleSpec) -> str:
    entry = known(schedule.name, schedulers(), "schedule-unknown")
    parts = ["optimizer", *keywords(schedule.args, (), "schedule-argument", schedule.name)]
    missing = missing_length(entry, schedule)
    return call(f"torch.optim.lr_scheduler.{schedule.name}", [*parts, *([f"{missing}=STEPS"] if missing else [])])


def _step(spec: DescentSpec) -> str:
    """LBFGS evaluates the function more than once a step."""
    names = {racer.optimizer.name for racer in spec.racers}
    if "LBFGS" not in names:
        return "optimizer.step()"
    if names == {"LBFGS"}:
        return "optimizer.step(evaluate)"
    return "optimizer.step(evaluate if isinstance(optimizer, torch.optim.LBFGS) else None)"


def _schedule_step(spec: DescentSpec) -> str:
    """ReduceLROnPlateau reads f from before the step."""
    names = {racer.schedule.name for racer in spec.racers if racer.schedule is not None}
    plateau = "ReduceLROnPlateau"
    if plateau not in names:
        return "scheduler.step()"
    if names == {plateau}:
        return "scheduler.step(values[-1])"
    reads = f"isinstance(scheduler, torch.optim.lr_scheduler.{plateau})"
    return f"scheduler.step(*([values[-1]] if {reads} else []))"


def _plot(spec: DescentSpec) -> str:
    around = facts(spec.function)
    across, up = axis_names(spec.function)
    return PLOT.format(
        title=repr(around.title),
        across=repr(across),
        up=repr(up),
        scale=repr("log" if around.logarithmic else "linear"),
        shown="(height - height[height.isfinite()].min()).log1p()" if around.logarithmic else "height",
    )
