"""Made-up tensors for the panel on its own; plain NumPy, worked out as the engine does."""

from typing import Any

import numpy as np

from playground.widgets.inspector import values


def facts(name: str = "b", shape: tuple[int, ...] = (4, 3), stride: tuple[int, ...] = (1, 4)) -> values.TensorFacts:
    """A float32 view on the CPU."""
    count = int(np.prod(shape))
    return values.TensorFacts(
        name, "Tensor", "float32", "torch.FloatTensor", shape, stride, 0, "strided", "strided", "cpu", 0x55D0C2A1F940,
        48, 4, count, 4 * count, 0, False, True, "", False, False, True, False, False, False, False,
        tuple(dim for dim, step in enumerate(stride) if step == 0 and shape[dim] > 1),
    )  # fmt: skip


def statistics() -> values.Statistics:
    """Those of 0 to 11."""
    return values.Statistics(12, 12, 0.0, 11.0, 5.5, 3.6055512, 22.494444, 0, 0, 1)


def placement(
    name: str, shape: tuple[int, ...], stride: tuple[int, ...], offset: int = 0, *, is_base: bool = False
) -> values.Placement:
    """How a tensor of this shape and these strides reads its storage."""
    cells = np.full(shape, offset, np.int64)
    for dim, step in enumerate(stride):
        cells += step * np.arange(shape[dim]).reshape(-1, *[1] * (len(shape) - dim - 1))
    repeated = tuple(dim for dim, step in enumerate(stride) if step == 0 and shape[dim] > 1)
    plain = np.cumprod([1, *shape[:0:-1]])[::-1] if shape else ()
    return values.Placement(
        name, "tensor", "float32", shape, stride, offset, cells, tuple(plain) == stride, is_base, repeated
    )


def memory(*placements: values.Placement, count: int = 12) -> values.MemoryPicture:
    """A storage of 0, 1, 2, ... that the first of these reads."""
    reached = np.isin(np.arange(count), placements[0].cells)
    numbers = np.arange(count, dtype=np.float32)
    return values.MemoryPicture(placements[0].name, numbers, reached, 0, count, 4, 4 * count, placements)


def transpose() -> values.MemoryPicture:
    """b = a.t()"""
    return memory(placement("b", (4, 3), (1, 4)), placement("a", (3, 4), (4, 1), is_base=True))


def expanded() -> values.MemoryPicture:
    """A row that stands four times, taken from the middle of a storage."""
    return memory(placement("e", (4, 3), (0, 1), 4), placement("a", (3, 4), (4, 1), is_base=True))


def batch() -> values.MemoryPicture:
    """Three dimensions, the last two swapped."""
    return memory(placement("p", (3, 4, 5), (20, 1, 4)), placement("x", (3, 5, 4), (20, 4, 1), is_base=True), count=60)


def numbers(shape: tuple[int, int] = (28, 28)) -> np.ndarray:
    """A smooth surface with both signs."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]] / np.array(shape).reshape(2, 1, 1)
    found: np.ndarray = (np.sin(7 * x) * np.cos(5 * y)).astype(np.float32)
    return found


def page(matrix: np.ndarray, options: dict[str, Any]) -> values.TablePage:
    """What is asked for of a matrix."""
    row, column, rows, columns = options["window"]
    part = matrix[row : row + rows, column : column + columns].copy()
    shape = (matrix.shape[0], matrix.shape[1])
    return values.TablePage(part, row, column, shape, options["rows"], options["columns"], options["fixed"])


def heat(matrix: np.ndarray) -> values.Heat:
    """All of a small matrix."""
    return values.Heat(matrix, (matrix.shape[0], matrix.shape[1]), (1, 1), (1, 1), 0, 1, (0, 0))


def gallery(count: int = 8) -> values.Gallery:
    """A batch of grey pictures."""
    one = (numbers() + 1) / 2
    images = np.stack([np.roll(one, 3 * i, axis=1) for i in range(count)]).astype(np.float32)
    return values.Gallery(images, "batch", 256, (28, 28), 1, float(images.min()), float(images.max()))


def histogram() -> values.TensorHistogram:
    """A sample of normal numbers, two of them not finite."""
    drawn = np.random.default_rng(0).normal(size=100_000)
    counts, edges = np.histogram(drawn, 60)
    return values.TensorHistogram(counts.astype(np.int64), edges, 100_000_000, 100_002, 2)


def line() -> values.Line:
    """A noisy wave, as 2,000 runs."""
    starts = np.arange(2000, dtype=np.int64) * 50
    wave, noise = np.sin(np.arange(2000) / 200), np.random.default_rng(1).random(2000)
    return values.Line(starts, wave - noise, wave + noise, 100_000, 100_000)


def matrix() -> values.UnitGrid:
    """[[2, 1], [1, 2]]: 3 along (1, 1), 1 along (1, -1)."""
    weights = np.array([[2.0, 1.0], [1.0, 2.0]])
    lines = [[[-3.0, y], [3.0, y]] for y in range(-3, 4)]
    grid = np.array([*lines, *[[[y, x] for x, y in pair] for pair in lines]])
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    half = 0.5**0.5
    vectors = np.array([[half, half], [half, -half]], np.complex128)
    return values.UnitGrid(
        weights, grid, grid @ weights.T, square, square @ weights.T, 3.0, (3 + 0j, 1 + 0j), vectors, "real"
    )
