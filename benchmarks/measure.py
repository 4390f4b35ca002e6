"""Pairs measured A B A B, their median and spread, and the table that is made of them."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Target:
    """What a median has to reach (`at_least`) or may not pass."""

    bound: float
    at_least: bool

    def holds(self, value: float) -> bool:
        """Whether a value keeps the target."""
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {number(self.bound)}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, one value a round, and the figures behind it."""

    name: str
    what: str
    target: Target
    values: tuple[float, ...]
    behind: str = ""

    @property
    def median(self) -> float:
        """The value the target is held against."""
        return median(self.values)

    @property
    def holds(self) -> bool:
        """Whether the target was reached."""
        return self.target.holds(self.median)

    def cells(self) -> tuple[str, ...]:
        """The line as texts, in the order of `HEADINGS`."""
        spread = f"{number(min(self.values))} to {number(max(self.values))}" if len(self.values) > 1 else "exact"
        verdict = "yes" if self.holds else "NO"
        return self.name, self.what, str(self.target), number(self.median), spread, verdict, self.behind


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two things measured in turn."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratios(self) -> tuple[float, ...]:
        """Ours over theirs, pair by pair."""
        return tuple(a / b for a, b in zip(self.ours, self.theirs, strict=True))

    def behind(self, unit: str) -> str:
        """The medians of both sides, for the last column."""
        return f"{number(median(self.ours))} against {number(median(self.theirs))} {unit}"


HEADINGS = ("#", "what", "target", "median", "spread", "holds", "behind it")


def measure_pairs(ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> Pairs:
    """Measure A B A B, `rounds` pairs after one that only warms up."""
    ours(), theirs()
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    return Pairs(tuple(a for a, _ in pairs), tuple(b for _, b in pairs))


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least this share of all values do not pass."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def number(value: float) -> str:
    """Four figures, or whole and grouped where it is large."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def table(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table whose columns line up."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    ruled = [lines[0], tuple("-" * width for width in widths), *lines[1:]]
    return "\n".join(_line(cells, widths) for cells in ruled) + "\n"


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    return f"| {' | '.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))} |"
