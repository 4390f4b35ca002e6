"""What the operations panel shows, as plain values; the names are those of the engine's events."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Memory = Literal["", "same", "view", "new"]


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """An operation or a worked example; `example` is a few lines of Python, `keywords` other words to find it by."""

    name: str
    group: str
    signature: str
    summary: str
    example: str
    keywords: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class CellGrid:
    """An operand or a result: the window of `shape` that begins at the index `origin`, in its own dimensions.

    `stretched` are dimensions of the result along which an operand is repeated, `clash` own dimensions that do not fit.
    A result is the "same" tensor as an operand, a "view" of the memory of those in `shares`, or "new".
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    origin: tuple[int, ...]
    values: NDArray[np.generic]
    stretched: tuple[int, ...] = ()
    clash: tuple[int, ...] = ()
    memory: Memory = ""
    shares: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class CellPart:
    """Row i of `cells` lists the shown cells of an operand that make shown cell i of a result; -1 fills up.

    `hidden[i]` more cells lie outside the operand's window.
    """

    result: int
    operand: int
    cells: NDArray[np.int64]
    hidden: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class OperationValues:
    """One operation applied to live tensors; `problem` is the sentence why it cannot be done, else empty.

    `entry` is the catalogue's name for the operation; `value` what it gives where that is no tensor.
    """

    text: str
    operation: str
    entry: str
    operands: tuple[CellGrid, ...]
    results: tuple[CellGrid, ...]
    parts: tuple[CellPart, ...]
    sentence: str
    value: str = ""
    problem: str = ""

    @property
    def grids(self) -> tuple[CellGrid, ...]:
        """The operands, then the results."""
        return self.operands + self.results
