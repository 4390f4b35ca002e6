"""What the network panels show and ask for, as plain values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

INPUT_ID = "input"
PART = "part"  # the kind of a row that is a place inside the block above it


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A layer, a block of layers, or a part of a block.

    `id` stays when the layer moves. `output` is the shape of one sample as text, `shape` the same as numbers. `share`
    and `flops_share` (0 to 1) are its part of all parameters and FLOPs; None as `flops` means not counted. `problem`
    is a sentence, or empty. `fresh` says that its weights began anew in the run. `slot` names the sequence that the
    `children` of a part or of a Repeat stand in: "body", "shortcut", "branches[0]".
    """

    id: str
    label: str
    kind: str = ""
    output: str = ""
    parameters: int | None = None
    share: float = 0.0
    problem: str = ""
    children: tuple["NodeRow", ...] = ()
    flops: int | None = None
    flops_share: float = 0.0
    enabled: bool = True
    frozen: bool = False
    slot: str = ""
    shape: tuple[int, ...] = ()
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where layers go: before the `index`-th of a sequence as it is now; an empty parent is the network itself."""

    parent: str
    slot: str
    index: int


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """A layer or block that can be added; `kind` comes back in the wish to insert it."""

    kind: str
    group: str
    summary: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Repair:
    """A mend that was tried on the whole network, and what it changes.

    `flops_change` is None where the network cannot run as it is; `flops` is what it takes with the repair.
    """

    sentence: str
    parameters_change: int | None = None
    flops_change: int | None = None
    flops: int | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that runs but is probably not meant; `fix` is the text of a button, empty for none."""

    node: str
    sentence: str
    fix: str = ""


def part(owner: str, slot: str, label: str, rows: Sequence[NodeRow]) -> NodeRow:
    """The row for one sequence inside the block `owner`, which may be empty."""
    return NodeRow(f"{owner}/{slot}", label, PART, children=tuple(rows), slot=slot)


def walk(rows: Sequence[NodeRow]) -> Iterator[NodeRow]:
    """Every row, the upper ones before those inside them."""
    for row in rows:
        yield row
        yield from walk(row.children)
