"""One racer: the real optimiser on a point, step by step as in a tutorial's loop, with every step written down."""

import inspect
from collections.abc import Callable, Iterator
from functools import partial
from time import perf_counter

import torch
from torch import Tensor
from torch.optim import LBFGS, Optimizer
from torch.optim.lr_scheduler import ReduceLROnPlateau

from playground.engine.descent.events import PathSteps, RacerEnded
from playground.engine.descent.facts import check_start, domain, title
from playground.engine.descent.optimizers import build, build_schedule
from playground.engine.descent.recording import ROWS, Recorder
from playground.engine.descent.spec import DescentSpec, FunctionSpec, Point
from playground.engine.problems import Problem
from playground.engine.training.optimizers import move_on

Function = Callable[[Tensor], Tensor]
Stop = Callable[[], bool]

SAMPLES = 9
"""On each side of the grid on which a function is looked at for being constant."""


class RacerRun:
    """One racer on its way: `f(x)`, `zero_grad()`, `backward()`, `step()` in float32, and never anything else.

    A schedule moves on after every step; ReduceLROnPlateau is given the f from before the step.

    Parameters
    ----------
    spec : DescentSpec
        The race.
    index : int
        Which of its racers.
    function : callable
        From a point, float32 [2], to f there, a scalar.

    Raises
    ------
    Problem
        `descent-start`, `function-constant`, or what is wrong with the optimiser or its schedule; the field `racer` is
        the index.
    """

    def __init__(self, spec: DescentSpec, index: int, function: Function) -> None:
        racer = spec.racers[index]
        self.index = index
        self.has_ended = False
        self._name = _numbered(racer.optimizer.name, spec, index)
        self._steps = spec.steps
        self._function = function
        try:
            self._point = _start(spec, racer.start or spec.start, function)
            optimizer = build(racer.optimizer, self._point)
            self._scheduler = build_schedule(racer.schedule, optimizer, spec.steps)
        except Problem as problem:
            raise _of_racer(problem, spec, index) from problem
        self._step = self._step_of(optimizer)
        self._recorder = Recorder(self._point, optimizer, self._scheduler)
        self._row = 0
        self._value = torch.zeros(())
        self._failure: Problem | None = None

    def begin(self) -> PathSteps:
        """The start, as a block of its own: it is there before the first step is."""
        self._recorder.open()
        self._arrive()
        return self._recorder.close(self.index, 0)

    def advance(self, seconds: float, stop: Stop) -> Iterator[PathSteps | RacerEnded]:
        """The rows of about so many seconds, one at least where the step succeeds; then its end, where this was it."""
        deadline = perf_counter() + seconds
        first = self._row + 1
        moves = self._move()
        self._recorder.open()  # after a step, since the first one makes what most optimisers keep
        while moves:
            self._arrive()
            moves = self._may_go_on() and perf_counter() < deadline and not stop() and self._move()
        yield from self._told(first)

    def _step_of(self, optimizer: Optimizer) -> Callable[[], object]:
        """Its step; a schedule counts the calls of the one that it has wrapped."""
        step = partial(_bare_step, optimizer) if self._scheduler is None else optimizer.step
        return partial(step, self._evaluate) if isinstance(optimizer, LBFGS) else step

    def _evaluate(self) -> Tensor:
        """f at the point, with the gradient left there."""
        value = self._function(self._point)
        self._point.grad = None
        value.backward()  # type: ignore[no-untyped-call]
        return value.detach()

    def _arrive(self) -> None:
        """Write down the row where the last step led to."""
        self._value = self._evaluate()
        assert self._point.grad is not None
        self._recorder.add(self._value, self._point.grad)

    def _move(self) -> bool:
        """One step of optimiser and schedule; False where their numbers left what torch can compute with."""
        try:
            self._step()
            if self._scheduler is not None:
                watched = [float(self._value)] if isinstance(self._scheduler, ReduceLROnPlateau) else []
                move_on(self._scheduler, *watched)
        except Problem as problem:
            self._failure = problem
        except (ArithmeticError, RuntimeError) as error:
            self._failure = self._diverged(self._row + 1, str(error))
        else:
            self._row += 1
        return self._failure is None

    def _may_go_on(self) -> bool:
        return self._row < self._steps and self._recorder.count < ROWS

    def _told(self, first: int) -> Iterator[PathSteps | RacerEnded]:
        sound = 0
        if self._recorder.count:
            block = self._recorder.close(self.index, first)
            sound = len(block.value)
            if sound:
                yield block
        last = first + sound - 1
        if sound < self._recorder.count:
            self._failure = self._diverged(last + 1)
        if self._failure is not None or last == self._steps:
            self.has_ended = True
            yield RacerEnded(self.index, last, self._failure)

    def _diverged(self, step: int, details: str = "") -> Problem:
        return Problem("descent-diverged", details=details, name=self._name, step=step, racer=self.index)


def _bare_step(optimizer: Optimizer, *closure: Callable[[], Tensor]) -> None:
    """The step as its class has it: what torch puts around it for profilers and hooks takes a seventh of the time."""
    with torch.no_grad():
        inspect.unwrap(type(optimizer).step)(optimizer, *closure)


def _start(spec: DescentSpec, start: Point, function: Function) -> Tensor:
    """The start as the parameter of a race, where the function can be gone down from it."""
    check_start(spec.function, start)
    point = torch.tensor(start, dtype=torch.float32, requires_grad=True)
    x, y = start
    f = function(point)
    (gradient,) = torch.autograd.grad(f, point)
    if not bool(f.isfinite()):
        raise Problem("descent-start", x=x, y=y, detail="f has no finite value there")
    if not bool(gradient.isfinite().all()):
        raise Problem("descent-start", x=x, y=y, detail="f has no finite gradient there")
    if not bool(gradient.any()):
        _refuse_constant(spec.function, function)
    return point


def _refuse_constant(spec: FunctionSpec, function: Function) -> None:
    """Of the points without a slope only those are refused whose function has none anywhere."""
    left, right, bottom, top = domain(spec)
    across, up = torch.linspace(left, right, SAMPLES), torch.linspace(bottom, top, SAMPLES)
    values = function(torch.cartesian_prod(across, up).T.contiguous())  # [SAMPLES²]
    if bool((values == values[0]).all()):
        raise Problem("function-constant", text=title(spec), value=f"{float(values[0]):.4g}")


def _numbered(name: str, spec: DescentSpec, index: int) -> str:
    """The name, with the racer's number where there are several."""
    return f"{name} (racer {index + 1})" if len(spec.racers) > 1 else name


def _of_racer(problem: Problem, spec: DescentSpec, index: int) -> Problem:
    """The problem with the racer in it."""
    fields = {**problem.fields, "racer": index}
    if "name" in fields:
        fields["name"] = _numbered(str(fields["name"]), spec, index)
    return Problem(problem.code, details=problem.details, **fields)
