"""Three ways to follow exports: JSON lines, a table that grows, and that table above a progress bar on a terminal."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING

import msgspec

from playground.commands.output import percent, say, say_json
from playground.engine.export.events import Exported, ExportEvent, Exporting, NotExported, Proof
from playground.engine.export.source import ExportSource
from playground.engine.export.spec import FORMATS, ExportSpec, FormatName

if TYPE_CHECKING:
    from rich.progress import TaskID

_HEADINGS = ("format", "proof", "difference", "accuracy", "size", "ms at 1", "ms at 64")
_WIDTHS = (20, 8, 11, 16, 10, 9, 9)


class ExportReport:
    """Follows the exports of one source; the three kinds differ in what they do with each event. A context."""

    def __init__(self, source: ExportSource, specs: tuple[ExportSpec, ...]) -> None:
        self.source = source
        self.specs = specs

    def __enter__(self) -> "ExportReport":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Leave the terminal as it was."""

    def show(self, event: ExportEvent) -> None:
        """Tell one event."""
        match event:
            case Exporting():
                self.step(event)
            case Exported(proof=proof):
                self.done(proof)
            case NotExported():
                self.refused(event)

    def started(self) -> None:
        """The exports begin."""

    def step(self, event: Exporting) -> None:
        """A stage of an export begins."""

    def done(self, proof: Proof) -> None:
        """An export is over, its proof passed or not."""

    def refused(self, event: NotExported) -> None:
        """A format cannot be made; the others go on."""

    def ended(self) -> None:
        """All exports are over."""


class JsonReport(ExportReport):
    """One JSON object a line."""

    def started(self) -> None:
        formats = [spec.format for spec in self.specs]
        say_json("start", source=self.source.name, steps=self.source.steps, formats=formats)

    def step(self, event: Exporting) -> None:
        say_json("step", format=event.format, stage=event.stage, fraction=event.fraction)

    def done(self, proof: Proof) -> None:
        batches = [(one.batch, one.largest_difference) for one in proof.batches]
        say_json(
            "done", **{**msgspec.to_builtins(proof), "batches": batches}, largest_difference=proof.largest_difference
        )

    def refused(self, event: NotExported) -> None:
        say_json("error", format=event.format, code=event.problem.code, message=event.problem.sentence)


class PlainReport(ExportReport):
    """A line an export, with headings above and notes below."""

    def __init__(self, source: ExportSource, specs: tuple[ExportSpec, ...]) -> None:
        super().__init__(source, specs)
        self._proofs: list[Proof] = []
        self._has_headings = False

    def done(self, proof: Proof) -> None:
        self._proofs.append(proof)
        cells = (
            *(_title(proof.format), "passed" if proof.passed else "FAILED", difference(proof)),
            *(_accuracy(proof), size(proof.size), milliseconds(proof.latency_1), milliseconds(proof.latency_64)),
        )
        self._say(_row(cells) + proof.path)

    def refused(self, event: NotExported) -> None:
        self._say(f"{_row((_title(event.format),))}not made: {event.problem.sentence}")

    def ended(self) -> None:
        if not self._proofs:
            return
        first = self._proofs[0]
        say()
        say(f"Compared with the net on {first.samples:,} samples ({first.data}), on one core.")
        for note in dict.fromkeys(note for proof in self._proofs for note in proof.notes):
            say(f"Note: {note}.")

    def _say(self, line: str) -> None:
        """A line of the table, under its headings."""
        if not self._has_headings:
            say(_row(_HEADINGS) + "file")
        self._has_headings = True
        say(line)


class BarReport(PlainReport):
    """The plain lines above a bar."""

    def __enter__(self) -> "BarReport":
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (TextColumn("{task.description}"), BarColumn())
        self._bar: Progress = Progress(*columns, transient=True, redirect_stderr=True)
        self._bar.start()
        self._task: TaskID = self._bar.add_task("starting", total=1.0)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.stop()

    def step(self, event: Exporting) -> None:
        self._bar.update(self._task, completed=event.fraction, description=f"{_title(event.format)}: {event.stage}")


def choose_report(source: ExportSource, specs: tuple[ExportSpec, ...], *, json: bool) -> ExportReport:
    """The kind of report that fits standard output."""
    if json:
        return JsonReport(source, specs)
    return BarReport(source, specs) if sys.stdout.isatty() else PlainReport(source, specs)


def difference(proof: Proof) -> str:
    """The largest difference over all batches; a dash where none could be compared."""
    if not proof.batches:
        return "-"
    return f"{proof.largest_difference:.1e}" if proof.largest_difference else "0"


def size(count: int) -> str:
    """Bytes as people read them."""
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{count / 1e3:,.1f} kB"


def milliseconds(latency: float | None) -> str:
    """Three figures of a latency."""
    return "-" if latency is None else f"{latency:#.3g}".rstrip(".") if latency < 1000 else f"{latency:,.0f}"


def _title(name: FormatName) -> str:
    return FORMATS[name].title


def _accuracy(proof: Proof) -> str:
    if proof.accuracy_net is None or proof.accuracy_export is None:
        return "-"
    net, file = percent(proof.accuracy_net), percent(proof.accuracy_export)
    return net if net == file else f"{net} -> {file}"


def _row(cells: tuple[str, ...]) -> str:
    return "".join(f"{cell:<{width}}" for cell, width in zip(cells, _WIDTHS, strict=False))
