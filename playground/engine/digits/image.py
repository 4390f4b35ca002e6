"""From an image file or a pasted picture to ink: whatever the paper, the pen and the light."""

import warnings
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from playground.engine.digits.preprocess import Image as Ink
from playground.engine.files import reason
from playground.engine.problems import Problem

MAX_PIXELS = 150_000_000
WORKING_SIDE = 512
LEAST_CONTRAST = 0.04

_FIT_SIDE = 64
_FIT_ROUNDS = 12
_STROKE_SHARE = 0.15  # of the 25 pixels around; a line one pixel wide fills 0.2

# Pillow only warns about large pictures; here they are refused with a sentence.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


def read_ink(path: str | Path) -> Ink:
    """The ink on an image file: 0 where there is paper, 1 where there is most ink.

    Any format Pillow reads, with its orientation, transparency and colours; dark on light or light on dark. Shading
    of the paper and noise are removed; pictures above 512 pixels are made smaller.

    Returns
    -------
    NDArray float32 [H, W]

    Raises
    ------
    Problem
        `file-missing`, `image-unreadable` or `image-empty`.
    """
    path = Path(path)
    try:
        with Image.open(path) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise Problem("image-unreadable", path=path, detail=f"{width:,} x {height:,} pixels are too many")
            image.draft("RGB", (2 * WORKING_SIDE, 2 * WORKING_SIDE))  # a JPEG is unpacked no larger than needed
            return _ink(ImageOps.exif_transpose(image), str(path))
    except FileNotFoundError as error:
        raise Problem("file-missing", path=path) from error
    except UnidentifiedImageError as error:
        raise Problem("image-unreadable", path=path, detail="no known image format") from error
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise Problem("image-unreadable", path=path, detail=reason(error)) from error


def ink_from_array(pixels: NDArray[np.uint8], name: str = "The pasted picture") -> Ink:
    """The same for a picture in memory: uint8 [H, W], [H, W, 3] (RGB) or [H, W, 4] (RGBA).

    Raises
    ------
    Problem
        `image-unreadable` for another shape, or `image-empty`.
    """
    if 0 in pixels.shape or not (pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] in (3, 4))):
        raise Problem("image-unreadable", path=name, detail=f"its shape {pixels.shape} is not that of a picture")
    return _ink(Image.fromarray(np.ascontiguousarray(pixels)), name)


def _ink(image: Image.Image, name: str) -> Ink:
    light = _light(image)
    if float(light.max() - light.min()) < LEAST_CONTRAST:
        raise Problem("image-empty", path=name)
    paper = _paper(light)
    above = light - paper
    # The strokes are the few pixels far from the paper, on its light or on its dark side. Dark ink takes away a share
    # of the light that falls on it, so that in the shade it differs less.
    return _cleaned(above if float((above**3).mean()) > 0 else -above / paper.clamp(min=0.05))


def _light(image: Image.Image) -> torch.Tensor:
    """Lightness [H, W] in [0, 1] at working size, transparent parts shown on what sets the rest off."""
    if image.mode.startswith(("I", "F")):  # 16 or 32 bits a pixel, which Pillow would cut off at 255
        values = torch.from_numpy(np.asarray(image, np.float32).copy())
        span = float(values.max() - values.min())
        return _smaller((values - values.min()) / (span or 1.0))
    if not image.has_transparency_data:
        return _smaller(_floats(image.convert("L")))
    light, alpha = (_floats(band) for band in image.convert("RGBA").convert("LA").split())
    shown = float((light * alpha).sum() / alpha.sum().clamp(min=1e-6))
    return _smaller(light * alpha + (1 - alpha) * (1.0 if shown < 0.5 else 0.0))


def _floats(band: Image.Image) -> torch.Tensor:
    return torch.from_numpy(np.asarray(band, np.float32) / 255)


def _smaller(light: torch.Tensor) -> torch.Tensor:
    height, width = light.shape
    scale = WORKING_SIDE / max(height, width)
    if scale >= 1:
        return light
    size = [max(1, round(height * scale)), max(1, round(width * scale))]
    return F.interpolate(light[None, None], size, mode="area")[0, 0]


def _paper(light: torch.Tensor) -> torch.Tensor:
    """The lightness [H, W] of the paper behind the strokes: even, or a surface of second degree where that fits better.

    "Better" is the smaller median distance, so that on even paper a picture filled by its digit is not bent away.
    """
    small = F.interpolate(light[None, None], [_FIT_SIDE, _FIT_SIDE], mode="area").flatten().double()
    design = _monomials(_FIT_SIDE, _FIT_SIDE)  # [_FIT_SIDE ** 2, 6]
    surface = _nearest_to_most(design, small)
    even = light.median()
    if (small - even).abs().median() <= (small - design @ surface).abs().median():
        return even.expand_as(light)
    height, width = light.shape
    paper: torch.Tensor = _monomials(height, width) @ surface
    return paper.view(height, width).float()


def _nearest_to_most(design: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    """Coefficients of least absolute distances, by least squares weighted anew with 1 / distance in each round."""
    weight = torch.ones_like(values)
    for _ in range(_FIT_ROUNDS):
        weighted = design * weight[:, None]
        coefficients: torch.Tensor = torch.linalg.solve(weighted.T @ design, weighted.T @ values)
        weight = 1 / (values - design @ coefficients).abs().clamp(min=1e-3)
    return coefficients


def _monomials(height: int, width: int) -> torch.Tensor:
    """1, x, y, x^2, x y and y^2 at every pixel, x and y in (-1, 1): [H * W, 6]."""
    y, x = torch.meshgrid(*((2 * torch.arange(n) + 1) / n - 1 for n in (height, width)), indexing="ij")
    return torch.stack([torch.ones_like(x), x, y, x * x, x * y, y * y], dim=-1).view(-1, 6).double()


def _cleaned(above: torch.Tensor) -> Ink:
    """Ink in [0, 1] from the lightness above the paper: noise at or below 0, full strokes at 1."""
    values = above.numpy()
    threshold = _otsu(values)
    paper, strokes = values[values < threshold], values[values >= threshold]
    level = float(np.median(paper)) if len(paper) else 0.0
    noise = 1.5 * float(np.median(np.abs(paper - level))) if len(paper) else 0.0
    low = min(level + 4 * noise, threshold)
    high = float(np.percentile(strokes, 95))
    return _without_specks(((above - low) / max(high - low, 1e-6)).clamp(0, 1)).numpy()


def _without_specks(ink: torch.Tensor) -> torch.Tensor:
    """The ink in or beside strokes: what has little ink around it is noise or dirt, and would widen the frame."""
    around = F.avg_pool2d(ink[None, None], 5, stride=1, padding=2)
    stroke = (around > _STROKE_SHARE).float()
    return ink * (F.avg_pool2d(stroke, 7, stride=1, padding=3)[0, 0] > 0)


def _otsu(values: NDArray[np.float32]) -> float:
    """The threshold that best parts two groups of values (N. Otsu, 1979: largest variance between them)."""
    counts, edges = np.histogram(values, bins=256)
    middle = (edges[:-1] + edges[1:]) / 2
    below, mass = np.cumsum(counts), np.cumsum(counts * middle)
    above = below[-1] - below
    between = (mass[-1] * below / below[-1] - mass) ** 2 / np.maximum(below * above, 1)
    return float(edges[1 + int(np.argmax(between[:-1]))])
