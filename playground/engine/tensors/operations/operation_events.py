"""Operations as plain values: entries of the catalogue, and one applied to live tensors; imports no torch."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from playground.engine.problems import Problem

Memory = Literal["", "same", "view", "new"]


@dataclass(frozen=True, slots=True)
class Entry:
    """An operation or a worked example of the catalogue.

    `example` is a few lines of Python; behind each expression stands what it gives, as a comment. `keywords` are other
    words a reader might look for, separated by spaces.
    """

    name: str
    group: str
    signature: str
    summary: str
    example: str
    keywords: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """An operand or a result as cells.

    Parameters
    ----------
    name : str
        As it was typed; "result", "values" or "part 0" for what the operation gives.
    values : array
        A copy in the tensor's own number of dimensions: the window of `shape` that begins at the index `origin`.
    stretched : tuple of int
        Dimensions of the result along which broadcasting repeats this operand.
    clash : tuple of int
        Own dimensions whose size does not fit the other operand.
    memory : Memory
        For a result: "same" tensor as an operand (changed in place), a "view" of its memory, or "new" memory.
    shares : tuple of int
        For a result: the operands whose memory it reads.
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

    @property
    def is_whole(self) -> bool:
        """Whether every element is shown."""
        return self.values.shape == self.shape


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Which shown cells of operand `operand` take part in each shown cell of result `result`.

    Row i of `cells` belongs to cell i of the result's window in reading order. It lists cells of the operand's window,
    in reading order too, and ends with -1 where there are fewer; `hidden[i]` more lie outside that window.
    """

    result: int
    operand: int
    cells: NDArray[np.int64]
    hidden: NDArray[np.int64]

    def of(self, cell: int) -> tuple[int, ...]:
        """The operand's shown cells that take part in one shown cell of the result."""
        return tuple(int(place) for place in self.cells[cell] if place >= 0)


@dataclass(frozen=True, slots=True, eq=False)
class OperationPicture:
    """One operation applied to live tensors.

    Parameters
    ----------
    text, operation : str
        What was typed, and the operation found in it, such as "matmul"; empty where none was.
    entry : str
        The catalogue's name for it; empty where it has none.
    parts : tuple of Part
        Empty where no rule is known or the tensors are too large; the sentence says so then.
    value : str
        What it gives where that is no tensor, for example a shape.
    problem : Problem, optional
        Why it cannot be done; there are no results then.
    """

    text: str
    operation: str
    entry: str
    operands: tuple[Grid, ...]
    results: tuple[Grid, ...]
    parts: tuple[Part, ...]
    sentence: str
    value: str = ""
    problem: Problem | None = None
