"""What the report of imported weights shows, as plain values."""

from dataclasses import dataclass

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TensorRow:
    """A tensor: `name` and `wanted` shape in the network, `source` and `found` shape in the file.

    What is on one side only has no name and no shape on the other.
    """

    name: str = ""
    wanted: Shape | None = None
    source: str = ""
    found: Shape | None = None


@dataclass(frozen=True, slots=True)
class WeightsReport:
    """How the weights of `file` fit, in a `sentence` and in three lists.

    `fitting` goes into the network, `lacking` is what the network gets nothing for, and `left` what of the file has no
    place. `is_renamed`: it fits under other names. `has_network`: the file names a network of its own. `seed` draws
    what is lacking.
    """

    file: str
    sentence: str
    fitting: tuple[TensorRow, ...]
    lacking: tuple[TensorRow, ...]
    left: tuple[TensorRow, ...]
    seed: int
    notes: tuple[str, ...] = ()
    is_renamed: bool = False
    has_network: bool = False
