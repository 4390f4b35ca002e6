"""What a 2 x 2 matrix does to the plane: the unit square and a grid, before and after, and the directions that stay."""

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from playground.engine.problems import Problem
from playground.engine.tensors.indices import spelled
from playground.engine.tensors.reading import copied, shape_of
from playground.engine.tensors.tensor_events import UnitGrid

REACH = 3
"""The grid goes from -REACH to REACH in both directions."""

_SQUARE = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
_PARALLEL = 1e-7  # about the root of float64's precision, to which a double eigenvalue's directions are known


def matrix_picture(tensor: Tensor) -> UnitGrid:
    """The plane before and after `matrix @ point`, with eigenvalues, eigenvectors and determinant in float64.

    Raises
    ------
    Problem
        "tensor-no-matrix", "tensor-no-values".
    """
    matrix = _matrix(tensor)
    (a, b), (c, d) = matrix
    values, vectors = np.linalg.eig(matrix)
    grid = _grid()
    return UnitGrid(
        matrix,
        grid,
        grid @ matrix.T,
        _SQUARE.copy(),
        _SQUARE @ matrix.T,
        float(a * d - b * c),
        (complex(values[0]), complex(values[1])),
        vectors.astype(np.complex128),
        "complex" if np.iscomplexobj(values) else "defective" if _is_parallel(vectors) else "real",
    )


def _matrix(tensor: Tensor) -> NDArray[np.float64]:
    shape = shape_of(tensor)
    if shape != (2, 2):
        raise Problem("tensor-no-matrix", detail=f"this shape is {spelled(shape)}")
    if tensor.dtype.is_complex:
        raise Problem("tensor-no-matrix", detail="these numbers are complex")
    matrix = copied(tensor).astype(np.float64)
    if not np.isfinite(matrix).all():
        raise Problem("tensor-no-matrix", detail="NaN and infinity lead nowhere")
    return matrix


def _grid() -> NDArray[np.float64]:
    """Horizontal lines, then vertical ones, [n, 2 ends, (x, y)]."""
    horizontal = np.array([[[-REACH, y], [REACH, y]] for y in range(-REACH, REACH + 1)], np.float64)
    return np.concatenate([horizontal, horizontal[..., ::-1]])


def _is_parallel(vectors: NDArray[np.float64]) -> bool:
    return bool(abs(np.linalg.det(vectors)) < _PARALLEL)
