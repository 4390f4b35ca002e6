"""Three ways to follow descents: JSON lines, plain lines, and a progress bar on a terminal."""

import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from playground.commands.output import say, say_json
from playground.engine.descent.events import PathSteps, RacerEnded
from playground.engine.descent.facts import facts
from playground.engine.descent.spec import DescentSpec, Point
from playground.engine.training.spec import OptimizerSpec

if TYPE_CHECKING:
    from rich.progress import TaskID

STEP_LINES = 200  # for each start, at most
PLAIN_SECONDS = 10.0  # between two step lines for a person


class DescentReport:
    """Follows the descents from all starts, one after another. Use it as a context."""

    def __init__(self, spec: DescentSpec, starts: Sequence[Point]) -> None:
        self.spec = spec
        self.starts = starts
        self.optimizer: OptimizerSpec = spec.racers[0].optimizer
        self.start = starts[0]
        self.last = (0.0, 0.0, 0.0)  # x, y and f of the last row told

    def __enter__(self) -> "DescentReport":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Leave the terminal as it was."""

    def preparing(self) -> None:
        """PyTorch is loaded, which takes a few seconds."""

    def started(self) -> None:
        """Every descent can begin."""

    def begin(self, start: Point) -> None:
        """The descent from this start begins."""
        self.start = start

    def steps(self, block: PathSteps) -> None:
        """A block of steps was made."""
        x, y = block.position[-1]
        self.last = (float(x), float(y), float(block.value[-1]))

    def done(self, end: RacerEnded, seconds: float) -> None:
        """The descent is over."""


class JsonReport(DescentReport):
    """One JSON object a line."""

    def started(self) -> None:
        known = facts(self.spec.function)
        say_json(
            "start",
            function=known.title,
            formula=known.formula,
            optimizer=self.optimizer.name,
            args=dict(self.optimizer.args),
            steps=self.spec.steps,
            starts=list(self.starts),
        )

    def steps(self, block: PathSteps) -> None:
        super().steps(block)
        every = -(-self.spec.steps // STEP_LINES)
        for row in range(-block.first % every, len(block.value), every):
            if block.first + row > 0:
                self._step(block, row)

    def done(self, end: RacerEnded, seconds: float) -> None:
        x, y, f = self.last
        if end.problem is not None:
            say_json("error", start=self.start, code=end.problem.code, message=end.problem.sentence)
        say_json(
            "done", start=self.start, x=(x, y), f=f, steps=end.steps, seconds=seconds, diverged=end.problem is not None
        )

    def _step(self, block: PathSteps, row: int) -> None:
        say_json(
            "step",
            start=self.start,
            step=block.first + row,
            x=block.position[row].tolist(),
            f=float(block.value[row]),
            gradient=block.gradient[row].tolist(),
            learning_rate=float(block.rate[row]),
        )


class PlainReport(DescentReport):
    """A line a start, and one now and then where it takes long."""

    _next_line = 0.0

    def started(self) -> None:
        args = ", ".join(f"{name}={value}" for name, value in self.optimizer.args.items())
        say(f"{facts(self.spec.function).title} with {self.optimizer.name}({args}), {self.spec.steps:,} steps")
        self._next_line = time.monotonic() + PLAIN_SECONDS

    def steps(self, block: PathSteps) -> None:
        super().steps(block)
        if time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + PLAIN_SECONDS
            say(f"  step {block.first + len(block.value) - 1:,}: f = {self.last[2]:.4g}")

    def done(self, end: RacerEnded, seconds: float) -> None:
        x, y, f = self.last
        way = f"from ({self.start[0]:g}, {self.start[1]:g}) to ({x:.4f}, {y:.4f})"
        say(f"{way}: f = {f:.4g} after {end.steps:,} steps, {seconds:.2f} s")


class BarReport(PlainReport):
    """The plain lines above a bar."""

    def __enter__(self) -> "BarReport":
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), transient=True, redirect_stderr=True
        )
        self._bar.start()
        self._task: TaskID = self._bar.add_task("starting", total=None)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.stop()

    def preparing(self) -> None:
        self._bar.update(self._task, description="PyTorch")

    def started(self) -> None:
        super().started()
        self._bar.reset(self._task, total=len(self.starts) * self.spec.steps)

    def steps(self, block: PathSteps) -> None:
        DescentReport.steps(self, block)
        steps = len(block.value) if block.first else 0
        self._bar.update(self._task, advance=steps, description=f"f = {self.last[2]:.4g}")


def choose_report(spec: DescentSpec, starts: Sequence[Point], *, json: bool) -> DescentReport:
    """The kind of report that fits standard output."""
    if json:
        return JsonReport(spec, starts)
    return BarReport(spec, starts) if sys.stdout.isatty() else PlainReport(spec, starts)
