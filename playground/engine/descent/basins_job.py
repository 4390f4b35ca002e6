"""The basins as a job: a coarse picture at once, then finer ones, each start exactly its own single run."""

from collections.abc import Callable, Generator, Iterator
from time import perf_counter

import torch

from playground.engine import devices
from playground.engine.descent import functions, regression
from playground.engine.descent.basins import Descent, Outcome, nearest, nearness, starts
from playground.engine.descent.canvas import Canvas, bands, sides
from playground.engine.descent.elementwise import elementwise_refusal
from playground.engine.descent.events import BasinsPicture, Mark
from playground.engine.descent.facts import domain, facts, formula_text
from playground.engine.descent.formula_minima import find_minima
from playground.engine.descent.spec import BasinsSpec, Formula, FunctionSpec, Regression
from playground.engine.problems import Problem, Stopped

Stop = Callable[[], bool]

PICTURE_SECONDS = 0.08
CPU_STARTS, DEVICE_STARTS = 2**17, 2**20
"""How many starts go down together: on two cores a step of so many takes one or two milliseconds."""
CPU_NUMBERS, DEVICE_NUMBERS = 2**20, 2**28
"""How many numbers a function may make for all of them at once."""
_TRIAL_SIDE = 64


def basins_job(
    function: FunctionSpec, spec: BasinsSpec, stop: Stop, device: str = "cpu"
) -> Generator[BasinsPicture, None, None]:
    """Pictures of ever more starts, the last of them with `is_final`; at most about twelve a second.

    Starts are the centres of `side` x `side` equal cells of the function's domain. The coarsest picture is told while
    its starts are on their way; in the finer ones, what is not finished is as coarse as it was before. In all but the
    last, the steps of a start that reaches an unexpected minimum are those made. The process's number of threads stays
    what it is.

    Raises
    ------
    Problem
        Before anything is yielded: `basins-coupled`, `function-constant`, `function-nowhere-finite`, `device-missing`,
        and what is wrong with the formula or the optimiser.
    Stopped
        After the step in which `stop()` became true.
    """
    place = devices.choose(device)
    detail = elementwise_refusal(spec.optimizer)
    if detail is not None:
        raise Problem("basins-coupled", name=spec.optimizer.name, detail=detail)
    began = perf_counter()  # the first trial of a process imports for seconds
    minima = reachable(function)
    descent = _descent(function, spec, minima, place)
    _refuse_flat(function, descent)
    yield from _Painter(function, spec, minima, began).pictures(descent, stop)


def reachable(function: FunctionSpec) -> tuple[Mark, ...]:
    """The minima that starts can reach, the lowest first; those of a formula are searched for."""
    return find_minima(function) if isinstance(function, Formula) else facts(function).minima


class _Painter:
    """Makes the pictures, and knows when the next one is due."""

    def __init__(self, function: FunctionSpec, spec: BasinsSpec, minima: tuple[Mark, ...], began: float) -> None:
        self._function, self._spec, self._minima = function, spec, minima
        self._began = self._told = began
        self._canvas = Canvas.empty()
        self._finished = 0  # starts of all pictures that are on the canvas for good

    def pictures(self, descent: Descent, stop: Stop) -> Iterator[BasinsPicture]:
        """From the coarsest to the finest."""
        for side in sides(self._spec.side):
            self._canvas = self._canvas.finer(side)
            for rows in bands(side, _columns(self._function, descent.minima.device)):
                yield from self._band(rows, descent, stop)
        yield self._picture(self._spec.steps, 0, is_final=True)

    def _band(self, rows: slice, descent: Descent, stop: Stop) -> Iterator[BasinsPicture]:
        """Let the starts of these rows go down; afterwards they are on the canvas."""
        side, is_coarsest = self._canvas.side, self._canvas.side == sides(self._spec.side)[0]
        begin = starts(descent.domain, side, rows, descent.minima.device)
        coarser = torch.from_numpy(self._canvas.labels[rows]).flatten().clamp(min=0).long().to(begin.device)
        guess = nearest(descent.minima, begin) if is_coarsest else coarser
        for step, known in enumerate(descent.go(begin, guess, goes_back=side == self._spec.side), 1):
            if stop():
                raise Stopped
            if perf_counter() - self._told >= PICTURE_SECONDS:
                if is_coarsest:
                    self._paint(rows, known())
                yield self._picture(min(step, self._spec.steps), begin.shape[1])
        self._paint(rows, known())
        self._finished += begin.shape[1]

    def _paint(self, rows: slice, outcome: Outcome) -> None:
        self._canvas = self._canvas.with_rows(rows, outcome.labels.cpu().numpy(), outcome.steps.cpu().numpy())

    def _picture(self, steps_done: int, moving: int, *, is_final: bool = False) -> BasinsPicture:
        """The canvas as it is, while `moving` starts have made `steps_done` steps."""
        self._told = perf_counter()
        total = sum(side * side for side in sides(self._spec.side))
        return BasinsPicture(
            function=self._function,
            spec=self._spec,
            domain=domain(self._function),
            side=self._canvas.side,
            labels=self._canvas.labels,
            steps=self._canvas.steps,
            minima=self._minima,
            shares=self._canvas.shares(len(self._minima)),
            steps_done=steps_done,
            seconds=self._told - self._began,
            is_final=is_final,
            progress=(self._finished + moving * steps_done / self._spec.steps) / total,
        )


def _descent(function: FunctionSpec, spec: BasinsSpec, minima: tuple[Mark, ...], device: torch.device) -> Descent:
    points = torch.tensor([(mark.x, mark.y) for mark in minima], device=device).reshape(-1, 2).T.contiguous()
    box = domain(function)
    return Descent(functions.build(function), spec.optimizer, spec.steps, box, points.float(), nearness(box, minima))


def _columns(function: FunctionSpec, device: torch.device) -> int:
    width = regression.width(function) if isinstance(function, Regression) else 1
    if device.type == "cpu":
        return min(CPU_STARTS, CPU_NUMBERS // width)
    return min(DEVICE_STARTS, DEVICE_NUMBERS // width)


def _refuse_flat(function: FunctionSpec, descent: Descent) -> None:
    """Nothing goes down where all starts of a coarse grid have the same value, or none."""
    with torch.no_grad():
        value = descent.function(starts(descent.domain, _TRIAL_SIDE, slice(None), descent.minima.device))
    finite = value[value.isfinite()]
    if not len(finite):
        raise Problem("function-nowhere-finite", text=formula_text(function))
    if bool((finite == finite[0]).all()):
        raise Problem("function-constant", text=formula_text(function), value=f"{float(finite[0]):g}")
