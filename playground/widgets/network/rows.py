"""One layer of a network as the tree shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A layer or a block of layers.

    `id` stays when the layer moves. `output` is the shape of one sample as text. `share` (0 to 1) is its part of all
    parameters. `problem` is a sentence, or empty.
    """

    id: str
    label: str
    kind: str = ""
    output: str = ""
    parameters: int | None = None
    share: float = 0.0
    problem: str = ""
    children: tuple["NodeRow", ...] = ()


INPUT_ID = "input"
