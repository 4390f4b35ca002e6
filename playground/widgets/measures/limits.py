"""How high and how low an axis reaches, so that one racer that flies away does not flatten all others."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from playground.widgets.common.ticks import padded

Floats = NDArray[np.float64]

_DECADES_ABOVE = 3.0  # above the highest start, on a logarithmic axis
_FAR = 1e6  # so many times the calmest racer's span is flying away
_SPANS_BEYOND = 3.0  # beyond the starts, on a linear axis


def fitted_range(curves: Sequence[Floats], *, is_log: bool) -> tuple[float, float] | None:
    """Lowest and highest value to show of these curves (exponents of ten on a logarithmic axis); None for no value."""
    finite = [found for found in (curve[np.isfinite(curve)] for curve in curves) if len(found)]
    if not finite:
        return None
    low, high = min(float(each.min()) for each in finite), max(float(each.max()) for each in finite)
    bottom, top = _log_limits(finite) if is_log else _linear_limits(finite)
    return padded(max(low, bottom), min(high, top), is_log=is_log)


def _log_limits(curves: list[Floats]) -> tuple[float, float]:
    """A bound above; none below, where racers are meant to go. None at all when no racer stays within."""
    top = max(float(curve[0]) for curve in curves) + _DECADES_ABOVE
    stays = any(curve.max() <= top for curve in curves)
    return -np.inf, top if stays else np.inf


def _linear_limits(curves: list[Floats]) -> tuple[float, float]:
    starts = [float(curve[0]) for curve in curves]
    calmest = min(float(np.ptp(curve)) for curve in curves)
    span = max(calmest, *(abs(start) for start in starts))
    furthest = max(float(np.abs(curve).max()) for curve in curves)
    if span == 0 or furthest < _FAR * max(span, 1.0):
        return -np.inf, np.inf
    return min(starts) - _SPANS_BEYOND * span, max(starts) + _SPANS_BEYOND * span
