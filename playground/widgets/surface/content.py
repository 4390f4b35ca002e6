"""What a view of a function shows at the moment; both views draw from it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from PySide6.QtGui import QColor

from playground.widgets.common.theme import RACERS, theme
from playground.widgets.surface.levels import Levels
from playground.widgets.surface.strokes import arrow_scales
from playground.widgets.surface.values import Arrow, ArrowKind, Bytes, Floats, SurfaceValues

Part = Literal["function", "paths", "cursor", "arrows", "ellipse", "start", "basins", "style"]

_LUMINANCE = (0.299, 0.587, 0.114)


@dataclass(slots=True)
class Content:
    """Plain values, replaced whole; paths are views of what the caller keeps."""

    function: SurfaceValues | None = None
    levels: Levels | None = None
    names: tuple[str, ...] = ()
    paths: dict[int, Floats] = field(default_factory=dict)
    step: int | None = None
    arrows: tuple[Arrow, ...] = ()
    ellipse: Floats | None = None
    start: tuple[float, float] | None = None
    basins: Bytes | None = None

    def current_points(self) -> dict[int, tuple[float, float]]:
        """Where each racer is at the cursor, as far as that is finite."""
        points = {}
        for racer, path in self.paths.items():
            last = len(path) - 1 if self.step is None else min(self.step, len(path) - 1)
            if last >= 0 and np.isfinite(path[last]).all():
                points[racer] = (float(path[last, 0]), float(path[last, 1]))
        return points

    def scales(self) -> dict[ArrowKind, float]:
        """By how much arrows of each kind are stretched."""
        if self.function is None:
            return {}
        left, right, bottom, top = self.function.domain
        return arrow_scales(self.arrows, min(right - left, top - bottom))

    def arrow_rays(self, kind: ArrowKind) -> tuple[Floats, Floats]:
        """Starts and stretched ways [n, 2] of the arrows of a kind."""
        scale = self.scales().get(kind, 1.0)
        chosen = [a for a in self.arrows if a.kind == kind and np.isfinite([a.x, a.y, a.dx, a.dy]).all()]
        starts = np.array([(a.x, a.y) for a in chosen], dtype=float).reshape(-1, 2)
        return starts, np.array([(a.dx, a.dy) for a in chosen], dtype=float).reshape(-1, 2) * scale


def left_label(places: Iterable[float], labels: Iterable[str]) -> int | None:
    """Which mark has its label on its left, so that two close by do not cover each other: the leftmost of several.

    `places` are those of the marks, from left to right where they grow.
    """
    labelled = [(place, index) for index, (place, label) in enumerate(zip(places, labels, strict=True)) if label]
    return min(labelled)[1] if len(labelled) > 1 else None


def racer_color(racer: int) -> QColor:
    """The colour of a racer, in every view."""
    return QColor(RACERS[racer % len(RACERS)])


def arrow_color(kind: ArrowKind) -> QColor:
    """The colour of a kind of arrow."""
    return theme.color({"gradient": "bad", "momentum": "warning", "step": "ink"}[kind])  # type: ignore[arg-type]


def halo(color: QColor) -> QColor:
    """What sets a line of this colour off from any ground: dark around light colours, white around dark ones."""
    luminance = sum(w * c for w, c in zip(_LUMINANCE, (color.redF(), color.greenF(), color.blueF()), strict=True))
    return theme.color("paper" if luminance > 0.42 else "ink")
