"""What the variables panel is given: one row a name, as plain values."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "tensor", "parameter", "array", "module", "optimizer", "data", "number", "text", "sequence", "mapping", "object"
]


@dataclass(frozen=True, slots=True)
class VariableRow:
    """One name.

    `type` is the Python class. `bytes` counts each byte for one name only: what lies in the memory of another name
    counts there, and `owner` is that name. `shares` are the first names with the same storage, `shares_more` others are
    left out. `count` is the number of elements, of parameters (module, optimiser) or of items.
    """

    name: str
    kind: Kind
    type: str
    dtype: str = ""
    shape: tuple[int, ...] | None = None
    device: str = ""
    requires_grad: bool = False
    is_leaf: bool = True
    has_grad: bool = False
    grad_fn: str = ""
    is_training: bool = False
    count: int = 0
    text: str = ""
    bytes: int = 0
    owner: str = ""
    shares: tuple[str, ...] = ()
    shares_more: int = 0
