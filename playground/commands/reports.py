"""Three ways to follow a training run: JSON lines, plain lines, and a progress bar on a terminal."""

import sys
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from playground.commands.output import percent, say, say_json
from playground.engine.training.events import EpochDone, Event, Preparing, Result, SaveFailed, Score, Started, Steps

if TYPE_CHECKING:
    from rich.progress import TaskID

STEP_SECONDS = 0.1  # between two step lines for a program
PLAIN_SECONDS = 10.0  # between two step lines for a person


class Report:
    """Follows one run; the three kinds differ in what they do with each event. Use it as a context."""

    def __init__(self, run: str, title: str) -> None:
        self.run = run
        self.title = title
        self.steps_per_epoch = 1
        self.epochs = 1
        self._next_step_line = 0.0

    def __enter__(self) -> "Report":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Leave the terminal as it was."""

    def show(self, event: Event) -> None:
        """Tell one event."""
        match event:
            case Preparing(text=text, phase=phase, fraction=fraction):
                self.preparing(text or phase, fraction)
            case Started():
                self.steps_per_epoch, self.epochs = event.steps_per_epoch, event.epochs
                self.started(event)
            case Steps():
                self.steps(event)
            case EpochDone():
                self.epoch(event)
            case SaveFailed(problem=problem):
                sys.stderr.write(f"{problem.sentence}\n")

    def preparing(self, what: str, fraction: float | None = None) -> None:
        """Something takes a while before or between the steps."""

    def started(self, event: Started) -> None:
        """The run is built."""

    def steps(self, event: Steps) -> None:
        """A block of steps was taken."""

    def epoch(self, event: EpochDone) -> None:
        """An epoch ended."""

    def done(self, result: Result) -> None:
        """The run ended, perhaps early."""

    def interrupted(self, kept: Path | None) -> None:
        """The user ended it."""
        where = f"; what was learned is in {kept}, and --resume goes on from there" if kept else ""
        sys.stderr.write(f"Stopped{where}.\n")

    def epoch_of(self, step: int) -> int:
        """The epoch, counted from 1, that the last of `step` steps belongs to."""
        return (step - 1) // self.steps_per_epoch + 1

    def step_line_due(self, seconds: float) -> bool:
        """Whether the last step line lies that far back; True starts the wait anew."""
        now = time.monotonic()
        if now < self._next_step_line:
            return False
        self._next_step_line = now + seconds
        return True


class JsonReport(Report):
    """One JSON object a line."""

    def started(self, event: Started) -> None:
        names = Started.__dataclass_fields__
        say_json("start", run=self.run, title=self.title, **{name: getattr(event, name) for name in names})

    def steps(self, event: Steps) -> None:
        if self.step_line_due(STEP_SECONDS):
            step, values = event.next_step, _last(event)
            say_json("step", run=self.run, step=step, epoch=self.epoch_of(step), **values)

    def epoch(self, event: EpochDone) -> None:
        scores = _scores(event.train, event.validation, event.test)
        say_json("epoch", run=self.run, epoch=event.epoch, step=event.step, seconds=event.seconds, **scores)

    def done(self, result: Result) -> None:
        say_json(
            "done",
            run=self.run,
            device=result.device,
            step=result.step,
            epoch=result.epoch,
            stopped=result.stopped,
            seconds=result.seconds,
            samples_per_s=result.samples_per_s,
            **_scores(result.train, result.validation, result.test),
        )


class PlainReport(Report):
    """A line an epoch, and one now and then where epochs are long."""

    def started(self, event: Started) -> None:
        say(
            f"{self.title or 'Training'}: {event.parameters:,} parameters on {event.device}, {_epochs(event.epochs)} "
            f"of {event.steps_per_epoch:,} steps, batch {event.batch_size} (run {self.run})"
        )
        self.step_line_due(PLAIN_SECONDS)

    def steps(self, event: Steps) -> None:
        if self.step_line_due(PLAIN_SECONDS):
            step = event.next_step
            say(f"  step {step:,} of {self.epochs * self.steps_per_epoch:,}: loss {event.loss[-1]:.4g}")

    def epoch(self, event: EpochDone) -> None:
        said = ", ".join(_words(event.train, event.validation, event.test))
        say(f"epoch {event.epoch}/{self.epochs}: {said} ({event.seconds:.2f} s)")

    def done(self, result: Result) -> None:
        end = "stopped" if result.stopped else "done"
        said = "".join(f", {words}" for words in _words(None, None, result.test))
        say(f"{end} after {result.step:,} steps{said}, {result.seconds:.2f} s, {result.samples_per_s:,.0f} samples/s")


class BarReport(PlainReport):
    """The plain lines above a bar."""

    def __enter__(self) -> "BarReport":
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._bar: Progress = Progress(
            TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), transient=True, redirect_stderr=True
        )
        self._bar.start()
        self._task: TaskID = self._bar.add_task("starting", total=None)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.stop()

    def preparing(self, what: str, fraction: float | None = None) -> None:
        if self._training:
            return
        self._bar.update(self._task, description=what, total=None if fraction is None else 1.0, completed=fraction or 0)

    def started(self, event: Started) -> None:
        super().started(event)
        total = event.epochs * event.steps_per_epoch
        self._bar.reset(self._task, total=total, completed=event.first_step, description="training")
        self._training = True

    def steps(self, event: Steps) -> None:
        said = f"epoch {self.epoch_of(event.next_step)}/{self.epochs}  loss {event.loss[-1]:.4f}"
        self._bar.update(self._task, completed=event.next_step, description=said)

    _training = False


def choose_report(run: str, title: str, *, json: bool) -> Report:
    """The kind of report that fits standard output."""
    if json:
        return JsonReport(run, title)
    return BarReport(run, title) if sys.stdout.isatty() else PlainReport(run, title)


def _last(block: Steps) -> dict[str, float]:
    return {name: float(getattr(block, name)[-1]) for name in ("loss", "accuracy", "learning_rate")}


def _scores(train: Score | None, validation: Score | None, test: Score | None) -> dict[str, float | None]:
    """Loss and accuracy of every split by name; null where there is no such split."""
    fields: dict[str, float | None] = {}
    for name, score in (("train", train), ("validation", validation), ("test", test)):
        fields[f"{name}_loss"] = score.loss if score else None
        fields[f"{name}_accuracy"] = score.accuracy if score else None
    return fields


def _words(train: Score | None, validation: Score | None, test: Score | None) -> list[str]:
    found = {"train": train, "validation": validation, "test": test}
    return [
        f"{name} loss {score.loss:.4f}" + (f" accuracy {percent(score.accuracy)}" if score.accuracy >= 0 else "")
        for name, score in found.items()
        if score is not None
    ]


def _epochs(count: int) -> str:
    return "1 epoch" if count == 1 else f"{count:,} epochs"
