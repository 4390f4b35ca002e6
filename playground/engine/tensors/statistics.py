"""Smallest, largest, mean, spread and norm of a tensor, and how many of its values are NaN, infinite or zero."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from playground.engine.problems import Problem
from playground.engine.tensors.indices import spelled
from playground.engine.tensors.reading import SAMPLE, copied, pieces, readable, shape_of, some
from playground.engine.tensors.tensor_events import Statistics


@dataclass(frozen=True, slots=True)
class _Moments:
    """Sums over some values; `spread` is the sum of squared distances from the mean, `squares` that from zero."""

    seen: int = 0
    finite: int = 0
    nan: int = 0
    zeros: int = 0
    minimum: float | int | None = None
    maximum: float | int | None = None
    mean: complex = 0.0
    spread: float = 0.0
    squares: float = 0.0


def statistics(tensor: Tensor, cap: int = SAMPLE) -> Statistics:
    """Numbers over the finite values, of more than `cap` elements from a sample of `cap`.

    Mean, standard deviation (over n - 1) and norm are taken in float64. What cannot be told comes as `problem`.
    """
    total = _numel(tensor)
    try:
        if 0 in shape_of(tensor):
            raise Problem("tensor-empty", shape=spelled(shape_of(tensor)))
        moments = _sparse(tensor) if tensor.layout == torch.sparse_coo else _moments(some(tensor, cap))
    except Problem as problem:
        return Statistics(total, 0, problem=problem)
    return _statistics(total, moments, tensor.dtype.is_complex)


def exact_statistics(tensor: Tensor, piece: int = 2**22) -> Iterator[Statistics]:
    """The same over every element, piece by piece: each result covers what was counted so far, the last one all.

    Between two results the caller may stop: `close()` it, and the tensor is let go. Where it was changed in place
    since the beginning, the last result tells so ("tensor-changed").
    """
    if _numel(tensor) <= piece or tensor.layout == torch.sparse_coo:
        yield statistics(tensor, piece)
        return
    try:
        dense, found, version = readable(tensor), _Moments(), _version(tensor)
    except Problem as problem:
        yield Statistics(tensor.numel(), 0, problem=problem)
        return
    for part in pieces(dense, piece):
        found = _merged(found, _moments(copied(part)))
        result = _statistics(dense.numel(), found, dense.dtype.is_complex)
        if _version(tensor) != version:
            yield Statistics(result.total, 0, problem=Problem("tensor-changed", detail=_change(version, tensor)))
            return
        yield result


def _numel(tensor: Tensor) -> int:
    return 0 if nn.parameter.is_lazy(tensor) else tensor.numel()


def _version(tensor: Tensor) -> int:
    return 0 if tensor.is_inference() else tensor._version


def _change(version: int, tensor: Tensor) -> str:
    return f"version {version} is now {_version(tensor)}"


def _moments(values: NDArray[Any]) -> _Moments:
    """Sums over an array of any type; over the finite values only, in float64 or complex128."""
    zeros = int(values.size - np.count_nonzero(values))
    finite, nan = values, 0
    if values.dtype.kind in "fc":
        is_finite = np.isfinite(values)
        if not is_finite.all():
            finite, nan = values[is_finite], int(np.isnan(values).sum())
    if finite.size == 0:
        return _Moments(values.size, 0, nan, zeros)
    is_complex = values.dtype.kind == "c"
    wide = finite.astype(np.complex128 if is_complex else np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        mean = wide.mean()
        spread, squares = _square_sum(wide - mean), _square_sum(wide)
    low, high = (None, None) if is_complex else (finite.min().item(), finite.max().item())
    return _Moments(values.size, finite.size, nan, zeros, low, high, mean.item(), spread, squares)


def _square_sum(values: NDArray[Any]) -> float:
    """The sum of |value| squared."""
    return float((values.real**2 + values.imag**2).sum() if values.dtype.kind == "c" else (values * values).sum())


def _merged(one: _Moments, other: _Moments) -> _Moments:
    """Sums over both; means and spreads after Chan, Golub and LeVeque, "Updating Formulae" (1979), equation 1.5."""
    if not one.finite or not other.finite:
        known = one if one.finite else other
        mean, spread = known.mean, known.spread
    else:
        count, apart = one.finite + other.finite, other.mean - one.mean
        mean = one.mean + apart * (other.finite / count)
        spread = one.spread + other.spread + abs(apart) ** 2 * (one.finite * (other.finite / count))
    lows = [part.minimum for part in (one, other) if part.minimum is not None]
    highs = [part.maximum for part in (one, other) if part.maximum is not None]
    return _Moments(
        one.seen + other.seen,
        one.finite + other.finite,
        one.nan + other.nan,
        one.zeros + other.zeros,
        min(lows, default=None),
        max(highs, default=None),
        mean,
        spread,
        one.squares + other.squares,
    )


def _sparse(tensor: Tensor) -> _Moments:
    """The values that are kept, and zeros for all others."""
    kept = copied(tensor.detach().coalesce().values()).reshape(-1)
    missing = tensor.numel() - kept.size
    nothing = kept.dtype.type(0).item()
    low = None if tensor.dtype.is_complex else nothing
    zeros = _Moments(missing, missing, 0, missing, low, low) if missing else _Moments()
    return _merged(_moments(kept), zeros)


def _statistics(total: int, found: _Moments, is_complex: bool) -> Statistics:
    infinite = found.seen - found.finite - found.nan
    if not found.finite:
        problem = Problem("tensor-not-finite", count=found.seen)
        return Statistics(total, found.seen, nan=found.nan, infinite=infinite, problem=problem)
    return Statistics(
        total,
        found.seen,
        found.minimum,
        found.maximum,
        found.mean,
        _root(found.spread / (found.finite - 1)) if found.finite > 1 else None,
        _root(found.squares * (total / found.seen)),
        found.nan,
        infinite,
        found.zeros,
        Problem("tensor-complex") if is_complex else None,
    )


def _root(square: float) -> float | None:
    """The square root; None where float64 could not hold the square."""
    return math.sqrt(square) if math.isfinite(square) else None
