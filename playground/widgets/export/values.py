"""What the export window shows and what it asks for, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Literal

Stage = Literal["waiting", "reading", "converting", "proving", "passed", "failed", "unmade", "cancelled"]
OVER: tuple[Stage, ...] = ("passed", "failed", "unmade", "cancelled")


@dataclass(frozen=True, slots=True)
class FormatChoice:
    """A format on offer; `suffix` is its file's, empty for a folder.

    `has_graph`: it holds the program too, not the weights alone. `is_legacy`: torch no longer recommends it.
    """

    name: str
    title: str
    suffix: str
    summary: str
    has_graph: bool = True
    is_legacy: bool = False


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """A net that may leave: what it is, and in one line how far it was trained."""

    name: str
    title: str
    line: str


@dataclass(frozen=True, slots=True)
class Refusals:
    """Sentences on what this net does not allow: formats by name, and the two options; empty where it does."""

    formats: Mapping[str, str] = field(default_factory=dict)
    normalise: str = ""
    softmax: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user wants to leave: which net, in which formats, with what inside, and where to."""

    source: str
    formats: tuple[str, ...]
    normalise: bool
    softmax: bool
    folder: str
    name: str


@dataclass(frozen=True, slots=True)
class BatchProofValues:
    """The largest absolute difference between the outputs of net and export on one batch."""

    batch: int
    largest_difference: float


@dataclass(frozen=True, slots=True)
class ProofValues:
    """A file that was loaded again in a clean process and compared with its net.

    Accuracies are from 0 to 1 and latencies in milliseconds, None where there are none. `detail` says what differs.
    """

    format: str
    path: str
    sha256: str
    size: int
    passed: bool
    detail: str
    notes: tuple[str, ...]
    data: str
    samples: int
    batches: tuple[BatchProofValues, ...]
    tolerance: float
    accuracy_net: float | None
    accuracy_export: float | None
    latency_1: float | None
    latency_64: float | None
    runtime: str
    versions: Mapping[str, str]

    @property
    def file_name(self) -> str:
        """The last part of the path."""
        return PurePath(self.path).name
