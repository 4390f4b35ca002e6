"""Operations on small arrays, worked out with NumPy: for the panel on its own and for its tests."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from playground.widgets.operations.values import CatalogueEntry, CellGrid, CellPart, OperationValues

Ints = NDArray[np.int64]

CATALOGUE = (
    CatalogueEntry(
        "slice",
        "Indexing and slicing",
        "t[start:stop], t[:, 1:3]",
        "A range of a dimension, stop left out, as a view of the same memory.",
        "t = torch.arange(12).view(3, 4)\nt[:2]  # [[0, 1, 2, 3], [4, 5, 6, 7]]\nt[:, 1:3]",
        "range colon getitem view",
    ),
    CatalogueEntry(
        "mask", "Indexing and slicing", "t[mask]", "A bool tensor keeps the elements where it is True.", "t[t > 0]"
    ),
    CatalogueEntry(
        "permute",
        "Shapes",
        "t.permute(*dims)",
        "All dimensions in another order, as a view.",
        "t = torch.arange(24).view(2, 3, 4)\nt.permute(2, 0, 1)[0]",
    ),
    CatalogueEntry(
        "broadcasting",
        "Arithmetic",
        "a + b",
        "Shapes are aligned from the right; sizes must be equal or 1, and a 1 is stretched.",
        "a = torch.arange(3).view(3, 1)\nb = torch.arange(4)\na + b  # [[0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5]]",
        "stretch expand",
    ),
    CatalogueEntry(
        "matmul",
        "Matrix products",
        "a @ b",
        "Rows of the first times columns of the second; dimensions before the last two are batches.",
        "a = torch.rand(2, 3)\na @ a.t()",
        "product @ mm",
    ),
    CatalogueEntry(
        "sigmoid", "Functions of each element", "t.sigmoid()", "1 / (1 + exp(-x)).", "torch.tensor(0.).sigmoid()"
    ),
)


def broadcast() -> OperationValues:
    """A column plus a row."""
    a, b = np.array([[0.0], [10.0], [20.0]], np.float32), np.array([1.0, 2.0, 3.0, 4.0], np.float32)
    cells = np.arange(12).reshape(3, 4)
    parts = (_part(0, cells // 4), _part(1, cells % 4))
    grids = (grid("a", a, stretched=(1,)), grid("b", b, stretched=(0,)))
    sentence = "a is repeated along dimension 1, b along dimension 0; no memory is used for the copies."
    return OperationValues(
        "a + b", "add", "broadcasting", grids, (grid("result", a + b, memory="new"),), parts, sentence
    )


def product() -> OperationValues:
    """A batch of two matrices times one matrix."""
    draw = np.random.default_rng(0)
    a, b = draw.normal(size=(2, 3, 4)).astype(np.float32), draw.normal(size=(4, 2)).astype(np.float32)
    batch, row, column = np.indices((2, 3, 2))
    inner = np.arange(4)
    parts = (
        _part(0, ((batch * 3 + row) * 4)[..., None] + inner, width=4),
        _part(1, inner * 2 + column[..., None], width=4),
    )
    sentence = "Each cell is the sum of 4 products: a row of a with a column of b, for each of the 2 matrices of a."
    return OperationValues(
        "a @ b",
        "matmul",
        "matmul",
        (grid("a", a), grid("b", b)),
        (grid("result", a @ b, memory="new"),),
        parts,
        sentence,
    )


def turned() -> OperationValues:
    """A transpose: a view whose cells stand elsewhere."""
    a = np.arange(12).reshape(3, 4)
    part = _part(0, a.T.copy())
    result = grid("result", a.T, memory="view", shares=(0,))
    sentence = "Dimensions 0 and 1 change places. Nothing is copied: only the strides change."
    return OperationValues("a.t()", "t", "t", (grid("a", a),), (result,), (part,), sentence)


def in_place() -> OperationValues:
    """Cells below zero set to zero where they are."""
    a = np.array([[1.5, -2.0, np.nan], [-0.25, 3.0, 1e-7]], np.float32)
    cells = np.arange(6)
    result = grid("result", np.maximum(a, 0), memory="same", shares=(0,))
    sentence = "a itself is changed; no new tensor is made."
    return OperationValues("a.relu_()", "relu_", "", (grid("a", a),), (result,), (_part(0, cells),), sentence)


def picked() -> OperationValues:
    """A mask."""
    a = np.array([[1, -2, 3], [-4, 5, 6]])
    cells = np.flatnonzero(a > 0)
    grids = (grid("a", a), grid("a > 0", a > 0))
    parts = (_part(0, cells), _part(1, cells))
    sentence = "The 4 elements where the mask is True, in reading order, as a new tensor."
    return OperationValues(
        "a[a > 0]", "getitem", "mask", grids, (grid("result", a[a > 0], memory="new"),), parts, sentence
    )


def refused() -> OperationValues:
    """Two matrices whose inner sizes differ."""
    a, b = np.arange(6).reshape(2, 3), np.arange(8).reshape(4, 2)
    grids = (grid("a", a, clash=(1,)), grid("b", b, clash=(0,)))
    problem = "a has rows of 3 and b columns of 4; for a @ b these must be equal. Try a @ b[:3], or another shape."
    return OperationValues("a @ b", "matmul", "matmul", grids, (), (), "", problem=problem)


def large() -> OperationValues:
    """The sums of the rows of a tensor of which a window is shown."""
    a = np.arange(144, dtype=np.float32).reshape(12, 12)
    cells = np.arange(144).reshape(12, 12)
    hidden = np.full(12, 88)
    shown = CellGrid("a", "float32", (100, 100), (40, 0), a)
    result = CellGrid("result", "float32", (100,), (40,), np.arange(12, dtype=np.float32) * 1e6 + 123456, memory="new")
    part = CellPart(0, 0, cells, hidden)
    return OperationValues("a.sum(1)", "sum", "sum", (shown,), (result,), (part,), "Dimension 1 is summed up.")


SAMPLES: dict[str, Callable[[], OperationValues]] = {
    "broadcast": broadcast,
    "product": product,
    "turned": turned,
    "in_place": in_place,
    "picked": picked,
    "refused": refused,
    "large": large,
}


def grid(name: str, values: NDArray[np.generic], **more: object) -> CellGrid:
    """The whole of an array."""
    return CellGrid(name, values.dtype.name, values.shape, (0,) * values.ndim, values, **more)  # type: ignore[arg-type]


def _part(operand: int, cells: Ints, width: int = 1) -> CellPart:
    listed = cells.reshape(-1, width)
    return CellPart(0, operand, listed, np.zeros(len(listed), np.int64))
