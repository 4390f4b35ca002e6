"""What the form of the selected layer shows, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from playground.widgets.common.arguments import Argument


@dataclass(frozen=True, slots=True)
class Facts:
    """What an analysis found about one layer or block.

    `output` is the shape of one sample as text; `values` how many numbers that is; `memory` the bytes of the outputs
    of a batch of `batch_size`; `names` the prefixes in state_dict. None as `flops` means not counted.
    """

    output: str
    values: int
    weights: int
    biases: int
    flops: int | None
    receptive_field: int | None
    memory: int
    batch_size: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceText:
    """The Python text of a layer written by the user or by somebody else."""

    name: str
    text: str
    trusted: bool


@dataclass(frozen=True, slots=True)
class LayerDetails:
    """The selected layer or block. An empty `init` means that it has no weights to draw; `times` is a Repeat's,
    `branches` how many a block of them has. `together` are the ids of all that an edit is for, where several layers of
    the kind are selected.
    """

    id: str
    kind: str
    path: str = ""
    summary: str = ""
    arguments: tuple[Argument, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)
    init: str = ""
    enabled: bool = True
    frozen: bool = False
    may_freeze: bool = True
    times: int | None = None
    branches: int | None = None
    together: tuple[str, ...] = ()
    formula: str = ""
    facts: Facts | None = None
    problem: str = ""
    source: SourceText | None = None
