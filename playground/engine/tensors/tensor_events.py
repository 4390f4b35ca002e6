"""What is known of tensors and of the names that hold them, as plain values and NumPy copies; imports no torch."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from playground.engine.problems import Problem

Kind = Literal[
    "tensor", "parameter", "array", "module", "optimizer", "data", "number", "text", "sequence", "mapping", "object"
]
Number = bool | int | float | complex
MemoryFormat = Literal["contiguous", "channels_last", "channels_last_3d", "strided", ""]


@dataclass(frozen=True, slots=True)
class TensorFacts:
    """A tensor without its values.

    Parameters
    ----------
    dtype, type_name : str
        "float32" and "torch.FloatTensor", or "torch.cuda.FloatTensor" on a GPU; the second empty where torch has none.
    kind : str
        The Python class, such as "Tensor" or "Parameter".
    stride, offset, storage, storage_bytes
        In elements, elements, address and bytes; None for a layout without one storage (sparse, nested).
    version : int or None
        How many in-place changes autograd has counted; None for a tensor made under inference_mode.
    memory_format : MemoryFormat
        How the elements lie: "strided" is neither contiguous nor channels_last.
    numel, bytes : int
        Elements, and what these take; the storage may be larger or (after expand) smaller.
    repeated : tuple of int
        Dimensions of more than one element and stride 0, along which every index reaches the same cell.
    """

    name: str
    kind: str
    dtype: str
    type_name: str
    shape: tuple[int, ...]
    stride: tuple[int, ...] | None
    offset: int | None
    layout: str
    memory_format: MemoryFormat
    device: str
    storage: int | None
    storage_bytes: int | None
    element_bytes: int
    numel: int
    bytes: int
    version: int | None
    requires_grad: bool
    is_leaf: bool
    grad_fn: str
    has_grad: bool
    is_contiguous: bool
    is_view: bool
    is_pinned: bool
    is_shared: bool
    is_inference: bool
    is_conjugated: bool
    repeated: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ArrayFacts:
    """A NumPy array without its values; `stride` is in bytes, `order` is "C", "F", both or neither."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    stride: tuple[int, ...]
    order: str
    bytes: int
    address: int
    owns_memory: bool
    is_writable: bool


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """A module: how much it learns, and the first `lines` of what print shows; `left_out` lines more follow."""

    name: str
    kind: str
    parameters: int
    trainable: int
    buffers: int
    bytes: int
    is_training: bool
    lines: tuple[str, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class OptimizerFacts:
    """An optimiser: its hyper-parameters per group as (name, value), and the bytes of its own state."""

    name: str
    kind: str
    parameters: int
    groups: tuple[tuple[tuple[str, str], ...], ...]
    state_bytes: int


@dataclass(frozen=True, slots=True)
class ValueFacts:
    """A number, text, sequence or anything else of Python; `length` is None where it has none."""

    name: str
    kind: str
    text: str
    length: int | None = None


Facts = TensorFacts | ArrayFacts | ModuleFacts | OptimizerFacts | ValueFacts


@dataclass(frozen=True, slots=True)
class Variable:
    """One name of the namespace.

    Parameters
    ----------
    type : str
        The Python class.
    bytes : int
        Memory that this name owns. Each byte is counted for one name only, so that the column adds up: what lies in the
        memory of another name counts there, and `owner` is that name.
    shares : tuple of str
        The first names whose storage overlaps this one's; `shares_more` others are left out.
    count : int
        Elements of a tensor or array, parameters of a module or optimiser, length of a sequence or mapping.
    text : str
        A number, the start of a text; empty for what has a shape.
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


@dataclass(frozen=True, slots=True)
class Statistics:
    """Numbers over the finite values among the `counted` of `total` elements, in float64 where not counted.

    `std` divides by n - 1, as torch does; `norm` is the Euclidean one of all elements, for a sample as the counted ones
    let expect. None where there is no such number; where that needs a word, `problem` has it. `nan`, `infinite` and
    `zeros` are counts among the elements looked at.
    """

    total: int
    counted: int
    minimum: float | int | None = None
    maximum: float | int | None = None
    mean: float | complex | None = None
    std: float | None = None
    norm: float | None = None
    nan: int = 0
    infinite: int = 0
    zeros: int = 0
    problem: Problem | None = None

    @property
    def is_exact(self) -> bool:
        """Whether every element was counted."""
        return self.counted == self.total


@dataclass(frozen=True, slots=True)
class Address:
    """Where the element at `index` lies: `text` spells offset + index x stride + ... = `cell`."""

    index: tuple[int, ...]
    cell: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """How one name reads the storage.

    Parameters
    ----------
    name : str
        Empty for the base of a view that has no name.
    shape, stride, offset
        Stride and offset count cells of the pictured storage; an element of half a cell rounds down.
    cells : int64 array
        The cell of each element, in the tensor's own shape (its leading corner where it is large, see `is_whole`); -1
        where an element lies outside the pictured storage.
    is_base : bool
        Whether it is the tensor that the pictured one is a view of.
    repeated : tuple of int
        Dimensions of stride 0 along which all indices share cells, as expand makes them.
    """

    name: str
    kind: Literal["tensor", "array"]
    dtype: str
    shape: tuple[int, ...]
    stride: tuple[int, ...]
    offset: int
    cells: NDArray[np.int64]
    is_contiguous: bool
    is_base: bool = False
    repeated: tuple[int, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every element is among `cells`."""
        return self.cells.shape == self.shape


@dataclass(frozen=True, slots=True, eq=False)
class MemoryPicture:
    """A storage as one row of cells, and the names that read it.

    Parameters
    ----------
    values : array
        A copy of the shown cells; the first is cell number `first` of `total`. A cell's number is its colour key: an
        element keeps it through every view of the storage.
    reached : bool array
        Whether any index of the tensor reaches the cell.
    placements : tuple of Placement
        The tensor first, then its base and other names on the same storage; `left_out` names more are not shown.
    """

    name: str
    values: NDArray[np.generic]
    reached: NDArray[np.bool_]
    first: int
    total: int
    cell_bytes: int
    storage_bytes: int
    placements: tuple[Placement, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class ViewAnswer:
    """Whether `view(shape)` works: the stride it has, or why it has none."""

    shape: tuple[int, ...]
    stride: tuple[int, ...] | None
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Window:
    """Part of a table, counted from 0."""

    row: int = 0
    column: int = 0
    rows: int = 64
    columns: int = 64


@dataclass(frozen=True, slots=True, eq=False)
class TablePage:
    """A copy `values` [h, w] of the rows and columns from `row` and `column` on, of `shape` in all.

    `rows_dim` and `columns_dim` tell which dimensions go down and across (None: there is no such dimension), `fixed`
    the index in each of the others.
    """

    values: NDArray[np.generic]
    row: int
    column: int
    shape: tuple[int, int]
    rows_dim: int | None
    columns_dim: int | None
    fixed: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Heat:
    """Two dimensions as a picture, float32 [h, w] with at most 512 each.

    A cell stands for `block` (rows, columns) of `shape`, by the value of largest magnitude (NaN before all) among every
    `step`-th row and column; `step` is (1, 1) where all were looked at.
    """

    values: NDArray[np.float32]
    shape: tuple[int, int]
    block: tuple[int, int]
    step: tuple[int, int]
    rows_dim: int | None
    columns_dim: int | None
    fixed: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """Pictures float32 [n, h, w] or [n, h, w, 3], the first of `total`.

    `meaning` tells what was read: one grey picture [H, W], the grey channels of [C, H, W], one colour picture
    [3, H, W], or a batch [N, C, H, W]. Every `step`-th pixel is there. `low` and `high` bound the finite values shown.
    """

    images: NDArray[np.float32]
    meaning: Literal["picture", "channels", "colour", "batch"]
    total: int
    size: tuple[int, int]
    step: int
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class TensorHistogram:
    """How often the finite values among `counted` of `total` lie between `edges` [n + 1], the last bin closed."""

    counts: NDArray[np.int64]
    edges: NDArray[np.float64]
    total: int
    counted: int
    not_finite: int


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The values in reading order as lowest and highest (float64) of each of up to 2,000 runs.

    `starts` is the first element of each run; NaN where a run has no finite value. `counted` elements were looked at.
    """

    starts: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    total: int
    counted: int


@dataclass(frozen=True, slots=True)
class Edit:
    """One value set in place; `before` undoes it. The versions are autograd's counter of in-place changes."""

    index: tuple[int, ...]
    before: Number
    after: Number
    version_before: int
    version_after: int


@dataclass(frozen=True, slots=True, eq=False)
class UnitGrid:
    """What a 2 x 2 matrix does to the plane, in float64.

    `grid` and `mapped` are line segments [n, 2 ends, (x, y)], `square` and `mapped_square` corners [4, 2]. The columns
    of `eigenvectors` have length 1 and belong to `eigenvalues`; `kind` says whether those are real, complex (a turn, so
    no direction stays), or that there is only one direction for both.
    """

    matrix: NDArray[np.float64]
    grid: NDArray[np.float64]
    mapped: NDArray[np.float64]
    square: NDArray[np.float64]
    mapped_square: NDArray[np.float64]
    determinant: float
    eigenvalues: tuple[complex, complex]
    eigenvectors: NDArray[np.complex128]
    kind: Literal["real", "complex", "defective"]
