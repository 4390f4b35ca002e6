"""From a drawing to the 28 x 28 digit a network trained on MNIST expects."""

import numpy as np
from numpy.typing import NDArray

SIDE = 28
BOX = 20
CENTRE = SIDE // 2 + 0.5
FAINT = 0.02

Image = NDArray[np.float32]


def to_digit(ink: Image) -> Image:
    """Frame a drawing as MNIST's digits are framed.

    The ink's bounding box is scaled to fit 20 x 20 pixels, keeping its aspect, every pixel the mean of the area it
    covers; it is set into 28 x 28 pixels, moved by whole pixels so that the centre of mass lies in the pixel (14, 14),
    but never so far that ink is cut off; the brightest pixel becomes 1. A digit of MNIST comes out as it went in.
    Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits"; the pixel of the centre is
    measured on its 60,000 images.

    Parameters
    ----------
    ink : NDArray float32 [H, W]
        0 is background, 1 is ink; any size.

    Returns
    -------
    NDArray float32 [28, 28]
        In [0, 1]; all zero when there is no ink.
    """
    rows, columns = _extent(ink.max(axis=1)), _extent(ink.max(axis=0))
    if rows is None or columns is None:
        return np.zeros((SIDE, SIDE), np.float32)
    box = ink[rows, columns]
    scale = BOX / max(box.shape)
    down = _resampling(box.sum(axis=1, dtype=np.float64), scale)
    across = _resampling(box.sum(axis=0, dtype=np.float64), scale)
    digit = down @ box @ across.T  # [28, H] [H, W] [W, 28]
    return np.asarray(np.clip(digit / digit.max(), 0, 1), np.float32)


def _extent(profile: Image) -> slice | None:
    inked = np.flatnonzero(profile > FAINT)
    return slice(int(inked[0]), int(inked[-1]) + 1) if len(inked) else None


def _resampling(mass: NDArray[np.float64], scale: float) -> Image:
    """The share [28, n] of each of n source pixels in each output pixel, given the mass of ink at each source pixel."""
    length = len(mass)
    centre = float(mass @ (np.arange(length) + 0.5) / mass.sum())
    room = SIDE - int(np.ceil(length * scale - 1e-9))
    offset = min(max(round(CENTRE - centre * scale), 0), room)
    edges = (np.arange(SIDE + 1) - offset) / scale  # of the output pixels, in source pixels
    inside = np.arange(length)
    overlap = np.minimum(edges[1:, None], inside + 1) - np.maximum(edges[:-1, None], inside)
    return np.asarray(np.clip(overlap, 0, None) * scale, np.float32)
