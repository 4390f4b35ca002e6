"""The colours of matplotlib's figures: its own on a light ground, and the window's on a dark one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

_DRESSED = {
    "ground": ("figure.facecolor", "figure.edgecolor", "axes.facecolor"),
    "text": ("text.color", "axes.labelcolor", "xtick.labelcolor", "ytick.labelcolor", "patch.edgecolor"),
    "axis": ("axes.edgecolor", "xtick.color", "ytick.color", "legend.edgecolor", *(
        f"boxplot.{part}.color" for part in ("boxprops", "whiskerprops", "capprops", "flierprops")
    ), "boxplot.flierprops.markeredgecolor"),
    "grid": ("grid.color",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FigureColors:
    """What figures are drawn on and with, as "#rrggbb"."""

    ground: str
    text: str
    axis: str
    grid: str


def dress(colors: FigureColors | None) -> None:
    """Draw later figures in these colours; without any as matplotlib, or the user's own file of settings, has them.

    Data keeps matplotlib's colours either way, and a style that a cell chooses stays until the next call.
    """
    try:
        import matplotlib
    except ImportError:  # there are no figures then
        return
    before: Mapping[Any, object] = matplotlib.rcParamsOrig
    changes: dict[Any, object] = {
        name: asdict(colors)[role] if colors else before[name] for role, names in _DRESSED.items() for name in names
    }
    matplotlib.rcParams.update(changes)
