"""What happens during an export, and its proof, as plain values. Imports no torch."""

from dataclasses import dataclass
from typing import Literal

from playground.engine.export.spec import FormatName
from playground.engine.problems import Problem
from playground.engine.spec import Spec

Stage = Literal["reading", "converting", "proving"]


@dataclass(frozen=True, slots=True)
class Exporting:
    """A stage of an export began; `fraction` (0 to 1) counts the whole export."""

    format: FormatName
    stage: Stage
    fraction: float


class BatchProof(Spec, frozen=True):
    """Net and export on the same batch: its size, and the largest absolute difference between their outputs."""

    batch: int
    largest_difference: float


class Proof(Spec, frozen=True):
    """A file that was loaded again in a clean process, and compared with the net that it came from.

    `path` is where the file lies now (ending in `.failed` where the proof failed). `data` names the samples that were
    compared, of which there were `samples`. Accuracies are from 0 to 1, None where the samples have no classes.
    `latency_1` and `latency_64` are milliseconds a batch of 1 and 64 takes in `runtime`. `detail` says what differs,
    and `notes` what a user should know (not trained yet, compared on random inputs, legacy).
    """

    format: FormatName
    path: str
    sha256: str
    size: int
    passed: bool
    detail: str
    notes: tuple[str, ...]
    data: str
    samples: int
    batches: tuple[BatchProof, ...]
    tolerance: float
    accuracy_net: float | None
    accuracy_export: float | None
    latency_1: float | None
    latency_64: float | None
    runtime: str
    versions: dict[str, str]

    @property
    def largest_difference(self) -> float:
        """Over all batches."""
        return max((one.largest_difference for one in self.batches), default=float("nan"))


@dataclass(frozen=True, slots=True)
class Exported:
    """An export that is over: its proof, passed or not."""

    proof: Proof


@dataclass(frozen=True, slots=True)
class NotExported:
    """One of several exports that could not be made, and why; the others go on."""

    format: FormatName
    problem: Problem


ExportEvent = Exporting | Exported | NotExported
