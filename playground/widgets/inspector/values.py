"""What the inspector is given: the fields of the engine's events of the same names, as plain values and arrays."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

MemoryFormat = Literal["contiguous", "channels_last", "channels_last_3d", "strided", ""]


@dataclass(frozen=True, slots=True)
class TensorFacts:
    """A tensor without its values; strides and offset in elements, None where there is no single storage."""

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
class Statistics:
    """Numbers over the finite values among the `counted` of `total`; `sentence` tells why there are none."""

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
    sentence: str = ""

    @property
    def is_exact(self) -> bool:
        """Whether every element was counted."""
        return self.counted == self.total


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """How one name reads the storage: `cells` [shape] is the cell of each element, -1 outside of the storage.

    Of a large tensor `cells` covers the leading corner. `repeated` are the dimensions of stride 0.
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


@dataclass(frozen=True, slots=True, eq=False)
class MemoryPicture:
    """A storage as one row of cells: `values` of those from `first` on, of `total`, and the names that read it.

    `reached` tells which of the shown cells any index of the first placement, the tensor itself, reaches.
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


@dataclass(frozen=True, slots=True, eq=False)
class TablePage:
    """A copy `values` [h, w] of the rows and columns from `row` and `column` on, of `shape` in all."""

    values: NDArray[np.generic]
    row: int
    column: int
    shape: tuple[int, int]
    rows_dim: int | None
    columns_dim: int | None
    fixed: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Heat:
    """Two dimensions as a picture [h, w]: of each `block` of `shape` the value of largest magnitude.

    Every `step`-th row and column was looked at.
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
    """Pictures [n, h, w] or [n, h, w, 3], the first of `total`; every `step`-th pixel of `size` (height, width)."""

    images: NDArray[np.float32]
    meaning: Literal["picture", "channels", "colour", "batch"]
    total: int
    size: tuple[int, int]
    step: int
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class TensorHistogram:
    """How often the finite values among `counted` of `total` lie between `edges` [n + 1]."""

    counts: NDArray[np.int64]
    edges: NDArray[np.float64]
    total: int
    counted: int
    not_finite: int


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The values in reading order as lowest and highest of each run; `starts` is the first element of each."""

    starts: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    total: int
    counted: int


@dataclass(frozen=True, slots=True, eq=False)
class UnitGrid:
    """What a 2 x 2 matrix does to the plane: `grid` and `mapped` [n, 2 ends, (x, y)], two squares [4, 2].

    The columns of `eigenvectors` belong to `eigenvalues`.
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
