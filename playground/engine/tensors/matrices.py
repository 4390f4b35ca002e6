"""What a 2 x 2 matrix does to the plane: the unit square and a grid, before and after, and the directions that stay."""

import cmath
import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from playground.engine.problems import Problem
from playground.engine.tensors.indices import spelled
from playground.engine.tensors.reading import copied, shape_of
from playground.engine.tensors.tensor_events import UnitGrid

REACH = 3
"""The grid goes from -REACH to REACH in both directions."""

Kind = Literal["real", "complex", "defective"]

_SQUARE = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
_ROUNDING = 4e-15  # what float64 may leave of a discriminant that is 0, for numbers up to 2


def matrix_picture(tensor: Tensor) -> UnitGrid:
    """The plane before and after `matrix @ point`, with eigenvalues, eigenvectors and determinant in float64.

    Raises
    ------
    Problem
        "tensor-no-matrix", "tensor-no-values".
    """
    matrix = _matrix(tensor)
    (a, b), (c, d) = matrix
    values, vectors, kind = _eigen(matrix)
    grid = _grid()
    return UnitGrid(
        matrix,
        grid,
        grid @ matrix.T,
        _SQUARE.copy(),
        _SQUARE @ matrix.T,
        float(a * d - b * c),
        values,
        vectors,
        kind,
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


def _eigen(matrix: NDArray[np.float64]) -> tuple[tuple[complex, complex], NDArray[np.complex128], Kind]:
    """The roots of x^2 - (a + d) x + (ad - bc) and their directions, in closed form: whole numbers stay whole."""
    # A power of two changes no digit, and keeps the squares finite.
    scale = math.ldexp(0.5, math.frexp(np.abs(matrix).max())[1])
    (a, b), (c, d) = (matrix / scale).tolist()
    middle, discriminant = (a + d) / 2, ((a - d) / 2) ** 2 + b * c
    if abs(discriminant) <= _ROUNDING:
        double = complex(middle * scale)
        if b == c == 0:
            return (double, double), np.eye(2, dtype=np.complex128), "real"
        only = _direction(a, b, c, d, middle)
        return (double, double), np.stack([only, only], axis=1), "defective"
    roots = [middle + cmath.sqrt(discriminant), middle - cmath.sqrt(discriminant)]
    vectors = np.stack([_direction(a, b, c, d, root) for root in roots], axis=1)
    return (roots[0] * scale, roots[1] * scale), vectors, "real" if discriminant > 0 else "complex"


def _direction(a: float, b: float, c: float, d: float, root: complex) -> NDArray[np.complex128]:
    """A vector of length 1 that (matrix - root) takes to 0: across the longer row of what is left."""
    rows = np.array([[b, root - a], [root - d, c]], np.complex128)
    longer: NDArray[np.complex128] = max(rows, key=np.linalg.norm)
    return longer / np.linalg.norm(longer)
