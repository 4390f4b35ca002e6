"""What the two views are told: a function over its domain, and arrows at a point."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Bytes = NDArray[np.uint8]
ArrowKind = Literal["gradient", "momentum", "step"]

ARROW_KINDS: tuple[ArrowKind, ...] = ("gradient", "momentum", "step")


@dataclass(frozen=True, slots=True)
class SurfaceMark:
    """A point worth a mark: a minimum; `label` says more where there is more to say."""

    x: float
    y: float
    value: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow at a point: the negative gradient, the momentum or the step; (dx, dy) in the function's own units."""

    kind: ArrowKind
    x: float
    y: float
    value: float
    dx: float
    dy: float


@dataclass(frozen=True, eq=False)
class SurfaceValues:
    """A function over its domain: `value` [H, W] at (x[i], y[j]) stands at [j, i], NaN where there is none.

    `gradient` [h, w, 2] stands on the coarser grid `gradient_x` [w], `gradient_y` [h].
    """

    title: str
    formula: str
    names: tuple[str, str]
    x: Floats
    y: Floats
    value: Floats
    gradient_x: Floats
    gradient_y: Floats
    gradient: Floats
    marks: tuple[SurfaceMark, ...] = ()
    logarithmic: bool = False

    @property
    def domain(self) -> tuple[float, float, float, float]:
        """Left, right, bottom, top."""
        return float(self.x[0]), float(self.x[-1]), float(self.y[0]), float(self.y[-1])
