"""Test digits as other hands would draw them on a big canvas: moved, scaled, with other pens (benchmark B14)."""

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from numpy.typing import NDArray

SIDE = 280
SIZES = (90.0, 240.0)  # of the digit's 28 x 28 frame, in canvas pixels
GROWTH = (-0.25, 1.0)  # change of the stroke's half width, in pixels of the 28 x 28 frame


def canvases(digits: NDArray[np.float32], seed: int = 0) -> NDArray[np.float32]:
    """Draw each digit once on a canvas of its own.

    Every digit is enlarged smoothly, its outline moved in or out by up to `GROWTH`, and placed at random so that its
    frame lies inside the canvas.

    Parameters
    ----------
    digits : NDArray float32 [N, 28, 28]
        In [0, 1], ink bright.
    seed : int
        Of the sizes, places and pens.

    Returns
    -------
    NDArray float32 [N, 280, 280]
        1 where there is ink, 0 where there is none.
    """
    draw = np.random.default_rng(seed)
    sizes, growths = draw.uniform(*SIZES, len(digits)), draw.uniform(*GROWTH, len(digits))
    canvas = np.zeros((len(digits), SIDE, SIDE), np.float32)
    for digit, size, growth, target in zip(digits, sizes.round().astype(int), growths, canvas, strict=True):
        top, left = draw.integers(0, SIDE - size + 1, 2)
        target[top : top + size, left : left + size] = _drawn(digit, int(size), float(growth))
    return canvas


def _drawn(digit: NDArray[np.float32], size: int, growth: float) -> NDArray[np.float32]:
    """One digit enlarged to `size`, its strokes wider by `growth` on either side, with sharp smooth edges."""
    image = F.interpolate(torch.from_numpy(digit)[None, None], (size, size), mode="bicubic", align_corners=False)
    unit = size / 28
    reach = round(abs(growth) * unit)
    if reach:
        wide = 2 * reach + 1
        image = _maximum(image, wide) if growth > 0 else -_maximum(-image, wide)
    return ((image - 0.5) * unit + 0.5).clamp(0, 1)[0, 0].numpy()


def _maximum(image: torch.Tensor, wide: int) -> torch.Tensor:
    """The maximum over an octagon about `wide` pixels wide, rounder than the square alone."""
    third = wide // 3 | 1
    rounded = F.max_pool2d(image, (wide, third), stride=1, padding=(wide // 2, third // 2))
    return torch.maximum(rounded, F.max_pool2d(image, (third, wide), stride=1, padding=(third // 2, wide // 2)))
