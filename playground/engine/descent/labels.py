"""A racer's name on the screen; needs no torch."""

from playground.engine.descent.spec import COURSE_MOMENTUM, Racer
from playground.engine.training.spec import OptimizerSpec

_TITLES = {COURSE_MOMENTUM: "Course momentum"}


def racer_label(racer: Racer) -> str:
    """Optimiser, learning rate, other arguments, schedule, own start: "SGD lr 0.002, momentum 0.9, from (1, 0)"."""
    schedule = () if racer.schedule is None else (racer.schedule.name,)
    start = () if racer.start is None else (f"from ({racer.start[0]:g}, {racer.start[1]:g})",)
    return ", ".join([optimizer_label(racer.optimizer), *schedule, *start])


def optimizer_label(optimizer: OptimizerSpec) -> str:
    """The optimiser with its arguments, the learning rate first: "Adam lr 0.1, betas (0.9, 0.99)"."""
    args = dict(optimizer.args)
    rate = [f"lr {args.pop('lr'):g}"] if isinstance(args.get("lr"), int | float) else []
    named = [*rate, *(f"{name} {value}" for name, value in args.items())]
    return " ".join([_TITLES.get(optimizer.name, optimizer.name), ", ".join(named)]).strip()
