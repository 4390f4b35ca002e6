"""Why a step was made: the optimiser's formula with the recorded numbers in it. Needs no torch."""

from collections.abc import Callable, Mapping

import numpy as np

from playground.engine.descent import explain_adam as adam_family
from playground.engine.descent import explain_plain as plain
from playground.engine.descent import explain_squares as squares
from playground.engine.descent.events import Singles, StepExplanation
from playground.engine.descent.explain_sheet import Sheet
from playground.engine.descent.optimizers import entries
from playground.engine.descent.spec import COURSE_MOMENTUM
from playground.engine.descent.trace import Trace
from playground.engine.training.spec import OptimizerSpec

EXPLAINED: Mapping[str, Callable[[Sheet], None]] = {
    COURSE_MOMENTUM: plain.course_momentum,
    "SGD": plain.sgd,
    "ASGD": plain.asgd,
    "Rprop": plain.rprop,
    "LBFGS": plain.lbfgs,
    "Adam": adam_family.adam,
    "AdamW": adam_family.adamw,
    "Adamax": adam_family.adamax,
    "NAdam": adam_family.nadam,
    "RAdam": adam_family.radam,
    "RMSprop": squares.rmsprop,
    "Adagrad": squares.adagrad,
    "Adadelta": squares.adadelta,
    "Adafactor": squares.adafactor,
}


def explain(optimizer: OptimizerSpec, trace: Trace, step: int) -> StepExplanation:
    """How the optimiser went from row `step` - 1 of its trace to row `step`.

    Everything is computed by the formulas from the rows recorded, so that it agrees with the next row to the rounding
    of float32. At step 0, where nothing was done yet, there are the start and its gradient.

    Parameters
    ----------
    optimizer : OptimizerSpec
        The optimiser whose trace it is.
    trace : Trace
        Its recorded rows.
    step : int
        Which step, from 0 to the last row.

    Returns
    -------
    StepExplanation
        Lines in the order of the computation. The arrows are the negative gradient, the step, and as momentum what
        the steps before contribute (the negative of beta times what was kept), in the gradient's units.

    Raises
    ------
    IndexError
        For a step that is not recorded.
    """
    if not 0 <= step < trace.count:
        raise IndexError(f"step {step} of {trace.count} rows")
    sheet = _sheet(optimizer, trace, step)
    arrows = {"gradient": -sheet.g}
    if step == 0:
        sheet.gradient()
    else:
        with np.errstate(all="ignore"):
            EXPLAINED[optimizer.name](sheet)
        if sheet.carried is not None:
            arrows["momentum"] = sheet.carried
        arrows["step"] = sheet.moved
    return StepExplanation(step, tuple(sheet.lines), {name: _pair(arrow) for name, arrow in arrows.items()})


def _sheet(optimizer: OptimizerSpec, trace: Trace, step: int) -> Sheet:
    row = max(step - 1, 0)
    return Sheet(
        x=trace.position[row],
        g=trace.gradient[row],
        rate=float(trace.rate[row]),
        t=step,
        args=entries()[optimizer.name].complete(optimizer.args),
        before=_state(trace, row),
        after=_state(trace, step),
        moved=trace.position[step] - trace.position[row],
    )


def _state(trace: Trace, row: int) -> dict[str, Singles]:
    return {name: column[row] for name, column in trace.state.items()}


def _pair(arrow: Singles) -> tuple[float, float]:
    across, up = arrow
    return float(across), float(up)
